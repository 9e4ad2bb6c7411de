"""Sentences into facts: every rule in turn over every sentence, and an account of what is left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.clause import Clause, Sense
from documentation.context import Context
from documentation.draft import Draft
from documentation.fact import Fact, Remark, Source
from documentation.meanings import MEANINGS, OF_A_GLOSS, UNCONDITIONAL, set_aside
from documentation.options import Option
from documentation.quantity import CHINESE_ITEM, ENGLISH_ITEM, measure
from documentation.rules import Rule, table
from documentation.text import CJK

MOST_SENTENCE = 1000
_STOP = re.compile(
    r"(?<!etc)(?<!e\.g)(?<!i\.e)(?<!max)(?<!min)(?<!\bvs)\.(?=\s|$)|[。!?;](?=\s|$)|(?P<tight>[。;])",
    re.IGNORECASE,
)
_LOOKS = re.compile(
    r"\b(?:must|only|cannot|can't|can not|may not|not allowed|not supported|unsupported|maximum"
    r"|minimum|max|min|at most|at least|limited|limits?|exceed|mandatory|exactly|no more than"
    r"|up to|range|prohibited|forbidden|mutually|required|default|defaults|requires|conflicts?)\b"
    r"|必须|必填|必传|只能|只支持|只有|仅|最多|最少|至少|至多|不超过|不得|不能|不可|禁止|上限|下限|限制|最大|最小"
    r"|最长|最短|互斥|不支持|默认|不适用"
    r"|(?<![A-Za-z0-9_.:/-])\d+(?:\.\d+)?(?![A-Za-z0-9_:.]*[A-Za-z_])",
    re.IGNORECASE,
)
_OMITTED = re.compile(
    r"\bunless (?:otherwise (?:specified|stated|set|given)|(?:specified|set) otherwise"
    r"|(?:it is |this is )?(?:set|turned|switched) (?:to|on|off)\b[^:.;]*"
    r"|you (?:ask|set|pass|send|give|choose|request|specify|say)\b[^:.;]*)"
    r"|\b(?:if|when|unless)(?: it| this| the)?(?: field| parameter| value)?(?: is|'s)?"
    r" ?(?:not (?:specified|provided|set|given|passed|present|supplied|needed|required|filled)"
    r"|omitted|unset|left (?:empty|blank|out|unset)|empty|null|unspecified|absent|needed"
    r"|necessary)\b"
    r"|(?:若|如果|如|当)?(?:该|此)?(?:参数|字段)?(?:不传|不填|未指定|未传入?|未填|未提供|未设置|不指定|省略|留空|为空|缺省"
    r"|不设置|不提供)(?:此|该)?(?:参数|字段)?时?",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\b(?:must|limits?|limited|range|defaults?|required|max|min)\b|必须|限制|范围|默认|必填",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:when|if|while|unless|in case|depending on)\b"
    r"|\b\d[\d,]* (?:chinese|english)\b"
    r"|(?:中文|英文|汉字)(?:最多|不超过|不得超过|限|最长|上限|≤|<=)"
    r"|\botherwise\b|\b(?:other|remaining) (?:\w+ )?(?:models?|versions?|variants?|modes?)\b"
    r"|否则|(?:其他|其它|其余)(?:\w{0,4})(?:模型|版本|模式)"
    r"|当(?!前)|如果|若|情况下|模式下|模式时|(?:启用|开启|设置)[^,]{0,20}后"
    r"|(?<![同实小按随及临超定耗用])时(?![长间刻候区效段])|取决于",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"\b(?:only )?(?:takes? effect|has (?:an |no )?effect|(?:is )?(?:effective|ignored|meaningful))"
    r"(?: only)? (?:when|if|while)\b[^,.;]*"
    r"|[^,。;:]*(?:(?<![小同])时|情况下|模式下)(?:才|方)?(?:有效|生效|起作用|无效|忽略)",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"(?<![\w.-])(?:\d+:\d+|\d{3,4}[pP]|[248][kK])(?![\w-])", re.ASCII)
_ENGLISH_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    word: str(number)
    for words in (_ENGLISH_NUMBERS, "一二三四五六七八九")
    for number, word in enumerate(words, 1)
} | {"两": "2"}
_WORDS_FOR_NUMBERS = re.compile(
    rf"\b(?:{'|'.join(_ENGLISH_NUMBERS)})\b(?!(?: \w+){{1,4}} (?:for|per) (?:each|every)\b)"
    rf"(?= (?:(?!of )[a-z]+ )?(?:{ENGLISH_ITEM}|second|character)s?\b)"
    rf"|(?<![\w-])(?:{'|'.join(_ENGLISH_NUMBERS[1:])})(?![\w-]| of\b)"
    r"|(?<=as many as )one\b|(?:(?<= than )|(?<=between )|(?<=most )|(?<=up to ))one\b(?! of)"
    rf"|\bone(?= (?:or|and|to) (?:{'|'.join(_ENGLISH_NUMBERS[1:])})\b)"
    r"|[二两三四五六七八九](?=[个项位组])"
    rf"|[一二两三四五六七八九](?=[张段条秒]|个(?:{CHINESE_ITEM}))",
    re.IGNORECASE,
)
_POWER = re.compile(r"(?<![\w.])2(?:\^|\*\*)(\d{1,2})( ?[-−] ?1)?(?!\d)")
_DIGITS = re.compile(r"\d+(?:\.\d+)*")
_LABEL = re.compile(r"^([^:]{2,60}?) ?(?::(?!\d)|—|–|--)")
_SUBJECT = re.compile(
    r"(?:so |then |the )*[\"'`]?([a-z]\w*(?:\.\w+)*)[\"'`]?"
    r"(?: field| parameter| value|参数|字段)?"
    r"(?: (?:must|can|cannot|may|should|has to|is|are|will|defaults?|supports?|accepts?|only)\b"
    r"|[\"'`]? ?(?:必须|需|须|只|仅|不|最|默认|固定|为|支持|可|应|将|限|的?取值|的?范围))",
    re.ASCII,
)
_LISTING = re.compile(r"\bor\b|[/、]|或|\band\b")
_ITSELF = re.compile(
    r"\b(?:when|if|while) (?:it is |this is )?(?:enabled|true|set to true|turned on|on)\b"
    r"|(?:启用|开启|打开)后|为?true时",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:not (?:allowed|accepted|supported)|cannot|can't|must not|prohibited|forbidden)\b"
    r"|禁止|不允许|不支持|不能|不可",
    re.IGNORECASE,
)
OF_ANOTHER = "is said of another field"
UNDER_CONDITION = "holds only under a condition"


@dataclass(slots=True)
class Said:
    """What the prose of one field says."""

    facts: list[Fact] = field(default_factory=list)
    unread: list[Remark] = field(default_factory=list)
    aside: list[Remark] = field(default_factory=list)


class ProseReader:
    """Reads the prose of one page's fields; the page's own words are its context."""

    def __init__(self, page: str, context: Context) -> None:
        self.page = page
        self.context = context
        families = {re.match(r"[a-z]+", name.lower()) for name in context.ids}
        names = "|".join(sorted({re.escape(f[0]) for f in families if f} | {"version", "v"}))
        self.product = re.compile(rf"\b(?:{names})[ -]?v?\d+(?:\.\d+)*", re.IGNORECASE)

    def read(self, draft: Draft) -> Said:
        said = Said()
        prose = self.context.prose_of(draft)
        for options in prose.lists:
            self._options(draft, options, said)
        for option in prose.remarks:
            self._remark(draft, option, said)
        if draft.name == "model" and draft.place == "request":
            self._model(draft, said)
        for line in prose.sentences:
            for sentence in split(line):
                self._sentence(draft, sentence, said)
        return said

    def loose(self, line: str, said: Said) -> None:
        """A line that stands at no field can make no fact, but it may be a constraint."""
        nowhere = Draft("request", "")
        for sentence in split(line):
            if not _LOOKS.search(self.product.sub(" ", sentence)):
                continue
            if _too_long(nowhere, sentence, said):
                continue
            clause = Clause(nowhere, self.context, sentence)
            _, reasons, _ = self.apply(clause, lambda rule: rule.meaning not in UNCONDITIONAL)
            note = Remark("request", "", sentence, reasons[0] if reasons else "")
            (said.aside if reasons else said.unread).append(note)

    def _add(self, draft: Draft, name: str, keyword: str, value: Any, said: Said) -> None:
        said.facts.append(Fact(self.page, draft.place, name, keyword, value, "prose"))

    def _options(self, draft: Draft, options: list[Option], said: Said) -> None:
        values = [option.value for option in options]
        if draft.type != "boolean":
            self._add(draft, draft.name, "enum", values, said)
        for option in options:
            self._remark(draft, option, said)

    def _remark(self, draft: Draft, option: Option, said: Said) -> None:
        if option.default:
            self._add(draft, draft.name, "default", option.value, said)
        if option.gloss and draft.name != "model":
            self._gloss(draft, option, said)

    def _gloss(self, draft: Draft, option: Option, said: Said) -> None:
        """What one option needs makes it a mode; a limit beside an option holds for it alone."""
        if _too_long(draft, option.gloss, said):
            return
        wanted, rest = self._needs(draft, option.gloss)
        if wanted:
            self._add(draft, draft.name, "mode", {"name": option.value, "needs": wanted}, said)
        elif _LOOKS.search(self.product.sub(" ", rest)) and not str(option.value).isdigit():
            text = f"{option.value}: {option.gloss}"
            said.aside.append(Remark(draft.place, draft.name, text, "holds only for this option"))

    def _needs(self, draft: Draft, text: str) -> tuple[dict[str, dict[str, Any]], str]:
        text = _in_digits(text) if self.context.fields_in(text, draft.name) else text
        clause = Clause(draft, self.context, text, gloss=True)
        found, _, rest = self.apply(clause, lambda rule: rule.meaning in OF_A_GLOSS)
        facts = [fact for sense in found for fact in sense.facts]
        bare = re.search(r"(?<![A-Za-z0-9_.:])(\d+)( ?[A-Za-z]+(?: [a-z]+)?|[一-鿿]{1,8})", rest)
        if bare and measure(bare[2])[0] == "items":
            clause.text = f"exactly {bare[0]} {text}"
            again, _, _ = self.apply(clause, lambda rule: rule.meaning == "exactly")
            facts += [fact for sense in again for fact in sense.facts]
        wanted: dict[str, dict[str, Any]] = {}
        for name, keyword, value in facts:
            if name != draft.name and keyword in ("minItems", "maxItems", "required"):
                wanted.setdefault(name, {})[keyword] = value
        for limits in wanted.values():
            if len(limits) > 1:
                limits.pop("required", None)
        return wanted, rest

    def _model(self, draft: Draft, said: Said) -> None:
        """A model line without options allows the ids that the page names."""
        if draft.options() or any(fact.keyword == "enum" for fact in said.facts):
            return
        if self.context.stated_ids:
            self._add(draft, draft.name, "enum", self.context.stated_ids, said)
        elif self.context.ids:
            stated: Source = "schema" if draft.value_of("default") else "sample"
            ids = self.context.ids
            said.facts.append(Fact(self.page, draft.place, "model", "enum", ids, stated))

    def _sentence(self, draft: Draft, sentence: str, said: Said) -> None:
        spelled = sentence if len(sentence) > MOST_SENTENCE else _in_digits(sentence)
        if not (_LOOKS.search(spelled) or _CUES.search(spelled)) and not (
            draft.type == "string" and _LISTING.search(sentence)
        ):
            return
        if _too_long(draft, sentence, said) or self._of_a_mode(draft, sentence, said):
            return
        effect = _EFFECT.search(sentence) if _LOOKS.search(sentence) else None
        if effect:
            said.aside.append(Remark(draft.place, draft.name, effect[0].strip(), UNDER_CONDITION))
            sentence = _EFFECT.sub(" ", sentence)
        bare = _in_digits(sentence)
        if draft.name == "model":
            for name in sorted(self.context.ids, key=len, reverse=True):
                bare = bare.replace(name, " " * len(name))
        clause = Clause(draft, self.context, bare)
        condition = self._condition(draft, sentence)
        bound = condition
        if draft.type == "boolean" and condition == UNDER_CONDITION:
            bound = self._condition(draft, _ITSELF.sub(" ", sentence))
        senses, reasons, rest = self.apply(
            clause, lambda rule: not bound or rule.meaning not in UNCONDITIONAL
        )
        for sense in senses:
            for name, keyword, value in sense.facts:
                self._add(draft, name, keyword, value, said)
        questions = [sense.question for sense in senses if sense.question]
        for question in dict.fromkeys(questions):
            said.unread.append(Remark(draft.place, draft.name, sentence, question))
        for reason in dict.fromkeys(reasons):
            said.aside.append(Remark(draft.place, draft.name, sentence, reason))
        rest = self.product.sub(" ", _OMITTED.sub(" ", rest))
        rest = (
            _MODAL.sub(" ", rest)
            if senses or (draft.name == "model" and bare != sentence)
            else rest
        )
        if any(keyword == "forbiddenHosts" for sense in senses for _, keyword, _ in sense.facts):
            rest = _REFUSED.sub(" ", rest)
        rest = _DIGITS.sub(" ", rest) if draft.name == "model" else rest
        if questions or not _LOOKS.search(rest):
            return
        if condition and condition != OF_ANOTHER:
            said.aside.append(Remark(draft.place, draft.name, sentence, condition))
        elif condition:
            said.unread.append(Remark(draft.place, draft.name, sentence, condition))
        elif not reasons:
            said.unread.append(Remark(draft.place, draft.name, sentence))

    def _of_a_mode(self, draft: Draft, sentence: str, said: Said) -> bool:
        """`First-last-frame: provide 2 images` at a field says what that mode needs of it."""
        label = _LABEL.match(sentence)
        mode = self.context.mode_of(label[1], draft.name) if label else None
        if mode is None or label is None:
            return False
        wanted, rest = self._needs_of(draft, mode[0], sentence[label.end() :])
        if wanted:
            value = {"name": mode[1], "needs": wanted}
            self._add(draft, mode[0].name, "mode", value, said)
        elif _LOOKS.search(rest):
            note = Remark(draft.place, draft.name, sentence, UNDER_CONDITION)
            said.aside.append(note)
        return True

    def _needs_of(
        self, draft: Draft, mode: Draft, text: str
    ) -> tuple[dict[str, dict[str, Any]], str]:
        wanted, rest = self._needs(mode, text if draft.type != "array" else f"{text} {draft.name}")
        if not wanted and re.search(r"\brequired|必填|必传|必须提供", text):
            return {draft.name: {"required": True}}, rest
        return wanted, rest

    def _condition(self, draft: Draft, sentence: str) -> str:
        """Why a limit in this sentence would not hold for every request, or nothing."""
        text = _OMITTED.sub(" ", sentence)
        if self._other_subject(draft, text):
            return OF_ANOTHER
        if _CONDITION.search(text):
            return UNDER_CONDITION
        label = _LABEL.match(text)
        own = draft.name == "model"
        if label and len(self.context.ids) > 1 and not own and self.context.ids_in(label[1]):
            return f"holds only for {label[1]}"
        named = self.context.ids_in_full(text)
        if named and len(self.context.ids) > 1 and not own and len(named) < len(self.context.ids):
            return f"holds only for {', '.join(named)}"
        shape = _SHAPE.search(text) if draft.type in ("integer", "number") else None
        if shape:
            return f"holds only for {shape[0]}"
        other = self.context.other_value_in(text, draft) or self.context.other_mode_in(text)
        return f"holds only for {other}" if other else ""

    def _other_subject(self, draft: Draft, sentence: str) -> bool:
        """`duration must be 5` under another field binds no value of that one."""
        found = _SUBJECT.match(sentence)
        return bool(
            found
            and found[1] != draft.name.rsplit(".", 1)[-1]
            and self.context.fields_in(found[1], draft.name)
        )

    def apply(self, clause: Clause, allowed: Any) -> tuple[list[Sense], list[str], str]:
        """Every allowed rule in turn; each takes the words it understood away from the rest."""
        text = clause.text
        chinese = re.search(f"[{CJK}]", text) is not None
        latin = re.search("[A-Za-z<>≤≥]|\\d", text) is not None
        lowered = text.lower()
        senses: list[Sense] = []
        reasons: list[str] = []
        for rule in table():
            if not (chinese if rule.chinese else latin) or not allowed(rule):
                continue
            if not rule.may_match(lowered):
                continue
            for match in rule.expression.finditer(text):
                sense = maker(rule)(match, clause)
                if sense is None:
                    continue
                end = match.end() if sense.end is None else sense.end
                text = f"{text[: match.start()]}{chr(0) * (end - match.start())}{text[end:]}"
                senses.append(sense)
                if sense.reason:
                    reasons.append(sense.reason)
        return senses, reasons, text.replace("\0", " ")


_CUES = re.compile(
    r"support|option|between|either|one of|choose|select|available|applicable|exclusive|together"
    r"|https|null|empty|enabled|disabled|turned|unless|single|need|as many as|requires|depends|both"
    r"|positive|non-?negative|combin|incompatible"
    r"|\bnot\b|\d|支持|选项|可选|取值|之一|同时|二选一|专|开启|关闭|启用|禁用|空|整数|适用|可用|以内|超过|默认|必|冲突|一起"
    r"|配合|搭配|结合|依赖|[合总共]计|总[数和]",
    re.IGNORECASE,
)


def _in_digits(sentence: str) -> str:
    """Numbers in words and powers of two, as the rules read them."""
    bare = _WORDS_FOR_NUMBERS.sub(lambda word: _NUMBERS[word[0].lower()], sentence)
    return _POWER.sub(lambda power: str(2 ** int(power[1]) - (1 if power[2] else 0)), bare)


def maker(rule: Rule) -> Any:
    """The function behind a rule's meaning."""
    if rule.meaning.startswith("aside:"):
        return set_aside(rule.meaning.partition(":")[2])
    return MEANINGS[rule.meaning]


def split(line: str) -> list[str]:
    """The sentences of a line; a semicolon inside brackets ends none."""
    parts, start, closed = [], 0, line.rfind(")")
    for stop in _STOP.finditer(line):
        if stop["tight"] is None or stop.start() > closed:
            parts.append(line[start : stop.start()])
            start = stop.end()
    return [part.strip() for part in [*parts, line[start:]] if part.strip()]


def _too_long(draft: Draft, sentence: str, said: Said) -> bool:
    """Whether a sentence is longer than rules are run on; a question for people, if it is."""
    if len(sentence) > MOST_SENTENCE:
        note = Remark(draft.place, draft.name, sentence[:200] + "...", "too long")
        said.unread.append(note)
    return len(sentence) > MOST_SENTENCE
