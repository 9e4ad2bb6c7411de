"""What help says of a new variant and its fields: what the page says they are, in few words."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from documentation.checking.spec import PAGE_KEY
from documentation.checking.variant_schema import CALLBACK
from documentation.facts_files import FactsFile

Schema = dict[str, Any]
_UNSAID = re.compile(r"(?:As|A request as) page .* describes it\.")


class Words:
    """A field described: by the page, else as the same field is elsewhere, else by its name."""

    def __init__(self, file: FactsFile, about: dict[str, str], schemas: dict[str, Schema]) -> None:
        self.page, self.about = file.page, about
        known: dict[str, Counter[str]] = {}
        for schema in schemas.values():
            if "model" in schema.get("properties", {}):
                _collect(schema, "", known)
        self.elsewhere = {name: said.most_common(1)[0][0] for name, said in known.items()}

    def of_field(self, location: str, name: str) -> str:
        own = self.about.get(f"{location} {name}", "")
        last = name.rpartition(".")[2]
        words = last.replace("_", " ").replace("-", " ")
        return own or self.elsewhere.get(name, "") or f"{words[:1].upper()}{words[1:]}."

    def write(self, schema: Schema, location: str, name: str) -> None:
        """Say what a schema and its members are, where nobody has said it."""
        if name and _UNSAID.fullmatch(schema.get("description", "")) and schema != CALLBACK:
            schema["description"] = self.of_field(location, name)
        inner = schema.get("items") if isinstance(schema.get("items"), dict) else schema
        for each, member in (inner or {}).get("properties", {}).items():
            if isinstance(member, dict):
                self.write(member, location, f"{name}.{each}" if name else each)

    def of_variant(self, model: str, mode: Any) -> str:
        """`happyhorse-1.0-text-to-video` as `Happyhorse 1.0 text to video.`"""
        text = re.sub(r"[-_]+", " ", model)
        kind = f", {str(mode).replace('-', ' ').replace('_', ' ')}" if mode is not None else ""
        return f"{text[:1].upper()}{text[1:]}{kind}."


def renamed_words(data: Any, page: str, twins: dict[str, tuple[str, str]]) -> dict[str, str]:
    """What help said of a page's fields that have another name now, by that name."""
    schemas = [s for s in data["components"]["schemas"].values() if s.get(PAGE_KEY) == page]
    found: dict[str, str] = {}
    for name, (new, _) in twins.items():
        members = (each.get("properties", {}).get(name, {}) for each in schemas)
        said = next((each["description"] for each in members if "description" in each), "")
        found |= {f"request {new}": said} if said else {}
    return found


def _collect(schema: Schema, prefix: str, known: dict[str, Counter[str]]) -> None:
    for name, member in schema.get("properties", {}).items():
        # What is null and nothing else is no input there: its words say so.
        said = (
            member.get("description", "") if isinstance(member, dict) and "type" in member else ""
        )
        if said and not _UNSAID.fullmatch(said) and "page" not in said:
            known.setdefault(f"{prefix}{name}", Counter())[said] += 1
