"""Reads what holds for some requests only, and adds it to what is said of a field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from documentation.fact import Fact
from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.applying import apply, in_digits
from documentation.reading.prose.clause import Clause, Said
from documentation.reading.prose.conditional.among import pictures_of
from documentation.reading.prose.conditional.between import for_whom, only_beside
from documentation.reading.prose.conditional.parts import (
    SAID_OF_TWO,
    in_parts,
    of_several,
    of_the_whole,
    whom_first,
)
from documentation.reading.prose.conditional.qualified import Found, qualified
from documentation.reading.prose.conditional.qualifiers import Qualifier, own_state
from documentation.reading.prose.conditional.verdicts import judged
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.synonyms import plainer

_CONSTRAINT = sign("constraint")
_MODAL = sign("modal")
_CHOICE = sign("choice")
_SAID_NEEDED = sign("said-needed")
_ANY_PICTURE = sign("any-picture")
# Said of the requests that have the field itself.
_BESIDE_IT = re.compile(r" (?:(?:along|together) with|with|alongside|beside) it(?=$|[,;.])")
# What a sentence may not say where it holds for some requests only.
_RELATIONS = {"excludes", "excludes-given", "only-for", "not-for", "required-when", "used-in"}


class PartReader:
    """Reads the sentences of one page's fields that are not said of every request."""

    def __init__(self, page: str, context: Context) -> None:
        self.page = page
        self.context = context
        self.limits: dict[str, list[Fact]] = {}
        self.marked: set[str] = set()
        self._known: dict[tuple[Any, ...], Found | None] = {}
        families = {re.match(r"[a-z]+", name.lower()) for name in context.ids}
        names = "|".join(sorted({re.escape(f[0]) for f in families if f} | {"version", "v"}))
        self.product = re.compile(rf"\b(?:{names})[ -]?v?\d+(?:\.\d+)*", re.IGNORECASE)

    def _read_once(
        self, read: Callable[..., Found | None], draft: Draft, text: str, *about: Any
    ) -> Found | None:
        """What a sentence says by one way of reading, remembered: pages repeat many sentences."""
        key = (read, draft.location, draft.name, text, *about)
        if key not in self._known:
            self._known[key] = read(draft, text, self.context, self._plain_facts, *about)
        return self._known[key]

    def _add(self, draft: Draft, name: str, keyword: str, value: Any, said: Said) -> None:
        said.facts.append(Fact(self.page, draft.location, name, keyword, value, "prose"))

    def _qualified(self, draft: Draft, text: str, said: Said, value: Any = None) -> bool:
        """Read what holds for some requests only; say whether anything was understood."""
        if not draft.may_differ:
            return False
        told = in_digits(text)
        found = self._read_once(qualified, draft, told, value)
        if not found and (bare := _without_own_name(draft, told)) != told:
            found = self._read_once(qualified, draft, bare, value)
        return self._take(draft, found, said)

    def _judged(self, draft: Draft, text: str, said: Said, value: Any = None) -> bool:
        """Read a sentence by its verdict; say whether anything was understood."""
        if not draft.may_differ:
            return False
        about = Qualifier(draft.name, (value,)) if value is not None else None
        return self._judged_of(draft, text, said, about)

    def _judged_of(self, draft: Draft, text: str, said: Said, about: Qualifier | None) -> bool:
        """The same of a sentence that holds for some requests only."""
        return self._take(draft, self._read_once(judged, draft, in_digits(text), about), said)

    def _take(self, draft: Draft, found: list[tuple[str, str, Any]] | None, said: Said) -> bool:
        """Add facts; say whether there are any.

        What an option of a list's items needs is none: it is said of an item, not of the list.
        A sentence that sets a field against its own member is not understood.
        """
        kept = [fact for fact in found or () if not self._is_of_an_item(*fact)]
        kept = [] if any(_is_within(*fact) for fact in kept) else kept
        for name, keyword, fact in kept:
            value = _of_members(fact) if keyword == "mode" else fact
            self._add(draft, name, keyword, value, said)
        return bool(kept)

    def _is_of_an_item(self, name: str, keyword: str, value: Any) -> bool:
        """Whether a fact is what an option needs, and the option one of a list's items."""
        named = keyword == "mode" and "name" in value and name in self.context.drafts
        return named and self.context.drafts[name].type == "array"

    def _plain_facts(self, draft: Draft, text: str) -> dict[str, Any] | None:
        """What a phrase says of a field, all of it understood."""
        clause = Clause(draft, self.context, text)
        senses, _, rest = apply(clause, lambda rule: rule.meaning not in _RELATIONS)
        if any(sense.question for sense in senses) or _CONSTRAINT.search(_MODAL.sub(" ", rest)):
            return None
        said = {
            key: fact for sense in senses for name, key, fact in sense.facts if name == draft.name
        }
        if "const" in said:
            said["enum"] = [said.pop("const")]
        return said or None

    def _with_any_picture(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Read what holds as soon as a request has a picture, in whichever field it is."""
        found = _ANY_PICTURE.match(sentence)
        if found is None or not draft.may_differ:
            return False
        rest = in_digits(plainer(sentence[found.end() :]))
        facts: Found = []
        for name in pictures_of(self.context):
            about = Qualifier(name, given=True)
            one = judged(draft, rest, self.context, self._plain_facts, about)
            if name == draft.name or not one:
                return False
            facts += one
        return self._take(draft, facts, said)

    def _of_several(
        self, draft: Draft, sentence: str, said: Said, about: Qualifier | None = None
    ) -> str:
        """Read what a sentence says of how many fields a request has; what is left of it.

        `about` is for which requests it says that, if not for all.
        """
        if not draft.may_differ:
            return sentence
        if SAID_OF_TWO.fullmatch(sentence) and any(f.keyword == "excludes" for f in said.facts):
            return ""
        if about is None and (beside := _BESIDE_IT.search(sentence)):
            found, left = of_several(draft, sentence.replace(beside[0], ""), self.context)
            found = for_whom(found, own_state(draft), self.context)
        elif about is None and (whom := whom_first(draft, sentence, self.context)):
            about, rest = whom
            said_of = of_several(draft, rest, self.context)
            found, left = for_whom(said_of[0], about, self.context), said_of[1]
            opening = in_digits(sentence)[: -len(rest) or None]
            left = f"{opening}{left}" if left else ""
        else:
            found, left = of_several(draft, sentence, self.context)
            if about is not None:
                found = self._of_gloss(found, about, sentence)
        return left if self._take(draft, found, said) else sentence

    def _of_gloss(self, found: Found, about: Qualifier, gloss: str) -> Found:
        """What an option says of several fields: it takes them, and needs one of two to choose."""
        names = [name for name in self.context.drafts if name in named_by(found)]
        told = {keyword for _, keyword, _ in found}
        if told == {"excludes"} and len(names) == 2 and _CHOICE.search(gloss):
            found = [*found, (names[0], "oneNeeded", names)]
        under = only_beside(found, [about], self.context)
        taken = {name: {"required": False} for name in names}
        return [*under, *about.facts(taken)] if under else []

    def _in_parts(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Read a sentence each of whose parts says something of some requests, by itself."""
        if not draft.may_differ:
            return False
        return self._take(draft, self._read_once(in_parts, draft, sentence), said)

    def _without_whole(self, draft: Draft, sentence: str, said: Said) -> str:
        """A sentence less those parts that say for whom the whole field is."""
        if not draft.may_differ:
            return sentence
        found, left = of_the_whole(draft, sentence, self.context, self._plain_facts)
        return left if self._take(draft, found, said) else sentence


def _without_own_name(draft: Draft, text: str) -> str:
    """A sentence that begins with the name of its own field, without that."""
    name = re.escape(draft.name.rpartition(".")[2])
    subject = rf"(?:the )?{name}(?: field| parameter|参数|字段)?(?: (?:is|are) | ?[为是])"
    return re.sub(f"^{subject}", "", text, flags=re.IGNORECASE)


def _of_members(mode: dict[str, Any]) -> dict[str, Any]:
    """A mode that limits a member of an object or of items, which may be left out with these."""
    needs = {
        name: limits | ({"required": False} if "." in name and "minItems" in limits else {})
        for name, limits in mode["needs"].items()
    }
    return mode | {"needs": needs}


def _is_within(name: str, keyword: str, value: Any) -> bool:
    """Whether a fact is of a field and a member of it: one of them has to be there, or can't be."""
    several = keyword in ("oneNeeded", "together")
    others = [value] if keyword == "excludes" else value if several else []
    names = {name, *others}
    return any(one.startswith(f"{other}.") for one in names for other in names)


def forgets(sentence: str, facts: list[Fact], context: Context) -> bool:
    """Whether a sentence says that fields are needed, and facts read from it don't."""
    needs = [fact.value["needs"] for fact in facts if fact.keyword == "mode"]
    told = {name for each in needs for name, limits in each.items() if "required" in limits}
    named = {found[1] or found[2] for found in _SAID_NEEDED.finditer(sentence)}
    return bool(needs) and bool(named & {*context.drafts} - told)


def named_by(found: Found) -> set[str]:
    """All fields that facts about several fields name."""
    return {name for one, _, value in found for name in (one, *_needed_by(value))}


def _needed_by(value: Any) -> list[str]:
    """The other fields that a fact speaks of."""
    if isinstance(value, dict):
        return list(value.get("needs", ()))
    return [value] if isinstance(value, str) else [name for name in value if type(name) is str]
