"""Reads what a page writes beside an option or a mode: what it needs of other fields."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.applying import apply, in_digits
from documentation.reading.prose.clause import Clause
from documentation.reading.prose.context import Context
from documentation.reading.prose.meanings import OF_A_GLOSS
from documentation.reading.prose.quantity import measure, media_in
from documentation.reading.prose.relations import with_values
from documentation.reading.prose.rules import sign

_OF_MEDIA = sign("handed-in")
_REFUSES = sign("verdict-not")
_CONDITION = sign("condition")
_COUNTED_BESIDE = sign("counted-beside")


def needs_of(draft: Draft, text: str, context: Context) -> tuple[dict[str, dict[str, Any]], str]:
    """What an option needs of each other field, as keywords, and the words that nothing read."""
    if context.fields_in(text, draft.name) or media_in(text):
        text = in_digits(text)
    clause = Clause(draft, context, text, gloss=True)
    found, _, rest = apply(clause, lambda rule: rule.meaning in OF_A_GLOSS)
    facts = [fact for sense in found for fact in sense.facts]
    for other in context.drafts.values():
        counted = _COUNTED_BESIDE.search(text, text.find(other.name) + len(other.name))
        if other.type != "array" or other.name not in text or not counted:
            continue
        if not text[text.find(other.name) + len(other.name) : counted.start()].strip():
            facts = [f for f in facts if f[0] != other.name or f[1] == "required"]
            low, high = counted["low"], counted["high"] or counted["low"]
            facts += [
                (other.name, "minItems", int(low)),
                (other.name, "maxItems", int(high)),
            ]
    binds = not (_REFUSES.search(text) or _CONDITION.search(text))
    for name, wanted_value in with_values(text, draft.name, context) if binds else ():
        facts += [(name, "enum", [wanted_value]), (name, "required", True)]
    bare = re.search(r"(?<![A-Za-z0-9_.:])(\d+)( ?[A-Za-z]+(?: [a-z]+)?|[一-鿿]{1,8})", rest)
    counted_already = any(keyword in ("minItems", "maxItems") for _, keyword, _ in facts)
    if bare and not counted_already and measure(bare[2])[0] == "items" and _OF_MEDIA.match(bare[2]):
        clause.text = f"exactly {bare[0]} {text}"
        again, _, _ = apply(clause, lambda rule: rule.meaning == "exactly")
        facts += [fact for sense in again for fact in sense.facts]
    wanted: dict[str, dict[str, Any]] = {}
    for name, keyword, value in facts:
        if name != draft.name and keyword in ("minItems", "maxItems", "required", "enum"):
            wanted.setdefault(name, {})[keyword] = value
        elif name != draft.name and keyword == "optional":
            wanted.setdefault(name, {}).setdefault("required", False)
    for limits in wanted.values():
        if limits.get("maxItems") == 0:
            limits.pop("minItems", None)
        elif "maxItems" in limits and "minItems" not in limits:
            limits.setdefault("required", True)
        if "minItems" in limits and limits.get("required"):
            limits.pop("required", None)
    return wanted, rest
