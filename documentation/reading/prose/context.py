"""Finds what a sentence refers to: fields of the page, model ids, options of other fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from documentation.fact import PageError
from documentation.reading.layouts.draft import Draft, is_placeholder
from documentation.reading.layouts.option_lines import Option
from documentation.reading.layouts.options import Prose, take_apart
from documentation.reading.layouts.text import CJK, normal
from documentation.reading.prose.calling import (
    MODE_NAMES,
    MODE_WORDS,
    OF_A_DEED,
    heads_of,
    own_deeds,
    own_nouns,
    own_tasks,
)

MOST_IDS = 200
_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+|\d)+")
_LISTED = re.compile(
    rf" ?(?:[:=—–({CJK}]|--|-\s|,|/|、|\||[.。]?$)| (?:and|or)\b| (?:is )?(?:the|an?)\b"
)
_OTHER_END = r"(?: ?(?:,|/|、|或|和)| or| and) ?(?:or |and )?$"
_DOES = re.compile(
    r" (?:makes?|creates?|generates?|renders?|turns?|produces?|supports?|takes?|accepts?|offers?"
    r"|handles?|reads?|works?|can|only|does|has|needs?|requires?|animates?|covers?|adds?|gives?)\b"
)
_STEM = re.compile(r"[a-z]+[.-]?\d+(?:\.\d+)*")
_STOPS = re.compile(r"\.(?=\s|$)|。|$")
_WORDS = re.compile(rf"[a-z0-9.]+|[{CJK}]+")


class _Asked(dict[str, Draft]):
    """The fields of requests by their names; of any other name nothing is known."""

    def __missing__(self, name: str) -> Draft:
        return Draft("request", name)


class Context:
    """Everything on the page that a sentence of one field may name."""

    def __init__(
        self, drafts: list[Draft], sample_model: object = None, lines: list[str] | None = None
    ) -> None:
        self.lines = lines or []  # what the page says outside of its fields
        self.drafts = _Asked(
            {draft.name: draft for draft in drafts if draft.location != "response"}
        )
        names = set(self.drafts) | {name.rsplit(".", 1)[-1] for name in self.drafts}
        scalars = {name for name, draft in self.drafts.items() if _may_choose(draft)}
        shown = {draft.name: draft.shown() for draft in drafts if draft.location != "response"}
        self.prose: dict[int, Prose] = {}
        self.listed: dict[str, list[Any]] = {}
        self.named: dict[tuple[str, str, str], list[Any]] = {}
        self.ids: list[str] = []
        self.glosses: dict[str, str] = {}
        self.stated_ids: list[str] = []
        self._nouns: dict[str, str] | None = None
        self._tasks: dict[str, tuple[str, Any]] | None = None
        self._told: dict[str, tuple[str, Any]] | None = None
        self._models_told: dict[str, list[str]] | None = None
        self._options: dict[int, list[Option]] = {}
        self._inside: dict[str, list[tuple[str, Draft]]] = {}
        model = self.drafts.get("model")
        if model is not None:
            self.prose[id(model)] = take_apart(model, names, _values_besides(model, shown))
            self._find_ids(model, sample_model)
            shown["model"] = {*shown["model"], *self.ids}
        for draft in drafts:
            if draft is not model:
                others = _values_besides(draft, shown)
                self.prose[id(draft)] = take_apart(draft, names, others, scalars)
        self._groups = [
            (re.compile(f"{re.escape(heading.removesuffix('s'))}s?", re.IGNORECASE), name, values)
            for name, draft in self.drafts.items()
            for heading, values in self.prose_of(draft).groups.items()
        ]

    def _find_ids(self, model: Draft, sample_model: object) -> None:
        prose = self.prose[id(model)]
        rows = [option for options in prose.lists for option in options]
        shown = [model.value_of("default"), *model.examples, sample_model]
        shown = [v for v in shown if isinstance(v, str) and v and not is_placeholder(v)]
        families = {re.match(r"[a-z]*", str(v).lower())[0] for v in [*shown, *model.options()]}  # type: ignore[index]
        for sentence in prose.sentences:
            for found in _ID.finditer(sentence):
                family = re.match(r"[a-z]*", found[0])
                start = found.start()
                before = sentence[max(0, start - 1) : start]
                of_them = family and (not families or family[0] in families)
                if of_them and not re.match(r"[A-Za-z0-9_/.-]", before):
                    after = _LISTED.match(sentence, found.end())
                    if after is None and self.stated_ids:
                        before_it = re.escape(self.stated_ids[-1]) + _OTHER_END
                        ends = _STOPS.match(sentence, found.end())
                        near = sentence[max(0, start - 200) : start]
                        after = ends if re.search(before_it, near) else None
                    after = after or _as_said_of(sentence, found, shown)
                    if after:
                        self.stated_ids.append(found[0])
                        self.glosses[found[0]] = sentence[after.end() :][:60]
        self.stated_ids = list(dict.fromkeys(self.stated_ids))
        self.glosses.update({str(option.value): option.gloss for option in rows})
        listed = [*model.options(), *(option.value for option in rows)]
        self.ids = list(dict.fromkeys(map(str, listed or self.stated_ids or shown)))
        if len(self.ids) > MOST_IDS:
            raise PageError(f"the page names more than {MOST_IDS} model ids")

    def prose_of(self, draft: Draft) -> Prose:
        """A field's prose taken apart; none for what is no field of the page."""
        return self.prose.get(id(draft), Prose())

    def options_of(self, draft: Draft) -> list[Option]:
        """Options with their glosses, from the schema lines and from prose; nobody changes them."""
        known = self._options.get(id(draft))
        if known is not None:
            return known
        listed = [option for options in self.prose_of(draft).lists for option in options]
        values = {str(option.value) for option in listed}
        listed += [Option(v) for v in draft.options() if str(v) not in values]
        if id(draft) in self.prose:
            self._options[id(draft)] = listed
        return listed

    def from_inside(self, name: str) -> list[tuple[str, Draft]]:
        """All fields with their names, those first that are in the same object as one of them."""
        around = name.rpartition(".")[0]
        if around not in self._inside:
            self._inside[around] = sorted(
                self.drafts.items(), key=lambda each: each[0].rpartition(".")[0] != around
            )
        return self._inside[around]

    def fields_in(self, text: str, besides: str) -> list[str]:
        """The names of other request fields that stand in a text, in its order."""
        found: dict[str, None] = {}
        for word in re.finditer(r"[A-Za-z_][\w.]*\w", text, re.ASCII):
            name = word[0] if word[0] in self.drafts else self._member(word[0], besides)
            if name and name != besides:
                found[name] = None
        return list(found)

    def _member(self, word: str, besides: str) -> str:
        """A member may be named without its object, by its siblings or where it is the only one."""
        sibling = f"{besides.rpartition('.')[0]}.{word}"
        if sibling in self.drafts:
            return sibling
        found = [name for name in self.drafts if name.endswith(f".{word}")]
        inside = [name for name in found if name.startswith(f"{besides}.")]
        return "" if len(inside) > 1 else next(iter(inside or found), "")

    def called(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text calls fields by what the page says they are: `首帧图片`, `end frame`."""
        if self._nouns is None:
            self._nouns = own_nouns(self.drafts)
        found: list[tuple[int, int, str]] = []
        lowered = text.lower()
        for noun, name in self._nouns.items():
            for match in re.finditer(rf"{re.escape(noun)}s?(?![a-z])", lowered):
                if _is_free(found, *match.span()):
                    found.append((match.start(), match.end(), name))
        return sorted(found)

    def of_medium(self, medium: str, *types: str) -> list[str]:
        """The request fields that are named after a medium, members of objects apart."""
        return [
            name
            for name, draft in self.drafts.items()
            if medium in name and "." not in name and draft.type in (types or ("array", "string"))
        ]

    def ids_in_full(self, text: str) -> list[str]:
        """The model ids whose whole name stands in a text."""
        text = text.lower()
        return [
            name
            for name in self.ids
            if name.lower() in text
            and re.search(rf"(?<![\w.-]){re.escape(name.lower())}(?![\w-]|\.\w)", text, re.ASCII)
        ]

    def ids_in(self, text: str) -> list[str]:
        """The model ids that a phrase means: by name, or by the words that tell them apart."""
        exact = self.ids_in_full(text)
        if exact:
            return exact
        text = text.lower()
        words = [w for w in _WORDS.findall(text) if w not in _FILLERS]
        words = [
            re.sub("(?:模型|版本|版|变体|系列)*(?:支持|可用|有效|适用|生效|使用)*$", "", w)
            for w in words
        ]
        words = [w for w in words if w]
        if not words:
            return []
        own = [name for name in self.ids if {*words} <= {*re.split(r"[-_ ]", name.lower())}]
        if task := MODE_NAMES.get("".join(words)):
            own = own or [name for name in self.ids if task in name.lower()]
        if 0 < len(own) < len(self.ids):
            return own  # their names say so, whatever stands beside them
        return [name for name in self.ids if all(self._tells(name, word) for word in words)]

    def _tells(self, name: str, word: str) -> bool:
        gloss = normal(self.glosses.get(name, "")).lower()
        segments = re.split(r"[-_ ]", name.lower())
        if MODE_WORDS.search(word) and len({m[0] for m in MODE_WORDS.finditer(gloss)}) > 1:
            return word in segments  # it does this, and something else
        heads = _WORDS.findall(gloss)[:2] if word.isascii() else []
        if word in segments or word in heads:
            return True
        if word.isascii():
            return False
        called = re.match(rf"(?![不无未仅])[{CJK}]{{0,4}}?{re.escape(word)}(?:版|款)", gloss)
        return gloss.startswith(word) or called is not None

    def mode_of(self, phrase: str, besides: str) -> tuple[Draft, Any] | None:
        """The field and the option that a phrase such as `First-last-frame transition` names."""
        wanted = _plain(phrase)
        if len(wanted) < (2 if _ends_with_mode(phrase) else 3):
            return None
        for name, draft in self.from_inside(besides):
            if name in (besides, "model") or draft.type not in ("string", ""):
                continue
            for option in self.options_of(draft):
                value, gloss = _plain(str(option.value)), _plain(option.gloss)
                longer = len(value) > 3 and not _SAYS_MORE.search(phrase.strip(" ,;:"))
                same = wanted == value or (longer and wanted.startswith(f"{value}-"))
                if same or (len(wanted) > 3 and gloss.startswith(wanted)):
                    return draft, option.value
                if re.fullmatch(f"[{CJK}]{{3,}}", wanted) and gloss.startswith(wanted[:3]):
                    return draft, option.value
                short = re.fullmatch(f"[{CJK}]{{2}}", wanted) and _ends_with_mode(phrase)
                if short and wanted in gloss[:6] and self._only_one(draft, wanted):
                    return draft, option.value
        return None

    def _only_one(self, draft: Draft, word: str) -> bool:
        """Whether one option alone begins what it means with a word."""
        return sum(word in _plain(o.gloss)[:6] for o in self.options_of(draft)) == 1

    def tasks_in(self, text: str) -> list[tuple[int, int, str, Any]]:
        """Where a text names options by what they do, as their glosses begin: `视频编辑`."""
        if self._tasks is None:
            self._tasks = own_tasks(self.drafts, self.options_of, self.listed, self.lines)
        found: list[tuple[int, int, str, Any]] = []
        for noun, (name, value) in self._tasks.items():
            for match in re.finditer(re.escape(noun), text, re.IGNORECASE):
                if _is_free(found, *match.span()):
                    found.append((match.start(), match.end(), name, value))
        return sorted(found, key=lambda each: each[0])

    def groups_in(self, text: str) -> list[tuple[int, int, str, list[Any]]]:
        """Where a text names options by the heading that they stand below, and of which field."""
        return [
            (match.start(), match.end(), name, values)
            for heading, name, values in self._groups
            for match in heading.finditer(text)
        ]

    def models_told_in(self, text: str) -> list[tuple[int, int, list[str]]]:
        """Where a text calls models by what they do, as their glosses begin: `对口型时`."""
        if self._models_told is None:
            self._models_told = own_deeds(self.ids, self.glosses)
        found: list[tuple[int, int, list[str]]] = []
        for noun, ids in self._models_told.items():
            for match in re.finditer(rf"(?:[2-9]个|[两三]个)?{noun}{OF_A_DEED}", text):
                if _is_free(found, *match.span()):
                    found.append((match.start(), match.end(), ids))
        return found

    def other_value_in(self, text: str, draft: Draft) -> str:
        """An option of another field that a text mentions; empty when it mentions none."""
        lowered = text.lower()
        own = {str(option.value).lower() for option in self.options_of(draft)}
        for name, other in self.drafts.items():
            if name == draft.name or name == "model" or other.type not in ("string", ""):
                continue
            for option in self.options_of(other):
                value = str(option.value).lower()
                if value in own or value.isdigit() or value not in lowered:
                    continue
                nouns = f"{re.escape(name.rpartition('_')[2])}|{PICTURED}"
                beside = rf"(?<![\w-]){re.escape(value)} (?:{nouns})s?\b"
                after = rf"\b(?:with|for|in|under|using) {re.escape(value)}(?=$|[;)])"
                plain = re.search(r"[\d_]|[a-z]-[a-z]", value) is None
                said = (beside, after) if len(value) > 3 else (beside,)
                told = _as_subject(str(option.value), text) or any(re.search(e, text) for e in said)
                if plain and not told:
                    continue
                if re.search(rf"(?<![\w.:-]){re.escape(value)}(?![\w:-])", text, re.I | re.A):
                    return f"{name} {option.value}"
        return ""

    def told_in(self, text: str) -> list[tuple[int, int, str, Any]]:
        """Where a text names options by how their glosses begin, and of which field: `主体参考`.

        At the beginning of the text, a part of that is enough.
        """
        if self._told is None:
            self._told = heads_of(self.drafts, self.options_of)
        found: list[tuple[int, int, str, Any]] = []
        for head, (name, value) in self._told.items():
            places = [(m.start(), m.end()) for m in re.finditer(re.escape(head), text)]
            begun = next((n for n in range(len(head) - 1, 2, -1) if text.startswith(head[:n])), 0)
            if not places and begun and _BEGUN.match(text, begun):
                places = [(0, begun)]
            free = [place for place in places if _is_free(found, *place)]
            found += [(start, end, name, value) for start, end in free]
        return sorted(found, key=lambda each: each[:2])

    def other_mode_in(self, text: str) -> str:
        """A mode such as text-to-video that a text mentions, unless all models here are of it."""
        for found in MODE_WORDS.finditer(text):
            word = MODE_NAMES.get(found[0], _plain(found[0]))
            word = re.sub(r"^video-(?:extend|extension|continuation)$", "extend", word)
            role = _ROLE.search(text[: found.start()]) and "frame" in word
            if not role and (not self.ids or not all(word in name for name in self.ids)):
                return found[0]
        return ""


def _is_free(found: Sequence[tuple[Any, ...]], start: int, end: int) -> bool:
    """Whether nothing that was found in a text stands where this does."""
    return not any(start < each[1] and each[0] < end for each in found)


# A phrase that is more than a name: `a remix, describe only what changes`.
_SAYS_MORE = re.compile(r"[,;:]|\b(?:only|must|not|no)\b", re.IGNORECASE)
# Before `first and last frame`: it is what pictures are used as, and no mode.
_ROLE = re.compile(
    r"(?:\(|\b(?:as|its|the|are|is|or)|作为?|用作|当作?|为|是|即)(?: the| a)? ?$", re.IGNORECASE
)


# How the gloss of an option begins, and what follows where a sentence begins with a part of it.
_BEGUN = re.compile("[的仅只最时下中不必须需可固:、]|模式|方式")
PICTURED = "image|picture|photo|video|clip"


def _as_subject(value: str, text: str) -> bool:
    """Whether a plain word is an option here: in capitals, or as what the sentence is about."""
    if value.isupper() and len(value) > 2:
        return re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", text) is not None
    if re.search(rf"(?<![\w-]){re.escape(value)} mode\b", text):
        return True
    verb = (
        r" (?:is|are|can|cannot|must|may|only|does|has|needs?|requires?|supports?|allows?|comes)\b"
    )
    return re.match(rf"{re.escape(value)}(?: mode)?{verb}", text) is not None


def _may_choose(draft: Draft) -> bool:
    """Whether a field may have one of a few values, by its type and its name."""
    scalar = draft.type in ("string", "integer", "number")
    return scalar and not re.search(r"url|image|video|audio|frame_|prompt|text|_id$", draft.name)


def _values_besides(draft: Draft, shown: dict[str, set[str]]) -> set[str]:
    """The options of the other fields that look like no plain word or number."""
    others = [values for name, values in shown.items() if name != draft.name]
    return {v for values in others for v in values if re.search(r"[a-z].*[-_\d]|\d[a-z:]", v, re.I)}


_FILLERS = {
    *("the", "model", "models", "version", "versions", "variant", "variants", "this", "field"),
    *(
        "parameter",
        "a",
        "an",
        "and",
        "or",
        "only",
        "mode",
        "和",
        "与",
        "或",
        "模型",
        "版本",
        "currently",
        "tier",
        "edition",
        "series",
        "family",
        "line",
    ),
}


def _as_said_of(sentence: str, found: re.Match[str], shown: list[str]) -> re.Match[str] | None:
    """`nova-2-fast makes clips` begins a sentence: an id like the one that the page shows."""
    stem = _STEM.match(found[0])
    stems = [m[0] for value in shown if (m := _STEM.match(value.lower()))]
    alike = stem is not None and stem[0] in stems
    return _DOES.match(sentence, found.end()) if alike and not found.start() else None


def _ends_with_mode(phrase: str) -> bool:
    return re.search(r"模式[时下中]?$", phrase.strip()) is not None


def _plain(phrase: str) -> str:
    bare = re.sub(rf"[^a-z0-9{CJK}]+", "-", phrase.lower()).strip("-")
    return re.sub(r"-?(?:mode|model)$|模式$", "", bare)
