"""What a sentence says of all other fields, by listing those that a request may have.

`Besides A and B, such a request may only have C`; `it has A and may have B, and no other fields`.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.naming.named import named_in
from documentation.reading.prose.conditional.phrases import left_out
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import Qualifier
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_NO_OTHERS = sign("no-others")
_OF_SUCH = sign("of-such")
_WHEN = sign("condition")
_MUST_HAVE = sign("must-have")
_MORE = r"(?:other|further) (?:parameter|field|argument|option)s?"
_OTHERS = rf"(?:(?:any|all|no|the) )?{_MORE}"
_SENT = r"(?:sent|given|set|used|passed|provided|allowed|accepted|present|there)"
_FORMS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"(?:besides?|apart from|other than) (?P<a>[^;:]{3,120}?), (?P<who>[^,;:]{2,60}?)"
        r"(?:may|can|must|should|does|will)? ?(?:therefore |then |thus )?only "
        r"(?:have|take|contain|include|carry|accept|use)s? (?P<b>[^;:,]{3,80})",
        rf"(?:besides?|apart from|other than|except(?: for)?) (?P<a>[^;:]{{3,120}}?), (?P<who>)"
        rf"{_OTHERS} (?:may|can|must|is|are)(?: not)?(?: be)? {_SENT}(?P<b>)",
        rf"only (?P<a>[^;:]{{3,120}}?) (?:may|can|must)(?: then| also)? be {_SENT} (?P<who>)"
        r"(?:with|besides?|alongside|next to) (?:it|this|this field|this parameter)(?P<b>)",
        rf"(?P<who>)no {_MORE} (?:than|besides?|except|but) (?P<a>[^;:]{{3,120}}?) "
        rf"(?:may|can|must|is|are)(?: then| also)?(?: be)? {_SENT}"
        r"(?: (?:with|besides?|alongside) (?:it|this))?(?P<b>)",
        r"(?P<who>)除了?(?P<a>[\w、和与及,]{3,120}?)(?:之外|以外|外),?"
        r"(?:均?不能|均?不可|均?不得|不支持|请勿)"
        r"(?:再)?(?:传入?|使用|设置|提供)?(?:任何)?其[他它余](?:的)?(?:参数|字段)(?P<b>)",
    )
)


def alone_with(draft: Draft, sentence: str, context: Context) -> Found:
    """The fields that a request has none of, where a sentence lists all that it may have."""
    if "." in draft.name or draft.name == "model":
        return []
    found = next((f for form in _FORMS if (f := form.match(sentence))), None)
    if found is None or not _is_own(found["who"], draft, context):
        return []
    kept = {draft.name, "model"}
    for words in (found["a"], found["b"]):
        names = context.fields_in(words, "")
        known = "|".join(re.escape(name) for name in names) or "(?!)"
        left = re.sub(rf"(?<![\w.])(?:{known})(?![\w.])", "", words)
        if not re.fullmatch(r"(?:[ ,、和与及]|\b(?:and|or|the|an?|fields?|parameters?)\b)*", left):
            return []
        kept |= {*names}
    if len(kept) < 3:
        return []
    rest = _all_but(kept, context)
    if draft.type == "boolean":
        return Qualifier(draft.name, (True,)).facts({d.name: left_out(d) for d in rest})
    return [(draft.name, "excludes", other.name) for other in rest]


def only_these(draft: Draft, text: str, context: Context) -> Found:
    """`Such a request has A and may have B, and no other fields`: what goes with this field."""
    end = _NO_OTHERS.search(text)
    named = context.fields_in(text, "")
    optional = "." not in draft.name and not draft.value_of("required")
    if end is None or not optional or draft.type == "boolean" or len(named) < 2:
        return []
    if draft.name not in named and not _OF_SUCH.search(text[: end.start()]):
        return []
    if any("." in name for name in named) or _WHEN.search(text):
        return []
    known = {draft.name, "model", *named}
    told = [
        name
        for each in _MUST_HAVE.finditer(text)
        for name in context.fields_in(each["fields"], draft.name)
        if name != "model" and not context.drafts[name].value_of("required")
    ]
    needed = [(draft.name, "together", [name]) for name in dict.fromkeys(told)]
    return [*needed, *((draft.name, "excludes", other.name) for other in _all_but(known, context))]


def _all_but(kept: set[str], context: Context) -> list[Draft]:
    """The fields of a request, members apart, that are not among those that a sentence lists."""
    return [d for name, d in context.drafts.items() if "." not in name and name not in kept]


def _is_own(words: str, draft: Draft, context: Context) -> bool:
    """Whether what a sentence is about is a request with the field itself."""
    bare = re.sub(r"\b(?:an?|the|such|this|it|requests?|calls?|body|task)\b", "", words).strip()
    own = {*re.split("[_ ]", draft.name.lower())}
    named = named_in(words, draft, context)
    return all(n.who.field == draft.name for n in named) and (not bare or bare.lower() in own)
