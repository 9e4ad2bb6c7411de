"""The members of objects that only the object's own prose describes, and whose members they are."""

from __future__ import annotations

import copy
import re
from typing import Any

from documentation.fact import Location, PageError
from documentation.reading.layouts.draft import NAME, Draft
from documentation.reading.layouts.field_tables import (
    bare,
    below_another,
    columns_of,
    name_in,
    row_draft,
    shown_at,
    type_by_sample,
)
from documentation.reading.layouts.options import BULLET
from documentation.reading.layouts.tabular.combined import barred
from documentation.reading.layouts.text import normal
from documentation.reading.layouts.written import YES, Written, beside_name, type_named


def with_members(drafts: list[Draft], samples: dict[Location, Any]) -> list[Draft]:
    """The fields of a page, with those members of objects that only a table in prose describes."""
    drafts = _as_shown(drafts, samples)
    known = {(draft.location, draft.name) for draft in drafts}
    found: list[Draft] = []
    for draft in drafts:
        found.append(draft)
        if "object" not in (draft.type, draft.items):
            continue
        below = f"{draft.name}."
        named = [d for d in drafts if d.name.startswith(below) and d.location == draft.location]
        taken = _take_members(draft) or _bulleted_members(draft)
        for member in taken or ([] if named else _shown_members(draft, samples)):
            if (member.location, member.name) not in known:
                known.add((member.location, member.name))
                type_by_sample(member, samples.get(member.location))
                found.append(member)
                named.append(member)
        if not named:
            found += _as_another_has(draft, drafts)
        _all_needed(draft, [d for d in named if d.name.count(".") == below.count(".")])
    return found


def _as_shown(drafts: list[Draft], samples: dict[Location, Any]) -> list[Draft]:
    """The fields, where the sample shows members of two objects that a table says of both.

    `Both have the same members`, say, above a table that is taken for one of what holds the two.
    """
    inside: dict[tuple[Location, str], list[Draft]] = {}
    for draft in drafts:
        inside.setdefault((draft.location, draft.name.rpartition(".")[0]), []).append(draft)
    for (location, name), members in inside.items():
        has = {d.name: _keys(shown_at(d.name, samples.get(location))) for d in members}
        empty = [d for d in members if d.type == "object" and (location, d.name) not in inside]
        lower = members[members.index(empty[-1]) + 1 :] if name and len(empty) > 1 else []
        keys = {d.name.rpartition(".")[2] for d in lower}
        shown = {key for d in empty for key in has[d.name]}
        if keys & shown and not keys & _keys(shown_at(name, samples.get(location))):
            drafts = _moved(drafts, lower, empty)
    return drafts


def _moved(drafts: list[Draft], members: list[Draft], heads: list[Draft]) -> list[Draft]:
    """The fields with some members, and what is inside them, moved into each of some objects."""
    names = {d.name for d in members}
    ours = [d for d in drafts if any(d.name == n or d.name.startswith(f"{n}.") for n in names)]
    ours = [d for d in ours if d.location == members[0].location]
    above = members[0].name.rpartition(".")[0]
    found: list[Draft] = []
    for draft in drafts:
        found += [] if any(draft is d for d in ours) else [draft]
        for each in ours if any(draft is head for head in heads) else ():
            found.append(copy.deepcopy(each))
            found[-1].name = draft.name + each.name.removeprefix(above)
    return found


def _keys(shown: Any) -> set[str]:
    return set(shown) if isinstance(shown, dict) else set()


_AS_ANOTHER = re.compile(
    r"\bsame (?:\w+ ){0,2}(?:fields|members|structure|shape|properties|keys|form) as"
    r" (?:that of |the )?`?(?P<en>[a-z]\w*)"
    r"|(?:结构|字段|成员|格式)(?:与|同|和) ?`?(?P<zh>[a-z]\w*)`? ?(?:相同|一致|一样)"
)


def _as_another_has(draft: Draft, drafts: list[Draft]) -> list[Draft]:
    """`The same fields as start`: the members of an object beside it, which it has, too."""
    head = draft.name.rpartition(".")[0]
    for at, line in enumerate(draft.prose):
        for sentence in _SENTENCES.split(line):
            said = _AS_ANOTHER.search(sentence)
            other = f"{head}." * bool(head) + (said["en"] or said["zh"]) if said else draft.name
            alike = [d for d in drafts if said and d.name.startswith(f"{other}.")]
            if other != draft.name and alike:
                draft.prose[at] = line.replace(sentence, "").strip()
                copies = [copy.deepcopy(d) for d in alike if d.location == draft.location]
                for each in copies:
                    each.name = draft.name + each.name.removeprefix(other)
                return copies
    return []


_ALL_NEEDED = re.compile(
    r"\b(?:all|both|each|every one)(?: (?:of|two|three|four|five|the|them|these|which|its|fields"
    r"|members|properties|keys)){0,4}(?: (?:is|are|must be|have to be|has to be))? "
    r"(?:required|mandatory)\b"
    r"|(?:均|都|全部|皆)(?:为|是)?(?:必填|必传|必需)",
    re.IGNORECASE,
)
_OF_SOME = re.compile(r"\b(?:if|when|unless|while|mode|for)\b|时|模式|如果|若", re.IGNORECASE)


def _all_needed(draft: Draft, members: list[Draft]) -> None:
    """`Each has three fields, all of them required`, which is taken out of an object's prose."""
    for at, line in enumerate(draft.prose if members else ()):
        for sentence in _SENTENCES.split(line):
            if _ALL_NEEDED.search(sentence) and not _OF_SOME.search(sentence):
                draft.prose[at] = draft.prose[at].replace(sentence, "").strip()
                for member in members:
                    if not member.value_of("required"):
                        member.schema.append(("required", True))
    draft.prose = [line for line in draft.prose if line]


_SENTENCES = re.compile(r"(?<=[;。；]) *|(?<=\.) +")
_SUBJECT = r"[`\"']?{name}[`\"']?(?: ?(?:[:：—–-]|是|为)| (?:is|must|has to|can|may|should)\b)"
_IN_BRACKETS = r"(?<![\w.]){name}[`\"']? ?[(\uff08](?P<said>[^()\uff08\uff09]{{1,120}})[)\uff09]"
_SAID_NEEDED = re.compile(r"(?:required|mandatory|必填|必传|必需)", re.IGNORECASE)


def _shown_members(draft: Draft, samples: dict[Location, Any]) -> list[Draft]:
    """The members of a list's objects that the page shows, where its prose names each of them.

    `Each item has url (required) and role`: what stands in brackets after a name, and sentences
    about it, are said of that member, and not of the list.
    """
    sample = samples.get(draft.location)
    shown = sample.get(draft.name) if isinstance(sample, dict) else None
    items = [i for v in (shown, *draft.examples) if isinstance(v, list) for i in v]
    keys = [key for item in items if isinstance(item, dict) for key in item]
    keys = [key for key in dict.fromkeys(keys) if NAME.fullmatch(key)]
    prose = " ".join(draft.prose)
    if draft.items != "object" or not all(re.search(rf"(?<![\w.]){k}(?!\w)", prose) for k in keys):
        return []
    members = []
    for key in keys:
        member = Draft(draft.location, f"{draft.name}.{key}")
        member.prose = _taken(draft, key)
        if any(_SAID_NEEDED.fullmatch(part.strip()) for part in member.prose):
            member.schema.append(("required", True))
            member.prose = [p for p in member.prose if not _SAID_NEEDED.fullmatch(p.strip())]
        shows = next(item for item in items if isinstance(item, dict) and key in item)
        type_by_sample(member, {draft.name: shows} if "." not in draft.name else None)
        members.append(member)
    return members


def _taken(draft: Draft, key: str) -> list[str]:
    """What an object's prose says of one member, taken out of it."""
    told: list[str] = []
    inside = re.compile(_IN_BRACKETS.format(name=re.escape(key)))
    subject = re.compile(_SUBJECT.format(name=re.escape(key)))
    lines = []
    for line in draft.prose:
        bullet = BULLET.match(line)
        kept = []
        for sentence in _SENTENCES.split(line[bullet.end() :] if bullet else line):
            if subject.match(sentence):
                told.append(sentence)
                continue
            if found := inside.search(sentence):
                told += re.split(r"[,;\uff0c\uff1b] ?", found["said"])
                sentence = sentence.replace(found[0], f"{key} ")
            kept.append(sentence)
        lines += [f"{bullet[0] if bullet else ''}{' '.join(kept)}"] if any(kept) else []
    draft.prose = lines
    return told


def _take_members(draft: Draft) -> list[Draft]:
    lines = [barred(line) for line in draft.prose]
    for at, line in enumerate(lines):
        if "\t" not in line:
            continue
        end = at
        while end < len(lines) and ("\t" in lines[end] or not lines[end].strip()):
            end += 1
        rows = [row.split("\t") for row in lines[at:end] if row.strip()]
        kinds = columns_of([normal(cell) for cell in rows[0]], rows[1:])
        if "type" not in kinds and (kinds := _without_head(rows)):
            rows = [[""] * len(kinds), *rows]
        if "type" not in kinds:
            continue
        draft.prose = [*draft.prose[:at], *draft.prose[end:]]
        above = draft.name
        members: list[Draft] = []
        for row in rows[1:]:
            inner = below_another(row[0]) and members
            name = f"{members[-1].name if inner else above}.{name_in(row[0])}"
            if len(name) > 400:
                raise PageError("the page has a field that is nested too deeply")
            members.append(row_draft(kinds, rows[0], row, draft.location, name))
        return members
    return []


_NEEDED = re.compile(
    rf"(?:{YES.pattern})|no|n|false|optional|-|✗|❌|否|选填|可选|非必[填传须]", re.IGNORECASE
)


def _without_head(rows: list[list[str]]) -> list[str]:
    """The columns of a table whose rows are members, and which has no head; else none."""
    if not all(len(row) > 1 and name_in(row[0]) and type_named(row[1]) for row in rows):
        return []
    needed = all(len(row) > 2 and _NEEDED.fullmatch(bare(row[2])) for row in rows)
    most = max(map(len, rows)) - 2 - needed
    return ["name", "type", *(["required"] if needed else []), *["prose"] * most]


_NAMED = re.compile(r"[`*\"']*(?P<name>[A-Za-z_]\w{0,60})[`*\"']*(?= ?[:(—–-])")


def _bulleted_members(draft: Draft) -> list[Draft]:
    """The members that bullets in an object's prose describe: `from (number, required): ...`."""
    members: list[Draft] = []
    left: list[str] = []
    for line in draft.prose:
        bullet = BULLET.match(line)
        text = normal(line[bullet.end() :]) if bullet else ""
        found = _NAMED.match(text)
        written = beside_name(text[found.end() :].lstrip(" -–—:")) if found else Written()
        if found is None or not written.types:
            left.append(line)
            continue
        name = f"{draft.name}.{found['name']}"
        prose = [written.prose] if written.prose.strip() else []
        members.append(
            Draft(draft.location, name, written.types, written.items, written.schema, prose)
        )
    draft.prose = left
    return members
