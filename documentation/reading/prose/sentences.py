"""Reads sentences by the table of rules, and says of each what became of it.

A sentence makes facts, is ignored for a known reason, or is unread: a question for people.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from documentation.fact import BOUNDS, Fact, PageError, Remark, Source, fault
from documentation.reading.layouts.draft import Draft, schema_facts
from documentation.reading.layouts.text import normal
from documentation.reading.prose.applying import apply, in_digits, split
from documentation.reading.prose.beside_options import OptionReader, all_relate, too_long
from documentation.reading.prose.clause import MOST_SENTENCE, OF_AN_OPTION, Clause, Said
from documentation.reading.prose.conditional.conditions import (
    OF_ANOTHER,
    UNDER_CONDITION,
    condition_of,
)
from documentation.reading.prose.conditional.kinds import counts_kinds, with_frames
from documentation.reading.prose.conditional.naming.named import named_in
from documentation.reading.prose.conditional.parts import (
    SO,
    after_why,
    begins_with_whom,
    follows,
    of_those_named,
    without_opening,
    without_reason,
)
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.conditional.verdicts import parts_of
from documentation.reading.prose.cutting import (
    named_once,
    sentences_of,
    whole_sentences,
    with_ids,
    without_given,
    without_summary,
    without_threat,
)
from documentation.reading.prose.for_some import forgets
from documentation.reading.prose.forms.addresses import NOT_ONLY_WEB, read_address
from documentation.reading.prose.forms.spelled import spelling
from documentation.reading.prose.meaning.meanings import ONLY_UNCONDITIONAL
from documentation.reading.prose.meaning.relations import beside_needed
from documentation.reading.prose.quantity import media_in
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.synonyms import plainer
from documentation.reading.prose.whole_field import (
    LISTED_COUNT,
    counts_in_a_list,
    each_needs_the_other,
    member_of,
    off_for_some_models,
    one_list_of_hosts,
    only_for_whom,
    same_limits,
    value_beside_a_range,
    values_in_steps,
)

_CONSTRAINT = sign("constraint")
_FOR_WHOM = sign("composed-begins")
_CUE = sign("cue")
_LISTING = sign("listing")
_WHEN_OMITTED = sign("when-omitted")
_OWN_CONDITION = sign("own-condition")
_EFFECT = sign("effect")
_MODAL = sign("modal")
_REFUSAL = sign("refusal")
_REFUSES = sign("refuses")
_LABEL = sign("label")
_ONLY_THERE = re.compile(r", only (?:with|for|when|if|in)\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:\.\d+)*")
_BINDS = sign("binds")
_SAYS_IT_AGAIN = sign("says-again")
_ONLY_SOME = sign("only-some")
_WHERE = sign("where")
_BRACKETS = sign("bracketed")
_WITHOUT_SUBJECT = sign("without-subject")
_OR_FEWER = sign("or-fewer")
_OF_EACH_ITEM = sign("of-each-item")
_USED_WHEN = sign("used-when")
READERS_FAULT = "the reader has a fault that this sentence shows"
_LISTS = {"values", "numbered", "flag"}


class ProseReader(OptionReader):
    """Reads the prose of one page's fields; the page's own words are its context."""

    def prepare(self, drafts: list[Draft]) -> None:
        """Learn which options sentences list, for the sentences of other fields may name them."""
        for draft in drafts:
            if draft.location != "request" or self.context.options_of(draft):
                continue
            found: list[list[Any]] = []
            for line in self.context.prose_of(draft).sentences:
                for sentence in split(line):
                    if len(sentence) <= MOST_SENTENCE and not condition_of(
                        draft, sentence, self.context
                    ):
                        clause = Clause(draft, self.context, in_digits(plainer(sentence)))
                        senses, _, _ = apply(clause, lambda rule: rule.meaning in _LISTS)
                        listed = [v for s in senses for _, key, v in s.facts if key == "enum"]
                        found += listed
            default = draft.value_of("default")
            likely = [values for values in found if default in values] or found
            if likely:
                self.context.listed[draft.name] = likely[0]
        self.context.named.clear()  # which was found out before all of these were known

    def read(self, draft: Draft) -> Said:
        said = Said()
        prose = self.context.prose_of(draft)
        for marks in prose.marks:
            self._marks(draft, marks, said)
        for options in prose.lists:
            self._options(draft, options, said)
        for grid in prose.grids:
            self._grid(draft, grid, said)
        for table in prose.combined:
            self._combined(draft, table, said)
        for option in prose.remarks:
            self._remark(draft, option, said)
            said.tell(f"{option.value}: {option.gloss}")
        if draft.name == "model" and draft.location == "request":
            self._model(draft, said)
            said.tell("the ids that the page names")
        for line in prose.sentences:
            for sentence in sentences_of(draft, line, self.context):
                try:
                    rest = self._address(draft, sentence, said)
                    self._in_plain_words(draft, rest, said)
                except (PageError, MemoryError):
                    raise
                except Exception as error:  # it costs an answer, and not the whole page
                    reason = f"{READERS_FAULT}: {fault(error)}"
                    said.unread.append(Remark(draft.location, draft.name, sentence, reason))
                said.tell(sentence)
        one_list_of_hosts(said)
        if draft.name == "model" and draft.location == "request":
            self._learn_of_models(said)
        if draft.location == "request":
            counts_in_a_list(self.page, draft, prose.sentences, said)
            value_beside_a_range(draft, prose.sentences, said)
            values_in_steps(self.page, draft, prose.sentences, said)
            each_needs_the_other(draft, prose.sentences, said)
            lines = prose.sentences
            only_for_whom(self.page, draft, self.context, lines, said, self._plain_facts)
            off_for_some_models(draft, said)
            same_limits(self.page, draft, lines, said, self.limits)
            of_schema = [f for f in schema_facts(self.page, draft) if f.keyword in BOUNDS]
            told = [f for f in said.facts if f.field == draft.name and f.keyword in BOUNDS]
            self.limits[f"{draft.type} {draft.name}"] = [*of_schema, *told]
        return said

    def _learn_of_models(self, said: Said) -> None:
        """Learn the values of fields that list none of their own, where each model does."""
        told: dict[str, list[Any]] = {}
        for fact in said.facts:
            needs = fact.value["needs"] if fact.keyword == "mode" else {}
            for name, limits in needs.items():
                told.setdefault(name, []).append(limits.get("enum"))
        for name, lists in told.items():
            draft = self.context.drafts.get(name)
            if draft is None or values_of(draft, self.context) or not all(lists):
                continue
            if len(lists) == len(self.context.ids) > 1:
                self.context.listed[name] = sorted({v for each in lists for v in each}, key=str)
                self.context.named.clear()

    def loose(self, line: str, said: Said) -> None:
        """Read a line outside of any field: it makes no fact, a constraint in it is a question."""
        nowhere = Draft("request", "")
        for sentence in split(line):
            if not _CONSTRAINT.search(self.product.sub(" ", sentence)):
                continue
            if too_long(nowhere, sentence, said):
                continue
            clause = Clause(nowhere, self.context, sentence)
            _, reasons, _ = apply(clause, lambda rule: rule.meaning not in ONLY_UNCONDITIONAL)
            note = Remark("request", "", sentence, reasons[0] if reasons else "")
            named = [name for name in self.context.fields_in(sentence, "") if name != "model"]
            known = reasons and not (named and reasons[0] == OF_AN_OPTION)
            (said.ignored if known else said.unread).append(note)

    def noted(self, line: str, said: Said) -> None:
        """Read a line below the fields, of the fields that it names; else as any loose line.

        A limit is one of the field with whose name the sentence begins; what is said of several
        fields, or of some requests, may begin with anything.
        """
        coded = {name for name in re.findall(r"`([^`]+)`", line) if name in self.context.drafts}
        for sentence in whole_sentences(normal(line), self.context):
            named = [
                name
                for name in self.context.fields_in(sentence, "")
                if name != "model" and ("_" in name or name in coded)
            ]
            by_value = named_in(in_digits(plainer(sentence)), Draft("request", ""), self.context)
            others = [n.who.field for n in by_value if n.who.field not in ("", "model", *named)]
            others += ["model"] if any(n.who.field == "model" for n in by_value) else []
            for name in dict.fromkeys([*named, *others]):
                own, draft = Said(), self.context.drafts[name]
                self._in_plain_words(draft, sentence, own)
                values_in_steps(self.page, draft, [sentence], own)
                plain = sentence.startswith(name) and name in named
                if own.facts and not own.unread and (plain or all_relate(own)):
                    own.tell(sentence)
                    said.facts += own.facts
                    break
            else:
                self.loose(sentence, said)

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

    def _sentence(self, draft: Draft, sentence: str, said: Said) -> None:
        sentence = (
            named_once(sentence, self.context) if len(sentence) <= MOST_SENTENCE else sentence
        )
        sentence = without_summary(without_threat(sentence), self.context)
        sentence = without_given(draft, sentence)
        if member := member_of(draft, sentence, self.context):
            self._sentence(member, sentence, said)
            return
        spelled = sentence if len(sentence) > MOST_SENTENCE else in_digits(sentence)
        if not any(cue.search(spelled) for cue in (_CONSTRAINT, _CUE, _REFUSES)) and not (
            draft.type == "string" and (_LISTING.search(sentence) or self._of_an_id(sentence))
        ):
            return
        if self._total_beside(draft, sentence, said):
            return
        if fewer := _OR_FEWER.search(spelled):
            most = re.findall(r"(?<![\w.])\d+", spelled[: fewer.start()])
            if most and int(fewer["n"]) <= int(most[-1]):
                self._sentence(draft, spelled[: fewer.start()], said)
                note = Remark(draft.location, draft.name, sentence, UNDER_CONDITION)
                said.unread.append(note)
                return
        if too_long(draft, sentence, said):
            return
        if self._judged(draft, after_why(draft, sentence, self.context), said):
            return
        if self._of_a_mode(draft, sentence, said):
            return
        if draft.type == "string" and (pattern := spelling(draft, in_digits(sentence))):
            self._add(draft, draft.name, "pattern", pattern, said)
            return
        if self._of_an_option(draft, sentence, said):
            return
        if self._with_any_picture(draft, sentence, said):
            return
        if draft.location == "request":
            sentence = without_reason(draft, sentence, self.context)
        sentence = self._of_several(draft, sentence, said)
        if not sentence:
            return
        if counts_kinds(draft, in_digits(sentence), self.context):
            said.unread.append(Remark(draft.location, draft.name, sentence, "how many of each"))
            return
        sentence = with_frames(draft, sentence, self.context)
        if draft.type == "array" and draft.items == "object":
            sentence = self._of_each_item(draft, sentence, said)
        if not sentence:
            return
        those = of_those_named(draft, sentence, self.context, self._plain_facts)
        if draft.name != "model" and self._take(draft, those, said):
            return
        if therefore := follows(draft, sentence, self.context, self._plain_facts):
            sentence = therefore[1] if self._take(draft, therefore[0], said) else sentence
        if draft.type == "array" and (counted := LISTED_COUNT.match(sentence)):
            about = Qualifier(draft.name, given=True, count=int(counted[1]))
            rest = sentence[counted.end() :]
            if _ONLY_SOME.search(sentence) and (
                counted[2] or not self._judged_of(draft, rest, said, about)
            ):
                said.unread.append(Remark(draft.location, draft.name, sentence, UNDER_CONDITION))
            return
        sentence = _SAYS_IT_AGAIN.sub(" ", sentence)
        for inner in _BRACKETS.finditer(sentence):
            if (_CUE.search(inner[1]) or _ONLY_SOME.search(inner[1])) and self._judged(
                draft, inner[1], said
            ):
                sentence = sentence.replace(inner[0], " ")
        effect = _EFFECT.search(sentence) if _CONSTRAINT.search(sentence) else None
        if effect:
            said.ignored.append(
                Remark(draft.location, draft.name, effect[0].strip(), UNDER_CONDITION)
            )
            sentence = _EFFECT.sub(" ", sentence)
        if _WHERE.search(sentence) and self._judged(draft, sentence, said):
            return
        first = self._of_some_values(draft, sentence) or (
            draft.name != "model" and begins_with_whom(draft, sentence, self.context)
        )
        if first and self._judged(draft, sentence, said):
            return
        if draft.name == "model":
            beside = re.match(r"([\w.-]+) ?(?::|=|—|–|--) ?(?=\S)", sentence, re.ASCII)
            if beside and beside[1] in self.context.ids:
                self._of_model(draft, beside[1], sentence[beside.end() :], said)
                return
            label = _LABEL.match(sentence)
            meant = self.context.ids_in(label[1]) if label and len(self.context.ids) > 1 else []
            if label and len(meant) == 1:
                self._of_model(draft, meant[0], sentence[label.end() :], said)
                return
            if self._of_models(draft, sentence, said):
                return
        if _ONLY_THERE.search(sentence) and self._judged(draft, sentence, said):
            return
        sentence = self._without_whole(draft, _USED_WHEN.sub("", sentence), said)
        listed = draft.type in ("array", "object")
        without = _WHEN_OMITTED.sub("", sentence) if _WHEN_OMITTED.match(sentence) else ""
        if listed and without and not _BINDS.search(without):
            note = Remark(draft.location, draft.name, sentence, "what holds without it")
            said.ignored.append(note)
            return
        bare = in_digits(sentence)
        if draft.name == "model":
            for name in sorted(self.context.ids, key=len, reverse=True):
                bare = bare.replace(name, " " * len(name))
        clause = Clause(draft, self.context, bare)
        condition = condition_of(draft, sentence, self.context)
        if self._in_parts(draft, sentence, said):
            return
        if condition and self._in_other_words(draft, sentence, said):
            return
        told = without_opening(draft, sentence, self.context) if condition else ""
        if condition and any(self._qualified(draft, each, said) for each in (sentence, told)):
            return
        conditional = condition
        if draft.type == "boolean" and condition == UNDER_CONDITION:
            conditional = condition_of(draft, _OWN_CONDITION.sub(" ", sentence), self.context)
        senses, reasons, rest = apply(
            clause, lambda rule: not conditional or rule.meaning not in ONLY_UNCONDITIONAL
        )
        partly = [reason for reason in reasons if reason.startswith("holds only")]
        if partly and self._qualified(draft, sentence, said):
            reasons = [reason for reason in reasons if reason not in partly]
            rest = ""
        if not any(sense.facts or sense.question for sense in senses) and (
            self._judged(draft, sentence, said)
            or (
                self._begins_with_a_value(draft, sentence)
                and self._qualified(draft, sentence, said)
            )
        ):
            return
        for name, keyword, value in beside_needed(draft, senses):
            self._add(draft, name, keyword, value, said)
        for part in parts_of(rest) if senses and not conditional else ():
            cut = _WITHOUT_SUBJECT.match(part) or part.endswith(" of")
            if cut or not self._judged(draft, part, said):
                continue  # else it would be said of the field, and not of what is spoken of
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
        if questions or not (_CONSTRAINT.search(rest) or self._refuses(draft, rest)):
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

    def _refuses(self, draft: Draft, text: str) -> bool:
        """Whether a text says that a request is refused for the sake of another field."""
        return bool(_REFUSES.search(text) and self.context.fields_in(text, draft.name))

    def _in_other_words(self, draft: Draft, sentence: str, said: Said) -> bool:
        """`Drafts are silent: when it is on, send audio false`: what follows the colon is read.

        Only where nothing but the field itself is named before it; it says that in other words.
        """
        head, colon, tail = sentence.partition(":")
        if not colon or tail[:1].isdigit() or not _CONSTRAINT.search(head):
            return False
        named = named_in(in_digits(head), draft, self.context)
        if not named or any(n.who.field != draft.name for n in named):
            return False
        return self._judged(draft, tail, said)

    def _of_an_id(self, sentence: str) -> bool:
        """Whether a sentence begins with a model's id as a label: `nova-1-lite: sung`."""
        label = re.match(r"([\w.-]+) ?: ?\S", sentence, re.ASCII)
        return label is not None and label[1] in self.context.ids

    def _of_each_item(self, draft: Draft, sentence: str, said: Said) -> str:
        """Read how many each object of a list has: `each subject has 1 to 3 pictures`."""
        left = []
        parts = re.split(r"[,;] ?", sentence)
        for part in parts:
            found = _OF_EACH_ITEM.match(part)
            rest = part[found.end() :].strip() if found else ""
            lists = [
                other
                for name, other in self.context.drafts.items()
                if name.startswith(f"{draft.name}.") and other.type == "array"
                if any(medium in name for medium in media_in(rest))
            ]
            limits = self._plain_facts(lists[0], in_digits(rest)) if len(lists) == 1 else None
            for keyword, value in (limits or {}).items():
                self._add(draft, lists[0].name, keyword, value, said)
            left += [] if limits else [part]
        return sentence if len(left) == len(parts) else ",".join(left)

    def _in_plain_words(self, draft: Draft, sentence: str, said: Said) -> None:
        """Read a sentence with its synonyms replaced; what is asked shows the page's own words."""
        plain = sentence
        if len(sentence) <= MOST_SENTENCE:
            named = sentence if draft.name == "model" else with_ids(sentence, self.context)
            plain = plainer(named)
        facts, asked, known = len(said.facts), len(said.unread), len(said.ignored)
        if self._composed(draft, plain, said):
            return
        self._sentence(draft, plain, said)
        misread = _FOR_WHOM.match(plain) and not all_relate(Said(said.facts[facts:]))
        misread = misread or forgets(plain, said.facts[facts:], self.context)
        left = len(said.unread) > asked or len(said.facts) == facts or misread
        if left and draft.location == "request":
            self._retold(draft, plain, said, (facts, asked, known))
        for remarks in (said.unread, said.ignored) if plain != sentence else ():
            for at, remark in enumerate(remarks):
                if remark.sentence == plain:
                    remarks[at] = dataclasses.replace(remark, sentence=sentence)

    def _of_some_values(self, draft: Draft, sentence: str) -> bool:
        """Whether a sentence says of some values what they need: `More than 9 s needs a prompt`."""
        if draft.name == "model" or not self.context.fields_in(sentence, draft.name):
            return False
        so = SO.search(sentence)
        rule = sentence[so.end() :] if so else sentence
        named = named_in(in_digits(rule), draft, self.context)
        who = named[0].who if named and named[0].start == 0 else None
        some = who is not None and 0 < len(who.values) < len(values_of(draft, self.context))
        return some and who is not None and who.field == draft.name

    def _begins_with_a_value(self, draft: Draft, sentence: str) -> bool:
        """Whether a sentence is about one of the field's options: `1080p is limited to 5 s`."""
        first = re.match(r"[\w.:-]+", sentence, re.ASCII)
        if first is None or draft.type not in ("string", "boolean"):
            return False
        options = map(str, values_of(draft, self.context))
        return first[0] in (("true", "false") if draft.type == "boolean" else options)

    def _address(self, draft: Draft, sentence: str, said: Said) -> str:
        """Read what a sentence says of a field as an address; what is left of it to be read."""
        address = read_address(draft, sentence)
        if address.asked:
            said.unread.append(Remark(draft.location, draft.name, address.asked, NOT_ONLY_WEB))
        for keyword, value in address.facts.items():
            self._add(draft, draft.name, keyword, value, said)
        return address.rest
