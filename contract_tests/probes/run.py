"""Send every probe to every referee, and say where one differs from the page.

python -m contract_tests.probes.run [--page PAGE ...]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from contract_tests.mock.mock import running_mock
from contract_tests.mock.prism import InfrastructureError, MockError, Prism
from contract_tests.probes.page_probes import every_probe, pages, upload_pages
from contract_tests.probes.page_variants import PageVariant
from contract_tests.probes.probe import Probe
from contract_tests.referees.spec_mock_client import (
    ClientReferee,
    MockReferee,
    SpecReferee,
    Verdict,
)
from documentation import facts_files
from overlays.bundle import BUILD, PLAIN
from overlays.errors import BuildError
from overlays.openapi import CREATE

# Prism is one thread: more connections than this only wait.
CONNECTIONS = 4
# A constant and an enum of one value mean the same.
SAME = {"const": "enum"}
# Of two rules that a value breaks the client names the one that says more to people.
INSTEAD = {"format": ("pattern",), "enum": ("type",)}


@dataclass(frozen=True)
class ProbeResult:
    """What the referees made of a probe.

    Attributes:
        probe: The probe.
        verdicts: The verdict of each referee by its name.
        differences: What differs from the page, a line each; none where all agree with it.
    """

    probe: Probe
    verdicts: dict[str, Verdict]
    differences: tuple[str, ...]


@dataclass(frozen=True)
class ProbeRun:
    """The results of a run, by the id of their probe, and how long it took."""

    results: dict[str, ProbeResult]
    seconds: float
    faults: tuple[str, ...]

    @property
    def speed(self) -> float:
        """Probes a second through all referees."""
        return len(self.results) / self.seconds


def run_probes(
    probes: Sequence[Probe],
    spec: SpecReferee,
    prism: Prism | None = None,
    client: ClientReferee | None = None,
) -> ProbeRun:
    """Have every probe judged by the spec and, where given, by the mock and the client."""
    spec_variants = {
        variant: spec_variant_of(variant, spec) for variant in {probe.variant for probe in probes}
    }
    began = time.monotonic()
    faults: list[str] = []
    with contextlib.ExitStack() as stack:
        judge = stack.enter_context(contextlib.closing(MockReferee(prism))).judge if prism else None

        def judge_request(asked: list[Probe]) -> list[ProbeResult]:
            first = asked[0]
            operation, body = first.variant.operation, first.body
            verdicts = {"spec": spec.judge(operation, body)}
            # The client makes the bodies of the other calls itself, and checks none of them.
            if client is not None and operation == CREATE:
                verdicts["client"] = client.judge(operation, body)
            try:
                if judge is not None:
                    verdicts["mock"] = judge(operation, body)
            except InfrastructureError as fault:
                faults.append(f"{first.id}: {fault}")
                told = (f"mock: infrastructure fault: {fault}",)
                return [ProbeResult(probe, verdicts, told) for probe in asked]
            return [result_of(probe, verdicts) for probe in asked]

        def result_of(probe: Probe, verdicts: dict[str, Verdict]) -> ProbeResult:
            spec_variant = spec_variants[probe.variant]
            if probe.reason and spec_variant and not verdicts["spec"].accepted:
                reasons = spec.judge_variant(spec_variant, probe.body)
                verdicts = verdicts | {"spec": reasons}
            return ProbeResult(probe, verdicts, tuple(_differences(probe, verdicts)))

        # Several facts lead to the same request, such as a sample: it is sent once.
        requests: dict[tuple[str, str], list[Probe]] = {}
        for probe in probes:
            key = probe.variant.operation, json.dumps(probe.body)
            requests.setdefault(key, []).append(probe)
        if judge is None:  # nobody is waited for, and threads would take longer than the judging
            judged = [judge_request(asked) for asked in requests.values()]
        else:
            with ThreadPoolExecutor(CONNECTIONS) as executor:
                judged = list(executor.map(judge_request, requests.values()))
    found = {result.probe.id: result for results in judged for result in results}
    seconds = time.monotonic() - began
    return ProbeRun({probe.id: found[probe.id] for probe in probes}, seconds, tuple(faults))


def spec_variant_of(variant: PageVariant, spec: SpecReferee) -> str | None:
    """The spec's variant that a sample matches; None where it matches none or several."""
    bodies = spec.bodies[variant.operation]
    names = [name for name in bodies if spec.judge_variant(name, variant.sample).accepted]
    return names[0] if len(names) == 1 else None


def _differences(probe: Probe, verdicts: dict[str, Verdict]) -> Iterable[str]:
    for name, verdict in verdicts.items():
        if name == "mock" and not probe.is_of_json_schema and verdict.accepted:
            continue
        if verdict.accepted != probe.accepted:
            expected = "accepted" if probe.accepted else "rejected"
            yield f"{name}: {verdict}, but the page says {expected}"
        elif probe.reason and not verdict.accepted and not _is_for(probe.reason, name, verdict):
            field, keyword = probe.reason
            yield f"{name}: {verdict}, but the page's reason is {field or 'body'}: {keyword}"


def _is_for(reason: tuple[str, str], referee: str, verdict: Verdict) -> bool:
    """Whether a rejection names the reason. The spec must name no other field beside it."""
    found = {(field, SAME.get(keyword, keyword)) for field, keyword in verdict.reasons}
    field, keyword = reason
    if referee == "client":
        return bool(found & {(field, rule) for rule in (keyword, *INSTEAD.get(keyword, ()))})
    if (field, SAME.get(keyword, keyword)) not in found:
        # With many branches the mock's list ends before the reason; the others still name it.
        return verdict.cut
    return referee != "spec" or {field for field, _ in found} == {field}


def table(run: ProbeRun) -> list[str]:
    """A line for each page: how many probes it has, and on how many all referees agree with it."""
    lines = []
    for page in dict.fromkeys(result.probe.variant.page for result in run.results.values()):
        results = [each for each in run.results.values() if each.probe.variant.page == page]
        agreed = sum(not result.differences for result in results)
        count = _pages()[page]
        lines.append(f"{page}: {count} facts, {len(results)} probes, {agreed} agreed")
    return lines


def _pages() -> dict[str, int]:
    """How many facts each page with probes has."""
    return {page: len(file.facts) for page, file in {**pages(), **upload_pages()}.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask every referee about every fact.")
    parser.add_argument("--page", action="append", help="a page; every page when left out")
    chosen = parser.parse_args().page or []
    probes = every_probe(chosen)
    for page in sorted(set(chosen) - {probe.variant.page for probe in probes}):
        print(f"error: {page}: no such page, choose one of {', '.join(_pages())}", file=sys.stderr)
        return 1
    try:
        with running_mock(probes=len(probes)) as mock:
            document = json.loads((BUILD / PLAIN).read_bytes())
            run = run_probes(probes, SpecReferee(document), mock.prism, ClientReferee())
    except (BuildError, MockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    broken = [result for result in run.results.values() if result.differences]
    for result in broken:
        print(f"{result.probe.id}: {'; '.join(result.differences)}")
    for name, statements in facts_files.ignored_statements().items():
        for ignored in statements if name in pages() and (not chosen or name in chosen) else ():
            where = f"{ignored.location} {ignored.field}".strip()
            print(f"{name}: no request shows what is said of {where}: {ignored.reason}")
    print(*table(run), f"{run.speed:.0f} probes a second", sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
