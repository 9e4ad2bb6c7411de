"""The table of the README that lists the request variants: it follows from the spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

BEGINS = "<!-- variants, written by make generate -->\n"
ENDS = "<!-- end of variants -->\n"
_HEAD = "| model | variant | what it makes | needs | page |\n|---|---|---|---|---|\n"


def table(index: dict[str, list[str]], schemas: dict[str, Any]) -> str:
    """The table.

    Args:
        index: The names of the variants of each model id.
        schemas: The schema of each variant.
    """
    rows = [_row(model, name, schemas[name]) for model, names in index.items() for name in names]
    return _HEAD + "".join(rows)


def write_table(index: dict[str, list[str]], schemas: dict[str, Any], readme: Path) -> None:
    """Put the table in its place in a README, where it has one."""
    text = readme.read_text("utf-8") if readme.exists() else ""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    made = before + begins + table(index, schemas) + ends + after
    if ends and made != text:
        readme.write_text(made, "utf-8")


def _row(model: str, name: str, schema: dict[str, Any]) -> str:
    needs = [f"`{field}`" for field in schema.get("required", ()) if field != "model"]
    needs += [f"one of {each}" for each in [_alternatives(schema)] if each]
    page, address = schema["x-documentation-page"], schema.get("x-documentation-address")
    named = page if isinstance(page, str) else ", ".join(page)
    link = f"[{named}]({address})" if address else named
    cells = (f"`{model}`", f"`{name}`", schema.get("description", ""), ", ".join(needs), link)
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |\n"


def _alternatives(schema: dict[str, Any]) -> str:
    """The fields of which one is needed."""
    branches = [schema["if"], schema["else"]] if "else" in schema else schema.get("anyOf", ())
    needed = [field for branch in branches for field in branch.get("required", ())]
    return ", ".join(f"`{field}`" for field in dict.fromkeys(needed))
