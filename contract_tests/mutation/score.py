"""The mutation score: how many wrong specs does the suite notice? `make mutation`

    python -m contract_tests.mutation.score [--stock 40] [--limit N]

Every mutant of openapi.yaml plays the spec that somebody got wrong: it is the spec and the mock at
once. Beside the layers of this suite the table has what stock schemathesis notices of a sample.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from contract_tests.mock.prism import InfrastructureError, MockError, Prism
from contract_tests.mutation.noticing import (
    Noticed,
    Probing,
    mutants,
    notice_by_mocks,
    notice_in_process,
    right_spec,
)
from contract_tests.mutation.rows import Row, counts, table
from contract_tests.mutation.serving import batches, operation_of, prefix, serving, verdicts
from contract_tests.mutation.single import unnoticed
from contract_tests.mutation.stock import stock_notices
from contract_tests.probes.page_probes import every_probe
from contract_tests.seed import seed_of_run
from overlays.bundle import BUILD, bundle
from overlays.errors import BuildError
from overlays.openapi import create_operation

RESULT = BUILD / "mutation.json"
PROCESSES = 2
BATCH = 90
SAME_AS_OWN_MOCK = 3
PROBES_EACH = 150
# Single edits of the spec that docs-check alone has to notice, drawn by the seed.
SINGLE_FAULTS = 500


def run_batch(indexes: list[int], seed: int) -> dict[int, Row]:
    """What the layers notice of these mutants; in a process of its own.

    Raises:
        AssertionError: A probe noticed a mutant that was proven equivalent.
    """
    found = dict(zip(indexes, notice_in_process(indexes, seed), strict=True))
    notice_by_mocks(found)
    for noticed in found.values():
        if noticed.mutant.equivalent and noticed.probes:
            raise AssertionError(
                f"{noticed.mutant.id} is not equivalent: {noticed.probes[0].id} notices it"
            )
    return {index: _row(noticed) for index, noticed in found.items()}


def run(limit: int | None, stock: int, seed: int) -> dict[int, Row]:
    """The rows of all mutants, or of a sample of them, by their number."""
    source = random.Random(seed)
    indexes = list(range(len(mutants())))
    # Shuffled, so that no process gets all that is slow.
    source.shuffle(indexes)
    indexes = indexes[:limit]
    rows: dict[int, Row] = {}
    with ProcessPoolExecutor(PROCESSES) as pool:
        for done in pool.map(run_batch, *zip(*_jobs(indexes, seed), strict=True)):
            rows |= done
    requests = [
        index
        for index in indexes
        if mutants()[index].location == "request"
        and _of_create(index)
        and not rows[index].equivalent
    ]
    sample = source.sample(requests, min(stock, len(requests)))
    if sample:
        noticed = stock_notices(right_spec(), {index: mutants()[index] for index in sample}, seed)
        for index, seen in noticed.items():
            rows[index] = Row(**{**vars(rows[index]), "stock": seen})
    return rows


def same_as_own_mock(index: int, seed: int) -> int:
    """Have a mutant judged under its prefix and by a mock of it alone; the probes compared.

    Raises:
        MockError: They differ.
    """
    mutant = mutants()[index]
    source = random.Random(f"{seed} {index}")
    # Those that the mistake concerns, and others.
    differing = Probing().differing(mutant.document(right_spec()))
    probes = source.sample(differing, min(len(differing), PROBES_EACH // 3))
    operation = operation_of(mutant, right_spec())
    every = [probe for probe in every_probe() if probe.variant.operation == operation]
    probes += source.sample(every, min(len(every), PROBES_EACH - len(probes)))
    # Wrong answers are not for a mock to judge: one without the answer 422 gives another status.
    requests = [other for other, each in enumerate(mutants()) if each.location == "request"]
    others = {other: mutants()[other] for other in source.sample(requests, 3)}
    with serving(right_spec(), others | {index: mutant}) as shared:
        together = verdicts(shared.prism, [(prefix(index), probe) for probe in probes])
    document = mutant.document(right_spec())
    create_operation(document).pop("callbacks", None)
    path = BUILD / f"mutant-{index}.openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        with Prism(path, compiled=False) as own:
            alone = verdicts(own, [("", probe) for probe in probes])
    finally:
        path.unlink()
    for probe, one, other in zip(probes, together, alone, strict=True):
        if one != other:
            raise MockError(f"{mutant.id}: a shared mock judges {probe.id} otherwise than its own")
    return len(probes)


def _row(noticed: Noticed) -> Row:
    mutant = noticed.mutant
    return Row(
        id=mutant.id,
        kind=mutant.kind,
        location=mutant.location,
        equivalent=mutant.equivalent,
        docs=noticed.docs,
        probes=len(noticed.probes),
        probe=noticed.probes[0].id if noticed.probes else "",
        mock=noticed.mock,
        sampled=len(noticed.sampled),
    )


def _jobs(indexes: list[int], seed: int) -> list[tuple[list[int], int]]:
    return [(batch, seed) for batch in batches(indexes, BATCH)]


def _of_create(index: int) -> bool:
    schema = mutants()[index].schema
    return schema.endswith("Request") or schema == "CallbackUrl"


def main() -> int:
    parser = argparse.ArgumentParser(description="Count the wrong specs that the suite notices.")
    parser.add_argument("--stock", type=int, default=40, help="mutants for stock schemathesis")
    parser.add_argument("--limit", type=int, help="a sample of so many mutants")
    arguments = parser.parse_args()
    seed = seed_of_run()
    began = time.monotonic()
    try:
        bundle()
        rows = run(arguments.limit, arguments.stock, seed)
        compared = random.Random(seed).sample(
            [index for index in rows if rows[index].sampled], SAME_AS_OWN_MOCK
        )
        same = sum(same_as_own_mock(index, seed) for index in compared)
        missed, equal = unnoticed(right_spec(), SINGLE_FAULTS, seed)
    except (BuildError, MockError, InfrastructureError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(*table(list(rows.values())), sep="\n")
    for row in rows.values():
        if row.survived:
            print(f"survived: {row.id} ({row.kind})")
    counted, noticed = (counts(list(rows.values()))[name] for name in ("counted", "noticed"))
    print(f"{len(compared)} mutants had the same {same} verdicts from a mock of their own")
    for fault in missed:
        print(f"survived docs-check: {fault}")
    print(
        f"docs-check noticed {SINGLE_FAULTS - len(missed)} of {SINGLE_FAULTS} single faults drawn; "
        f"{equal} more edits were proven to mean the same"
    )
    seconds = time.monotonic() - began
    print(
        f"{noticed} of {counted} mutants noticed ({noticed / counted:.1%}), "
        f"{len(rows) - counted} equivalent, {seconds:.0f} s, seed {seed}"
    )
    kept = {"seed": seed, "seconds": round(seconds), "rows": [vars(row) for row in rows.values()]}
    RESULT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0 if noticed == counted and not missed else 1


if __name__ == "__main__":
    sys.exit(main())
