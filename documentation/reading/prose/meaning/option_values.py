"""Reads the options that a sentence lists, and the default that it states."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft, number, typed
from documentation.reading.layouts.option_lines import CHOOSES
from documentation.reading.prose.clause import Clause, Match, Sense
from documentation.reading.prose.quantity import measure, without_seconds
from documentation.reading.prose.rules import COMMA, FORMATS, NO_DEFAULT, sign

_FORMATS = re.compile(FORMATS, re.IGNORECASE)
_TOKEN = re.compile(
    r"\"([^\"]+)\"|'([^']+)'|(-?[A-Za-z0-9](?:[A-Za-z0-9_.+:*×-]*[A-Za-z0-9])?)"
    r"(?: ?(seconds?|secs?|秒钟?))?"
    rf"(?: ?\({NO_DEFAULT}([^()]{{1,40}})\))?"
)
_HOST = re.compile(r"(?<![\d.])(?:127|10|192\.168|172\.\d\d)\.[\dx*]")
_JOINTS = re.compile(COMMA)
_ONLY_ONE = sign("one-value")
_VAGUE = re.compile(r"(?:such as|e\.g\.?|like|including|例如|比如|如)[: ]*$", re.IGNORECASE)
_ET_CETERA = sign("et-cetera")
_BY_ITSELF = sign("fits-itself")


def listed_values(match: Match, clause: Clause) -> Sense | None:
    """The values that a sentence lists, as options; other lists, as of nouns, are not read."""
    draft, text = clause.draft, match["values"]
    kind = draft.items if draft.type == "array" else draft.type
    listable = draft.type != "array" or (kind == "string" and draft.options())
    if kind not in ("string", "integer", "number") or not listable:
        return _formats(text)
    if _HOST.search(text):
        return None
    if _VAGUE.search(clause.text[: match.start("values")]) or _ET_CETERA.match(
        clause.text[match.end("values") :]
    ):
        return None
    label = clause.text[match.start() : match.start("values")]
    labelled = re.search(r":| are ", label) is not None or _chosen(label, match, clause)
    labelled = labelled or bool(_ONLY_ZH.fullmatch(label) and match.end() == len(clause.text))
    known = draft.shown()
    each = [found for found in _TOKEN.finditer(text) if found[3] not in ("or", "and")]
    tokens = [found[1] or found[2] or found[3] for found in each]
    glossed = [found for found in each if found[5]]
    marked = any(re.search(r"\bdefault\b|默认", found[5]) for found in glossed)
    sure = bool(known & set(tokens)) or len(glossed) == len(tokens) or marked
    beside = len(tokens) > 1 and sure and not draft.options()
    values: list[Any] = []
    default: list[tuple[str, str, Any]] = []
    at = 0
    while found := _TOKEN.match(text, at):
        value = _option_value(draft, kind, found, labelled, beside)
        if value is None and len(values) > 1 and kind == "string":
            value = found[3] if _BY_ITSELF.fullmatch(text[at : found.end()]) else None
        if value is None or value in clause.context.drafts:
            break
        values.append(value)
        is_default = re.search(r"\bdefault\b|默认", found[5] or "", re.IGNORECASE)
        default += [(draft.name, "default", value)] if is_default else []
        at = found.end()
        joint = _JOINTS.match(text, at)
        if joint is None:
            break
        at = joint.end()
    rest = text[at:] + clause.text[match.end("values") :]
    if at and (joint := re.search(rf"(?:{_JOINTS.pattern})$", text[:at])) and at < len(text):
        at = joint.start()
    only_one = _ONLY_ONE.search(clause.text[: match.start("values")])
    if _leaves_out(draft, values, clause):
        return Sense(reason="names some of the options")
    of_models = {*values} & {*clause.context.ids}
    if values and (not of_models if draft.name == "model" else len(of_models) == len(values)):
        return None
    if not values or (len(values) == 1 and not only_one) or not _ends_here(draft, rest):
        return _formats(text)
    if len(values) != len({str(v) for v in values}) or (
        kind == "string" and _a_count(values, rest)
    ):
        return None
    end = match.end() if at >= len(text) else match.start("values") + at
    if len(values) == 1 and kind != "string":
        return Sense([(draft.name, "const", values[0])], end=end)
    return Sense([(draft.name, "enum", values), *default], end=end)


def _chosen(label: str, match: Match, clause: Clause) -> bool:
    """`choose between soft, hard and none`: plain words are listed where a choice is spoken of."""
    after = clause.text[match.end("values") :]
    whole = match.start("values") == 0 and not after.strip(" .")
    if whole and CHOOSES.search(clause.draft.name):
        return True
    return bool(_CHOICE.search(label)) and re.match(r"$|[.,;)]", after.strip()) is not None


_ONLY_ZH = sign("only-those")
_CHOICE = sign("chosen")


def _leaves_out(draft: Draft, values: list[Any], clause: Clause) -> bool:
    """Whether the line names more options after the list: `5s or 9s; 10s in HDR`."""
    missing = [str(v) for v in draft.options() if v not in values]
    if not missing or not values or not all(v in draft.options() for v in values):
        return False
    lines = (line for line in clause.context.prose_of(draft).sentences if clause.text in line)
    after = next(lines, "").partition(clause.text)[2]
    return any(re.search(rf"(?<![\w.:-]){re.escape(v)}(?![\w:-])", after) for v in missing)


def flag(match: Match, clause: Clause) -> Sense | None:
    """`1 adds it, 0 does not`: an integer that is a switch has these two values."""
    values = [number(match["n"]), number(match["m"])]
    if clause.draft.type != "integer" or sorted(values) != [0, 1]:
        return None
    return Sense([(clause.draft.name, "enum", values)])


def numbered(match: Match, clause: Clause) -> Sense | None:
    """`1: left, 2: middle, 3: right`: three or more numbers in a row, each with its meaning."""
    found = re.findall(r"(?<![\d.])(\d+) ?([:=(]?)([^\d,、;/]*)", match[0])
    values = [int(n) for n, _, _ in found]
    if len({words.strip() for _, _, words in found}) < len(found):
        return None  # it is a unit that follows each number
    follow = values == list(range(values[0], values[0] + len(values))) if values else False
    if clause.draft.type != "integer" or not follow or len(values) < 3:
        return None
    return Sense([(clause.draft.name, "enum", values)])


def told_values(match: Match, clause: Clause) -> Sense | None:
    """`121 is 5 s, 241 is 10 s, only these two`: the numbers that have a meaning each."""
    found = re.findall(
        r"(?<![\d.])(\d+) ?(?:[a-z]+ ?)?(?:\(|=|:|对应|表示|代表|即|约|为|is|are|for)", match[0]
    )
    values = [int(n) for n in found]
    if clause.draft.type != "integer" or len(values) < 2 or len({*values}) < len(values):
        return None
    count = re.search(r"\d+(?=[个种]|$)", match["count"])
    if count and int(count[0]) != len(values):
        return None
    return Sense([(clause.draft.name, "enum", values)])


def multiple(match: Match, clause: Clause) -> Sense | None:
    """`a multiple of 16`, of a number; elsewhere it concerns what is in a file."""
    if clause.draft.type not in ("integer", "number"):
        return Sense(reason="a step")
    step = number(match["n"])
    return Sense([(clause.draft.name, "multipleOf", step)]) if step > 0 else None


def _a_count(values: list[Any], rest: str) -> bool:
    """`2,048 characters` is one number and lists nothing."""
    digits = all(str(value).isdigit() for value in values)
    return digits and measure(rest[:40])[0] in ("chars", "items", "size", "words")


def _formats(text: str) -> Sense | None:
    words = re.findall(r"[A-Za-z0-9]+", text)
    known = words and all(_FORMATS.fullmatch(word) for word in words)
    return Sense(reason="file format") if known else None


def _ends_here(draft: Draft, rest: str) -> bool:
    """Whether the words after the last number fit the field: `5 or 10 images` is no duration."""
    if draft.type not in ("integer", "number"):
        return True
    if re.match(r" ?(?:这?共?[两三四五2-9](?:种|个|档|者)|可选|任选|之一|中的一)", rest):
        return True
    noun = re.fullmatch(r" ([a-z]{3,})", rest.rstrip(" .,"), re.IGNORECASE)
    if noun and noun[1].lower() in re.split(r"[._]", draft.name.lower()):
        return True
    unit, _ = measure(re.match(r"[一-鿿]{0,8}|(?: ?[A-Za-z$%]+){0,3}", rest)[0])  # type: ignore[index]
    return unit in ("time", "none")


def _option_value(draft: Draft, kind: str, found: Match, labelled: bool, beside: bool) -> Any:
    quoted = found[1] or found[2]
    text = quoted or found[3]
    if kind in ("integer", "number"):
        plain = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:s|sec)?", text)
        return number(plain[1]) if plain else None
    known = draft.shown()
    if quoted or text in known:
        return text
    if _FORMATS.fullmatch(text):
        return text if re.search(r"format|codec|container|extension", draft.name) else None
    if found[4]:
        return text if any(v.isdigit() for v in known) else None
    if beside and re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)*", text):
        return text
    shaped = re.fullmatch(
        r"\d+:\d+|\d+[pPkK]|\d[kK]|\d{2,5}[x*×]\d{2,5}|[a-z]+(?:[_-][a-z0-9]+)+|[A-Z]+(?:_[A-Z]+)+"
        r"|(?!HTTPS?$|JSON$)[A-Z]{4,}",
        text,
    )
    if shaped or (text.isdigit() and any(v.isdigit() for v in known)):
        return text
    return text if labelled and re.fullmatch(r"[\w.:-]+", text) else None


def default(match: Match, clause: Clause) -> Sense | None:
    draft = clause.draft
    text = without_seconds(match["value"]).strip("\"'`")
    kind = draft.type
    value = typed(text, kind)
    if kind in ("integer", "number"):
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:s|sec)?", text)
        return Sense([(draft.name, "default", number(found[1]))]) if found else None
    if kind == "boolean":
        return Sense([(draft.name, "default", value)]) if isinstance(value, bool) else None
    if kind != "string":
        return None
    options = [str(option.value) for option in clause.context.options_of(draft)]
    exact = next((o for o in options if o.lower() == text.lower()), None)
    if exact is not None:
        return Sense([(draft.name, "default", exact)])
    shaped = re.fullmatch(r"\d+:\d+|\d+[pPkK]|[a-z]+(?:[_-][a-z0-9]+)+", text)
    quoted = match["value"][0] in "\"'"
    # `default auto, one of auto, small or large`: the sentence itself lists the word.
    shaped = shaped or (
        re.fullmatch(r"[a-z]+", text)
        and re.search(rf"[:、,/] ?{text} ?[、,/]|[、/] ?{text}\b", clause.text[match.end() :])
    )
    return Sense([(draft.name, "default", text)]) if shaped or quoted else None
