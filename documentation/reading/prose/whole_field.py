"""What several sentences of a field say together, and facts that one of them corrects.

And of which member of an object a sentence speaks.
"""

from __future__ import annotations

import dataclasses
import re

from documentation.fact import BOUNDS, Fact, Remark
from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.applying import in_digits, split
from documentation.reading.prose.clause import Said
from documentation.reading.prose.conditional.phrases import Facts
from documentation.reading.prose.conditional.qualifiers import values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.meaning.meanings import INTERNAL
from documentation.reading.prose.rules import sign, table

LISTED_COUNT = sign("listed-count")
_COUNT_LABEL = sign("count-label")
_COUNT_FOR = sign("count-for")
_BESIDE = sign("beside-range")
_FOR_WHOM = re.compile(r"For ([^:]{3,120}): ?(?=[a-z\d])")
_FOR_ALONE = re.compile(r"For ([\w.-]+)[.]?", re.ASCII)
_ONE_OF_BOTH = sign("one-of-both")
_UPPER = re.compile(r"\b(?:upper|maximum|max|longest|ceiling)\b|上限|最大|最长", re.IGNORECASE)
_SAME = sign("same-limits")
_EACH_THE_OTHER = sign("each-the-other")
MOST_BESIDE = 400
_STEPPED = [rule for rule in table() if rule.meaning == "stepped"]


def counts_in_a_list(page: str, draft: Draft, lines: list[str], said: Said) -> None:
    """`0 images: from words`, `1 image: ...`, `2 images: ...`: how many there may be."""
    if draft.type != "array" or any(
        fact.field == draft.name and fact.keyword == "maxItems" for fact in said.facts
    ):
        return
    labelled = [found for line in lines if (found := LISTED_COUNT.match(line))]
    for line in lines if not labelled else ():
        if _COUNT_LABEL.match(line):
            labelled = list(_COUNT_FOR.finditer(line))
            if len(labelled) > 1:
                break
    numbers = sorted({int(n) for found in labelled for n in found.groups() if n})
    if len(numbers) < 2 or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return
    for keyword, number in (("minItems", numbers[0]), ("maxItems", numbers[-1])):
        if number:
            said.facts.append(Fact(page, draft.location, draft.name, keyword, number, "prose"))
    said.tell("; ".join(lines))


def value_beside_a_range(draft: Draft, lines: list[str], said: Said) -> None:
    """`4 to 12`, and in another sentence `if set to -1, the model chooses`: each is a value."""
    own = {f.keyword: f for f in said.facts if f.field == draft.name}
    least, most = own.get("minimum"), own.get("maximum")
    if draft.type != "integer" or least is None or most is None or "enum" in own:
        return
    beside = [
        int(found[found.lastindex or 0])
        for line in lines
        for s in split(line)
        if (found := _BESIDE.match(s) or _BESIDE.search(s))
    ]
    default = own["default"].value if "default" in own else draft.value_of("default")
    too_many = most.value - least.value > MOST_BESIDE
    if not beside and type(default) is int and default < least.value:
        beside = [default]
    if beside and (beside[0] == least.value - 1 or (too_many and beside[0] < least.value)):
        # A range that goes down to it, or one too long to list: below it nothing is valid.
        said.facts[said.facts.index(least)] = dataclasses.replace(least, value=beside[0])
        return
    if not beside or not least.value - beside[0] > 1 or too_many:
        return
    values = [beside[0], *range(least.value, most.value + 1)]
    said.facts = [fact for fact in said.facts if fact not in (least, most)]
    said.facts.append(dataclasses.replace(least, keyword="enum", value=values))


def values_in_steps(page: str, draft: Draft, lines: list[str], said: Said) -> None:
    """`29 to 289, of the form 25 + 4n`: every value that is so, between the ends of the range."""
    sentences = [in_digits(s) for line in lines for s in split(line)]
    found = next(
        (m for s in sentences for rule in _STEPPED if (m := rule.expression.search(s))),
        None,
    )
    if draft.type != "integer" or found is None:
        return
    own = {fact.keyword: fact for fact in said.facts if fact.field == draft.name}
    ends = [own[k].value if k in own else draft.value_of(k) for k in ("minimum", "maximum")]
    base, step = int(found["base"]), int(found["step"])
    low, high = (end if isinstance(end, int) else None for end in ends)
    values = [] if low is None or high is None else range(low + (base - low) % step, high + 1, step)
    if not 0 < len(values) <= MOST_BESIDE or "enum" in own:
        note = Remark(draft.location, draft.name, found[0], "a step, and no range")
        said.unread += [note] if "enum" not in own else []
        return
    ends_said = [own[k] for k in ("minimum", "maximum") if k in own]
    said.facts = [fact for fact in said.facts if fact not in ends_said]
    enum = Fact(page, draft.location, draft.name, "enum", [*values], "prose")
    said.facts.append(enum)


def same_limits(
    page: str, draft: Draft, lines: list[str], said: Said, known: dict[str, list[Fact]]
) -> None:
    """`Same limits as prompt`: those of another field, where none are said of this one."""
    if any(fact.keyword in BOUNDS and fact.field == draft.name for fact in said.facts):
        return
    if any(draft.value_of(keyword) is not None for keyword in BOUNDS):
        return
    found = next((m for line in lines for s in split(line) if (m := _SAME.search(s))), None)
    name = (found["zh"] or found["en"] or found["of"]) if found else ""
    only = "max" if found and _UPPER.search(found.string) else ""
    for fact in (f for f in known.get(f"{draft.type} {name}", []) if f.keyword.startswith(only)):
        copied = Fact(page, draft.location, draft.name, fact.keyword, fact.value, "prose")
        said.facts.append(copied)
    if found:
        said.tell(found.string)


def each_needs_the_other(draft: Draft, lines: list[str], said: Said) -> None:
    """`Together with F; neither works without the other`: F needs this field, too."""
    apart = [fact for fact in said.facts if (fact.keyword, fact.field) == ("excludes", draft.name)]
    if len(apart) == 1 and any(_ONE_OF_BOTH.search(line) for line in lines):
        both = [draft.name, apart[0].value]
        said.facts.append(dataclasses.replace(apart[0], keyword="oneNeeded", value=both))
    if not any(_EACH_THE_OTHER.search(line) for line in lines):
        return
    for fact in [f for f in said.facts if f.keyword == "together" and f.field == draft.name]:
        if len(fact.value) == 1:
            said.facts.append(dataclasses.replace(fact, field=fact.value[0], value=[draft.name]))


def only_for_whom(
    page: str, draft: Draft, context: Context, lines: list[str], said: Said, facts: Facts
) -> None:
    """`For nova-1-edit: a single image`, where nothing is said of any other model.

    `For nova-1-edit` may be a sentence, too.
    """
    told = [s for line in lines for s in split(line)]
    alone = next((m for s in told if (m := _FOR_ALONE.fullmatch(s))), None)
    found = alone or _FOR_WHOM.match(told[0] if told else "")
    ids = context.ids_in_full(found[1]) if found and len(context.ids) > 1 else []
    named = {name for line in lines for name in context.ids_in_full(line)}
    if not ids or {*ids} != named or any(fact.keyword == "onlyFor" for fact in said.facts):
        return
    bare = re.sub("|".join(map(re.escape, sorted(ids, key=len, reverse=True))), " ", found[1])  # type: ignore[index]
    if re.fullmatch(r"(?:[ ,/]|\band\b|\bor\b)*", bare):
        rest = found.string[found.end() :]  # type: ignore[union-attr]
        limits = {} if alone else facts(draft, f"takes {rest}") or {}
        for keyword, value in {"onlyFor": ids, **limits}.items():
            said.facts.append(Fact(page, draft.location, draft.name, keyword, value, "prose"))


def off_for_some_models(draft: Draft, said: Said) -> None:
    """A switch that only some models have, and that is to be off for the others."""
    off = {
        fact.value["name"]
        for fact in said.facts
        if fact.field == "model"
        and fact.keyword == "mode"
        and fact.value["needs"].get(draft.name) == {"enum": [False]}
    }
    if off:
        said.facts = [
            fact
            for fact in said.facts
            if not (
                fact.field == draft.name and fact.keyword == "onlyFor" and not {*fact.value} & off
            )
        ]


def one_list_of_hosts(said: Said) -> None:
    """Put a field's forbidden hosts into one list, wherever they stand."""
    listed = [fact for fact in said.facts if fact.keyword == "forbiddenHosts"]
    if len(listed) < 2:
        return
    named = [host for fact in listed for host in fact.value if fact.value is not INTERNAL]
    whole = dataclasses.replace(listed[0], value=list(dict.fromkeys(named or INTERNAL)))
    said.told[whole.identity] = said.told.get(listed[0].identity, "")
    said.facts = [
        whole if fact is listed[0] else fact
        for fact in said.facts
        if fact is listed[0] or fact not in listed
    ]


def member_of(draft: Draft, sentence: str, context: Context) -> Draft | None:
    """The member of a list's objects of whose options a sentence speaks: `last may be once`.

    What is said of an address is said of the one member that is an address.
    """
    if draft.type == "object" and _OF_AN_ADDRESS.search(sentence):
        members = [n for n in context.drafts if n.startswith(f"{draft.name}.")]
        urls = [context.drafts[name] for name in members if _URL_NAME.search(name)]
        return urls[0] if len(urls) == 1 else None
    first = _OPTION_FIRST.match(sentence) if draft.items == "object" else None
    inside = context.drafts.items() if first else ()
    found = [
        other
        for name, other in inside
        if name.startswith(f"{draft.name}.") and other.type == "string"
        if first and first[0] in values_of(other, context)
    ]
    return found[0] if len(found) == 1 else None


_OF_AN_ADDRESS = re.compile(r"\bhttps?\b|\bhosts?\b|(?:\d+\.){3}|内网|地址", re.IGNORECASE)
_URL_NAME = re.compile(r"(?:^|[._])(?:url|uri|endpoint|address)$")
_OPTION_FIRST = re.compile(r"[a-z]+(?:_[a-z]+)+|[a-z]{3,}(?= (?:is|can|may|must|needs|works)\b)")
