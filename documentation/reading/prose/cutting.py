"""Cuts a line of prose into the sentences that are read, and leaves out of each what says nothing.

What goes on from a sentence before, as `one of them only`, is a part of it; what would have no
subject alone gets the one that was spoken of.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.applying import each_labelled, split
from documentation.reading.prose.clause import MOST_SENTENCE
from documentation.reading.prose.conditional.naming.leads import lead_of
from documentation.reading.prose.conditional.qualifiers import values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_ELSE_BARRED = sign("else-barred")
_ELSE_REFUSED = sign("else-refused")
_OF_THE_LAST = sign("of-the-last")
_THE_TWO = sign("the-two")
_NO_OTHERS = sign("no-others")
_ONE_OF_IT = sign("one-of-it")
# `nova-1-lite: quick; has no sound`: what follows the semicolon is said of that model, too.
_OF_ID = re.compile(r"([\w.-]+) ?: ?", re.ASCII)
_AT_ODDS = sign("at-odds")
_IF_GIVEN = sign("if-given")
_NAMED_TWICE = sign("named-twice")
_WITH_IT = sign("with-it")
_TOLD_BESIDE = sign("told-beside")
_LISTED = sign("listed-values")
_TOLD_AGAIN = sign("told-again")


def sentences_of(draft: Draft, line: str, context: Context) -> list[str]:
    """The sentences of a line; what only goes on with the one before is a part of that."""
    if len(line) <= MOST_SENTENCE:
        line = _ONE_OF_IT.sub(_with_noun, line)
    labels = context.ids if draft.name != "model" and len(context.ids) > 1 else []
    found: list[str] = []
    label = _OF_ID.match(line) if len(context.ids) > 1 else None
    whose = label[0] if label and label[1] in context.ids else ""
    lead, sentences = lead_of(draft, split(line), context)
    for sentence in _with_subjects(draft, sentences, context):
        before = line[: max(0, line.find(sentence))].rstrip()
        if whose and before.endswith(";") and not _OF_ID.match(sentence):
            sentence = f"{whose}{sentence}"
        named = context.fields_in(found[-1], "") if found and _THE_TWO.search(sentence) else []
        named = [name for name in named if not lead or name != lead.whom.field]
        mine = len(named) == 1 and draft.name not in named
        named = [draft.name, *named] if mine else named
        if len(named) == 2 and not context.fields_in(sentence, ""):
            sentence = _THE_TWO.sub(" and ".join(named), sentence, count=1)
        if found and (_goes_on(sentence, context) or _NO_OTHERS.match(f";{sentence}")):
            found[-1] = _joined(found[-1], sentence)
        else:
            sentence = lead.before(sentence, context) if lead else sentence
            whole = each_labelled(_without_default(draft, sentence, labels), labels)
            found += [part for each in whole for part in _needed_first(each)]
    return found


def _goes_on(sentence: str, context: Context) -> bool:
    """Whether a sentence is a part of the one before it: `Sending both is an error`."""
    again = _OF_THE_LAST.match(sentence) and not {*context.fields_in(sentence, "")} - {"model"}
    return bool(again or _ELSE_BARRED.search(sentence))


def _joined(sentence: str, rest: str) -> str:
    return f"{sentence}, {rest[:1].lower()}{rest[1:]}"


def whole_sentences(line: str, context: Context) -> list[str]:
    """The sentences of a line outside of the fields, with those that go on with the one before."""
    found: list[str] = []
    lead, sentences = lead_of(Draft("request", ""), split(line), context)
    for sentence in sentences:
        if found and _goes_on(sentence, context):
            found[-1] = _joined(found[-1], sentence)
        else:
            found.append(lead.before(sentence, context) if lead else sentence)
    return found


def _needed_first(sentence: str) -> list[str]:
    """`Odes: required, 2 verses` as what is needed, and what else is said of odes."""
    found = _NEEDED_FIRST.match(sentence)
    if found is None:
        return [sentence]
    return [f"{found['whom']}{found['needed']}", f"{found['whom']}{sentence[found.end() :]}"]


_NEEDED_FIRST = re.compile(
    r"(?P<whom>[^:,;]{2,60}: ?)(?P<needed>required|必填|必传),"
    r"(?! ?(?:unless|if|when|except|with|and\b|or\b|exactly|up to|at (?:most|least)"
    r"|\d|除|若|如|当|否则|最[多少])) ?",
    re.IGNORECASE,
)


def _without_default(draft: Draft, sentence: str, labels: list[str]) -> str:
    """`nova-1: 5, 10 (default)`, where the field has its default for all models elsewhere."""
    label, _, said = sentence.partition(":")
    of_some = said and any(name in label for name in labels)
    return _DEFAULT.sub("", sentence) if of_some and draft.value_of("default") else sentence


_DEFAULT = re.compile(r" ?\((?:the )?(?:default|默认)(?: value|值)?\)", re.IGNORECASE)


def _with_subjects(draft: Draft, sentences: list[str], context: Context) -> list[str]:
    """`nova-1 keeps the size; do not send size with it`: it is what was spoken of first.

    So is what `size = big is sharp; it is slow` says.
    """
    subject = ""
    for at, sentence in enumerate(sentences if len(context.ids) > 1 else ()):
        first = re.match(r"(?:[a-z]+[- ])?[\w.-]+", sentence, re.ASCII)
        told = context.ids_in_full(first[0]) if first else []
        subject = told[0] if len(told) == 1 else subject
        ends = _WITH_IT.search(sentence)
        own = re.search(rf"(?<![\w.]){re.escape(draft.name)}(?![\w.])", sentence)
        if subject and ends and own and own.start() < ends.start():
            sentences[at] = f"{sentence[: ends.start('it')]}{subject}{sentence[ends.end('it') :]}"
    value = re.compile(rf"{re.escape(draft.name)} ?(?:=|:|set to) ?[\w.:-]+(?= )", re.ASCII)
    for at, sentence in enumerate(sentences[1:], 1):
        valued, it = value.match(sentences[at - 1]), _IT_IS.match(sentence)
        if valued and it:  # of that value, and not of the field
            sentences[at] = f"{valued[0]} {sentence[it.end() :]}"
    return sentences


_IT_IS = re.compile(r"it (?=(?:is|can|may|must|needs|requires|has)\b)", re.IGNORECASE)
_SECONDS = re.compile(r"(?<![\d.])(\d{1,2})(?: ?-?(?:seconds?\b)| ?秒)")


def named_once(sentence: str, context: Context) -> str:
    """A sentence that names a field once where it did so by noun and name: `首帧(first_frame)`."""

    def plain(found: re.Match[str]) -> str:
        return found[1] if context.fields_in(found[1], "") else found[0]

    def as_told(found: re.Match[str]) -> str:
        """`押韵(即rhyme为true)时` as `rhyme为true时`: brackets that name a field say all of it."""
        named = context.fields_in(found["said"], "")
        return found["said"] if len(named) == 1 else found[0]

    def spread(found: re.Match[str]) -> str:
        """`any rhyme_*` as the fields that begin so."""
        begun = [name for name in context.drafts if name.startswith(found["start"])]
        joint = "、" if found["zh"] else ", "
        return f"{joint.join(begun)} " if begun else found[0]

    def with_value(found: re.Match[str]) -> str:
        """`rhyme: "pun"`, as JSON has it, as `rhyme=pun`."""
        fields = [context.drafts[name] for name in context.fields_in(found["name"], "")]
        value = found["value"].lower()
        kinds = {each.type for each in fields}
        listed = {str(v).lower() for each in fields for v in values_of(each, context)}
        listed |= {"true", "false"} if "boolean" in kinds else set()
        known = value in listed or ("integer" in kinds and re.fullmatch(r"\d{1,9}", value))
        return f"{found['name']}={found['value']}" if known else found[0]

    def as_listed(found: re.Match[str]) -> str:
        """`5 seconds` as the option `5s`."""
        value = f"{found[1]}s"
        texts = (draft for draft in context.drafts.values() if draft.type == "string")
        return value if any(value in draft.options() for draft in texts) else found[0]

    def valued(found: re.Match[str]) -> str:
        """`双关(pun)` as the option `pun`, or the model, that it is."""
        texts = (draft for draft in context.drafts.values() if draft.type == "string")
        known = {v for draft in texts for v in values_of(draft, context)} | {*context.ids}
        return found["value"] if found["value"] in known else found[0]

    if not _LISTED.match(sentence):
        sentence = _TOLD_BESIDE.sub(valued, sentence)
    sentence = _BEGUN_ALIKE.sub(spread, _SECONDS.sub(as_listed, sentence))
    for start, end, name in sorted(context.called(sentence), reverse=True):
        if re.fullmatch(f"[{CJK}]+(?:帧图片?|参考)", sentence[start:end]):
            sentence = f"{sentence[:start]}{name}{sentence[end:]}"
    sentence = _AS_JSON.sub(with_value, sentence)
    return _TOLD_AGAIN.sub(as_told, _NAMED_TWICE.sub(plain, sentence))


_AS_JSON = re.compile(
    r"(?P<quote>[\"']?)\b(?P<name>[a-z]\w{1,60})(?P=quote) ?: ?"
    r"(?P<mark>[\"']?)(?P<value>[\w.:-]{0,60}\w)"
    r"(?:(?<=\w)(?P=mark)(?<=[\"'])|(?![\w\"']| ?(?:[,、/~–-]|or\b|and\b|to\b|或|和|至|到)))",
    re.ASCII,
)
_OF_TASKS = {"image", "text", "video", "audio", "reference", "frame", "first", "last", "start"}
_OF_TASKS |= {"end", "edit", "extend", "motion", "speech", "sound", "lip", "sync", "multi"}
_CAPITAL = re.compile(
    r"(?<![\w.-])(?:[A-Z0-9][\w.]{0,40} ){0,4}[A-Z][a-z]{2}[\w.-]*\w(?![\w-])", re.ASCII
)
_DOES = re.compile(
    r" ?:| (?:(?:requests?|clips?|videos?|models?|mode) )?(?:is|has|can|cannot|must|may|does|needs?"
    r"|takes?|wants?|requires?|supports?|accepts?|allows?|makes?|works?|rejects?|refuses?|keeps?"
    r"|uses?|knows?|lacks?|at (?:least|most)|up to|only|alone)\b"
)


def with_ids(sentence: str, context: Context) -> str:
    """A sentence with a model's id for its name: `Gen-4.5` is `nova-gen-4.5`.

    What begins a sentence has a capital anyway: it is a name if it has a number, or does something.
    """

    def in_full(found: re.Match[str]) -> str:
        words = found[0].lower().replace(" ", "-")
        last = found[0].rpartition(" ")[2].lower()
        first = not found.start() and " " not in found[0] and not re.search(r"\d", found[0])
        if last in _OF_TASKS or (first and not _DOES.match(sentence, found.end())):
            return found[0]
        whole = re.compile(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9]|\.\d)")
        ids = [name for name in context.ids if whole.search(name.lower())]
        others = (draft for draft in context.drafts.values() if draft.name != "model")
        values = (str(value).lower() for draft in others for value in values_of(draft, context))
        return ids[0] if len(ids) == 1 and last not in values else found[0]

    return _CAPITAL.sub(in_full, sentence) if len(context.ids) > 1 else sentence


def without_given(draft: Draft, sentence: str) -> str:
    """`If given, 1 to 9 verses`: a limit of a field holds where there is one, and nowhere else."""
    bare = _IF_GIVEN.sub("", sentence, count=1)
    return bare if draft.type in ("string", "integer", "number", "array") else sentence


def without_summary(sentence: str, context: Context) -> str:
    """`Odes and puns exclude each other: ode_url goes without pun_url` less what it says first."""
    summary, colon, rest = sentence.partition(":")
    odds = _AT_ODDS.search(summary) if colon else None
    told = odds is not None and odds.end() == len(summary) and not context.fields_in(summary, "")
    return rest.strip() if told and len(context.fields_in(rest, "")) > 1 else sentence


_BEGUN_ALIKE = re.compile(
    r"(?:\b(?:any(?: of the)?|all|the) |(?P<zh>任何|任意|所有|全部) ?)?"
    r"(?<![A-Za-z_])(?P<start>[a-z]+(?:_[a-z]+)*_)\*"
    r"(?: (?:parameters?|fields?)\b| ?(?:参数|字段))?"
)


def without_threat(sentence: str) -> str:
    """A sentence without its threat of what other requests get; `否则不传` may be a rule."""
    found = _ELSE_REFUSED.search(sentence[-60:])
    if found is None:
        return sentence
    before = sentence[: len(sentence) - len(found[0])]
    bars = _BARS.search(found[0]) is not None
    others = re.match(",其", found[0]) is not None
    some = _SOME.search(before) is not None
    return sentence if (bars and some) or (others and not re.search("仅|只", before)) else before


_BARS = sign("barred-else")
_SOME = sign("said-of-some")


def _with_noun(found: re.Match[str]) -> str:
    """`works without a rhyme; a sonnet needs one`: what it needs is a rhyme."""
    return f"{found[0].removesuffix('one')}a {found['noun']}"
