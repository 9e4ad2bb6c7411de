"""The page of the report, from its data: one file with its style and its script inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from contract_tests.report.growth_plot import plot
from documentation.fact import KEYWORDS

HERE = Path(__file__).parent


def render(data: dict[str, Any]) -> str:
    """The whole page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    keywords = {word for page in data["pages"] for word in _keywords_of(page)}
    cells = [cell for page in data["pages"] for cell in _cells_of(page)]
    return environment.get_template("page.html.jinja").render(
        data,
        keywords=ordered(keywords),
        ordered=ordered,
        score=_score(data["mutation"]),
        kinds=_kinds(data["mutation"]),
        judged=sum(data["agreement"].get("judged", {}).values()),
        apart=sum(data["agreement"].get("apart", {}).values()),
        agreed=sum(cell["verdict"] == "agreed" for cell in cells),
        cells=len(cells),
        plot=plot(data["growth"]),
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
    )


def ordered(keywords: Any) -> list[str]:
    """Keywords in the order of a reader, unknown ones last."""
    known = [word for word in KEYWORDS if word in keywords]
    return known + sorted(set(keywords) - set(known))


def breakable(name: str) -> Markup:
    """A name that may be broken after its underscores and dots, where there is no room for it."""
    return Markup(re.sub(r"([_.])", r"\1<wbr>", str(escape(name))))  # noqa: S704 - escaped


def _cells_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    sections = page["sections"].values()
    return [
        cell for fields in sections for keywords in fields.values() for cell in keywords.values()
    ]


def _keywords_of(page: dict[str, Any]) -> set[str]:
    return {
        word
        for fields in page["sections"].values()
        for keywords in fields.values()
        for word in keywords
    }


def _score(mutation: dict[str, Any]) -> dict[str, Any]:
    """The mutants that count, those that were noticed, and those that were not."""
    rows = mutation.get("rows", [])
    counted = [row for row in rows if not row["equivalent"]]
    survivors = [row for row in counted if not _noticed(row)]
    run_on_stock = [row for row in rows if row["stock"] is not None]
    return {
        "counted": len(counted),
        "noticed": len(counted) - len(survivors),
        "survivors": survivors,
        "equivalent": [row for row in rows if row["equivalent"]],
        "run_on_stock": len(run_on_stock),
        "stock": sum(row["stock"] for row in run_on_stock),
    }


def _kinds(mutation: dict[str, Any]) -> list[dict[str, Any]]:
    """For each kind of mistake, how many mutants each layer noticed."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in mutation.get("rows", []):
        kinds.setdefault(row["kind"], []).append(row)
    return [
        {
            "kind": kind,
            "mutants": len(rows),
            "docs": sum(bool(row["docs"]) for row in rows),
            "probes": sum(bool(row["probes"]) for row in rows),
            "mock": sum(bool(row["mock"]) for row in rows),
            "equivalent": sum(bool(row["equivalent"]) for row in rows),
            "survived": sum(not row["equivalent"] and not _noticed(row) for row in rows),
            "run_on_stock": sum(row["stock"] is not None for row in rows),
            "stock": sum(bool(row["stock"]) for row in rows),
        }
        for kind, rows in sorted(kinds.items())
    ]


def _noticed(row: dict[str, Any]) -> bool:
    return bool(row["docs"] or row["probes"] or row["mock"])
