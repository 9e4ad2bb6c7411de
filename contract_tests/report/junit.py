"""The report as JUnit XML for build servers: what the page and the JSON say, as tests.

A suite for each page has a case for each probe; further suites have docs-check, the mutants, the
drawn bodies and the fuzzing. What was not run is skipped, and never counted as passed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.mutation.rows import Row
from contract_tests.probes.run import ProbeResult, ProbeRun

# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FAILURE, ERROR, SKIPPED = "failure", "error", "skipped"
COUNTED = {FAILURE: "failures", ERROR: "errors", SKIPPED: "skipped"}


class Case(NamedTuple):
    """One test.

    Attributes:
        name: What was tested.
        outcome: failure, error or skipped; empty where it passed.
        reason: Why, the first line being the summary.
    """

    name: str
    outcome: str = ""
    reason: str = ""


def write_junit(run: ProbeRun, data: dict[str, Any], path: Path) -> None:
    """Write every suite, with its counts and those of all."""
    pages: dict[str, list[ProbeResult]] = defaultdict(list)
    for result in run.results.values():
        pages[result.probe.variant.page].append(result)
    root = ElementTree.Element("testsuites", name="FoxAPI Video")
    total = dict.fromkeys(("tests", *COUNTED.values()), 0)
    for page, results in pages.items():
        share = run.seconds * len(results) / len(run.results)
        _add(root, page, [_probed(page, result) for result in results], share, total)
    differences = [Case(each, FAILURE, each) for each in data["differences"]]
    _add(root, "docs-check", differences or [Case("spec against pages")], 0, total)
    seconds = data["mutation"].get("seconds", 0)
    _add(root, "mutation", _mutants(data["mutation"]), seconds, total)
    seconds = data["agreement"].get("seconds", 0)
    _add(root, "agreement", [_agreed(data["agreement"])], seconds, total)
    fuzzed = data["fuzzing"]
    reason = "some cases failed"
    case = Case(f"{fuzzed['cases']} cases", "" if fuzzed["passed"] else FAILURE, reason)
    _add(root, "fuzzing", [case], fuzzed["seconds"], total)
    for name, count in total.items():
        root.set(name, str(count))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    # Readers expect the properties of a run within its suites; one has them.
    properties = ElementTree.Element("properties")
    for name, value in {"seed": data["seed"], **data["versions"]}.items():
        ElementTree.SubElement(properties, "property", name=name, value=_written(str(value)))
    root[0].insert(0, properties)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add(
    root: ElementTree.Element,
    name: str,
    cases: Iterable[Case],
    seconds: float,
    total: dict[str, int],
) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=_written(name))
    counts = dict.fromkeys(total, 0)
    for case in cases:
        counts["tests"] += 1
        attributes = {"classname": _written(name), "name": _written(case.name)}
        element = ElementTree.SubElement(suite, "testcase", attributes)
        if case.outcome:
            counts[COUNTED[case.outcome]] += 1
            reason = _written(case.reason)
            said = ElementTree.SubElement(element, case.outcome, message=reason.split("\n")[0])
            said.text = reason
    for key, count in counts.items():
        suite.set(key, str(count))
        total[key] += count
    suite.set("time", f"{seconds:.3f}")


def _probed(page: str, result: ProbeResult) -> Case:
    name = result.probe.id.removeprefix(page).lstrip(".")
    if not result.differences:
        return Case(name)
    # Without the mock's verdict nothing is known to be wrong, nor to be right.
    fault = "infrastructure fault" in result.differences[0]
    return Case(name, ERROR if fault else FAILURE, "\n".join(result.differences))


def _mutants(mutation: dict[str, Any]) -> list[Case]:
    """A case for each mutant: it fails when nobody noticed it."""
    if "missing" in mutation:
        return [Case("mutation", SKIPPED, f"not run: {mutation['missing']}")]
    cases = []
    for row in (Row(**each) for each in mutation["rows"]):
        reason = f"{row.kind}: neither docs-check nor a probe noticed it"
        cases.append(Case(row.id, FAILURE if row.survived else "", reason))
    return cases


def _agreed(agreement: dict[str, Any]) -> Case:
    if "missing" in agreement:
        return Case("agreement", SKIPPED, f"not run: {agreement['missing']}")
    found = agreement["disagreements"]
    name = f"{sum(agreement['judged'].values())} bodies, seed {agreement['seed']}"
    return Case(name, FAILURE if found else "", f"{found} disagreements")


def _written(text: str) -> str:
    return _UNWRITABLE.sub("?", text)
