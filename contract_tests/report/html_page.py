"""The page of the report, from its data: one file with its style and its script inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from contract_tests.mutation.rows import Row, by_kind, counts
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
    environment.filters |= {"breakable": breakable, "marked": marked}
    keywords = {word for page in data["pages"] for word in _keywords_of(page)}
    rows = [Row(**row) for row in data["mutation"].get("rows", [])]
    cells = [cell for page in data["pages"] for cell in _cells_of(page)]
    return environment.get_template("page.html.jinja").render(
        data,
        keywords=ordered(keywords),
        ordered=ordered,
        score=counts(rows),
        survivors=[row for row in rows if row.survived],
        equivalents=[row for row in rows if row.equivalent],
        kinds=[{"kind": kind, **counts(of_it)} for kind, of_it in by_kind(rows).items()],
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


def marked(referees: dict[str, bool]) -> list[tuple[bool, list[str]]]:
    """Who agrees, and who does not: a mark is shown for each of both."""
    parted = {
        right: [name for name in referees if referees[name] == right] for right in (True, False)
    }
    return [(right, names) for right, names in parted.items() if names]


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
