"""For which requests a sentence holds: those of some models, or with a value of another field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.calling import MODE_WORDS
from documentation.reading.prose.conditional.naming.nouns import fields_named
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import media_in, without_seconds
from documentation.reading.prose.rules import sign

Needs = dict[str, dict[str, Any]]

_AROUND = sign("around")
JOINT = sign("joint")
OTHERS = sign("others")
_IS = sign("is")
_GIVEN = sign("given")
_ABSENT = sign("absent")
_OWN = sign("on")
_MEDIA_NOUN = sign("medium")
_NONE = sign("none")
_SHAPED = sign("picture-size")
OTHER_SIZES = sign("other-sizes")
_NAME = re.compile(r"[A-Za-z_][\w.]*\w", re.ASCII)


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What a request has to be like for a sentence to hold for it.

    Attributes:
        field: A field; `model` for some models.
        values: Its values, if it matters which.
        given: Whether it has any, where that is what matters.
        count: How many items it has, where that is what matters.
        more: Whether it may have more than that.
    """

    field: str
    values: tuple[Any, ...] = ()
    given: bool | None = None
    count: int = 0
    more: bool = False

    def facts(
        self, needs: Needs, models: tuple[str, ...] = (), beside: tuple[Qualifier, ...] = ()
    ) -> list[tuple[str, str, Any]]:
        """What such requests need, as facts.

        `beside` is what else such requests are: each has one value, or is given or not.
        """
        if any(len(other.values) > 1 for other in beside):
            return []
        some: dict[str, Any] = {"models": list(models)} if models else {}
        if beside:
            some["beside"] = [
                {"field": other.field, **so} for other in beside for so in other.conditions()
            ]
        return [(self.field, "mode", {**so, "needs": needs} | some) for so in self.conditions()]

    def conditions(self) -> list[dict[str, Any]]:
        """What a request has to be like, as modes have it: one for each value."""
        if self.count:
            most = {} if self.more else {"maxItems": self.count}
            return [{"given": True, "like": {"minItems": self.count, **most}}]
        if self.given is not None:
            return [{"given": self.given}]
        return [{"name": value} for value in self.values]

    def others(self, context: Context) -> Qualifier | None:
        """The requests that it does not mean."""
        if self.count:
            return None
        if self.given is not None:
            return Qualifier(self.field, given=not self.given)
        draft = context.drafts.get(self.field)
        if draft is None:
            return None
        if draft.type == "boolean":
            return Qualifier(self.field, tuple(not value for value in self.values))
        rest = tuple(v for v in values_of(draft, context) if v not in self.values)
        return Qualifier(self.field, rest) if rest else None


def values_of(draft: Draft, context: Context) -> list[Any]:
    """The values that a field may have, where the page lists them."""
    if draft.name == "model":
        return list(context.ids)
    found = [option.value for option in context.options_of(draft)]
    return list(dict.fromkeys(found)) or context.listed.get(draft.name, [])


def qualifier_of(phrase: str, draft: Draft, context: Context) -> Qualifier | None:
    """What a phrase such as `at 1080p`, `the lite model` or `when mode is pro` means."""
    text = phrase.strip(" ,:;.\"'`()")
    if not text or len(text) > 120 or OTHER_SIZES.search(text):
        return None
    if OTHERS.fullmatch(text):
        return other_models(draft, context)
    found = _by_name(text, draft, context)
    if found is not None:
        always = found.given is not None and context.drafts[found.field].value_of("required")
        return None if always else found
    bare = _bare(text)
    if _OWN.fullmatch(text) or _OWN.fullmatch(bare):
        return Qualifier(draft.name, (True,)) if draft.type == "boolean" else None
    if not bare:
        return None
    of_mode = re.search(r" mode$|模式$", text) and not JOINT.search(text)
    if of_mode and (mode := context.mode_of(text, draft.name)):
        return Qualifier(mode[0].name, (mode[1],))
    models = _models(bare, context)
    if models and any(name != "model" for name in context.fields_in(text, "")):
        return None  # more is said than the models
    if models and len(models) < len(context.ids):
        return Qualifier("model", tuple(models))
    if models:
        return None
    found = _by_value(bare, draft, context) or _by_noun(text, draft, context)
    return found or _by_medium(text, draft, context) or by_task(bare, context)


def named_field(name: str, none: bool, context: Context) -> Qualifier:
    """The requests that have a field, or have none; of a switch those where it is on or off."""
    if context.drafts[name].type == "boolean":
        return Qualifier(name, (not none,))
    return Qualifier(name, given=not none)


def _by_noun(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """`a storyboard`, `drafts`: the requests with the field that has this noun."""
    text = re.sub(r" (?:is|are) (?:used|given|set|sent|chosen|provided|present|passed)$", "", text)
    found = fields_named(text, context)
    if len(found) != 1 or found[0][1] != len(text) or found[0][2] == draft.name:
        return None
    around = text[: found[0][0]].lower().split()
    plain = {*around} <= {
        "a",
        "an",
        "the",
        "any",
        "every",
        "each",
        "with",
        "for",
        "there",
        "is",
        "are",
    }
    return named_field(found[0][2], found[0][3], context) if plain else None


def other_models(draft: Draft, context: Context) -> Qualifier | None:
    """The models that a field's prose does not name, where it names any."""
    named = {model for line in draft.prose for model in context.ids_in_full(line)}
    rest = tuple(model for model in context.ids if model not in named)
    return Qualifier("model", rest) if named and rest else None


def _bare(text: str) -> str:
    """A phrase without the words that stand around a value."""
    before = None
    while before != text:
        before, text = text, _AROUND.sub("", text).strip(" ,:;\"'`()")
    return text


def _models(text: str, context: Context) -> list[str]:
    parts = [part for part in JOINT.split(text) if part]
    if not parts or len(context.ids) < 2:
        return []
    found = [context.ids_in(_bare(part)) for part in parts]
    if any(_more_than_ids(part, context) for part in parts):
        return []
    if not all(found):
        return []
    meant = {model for models in found for model in models}
    return [model for model in context.ids if model in meant]


def _more_than_ids(part: str, context: Context) -> bool:
    """Whether a phrase says more than which models: `nova-1-pro when it is long`."""
    for name in context.ids_in_full(part):
        part = re.sub(re.escape(name), " ", part, flags=re.IGNORECASE)
    return re.search(r"\b(?:when|if|while|these|with|at|and|for)\b|\d|[:=]|时|且", part) is not None


def _by_name(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """`F is V`, `F 为 V`, `F is given`, `without F`."""
    for word in _NAME.finditer(text):
        names = context.fields_in(word[0], draft.name)
        own = word[0] in (draft.name, draft.name.rpartition(".")[2])
        if not names and not own:
            continue
        name = names[0] if names else draft.name
        if own and name == draft.name and word[0] in {str(v) for v in values_of(draft, context)}:
            continue
        other = context.drafts[name]
        rest = text[word.end() :].strip(" \"'`")
        before = _bare(text[: word.start()].strip())
        absent = bool(re.fullmatch(r"no|without|未传入?|不传|没有|无", before, re.IGNORECASE))
        if rest and _ABSENT.fullmatch(_ended(rest)):
            return Qualifier(name, given=False)
        if not rest or _GIVEN.fullmatch(_ended(rest)):
            if (
                before
                and not absent
                and not _GIVEN.fullmatch(before)
                and not _ABSENT.fullmatch(before)
            ):
                return None
            flag = other.type == "boolean" and not absent
            if flag:
                return Qualifier(name, (True,))
            return Qualifier(name, given=not (absent or bool(_ABSENT.fullmatch(before or "x"))))
        if re.search(r"[,;]", text[: word.start()]):
            return None  # something else is said before it
        found = _IS.match(text, word.end())
        values = _values(text[found.end() if found else word.end() :], other, context)
        if re.search(
            r"\b(?:when|if|while|where|whose)$", text[: word.start()].strip(), re.IGNORECASE
        ):
            return Qualifier(name, tuple(values)) if values and len(before) < 2 else None
        return Qualifier(name, tuple(values)) if values else None
    return None


_SAID_GIVEN = re.compile(rf" ?(?:{_GIVEN.pattern})", re.IGNORECASE)
_SAID_ABSENT = re.compile(rf" ?(?:{_ABSENT.pattern})", re.IGNORECASE)


def given_words(text: str) -> tuple[bool, int] | None:
    """Whether a text begins with words for a field that is given or absent, and their length."""
    for expression, given in ((_SAID_ABSENT, False), (_SAID_GIVEN, True)):
        found = expression.match(text)
        if found and not re.match(r"[A-Za-z]", text[found.end() :]):
            return given, found.end()
    return None


SWITCHED = {
    **dict.fromkeys(("true", "on", "enabled", "开启"), True),
    **dict.fromkeys(("false", "off", "disabled", "关闭"), False),
}


def _ended(text: str) -> str:
    return re.sub(
        r"(?:参数|字段)|(?:时|后|的?情况下|的话)+$|^(?:field|parameter) ", "", text
    ).strip()


def _values(text: str, draft: Draft, context: Context) -> list[Any]:
    known = values_of(draft, context)
    found: list[Any] = []
    for part in JOINT.split(_bare(text)):
        bare = part.strip(" \"'`,")
        if draft.type == "boolean":
            if bare.lower() not in SWITCHED:
                return []
            found.append(SWITCHED[bare.lower()])
            continue
        bare = without_seconds(bare) if draft.type == "integer" else bare
        value = typed(bare, draft.type)
        if value not in known:
            exact = [v for v in known if str(v).lower() == bare.lower()]
            if not exact and _SHAPED.fullmatch(bare):
                continue  # of an option that the page lists nowhere
            if not exact and not (draft.type == "integer" and isinstance(value, int) and not known):
                return []
            value = exact[0] if exact else value
        found.append(value)
    return found


def _by_value(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """Values of another field that stand there without its name."""
    parts = [part.strip(" \"'`") for part in JOINT.split(text) if part.strip()]
    for name, other in context.from_inside(draft.name):
        if name in (draft.name, "model") or other.type not in ("string", "integer", ""):
            continue
        known = values_of(other, context)
        spelled = {_plain(str(v)): v for v in known if not str(v).isdigit()}
        if other.type == "integer":
            spelled = {
                f"{v}-{unit}": v for v in known for unit in ("s", "seconds", "second", "秒")
            } | {f"{v}{unit}": v for v in known for unit in ("s", "秒")}
        values = [spelled.get(_plain(_bare(part))) for part in parts]
        if values and all(value is not None for value in values):
            return Qualifier(name, tuple(values))
    own = [_as_listed(part, values_of(draft, context)) for part in parts]
    if own and all(value is not None for value in own):
        return Qualifier(draft.name, tuple(own))
    if re.search(r",.* ", text):
        return None  # a clause of its own stands before it
    mode = context.mode_of(text, draft.name)
    return Qualifier(mode[0].name, (mode[1],)) if mode else None


def _as_listed(text: str, known: list[Any]) -> Any:
    """The option that is written so; a number only with its unit."""
    bare = without_seconds(text) if text[:1].isdigit() else text
    return next((v for v in known if str(v).lower() in (text.lower(), bare.lower())), None)


def _by_medium(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """`without pictures`, `有参考视频时`: the only field of that medium."""
    bare = re.sub(r"(?:时|后|的?情况下|的话)+$|^(?:when|if|while|with) ", "", text).strip()
    bare = re.sub(r" (?:is|are) (?:given|provided|used|present|sent|attached)$", "", bare)
    if not _MEDIA_NOUN.fullmatch(bare):
        return None
    media = media_in(bare)
    fitting = main_of_medium(media[0], context, bare) if media else []
    return Qualifier(fitting[0], given=not _NONE.match(bare)) if len(fitting) == 1 else None


_ROLES = tuple(
    (re.compile(words, re.IGNORECASE), part)
    for words, part in (
        (r"参考|\breferences?\b", "reference"),
        (r"风格|\bstyles?\b", "style"),
        (r"遮罩|蒙版|\bmasks?\b", "mask"),
        (r"主体|\bsubjects?\b", "subject"),
        (r"驱动|\bdriving\b", "driving"),
    )
)


def main_of_medium(medium: str, context: Context, words: str = "") -> list[str]:
    """The fields of a medium; where there are several, those that have no part of their own.

    Words that say which part it has, `reference pictures`, mean the one that is named after it.
    """
    fitting = context.of_medium(medium)
    for role, part in _ROLES:
        named = [name for name in fitting if part in name] if role.search(words) else []
        if len(named) == 1:
            return named
    last = words.rpartition(" ")[2]
    if last in context.drafts and context.drafts[last].type == "object":
        return [last]
    main = [name for name in fitting if not _OTHER_PICTURES.search(name)]
    return main if len(main) == 1 else fitting


_TASKS = {
    "text-to-video": False,
    "文生视频": False,
    "image-to-video": True,
    "图生视频": True,
}
_OF_REFERENCES = sign("of-references")
_BOTH_FRAMES = sign("both-frames")
_LAST_FRAME = re.compile(r"^(?:[a-z]+_)?(?:last|tail|end)_(?:[a-z]+_)*(?:frame|image|picture|url)")
_OF_A_VIDEO = re.compile(r"video[ -](?:edit(?:ing)?|exten.*|continuation)|视频.*", re.IGNORECASE)
_INPUT_VIDEOS = ("video", "video_url", "video_urls", "input_video", "source_video")
_OTHER_PICTURES = re.compile(r"last|tail|end|mask|style|subject|reference|watermark|wm_")


def by_task(text: str, context: Context) -> Qualifier | None:
    """`text-to-video`, where no field has such an option: a request without the only picture."""
    if not MODE_WORDS.fullmatch(text) or context.mode_of(text, "") is not None:
        return None
    ids = context.ids_in(text) if len(context.ids) > 1 else []
    if 0 < len(ids) < len(context.ids):
        return Qualifier("model", tuple(ids))
    if _BOTH_FRAMES.fullmatch(text):
        last = [
            n for n, d in context.drafts.items() if _LAST_FRAME.search(n) and d.type == "string"
        ]
        lists = context.of_medium("image", "array")
        if not last and len(lists) == 1 and context.drafts[lists[0]].value_of("maxItems") == 2:
            return Qualifier(lists[0], given=True, count=2)
        return Qualifier(last[0], given=True) if len(last) == 1 else None
    if _OF_REFERENCES.fullmatch(text):
        pictures = [name for name in context.of_medium("image") if "reference" in name]
        return Qualifier(pictures[0], given=True) if len(pictures) == 1 else None
    if _OF_A_VIDEO.fullmatch(text):
        videos = [n for n in context.drafts if n in _INPUT_VIDEOS]
        return Qualifier(videos[0], given=True) if len(videos) == 1 else None
    given = _TASKS.get(re.sub(r"[ -]+", "-", text.lower()))
    if given is None:
        return None
    fitting = [
        name
        for name, draft in context.drafts.items()
        if re.search(r"image|frame|picture", name)
        and "." not in name
        and draft.type in ("array", "string")
        and not _OTHER_PICTURES.search(name)
    ]
    if given and len(fitting) > 1:  # one of them says that it is the one
        words = re.compile(rf"\([^()]*{re.escape(text)}[^()]*\)", re.IGNORECASE)
        fitting = [name for name in fitting if words.search(context.drafts[name].opening())]
    return Qualifier(fitting[0], given=given) if len(fitting) == 1 else None


def _plain(text: str) -> str:
    return re.sub(rf"[^a-z0-9{CJK}:&.]+", "-", text.lower()).strip("-")


def own_state(draft: Draft) -> Qualifier:
    """The requests that have the field itself; of a switch, those where it is on."""
    if draft.type == "boolean":
        return Qualifier(draft.name, (True,))
    return Qualifier(draft.name, given=True)
