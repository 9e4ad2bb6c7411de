"""What the report shows, gathered from a run of all referees and from what other runs left.

The rows are plain data, so that the page and the JSON say the same.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from contract_tests.fuzzing.run import Outcome, fuzz
from contract_tests.mock.mock import Mock, running_mock
from contract_tests.probes.page_probes import every_probe
from contract_tests.probes.run import ProbeResult, ProbeRun, run_probes
from contract_tests.referees.spec_mock_client import ClientReferee, SpecReferee
from documentation import facts_files
from documentation.checking.check import compare
from documentation.checking.spec import read_spec
from documentation.conflicts import Settled, load_conflicts
from documentation.fact import show
from documentation.open_questions import open_questions
from overlays.bundle import BUILD, PLAIN, ROOT

REFEREES = ("spec", "mock", "client")
AGREED, DIFFERS, STATED = "agreed", "differs", "stated"
SAME_KEYWORD = {"const": "enum"}
PACKAGES = ("foxapi-video", "jsonschema-rs", "hypothesis", "schemathesis", "httpx")
LEFT_BY = {
    "mutation": (BUILD / "mutation.json", "make mutation"),
    "agreement": (BUILD / "agreement.json", "make agreement"),
    "readers": (BUILD / "readers.json", "make readers"),
    "stock": (BUILD / "stock.json", "make fuzz-mock"),
    "growth": (BUILD / "growth.json", "make bench"),
}

Data = dict[str, Any]


def gather(seed: int, *, examples: int) -> tuple[Data, ProbeRun]:
    """Run every probe by every referee, docs-check and a short fuzz, and gather what is there.

    Args:
        seed: Makes the fuzz repeatable.
        examples: How many cases the fuzz makes of an operation.
    """
    probes = every_probe()
    with running_mock(probes=len(probes)) as mock, ThreadPoolExecutor(1) as beside:
        fuzzing = beside.submit(_fuzzed, mock.spec, seed, examples)
        document = json.loads((BUILD / PLAIN).read_bytes())
        run = run_probes(probes, SpecReferee(document), mock.prism, ClientReferee())
        fuzzed = fuzzing.result()
    files = facts_files.load_all()
    conflicts = load_conflicts()
    checked = compare(files, read_spec(document), conflicts)
    differences = {
        (each.page, each.field, SAME_KEYWORD.get(each.keyword, each.keyword)): str(each)
        for each in checked.differences
    }
    by_page = of_pages(run.results.values())
    asked = Counter(each.page for each in open_questions(files, conflicts))
    data: Data = {
        "seed": seed,
        "versions": versions(),
        "pages": sorted(
            (page(file, by_page, differences, asked[file.page]) for file in files),
            key=lambda each: (not _of_create(each), not each["probed"]),
        ),
        "differences": [str(difference) for difference in checked.differences],
        "variants": {
            "pairs": checked.pairs,
            "apart": checked.pairs - len(checked.overlaps),
        },
        "conflicts": [conflict(entry) for entry in conflicts.settled],
        "open": [each._asdict() for each in open_questions(files, conflicts)],
        "probes": {
            "count": len(run.results),
            "differing": sum(bool(each.differences) for each in run.results.values()),
            "seconds": round(run.seconds, 1),
            "faults": list(run.faults),
        },
        "fuzzing": {
            "cases": fuzzed.cases,
            "passed": fuzzed.passed,
            "seconds": round(fuzzed.seconds, 1),
        },
    }
    for name, (path, command) in LEFT_BY.items():
        data[name] = json.loads(path.read_bytes()) if path.exists() else {"missing": command}
    return data, run


def _fuzzed(spec: Path, seed: int, examples: int) -> Outcome:
    """A short fuzz of a mock of its own, which other requests neither slow down nor end."""
    with Mock(spec) as mock:
        return fuzz(spec, mock.url, seed=seed, examples=examples)


def of_pages(results: Iterable[ProbeResult]) -> dict[str, list[ProbeResult]]:
    """What was judged, by the page that it was made from."""
    by_page: dict[str, list[ProbeResult]] = defaultdict(list)
    for result in results:
        by_page[result.probe.variant.page].append(result)
    return by_page


def page(
    file: Any,
    results: dict[str, list[ProbeResult]],
    differences: dict[tuple[str, str, str], str],
    asked: int,
) -> Data:
    """One page: for each section its fields, for each field its keywords.

    Args:
        file: Its facts.
        results: What was judged, by page.
        differences: What docs-check says of a page's field and keyword.
        asked: How many questions it leaves open.
    """
    name = file.path.stem if file.path else file.page
    by_fact: dict[tuple[str, str], list[ProbeResult]] = defaultdict(list)
    for result in results.get(name, []):
        by_fact[result.probe.field, result.probe.keyword].append(result)
    sections: dict[str, dict[str, dict[str, Data]]] = defaultdict(lambda: defaultdict(dict))
    for fact in file.facts:
        cell = sections[fact.location][fact.field or "(body)"].setdefault(fact.keyword, _cell())
        cell["says"].append({"value": show(fact.value), "stated": fact.stated})
    for location, fields in sections.items():
        for field, cells in fields.items():
            for keyword, cell in cells.items():
                same = SAME_KEYWORD.get(keyword, keyword)
                of_cell = by_fact.get((field, same), []) if location == "request" else []
                _fill_cell(cell, of_cell, keyword, differences.get((file.page, field, same)))
    found = Counter(
        cell["verdict"]
        for fields in sections.values()
        for words in fields.values()
        for cell in words.values()
    )
    return {
        "page": name,
        "facts": len(file.facts),
        "probed": sum(map(len, by_fact.values())),
        "verdicts": {verdict: found[verdict] for verdict in (AGREED, DIFFERS, STATED)},
        "asked": asked,
        "sections": sections,
    }


def conflict(entry: Settled) -> Data:
    """A contradiction with its statements, or a silence, and the choice."""
    return {
        "kind": "silence" if entry.silence else "contradiction",
        "pages": entry.pages,
        "fields": entry.fields,
        "keyword": entry.keyword,
        "statements": [
            {
                "page": statement.get("page", entry.pages[0]),
                "stated": statement.get("stated", ""),
                "value": show(statement["value"]),
            }
            for statement in entry.statements
        ],
        "choice": show(entry.choice) if entry.choice is not None else "",
        "reason": entry.reason,
    }


def versions() -> dict[str, str]:
    """The versions of what judged, and of what it ran on."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    prism = ROOT / "node_modules/@stoplight/prism-cli/package.json"
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    found["prism"] = json.loads(prism.read_bytes())["version"]
    found["python"] = platform.python_version()
    found["node"] = node.stdout.strip().removeprefix("v")
    return found


def write_json(data: Data, path: Path) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _of_create(shown: Data) -> bool:
    """Whether a page describes a model: what most readers come for is first."""
    return "model" in shown["sections"].get("request", {})


def _cell() -> Data:
    return {"says": [], "verdict": STATED, "referees": {}, "probes": 0, "differing": []}


def _fill_cell(
    cell: Data, results: list[ProbeResult], keyword: str, difference: str | None
) -> None:
    """Whether each referee gives each probe of a fact the verdict of the page.

    Where no request can break a fact, docs-check says whether the spec has it; an example is only
    there to be seen.
    """
    cell["probes"] = len(results)
    cell["differing"] = [line for each in results for line in _difference_lines(each)]
    for name in REFEREES:
        # Who was never asked has no mark; who gave no verdict on one of the probes is not right.
        verdicts = [(each.verdicts.get(name), each.probe.accepted) for each in results]
        if any(verdict for verdict, _ in verdicts):
            right = all(verdict and verdict.accepted == wanted for verdict, wanted in verdicts)
            cell["referees"][name] = right
    if difference:
        cell["differing"].append(f"docs-check: {difference}")
    if not results and keyword != "example":
        cell["referees"]["spec"] = not difference
    if cell["differing"]:
        cell["verdict"] = DIFFERS
    elif cell["referees"]:
        cell["verdict"] = AGREED


def _difference_lines(result: ProbeResult) -> list[str]:
    return [f"{result.probe.id}: {difference}" for difference in result.differences]
