"""Reads sentences by the table of rules, and says of each what became of it.

A sentence makes facts, is ignored for a known reason, or is unread: a question for people.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass, field
from typing import Any

from documentation.fact import Fact, Remark, Source
from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.layouts.options import Option
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.clause import Clause, Sense
from documentation.reading.prose.context import Context
from documentation.reading.prose.meanings import (
    INTERNAL,
    MEANINGS,
    OF_A_GLOSS,
    ONLY_UNCONDITIONAL,
    ignored,
)
from documentation.reading.prose.qualified import qualified
from documentation.reading.prose.qualifiers import Qualifier
from documentation.reading.prose.quantity import measure, media_in
from documentation.reading.prose.relations import all_known
from documentation.reading.prose.rules import Rule, sign, table
from documentation.reading.prose.rules.synonyms import plainer
from documentation.reading.prose.verdicts import judged, parts_of

MOST_SENTENCE = 1000
_SENTENCE_END = sign("sentence-end")
_CONSTRAINT = sign("constraint")
_CUE = sign("cue")
_LISTING = sign("listing")
_WHEN_OMITTED = sign("when-omitted")
_CONDITION = sign("condition")
_OWN_CONDITION = sign("own-condition")
_EFFECT = sign("effect")
_MODAL = sign("modal")
_REFUSAL = sign("refusal")
_LABEL = sign("label")
_SUBJECT = sign("subject")
_PICTURE_SIZE = sign("picture-size")
_NUMBER_WORD = sign("number-word")
_POWER = sign("power")
_URL = sign("url")
_OTHER_SCHEME = sign("other-scheme")
_ENGLISH_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    word: str(number)
    for words in (_ENGLISH_NUMBERS, "一二三四五六七八九")
    for number, word in enumerate(words, 1)
} | {"两": "2", "eleven": "11", "twelve": "12", "fifteen": "15"}
_NUMBERS |= {"twenty": "20", "thirty": "30", "sixty": "60"}
_DIGITS = re.compile(r"\d+(?:\.\d+)*")
_TO_BE = re.compile(
    r"(?P<name>[a-z]\w*)(?: to be| being| set to| is| must be| ="
    r"|=|==|为|设为)[\"'` ]*(?P<value>[\w.:-]*\w)",
    re.ASCII,
)
# Words that tell a model from the others without its id.
_VERSION = re.compile(
    r"(?:[一-鿿]{1,4}?|[a-z0-9.-]+ ?)(?:版本|版|模型)"
    r"|\b[a-z0-9.-]+ (?:model|version|variant|tier|edition)\b",
    re.IGNORECASE,
)
_NAMED_TWICE = re.compile(
    r"(?<=[与和跟同])[一-鿿、]{1,12}\(([a-z]\w*(?:(?:、|,|/|和|或) ?[a-z]\w*){0,5})\)"
)
# Beside an option a bare number counts what is handed in, and not shots or roles.
_OF_MEDIA = re.compile(
    r" ?(?:[a-z]+ )?(?:images?|pictures?|photos?|stills?|videos?"
    r"|clips?|audio|media|files?)\b|[张幅段]|个(?:图|视频|音频)",
    re.IGNORECASE,
)
# What a limit has that holds for some requests: it is asked about where it is not read.
_BINDS = re.compile(
    r"(?:at most|at least|up to|no more|no less|more than|less than"
    r"|exceed|exactly|between|maximum|minimum)[^.;]{0,20}\d"
    r"|\b(?:required|mandatory|must|cannot|can't|not (?:allowed|supported|accepted)|only)\b"
    r"|(?:最多|最少|至少|至多|不超过|最长|最大)[^。;]{0,6}\d|必须|必填|只能|不能|不得|不支持|仅支持",
    re.IGNORECASE,
)
# Beside `always on`: that the other value is refused is said already.
_SAYS_IT_AGAIN = re.compile(
    r"\((?:true|false) (?:is|will be|gets) (?:rejected|refused|not \w+)\)", re.IGNORECASE
)
# Beside how many there are: that so many are not for every request.
_ONLY_SOME = re.compile(r"\bonly\b|\bnot\b|仅|只|不", re.IGNORECASE)
_WHERE = re.compile(r", where (?:it|this)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]{8,120})\)")
_COUNTED_BESIDE = re.compile(
    r"\((?P<low>\d{1,3})(?: ?(?:-|–|~|to|至|到) ?(?P<high>\d{1,3}))?(?: ?[a-z]+| ?[一-鿿]{1,4})?\)"
)
# What a sentence may not say where it holds for some requests only.
_RELATIONS = {"excludes", "excludes-given", "only-for", "not-for", "required-when", "used-in"}
_LISTS = {"values", "numbered", "flag"}
OF_ANOTHER = "is said of another field"
NOT_ONLY_WEB = "it may be something else than a URL"
UNDER_CONDITION = "holds only under a condition"


@dataclass(slots=True)
class Said:
    """What the prose of one field says, and which sentences make no fact."""

    facts: list[Fact] = field(default_factory=list)
    unread: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def tell(self, text: str) -> None:
        """Remember a text as that of the facts which have none yet."""
        for fact in self.facts[self.count :]:
            for name in (fact.identity, f"{fact.field} {fact.keyword}"):
                self.told.setdefault(name, text[:MOST_SENTENCE])
        self.count = len(self.facts)

    def text_of(self, fact: Fact) -> str:
        """The text that a fact was read from, or one of the same keyword that it was made of."""
        return self.told.get(fact.identity) or self.told.get(f"{fact.field} {fact.keyword}", "")


class ProseReader:
    """Reads the prose of one page's fields; the page's own words are its context."""

    def __init__(self, page: str, context: Context) -> None:
        self.page = page
        self.context = context
        families = {re.match(r"[a-z]+", name.lower()) for name in context.ids}
        names = "|".join(sorted({re.escape(f[0]) for f in families if f} | {"version", "v"}))
        self.product = re.compile(rf"\b(?:{names})[ -]?v?\d+(?:\.\d+)*", re.IGNORECASE)

    def prepare(self, drafts: list[Draft]) -> None:
        """Learn which options sentences list, for the sentences of other fields may name them."""
        for draft in drafts:
            if draft.location != "request" or self.context.options_of(draft):
                continue
            found: list[list[Any]] = []
            for line in self.context.prose_of(draft).sentences:
                for sentence in split(line):
                    if len(sentence) <= MOST_SENTENCE and not self._condition(draft, sentence):
                        clause = Clause(draft, self.context, _in_digits(sentence))
                        senses, _, _ = self.apply(clause, lambda rule: rule.meaning in _LISTS)
                        listed = [v for s in senses for _, key, v in s.facts if key == "enum"]
                        found += listed
            default = draft.value_of("default")
            likely = [values for values in found if default in values] or found
            if likely:
                self.context.listed[draft.name] = likely[0]

    def read(self, draft: Draft) -> Said:
        said = Said()
        prose = self.context.prose_of(draft)
        for options in prose.lists:
            self._options(draft, options, said)
        for option in prose.remarks:
            self._remark(draft, option, said)
            said.tell(f"{option.value}: {option.gloss}")
        if draft.name == "model" and draft.location == "request":
            self._model(draft, said)
            said.tell("the ids that the page names")
        for line in prose.sentences:
            for sentence in split(line):
                self._address(draft, sentence, said)
                self._in_plain_words(draft, sentence, said)
                said.tell(sentence)
        _one_list_of_hosts(said)
        if draft.location == "request":
            self._counts_in_a_list(draft, prose.sentences, said)
            _value_beside_a_range(draft, prose.sentences, said)
            _off_for_some_models(draft, said)
        return said

    def _counts_in_a_list(self, draft: Draft, lines: list[str], said: Said) -> None:
        """`0 images: from words`, `1 image: ...`, `2 images: ...`: how many there may be."""
        if draft.type != "array" or any(
            fact.field == draft.name and fact.keyword == "maxItems" for fact in said.facts
        ):
            return
        labelled = [found for line in lines if (found := _LISTED_COUNT.match(line))]
        for line in lines if not labelled else ():
            if _COUNT_LABEL.match(line):
                labelled = list(_COUNT_FOR.finditer(line))
                if len(labelled) > 1:
                    break
        numbers = sorted({int(n) for found in labelled for n in found.groups() if n})
        if len(numbers) < 2 or numbers != list(range(numbers[0], numbers[-1] + 1)):
            return
        if numbers[0]:
            self._add(draft, draft.name, "minItems", numbers[0], said)
        self._add(draft, draft.name, "maxItems", numbers[-1], said)
        said.tell("; ".join(lines))

    def loose(self, line: str, said: Said) -> None:
        """Read a line outside of any field: it makes no fact, a constraint in it is a question."""
        nowhere = Draft("request", "")
        for sentence in split(line):
            if not _CONSTRAINT.search(self.product.sub(" ", sentence)):
                continue
            if _too_long(nowhere, sentence, said):
                continue
            clause = Clause(nowhere, self.context, sentence)
            _, reasons, _ = self.apply(clause, lambda rule: rule.meaning not in ONLY_UNCONDITIONAL)
            note = Remark("request", "", sentence, reasons[0] if reasons else "")
            (said.ignored if reasons else said.unread).append(note)

    def _add(self, draft: Draft, name: str, keyword: str, value: Any, said: Said) -> None:
        said.facts.append(Fact(self.page, draft.location, name, keyword, value, "prose"))

    def _options(self, draft: Draft, options: list[Option], said: Said) -> None:
        values = [option.value for option in options]
        if draft.type != "boolean":
            self._add(draft, draft.name, "enum", values, said)
        said.tell("; ".join(f"{each.value}: {each.gloss}".rstrip(": ") for each in options))
        for option in options:
            self._remark(draft, option, said)
            said.tell(f"{option.value}: {option.gloss}")

    def _remark(self, draft: Draft, option: Option, said: Said) -> None:
        if option.default:
            self._add(draft, draft.name, "default", option.value, said)
        if option.gloss and draft.name != "model":
            self._gloss(draft, option, said)
        elif option.gloss and str(option.value) in self.context.ids:
            self._of_model(draft, str(option.value), option.gloss, said)

    def _of_model(self, draft: Draft, name: str, gloss: str, said: Said) -> None:
        """Read what stands beside a model's id: what it needs, and what it has not."""
        if len(self.context.ids) < 2 or _too_long(draft, gloss, said):
            return
        about = Qualifier("model", (name,))
        for part in parts_of(plainer(gloss)):
            found = judged(draft, _in_digits(part), self.context, self._plain_facts, about)
            if not self._take(draft, found, said) and _BINDS.search(part):
                note = Remark(
                    draft.location, draft.name, f"{name}: {part}", f"holds only for {name}"
                )
                said.unread.append(note)

    def _gloss(self, draft: Draft, option: Option, said: Said) -> None:
        """Read what stands beside an option.

        What it says of other fields makes the option a mode. Any other limit in it holds for this
        option only, so it is ignored.
        """
        if _too_long(draft, option.gloss, said):
            return
        option = dataclasses.replace(option, gloss=plainer(option.gloss))
        wanted, rest = self._needs(draft, option.gloss)
        if wanted:
            self._add(draft, draft.name, "mode", {"name": option.value, "needs": wanted}, said)
        if self._qualified(draft, option.gloss, said, option.value) or wanted:
            return
        if self._judged(draft, option.gloss, said, option.value):
            return
        if _CONSTRAINT.search(self.product.sub(" ", rest)) and not str(option.value).isdigit():
            text = f"{option.value}: {option.gloss}"
            said.ignored.append(
                Remark(draft.location, draft.name, text, "holds only for this option")
            )

    def _needs(self, draft: Draft, text: str) -> tuple[dict[str, dict[str, Any]], str]:
        if self.context.fields_in(text, draft.name) or media_in(text):
            text = _in_digits(text)
        clause = Clause(draft, self.context, text, gloss=True)
        found, _, rest = self.apply(clause, lambda rule: rule.meaning in OF_A_GLOSS)
        facts = [fact for sense in found for fact in sense.facts]
        for other in self.context.drafts.values():
            counted = _COUNTED_BESIDE.search(text, text.find(other.name) + len(other.name))
            if other.type != "array" or other.name not in text or not counted:
                continue
            if not text[text.find(other.name) + len(other.name) : counted.start()].strip():
                facts = [f for f in facts if f[0] != other.name or f[1] == "required"]
                low, high = counted["low"], counted["high"] or counted["low"]
                facts += [
                    (other.name, "minItems", int(low)),
                    (other.name, "maxItems", int(high)),
                ]
        facts += self._needed_values(draft, text)
        bare = re.search(r"(?<![A-Za-z0-9_.:])(\d+)( ?[A-Za-z]+(?: [a-z]+)?|[一-鿿]{1,8})", rest)
        if bare and measure(bare[2])[0] == "items" and _OF_MEDIA.match(bare[2]):
            clause.text = f"exactly {bare[0]} {text}"
            again, _, _ = self.apply(clause, lambda rule: rule.meaning == "exactly")
            facts += [fact for sense in again for fact in sense.facts]
        wanted: dict[str, dict[str, Any]] = {}
        for name, keyword, value in facts:
            if name != draft.name and keyword in ("minItems", "maxItems", "required", "enum"):
                wanted.setdefault(name, {})[keyword] = value
            elif name != draft.name and keyword == "optional":
                wanted.setdefault(name, {}).setdefault("required", False)
        for limits in wanted.values():
            if limits.get("maxItems") == 0:
                limits.pop("minItems", None)
            elif "maxItems" in limits and "minItems" not in limits:
                limits.setdefault("required", True)
            if "minItems" in limits and limits.get("required"):
                limits.pop("required", None)
        return wanted, rest

    def _needed_values(self, draft: Draft, text: str) -> list[tuple[str, str, Any]]:
        """`needs audio to be true`, beside an option: which value of another field it needs."""
        facts: list[tuple[str, str, Any]] = []
        for found in _TO_BE.finditer(text):
            for name in self.context.fields_in(found["name"], draft.name):
                other = self.context.drafts[name]
                value = typed(found["value"], other.type)
                if isinstance(value, bool) or value in [
                    o.value for o in self.context.options_of(other)
                ]:
                    facts += [(name, "enum", [value]), (name, "required", True)]
        return facts

    def _qualified(self, draft: Draft, text: str, said: Said, value: Any = None) -> bool:
        """Read what holds for some requests only; say whether anything was understood."""
        if draft.location != "request" or draft.name == "model":
            return False
        found = qualified(draft, _in_digits(text), self.context, self._plain_facts, value)
        return self._take(draft, found, said)

    def _judged(self, draft: Draft, text: str, said: Said, value: Any = None) -> bool:
        """Read a sentence by its verdict; say whether anything was understood."""
        if draft.location != "request" or draft.name == "model":
            return False
        about = Qualifier(draft.name, (value,)) if value is not None else None
        found = judged(draft, _in_digits(text), self.context, self._plain_facts, about)
        return self._take(draft, found, said)

    def _take(self, draft: Draft, found: list[tuple[str, str, Any]] | None, said: Said) -> bool:
        """Add facts unless they are about members of lists; say whether there are any."""
        named = {n for name, _, fact in found or () for n in (name, *_needed_by(fact))}
        if not all_known(self.context, list(named)):
            return False
        for name, keyword, fact in found or ():
            self._add(draft, name, keyword, fact, said)
        return bool(found)

    def _plain_facts(self, draft: Draft, text: str) -> dict[str, Any] | None:
        """What a phrase says of a field, all of it understood."""
        clause = Clause(draft, self.context, text)
        senses, _, rest = self.apply(clause, lambda rule: rule.meaning not in _RELATIONS)
        if any(sense.question for sense in senses) or _CONSTRAINT.search(_MODAL.sub(" ", rest)):
            return None
        said = {
            key: fact for sense in senses for name, key, fact in sense.facts if name == draft.name
        }
        if "const" in said:
            said["enum"] = [said.pop("const")]
        return said or None

    def _model(self, draft: Draft, said: Said) -> None:
        """Where a model field lists no options, the ids that the page names are its options."""
        if draft.options() or any(fact.keyword == "enum" for fact in said.facts):
            return
        if self.context.stated_ids:
            self._add(draft, draft.name, "enum", self.context.stated_ids, said)
        elif self.context.ids:
            stated: Source = "schema" if draft.value_of("default") else "sample"
            ids = self.context.ids
            said.facts.append(Fact(self.page, draft.location, "model", "enum", ids, stated))

    def _named_once(self, sentence: str) -> str:
        """A sentence in which fields that are named twice, `首帧(first_frame)`, are so once."""

        def plain(found: re.Match[str]) -> str:
            return found[1] if self.context.fields_in(found[1], "") else found[0]

        return _NAMED_TWICE.sub(plain, sentence)

    def _sentence(self, draft: Draft, sentence: str, said: Said) -> None:
        sentence = self._named_once(sentence) if len(sentence) <= MOST_SENTENCE else sentence
        spelled = sentence if len(sentence) > MOST_SENTENCE else _in_digits(sentence)
        if not (_CONSTRAINT.search(spelled) or _CUE.search(spelled)) and not (
            draft.type == "string" and _LISTING.search(sentence)
        ):
            return
        if _too_long(draft, sentence, said) or self._of_a_mode(draft, sentence, said):
            return
        if self._of_an_option(draft, sentence, said):
            return
        if draft.type == "array" and _LISTED_COUNT.match(sentence):
            if _ONLY_SOME.search(sentence):
                said.unread.append(Remark(draft.location, draft.name, sentence, UNDER_CONDITION))
            return
        sentence = _SAYS_IT_AGAIN.sub(" ", sentence)
        for inner in _BRACKETS.finditer(sentence):
            if _CUE.search(inner[1]) and self._judged(draft, inner[1], said):
                sentence = sentence.replace(inner[0], " ")
        if _WHERE.search(sentence) and self._judged(draft, sentence, said):
            return
        effect = _EFFECT.search(sentence) if _CONSTRAINT.search(sentence) else None
        if effect:
            said.ignored.append(
                Remark(draft.location, draft.name, effect[0].strip(), UNDER_CONDITION)
            )
            sentence = _EFFECT.sub(" ", sentence)
        if draft.name == "model":
            beside = re.match(r"([\w.-]+) ?(?::|=|—|–|--) ?(?=\S)", sentence, re.ASCII)
            if beside and beside[1] in self.context.ids:
                self._of_model(draft, beside[1], sentence[beside.end() :], said)
                return
        bare = _in_digits(sentence)
        if draft.name == "model":
            for name in sorted(self.context.ids, key=len, reverse=True):
                bare = bare.replace(name, " " * len(name))
        clause = Clause(draft, self.context, bare)
        condition = self._condition(draft, sentence)
        if condition and self._qualified(draft, sentence, said):
            return
        conditional = condition
        if draft.type == "boolean" and condition == UNDER_CONDITION:
            conditional = self._condition(draft, _OWN_CONDITION.sub(" ", sentence))
        senses, reasons, rest = self.apply(
            clause, lambda rule: not conditional or rule.meaning not in ONLY_UNCONDITIONAL
        )
        partly = [reason for reason in reasons if reason.startswith("holds only")]
        if partly and self._qualified(draft, sentence, said):
            reasons = [reason for reason in reasons if reason not in partly]
            rest = ""
        if not any(sense.facts or sense.question for sense in senses) and self._judged(
            draft, sentence, said
        ):
            return
        for sense in senses:
            for name, keyword, value in sense.facts:
                self._add(draft, name, keyword, value, said)
        for part in parts_of(rest) if senses and not conditional else ():
            if not self._judged(draft, part, said) or part not in rest:
                continue
            rest = rest.replace(part, " ")
        questions = [sense.question for sense in senses if sense.question]
        for question in dict.fromkeys(questions):
            said.unread.append(Remark(draft.location, draft.name, sentence, question))
        for reason in dict.fromkeys(reasons):
            said.ignored.append(Remark(draft.location, draft.name, sentence, reason))
        rest = self.product.sub(" ", _WHEN_OMITTED.sub(" ", rest))
        rest = (
            _MODAL.sub(" ", rest)
            if senses or (draft.name == "model" and bare != sentence)
            else rest
        )
        if any(keyword == "forbiddenHosts" for sense in senses for _, keyword, _ in sense.facts):
            rest = _REFUSAL.sub(" ", rest)
        rest = _DIGITS.sub(" ", rest) if draft.name == "model" else rest
        if questions or not _CONSTRAINT.search(rest):
            return
        if not senses and self._qualified(draft, sentence, said):
            return
        if condition and condition != OF_ANOTHER:
            asked = draft.location == "request" and _BINDS.search(rest) and not reasons
            note = Remark(draft.location, draft.name, sentence, condition)
            (said.unread if asked else said.ignored).append(note)
        elif condition:
            said.unread.append(Remark(draft.location, draft.name, sentence, condition))
        elif not reasons:
            said.unread.append(Remark(draft.location, draft.name, sentence))

    def _in_plain_words(self, draft: Draft, sentence: str, said: Said) -> None:
        """Read a sentence with its synonyms replaced; what is asked shows the page's own words."""
        plain = plainer(sentence) if len(sentence) <= MOST_SENTENCE else sentence
        self._sentence(draft, plain, said)
        for remarks in (said.unread, said.ignored):
            for at, remark in enumerate(remarks):
                if plain != sentence and remark.sentence == plain:
                    remarks[at] = dataclasses.replace(remark, sentence=sentence)

    def _of_an_option(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Whether a sentence begins with an option, as in `pro: slower, for 5 seconds`."""
        label = re.match(r"([\w.:-]{1,40}?) ?(?::|=|—|–|--) ?(?=\S)", sentence)
        values = [o.value for o in self.context.options_of(draft)]
        known = values or self.context.listed.get(draft.name, [])
        option = next((Option(v) for v in known if label and str(v) == label[1]), None)
        if option is None or label is None or draft.type not in ("string", "integer"):
            return False
        self._gloss(draft, Option(option.value, sentence[label.end() :]), said)
        return True

    def _of_a_mode(self, draft: Draft, sentence: str, said: Said) -> bool:
        """Whether a sentence begins with a mode's name, as in `First-last-frame: provide 2 images`.

        What follows is then what that mode needs of this field.
        """
        label = _LABEL.match(sentence)
        mode = self.context.mode_of(label[1], draft.name) if label else None
        if mode is None or label is None:
            return False
        wanted, rest = self._needs_of(draft, mode[0], sentence[label.end() :])
        if wanted:
            value = {"name": mode[1], "needs": wanted}
            self._add(draft, mode[0].name, "mode", value, said)
        elif self._qualified(draft, sentence, said):
            return True
        elif _CONSTRAINT.search(rest):
            note = Remark(draft.location, draft.name, sentence, UNDER_CONDITION)
            said.ignored.append(note)
        return True

    def _needs_of(
        self, draft: Draft, mode: Draft, text: str
    ) -> tuple[dict[str, dict[str, Any]], str]:
        wanted, rest = self._needs(mode, text if draft.type != "array" else f"{text} {draft.name}")
        if not wanted and re.search(r"\brequired|必填|必传|必须提供", text):
            return {draft.name: {"required": True}}, rest
        return wanted, rest

    def _address(self, draft: Draft, sentence: str, said: Said) -> None:
        """A value that a page calls a URL is one; unless it may be something else as well."""
        kind = draft.items if draft.type == "array" else draft.type
        if draft.location != "request" or kind not in ("string", ""):
            return
        called = _URL.search(sentence[:MOST_SENTENCE])
        if _OTHER_SCHEME.search(sentence[:MOST_SENTENCE]):
            if called or draft.value_of("format") == "uri":
                said.unread.append(Remark(draft.location, draft.name, sentence, NOT_ONLY_WEB))
        elif called:
            self._add(draft, draft.name, "format", "uri", said)

    def _condition(self, draft: Draft, sentence: str) -> str:
        """Why a limit in this sentence does not hold for every request; empty if it does."""
        text = _WHEN_OMITTED.sub(" ", sentence)
        if self._other_subject(draft, text):
            return OF_ANOTHER
        if _CONDITION.search(text) or self._with_another(draft, text):
            return UNDER_CONDITION
        label = _LABEL.match(text)
        own = draft.name == "model"
        if label and len(self.context.ids) > 1 and not own and self.context.ids_in(label[1]):
            return f"holds only for {label[1]}"
        version = _VERSION.search(text) if not own else None
        meant = self.context.ids_in(version[0]) if version else []
        if version and 0 < len(meant) < len(self.context.ids):
            return f"holds only for {version[0]}"
        named = self.context.ids_in_full(text)
        spread = [p for p in parts_of(text) if self.context.ids_in_full(p)] if named[1:] else []
        some = len(named) < len(self.context.ids) or len(spread) > 1
        if named and len(self.context.ids) > 1 and not own and some:
            return f"holds only for {', '.join(named)}"
        shape = _PICTURE_SIZE.search(text) if draft.type in ("integer", "number") else None
        if shape:
            return f"holds only for {shape[0]}"
        other = self.context.other_value_in(text, draft) or self.context.other_mode_in(text)
        return f"holds only for {other}" if other else ""

    def _other_subject(self, draft: Draft, sentence: str) -> bool:
        """Whether the sentence is about another field: `duration must be 5` below `seed`."""
        found = _SUBJECT.match(sentence)
        return bool(
            found
            and found[1] != draft.name.rsplit(".", 1)[-1]
            and self.context.fields_in(found[1], draft.name)
        )

    def _with_another(self, draft: Draft, text: str) -> bool:
        """Whether a limit holds beside another field only: `with video_url it may be 10`."""
        found = re.match(
            r"(?:with|using|together with|beside|使用|传入) ?([a-z]\w*)\b(?! ?(?:,|and|or)\b)",
            text,
            re.I | re.A,
        )
        return bool(found and self.context.fields_in(found[1], draft.name))

    def apply(self, clause: Clause, allowed: Any) -> tuple[list[Sense], list[str], str]:
        """Try every allowed rule; later rules do not see the words that earlier ones understood.

        Returns what the matches mean, why some of them make no fact, and the text that is left.
        """
        text = clause.text
        senses: list[Sense] = []
        reasons: list[str] = []
        for rule in filter(allowed, _rules_for(text)):
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


@functools.lru_cache(maxsize=1024)
def _rules_for(text: str) -> list[Rule]:
    """The rules whose script and words a text has: a page says many things several times."""
    chinese = re.search(f"[{CJK}]", text) is not None
    latin = re.search("[A-Za-z<>≤≥]|\\d", text) is not None
    lowered = text.lower()
    rules = (rule for rule in table() if (chinese if rule.chinese else latin))
    return [rule for rule in rules if rule.may_match(lowered)]


_LISTED_COUNT = re.compile(
    r"(\d{1,2})(?: ?(?:-|–|~|to|至|到) ?(\d{1,2}))? ?(?:images?|pictures?|photos?|videos?|clips?"
    r"|张(?:图片|图)?|个(?:视频|图片)?|段(?:视频)?) ?(?::|—|–|=|为)",
    re.IGNORECASE,
)
_COUNT_LABEL = re.compile(
    r"(?:number|quantity) of (?:images|pictures|photos|videos|clips)\b|(?:图片|视频)?(?:数量|张数)",
    re.I,
)
_COUNT_FOR = re.compile(r"(?<![\d.])(\d{1,2}) ?(?:张|个|段)?()(?:for|=|:|is|means|为|表示)(?!\d)")
_BESIDE = re.compile(
    r"^(?:or |if (?:it is )?|when )?(?:set|sets|use|pass|passing|send|give|a value of"
    r"|传入?|设为|设置为|填|取|值为)(?: it)?(?: to| as)? ?(-1|0)(?![\d.])"
    r"(?= ?(?:,|:|to|for|the|means|lets?|时|则|表示|由|即|$))",
    re.IGNORECASE,
)
MOST_BESIDE = 400


def _value_beside_a_range(draft: Draft, lines: list[str], said: Said) -> None:
    """`4 to 12`, and in another sentence `if set to -1, the model chooses`: each is a value."""
    own = {f.keyword: f for f in said.facts if f.field == draft.name}
    least, most = own.get("minimum"), own.get("maximum")
    if draft.type != "integer" or least is None or most is None or "enum" in own:
        return
    beside = [int(found[1]) for line in lines for s in split(line) if (found := _BESIDE.match(s))]
    if not beside or not least.value - beside[0] > 1 or most.value - least.value > MOST_BESIDE:
        return
    values = [beside[0], *range(least.value, most.value + 1)]
    said.facts = [fact for fact in said.facts if fact not in (least, most)]
    said.facts.append(dataclasses.replace(least, keyword="enum", value=values))


def _off_for_some_models(draft: Draft, said: Said) -> None:
    """A switch that only some models have, and that is to be off for the others."""
    off = {
        fact.value["name"]: fact
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
                fact.field == draft.name
                and fact.keyword == "onlyFor"
                and not {*fact.value} & {*off}
            )
        ]


def _needed_by(value: Any) -> list[str]:
    """The fields that a mode speaks of."""
    return list(value["needs"]) if isinstance(value, dict) else []


def _in_digits(sentence: str) -> str:
    """A sentence with number words and powers of two written as digits."""
    bare = _NUMBER_WORD.sub(lambda word: _NUMBERS[word[0].lower()], sentence)
    return _POWER.sub(lambda power: str(2 ** int(power[1]) - (1 if power[2] else 0)), bare)


def maker(rule: Rule) -> Any:
    """The function behind a rule's meaning."""
    if rule.meaning.startswith("ignored:"):
        return ignored(rule.meaning.partition(":")[2])
    return MEANINGS[rule.meaning]


def split(line: str) -> list[str]:
    """The sentences of a line; a semicolon inside brackets ends none."""
    parts, start, closed = [], 0, line.rfind(")")
    for stop in _SENTENCE_END.finditer(line):
        if stop["tight"] is None or stop.start() > closed:
            parts.append(line[start : stop.start()])
            start = stop.end()
    return [part.strip() for part in [*parts, line[start:]] if part.strip()]


def _one_list_of_hosts(said: Said) -> None:
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


def _too_long(draft: Draft, sentence: str, said: Said) -> bool:
    """Whether a sentence is too long for the rules; if it is, it is added to the questions."""
    if len(sentence) > MOST_SENTENCE:
        note = Remark(draft.location, draft.name, sentence[:200] + "...", "too long")
        said.unread.append(note)
    return len(sentence) > MOST_SENTENCE
