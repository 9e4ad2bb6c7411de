"""What a sentence says of several fields: which exclude, need or count with one another.

There is no keyword for "one of two fields must be given", for "one field needs the other", or for
a limit of two lists together: such a sentence is a question for people, and makes no fact.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.prose.clause import Clause, Match, Sense
from documentation.reading.prose.quantity import MEDIA, media_in


def target(clause: Clause, unit: str, words: str) -> Draft:
    """The field whose items a sentence counts.

    It is the list that the sentence names. In a gloss, it is else the only list of that medium.
    """
    draft = clause.draft
    if unit != "items" or (draft.type == "array" and not clause.gloss):
        return draft
    named = clause.context.fields_in(clause.text, draft.name if clause.gloss else "")
    arrays = [d for d in clause.context.drafts.values() if d.type == "array"]
    for candidate in arrays:
        if candidate.name in named:
            return candidate
    if draft.type == "array" or not clause.gloss:
        return draft
    medium = next(iter(media_in(words)), "video" if "段" in words else "image")
    fitting = [d for d in arrays if medium in d.name]
    return fitting[0] if len(fitting) == 1 else draft


def excludes(match: Match, clause: Clause) -> Sense | None:
    others = clause.context.fields_in(match["fields"], clause.draft.name)
    return Sense([(clause.draft.name, "excludes", other) for other in others]) if others else None


def required_when(match: Match, clause: Clause) -> Sense | None:
    """`required when F is V` is a mode of F: V needs this field."""
    name, cond = clause.draft.name, match["cond"]
    needs = {name: {"required": True}}
    for other in clause.context.fields_in(cond, name):
        short = re.escape(other.rsplit(".", 1)[-1])
        found = re.search(
            rf"{short}[\"'` ]*(?:is set to|is equal to|equals|is|==?|为|是|:|等于|设为|取)[\"'` ]*"
            r"([A-Za-z0-9_.:-]*[A-Za-z0-9])",
            cond,
        )
        draft = clause.context.drafts[other]
        value = typed(found[1], draft.type) if found else None
        values = [option.value for option in clause.context.options_of(draft)]
        if value in values or isinstance(value, bool):
            return Sense([(other, "mode", {"name": value, "needs": needs})])
    mode = clause.context.mode_of(re.sub(r"^(?:仅|只)?在?|(?:模式)?[时下]*$", "", cond), name)
    if mode is not None:
        return Sense([(mode[0].name, "mode", {"name": mode[1], "needs": needs})])
    return Sense(reason="holds only under a condition")


def needs(match: Match, clause: Clause) -> Sense | None:
    if not clause.gloss:
        return None
    others = clause.context.fields_in(match["fields"], "")
    return Sense([(other, "required", True) for other in others]) if others else None


def no_items(match: Match, clause: Clause) -> Sense | None:
    wanted = target(clause, "items", match[0])
    if not clause.gloss or wanted.type != "array":
        return None
    names = [d.name for d in clause.context.drafts.values() if d.type == "string"]
    if wanted.name not in clause.text and any("image" in name for name in names):
        return None
    return Sense([(wanted.name, "maxItems", 0)])


def excludes_given(match: Match, clause: Clause) -> Sense | None:
    """`when this is given, X must be left out`: these fields exclude each other.

    That holds if being given is the whole condition; it is not read if a value is part of it.
    """
    name, cond = clause.draft.name, match["cond"]
    if match.re.groupindex.get("given"):
        return excludes(match, clause)
    own = re.search(r"\b(?:this|it)\b|[此本该]", cond, re.IGNORECASE)
    if name.rsplit(".", 1)[-1] in cond or own:
        return excludes(match, clause) if not clause.context.fields_in(cond, name) else None
    return None


def together(match: Match, clause: Clause) -> Sense | None:
    return _question(match, clause, "needs another field")


def one_needed(match: Match, clause: Clause) -> Sense | None:
    return _question(match, clause, "needs one of several fields")


def _question(match: Match, clause: Clause, reason: str) -> Sense | None:
    named = clause.context.fields_in(match["fields"], clause.draft.name)
    return Sense(question=reason) if named else None


def total(match: Match, clause: Clause) -> Sense | None:
    """A number for several lists together, or for lists inside this one, is a question."""
    words, name = match[0], clause.draft.name
    others = clause.context.fields_in(words, name)
    media = media_in(words)
    members = [
        draft.name
        for draft in clause.context.drafts.values()
        if draft.type == "array" and draft.name.startswith(f"{name}.")
    ]
    counted = [m for m in members if m.rsplit(".", 1)[-1].rstrip("s") in words.lower()]
    own = {medium for medium in MEDIA if medium in name}
    if others or len(media) > 1 or (own and set(media) - own) or counted:
        return Sense(question="a total over several lists")
    return None
