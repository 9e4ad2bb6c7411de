"""What became of the mutants: a row for each, counted in the same way wherever it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What became of one mutant, as the report shows it.

    Attributes:
        stock: Whether stock schemathesis noticed it; None where it was not asked.
    """

    id: str
    kind: str
    location: str
    equivalent: str
    docs: str
    probes: int
    probe: str
    mock: str
    sampled: int
    stock: bool | None = None

    @property
    def survived(self) -> bool:
        """Whether neither docs-check nor a probe noticed it, though it is not equivalent."""
        return not (self.equivalent or self.docs or self.probes or self.mock)


def by_kind(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each kind of mistake."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    return dict(sorted(kinds.items()))


def counts(rows: list[Row]) -> dict[str, int]:
    """How many mutants there are, each layer noticed, are equivalent, survived, and so on."""
    return {
        "mutants": len(rows),
        "docs": sum(bool(row.docs) for row in rows),
        "probes": sum(bool(row.probes) for row in rows),
        "sent": sum(bool(row.sampled) for row in rows),
        "mock": sum(bool(row.mock) for row in rows),
        "equivalent": sum(bool(row.equivalent) for row in rows),
        "counted": sum(not row.equivalent for row in rows),
        "survived": sum(row.survived for row in rows),
        "noticed": sum(not (row.equivalent or row.survived) for row in rows),
        "run_on_stock": sum(row.stock is not None for row in rows),
        "stock": sum(bool(row.stock) for row in rows),
    }


def table(rows: list[Row]) -> list[str]:
    """A line for each kind of mistake, and one for all."""
    head = (
        f"{'mistake':22} {'mutants':>8} {'docs-check':>11} {'probes':>7} {'mock':>6}"
        f" {'equivalent':>11} {'survived':>9} {'stock schemathesis':>19}"
    )
    return [head, *(_line(*each) for each in {**by_kind(rows), "all": rows}.items())]


def _line(kind: str, rows: list[Row]) -> str:
    n = counts(rows)
    stock = f"{n['stock']} of {n['run_on_stock']}" if n["run_on_stock"] else "-"
    mock = n["mock"] if n["sent"] else "-"
    return (
        f"{kind:22} {n['mutants']:>8} {n['docs']:>11} {n['probes']:>7} {mock:>6}"
        f" {n['equivalent']:>11} {n['survived']:>9} {stock:>19}"
    )
