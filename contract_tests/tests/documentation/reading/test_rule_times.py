"""No sentence makes a rule or a sign slow: each is tried on long sentences of its own words.

Python's expressions count no steps, so time is all that there is to compare: the processor's, not
the clock's, with what a scan takes that looks ahead from every place of such a sentence. Who seems
slow is measured again, each time beside a scan of that moment, so that a machine that has become
slower meanwhile, or other work on it, makes no rule slow.

A longer part of a sentence is tried where the part before leaves too little of what is allowed, if
time grew with the fifth power of the length: what grows faster still has done so by then.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest

from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.reading.rule_examples import RULES, fields
from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.clause import MOST_SENTENCE
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import Rule, Sign, ignoring_case, signs
from documentation.reading.prose.rules.synonyms import synonyms
from documentation.reading.prose.sentences import ProseReader

PARTS = (30, 250, 500, MOST_SENTENCE)
SURE = 250  # where a sentence has come to what it has over and over
MOST_SCANS = 60
_SCAN = re.compile(r"(?:[a-z]|[ ,]){120,}?x")
_FILLERS = ("a", "a ", "1", "a,", "1, a ", "a_b, ", "a-", "(", "一", "1 一", " images 1")


def words_of(pattern: str) -> list[str]:
    """The plain words of a pattern, each once, in its order."""
    plain = re.sub(r"\{[a-z]+\}|\(\?(?:<?[=!]|P<\w+>|(?:-i)?:)|\\[a-z]|\{\d*,?\d*\}", "|", pattern)
    words = re.findall(r"[A-Za-z_'][A-Za-z_' ]*[A-Za-z_']|[一-鿿]+", plain)
    return list(dict.fromkeys(words))


def hostile_sentences(pattern: str, example: str) -> Iterator[str]:
    """Beginnings of what the pattern finds, and then one thing over and over."""
    words = words_of(pattern)
    endless = [*words, *(f"{word} " for word in words), *_FILLERS, " ".join(words), "".join(words)]
    ends = [word.end() for word in re.finditer(r"\w+", example)]
    cuts = sorted({cut for end in ends for cut in (end, end + 1)})
    beginnings = ["", *(example[:cut] for cut in cuts)]
    for filler in filter(None, endless):
        for beginning in beginnings if filler in _FILLERS else ("", example):
            yield beginning + filler * MOST_SENTENCE
    yield from (beginning * MOST_SENTENCE for beginning in beginnings[1:])


def seconds(expression: re.Pattern[str], sentence: str) -> float:
    start = time.process_time()
    for _ in expression.finditer(sentence):
        pass
    return time.process_time() - start


def seconds_of_reading(reader: ProseReader, draft: Draft) -> float:
    start = time.process_time()
    reader.read(draft)
    return time.process_time() - start


def scanning() -> float:
    """What the allowed number of scans of a sentence takes at this moment."""
    sentence = ("of, " * MOST_SENTENCE)[:MOST_SENTENCE]
    return sum(seconds(_SCAN, sentence) for _ in range(MOST_SCANS))


usual_scanning = cache(scanning)


def is_slow(measured: Callable[[], float], scans: int = 1) -> bool:
    """Whether something takes longer than so many times the scans, also when it is tried again."""
    return measured() > scans * usual_scanning() and all(
        measured() > scans * scanning() for _ in range(5)
    )


def too_long(expression: re.Pattern[str], sentence: str) -> bool:
    """Whether it takes too long at some length."""
    for length in PARTS:
        taken = seconds(expression, sentence[:length])
        if taken > usual_scanning() and is_slow(partial(seconds, expression, sentence[:length])):
            return True
        if length >= SURE and taken < usual_scanning() * (length / MOST_SENTENCE) ** 5:
            return False
    return False


def slow_sentences(rule: Rule | Sign) -> list[str]:
    """The sentences that make one expression slow."""
    example = re.sub("[«»]", "", rule.example)
    sentences = list(dict.fromkeys(hostile_sentences(rule.pattern, example)))
    if isinstance(rule, Rule):
        sentences = [s for s in sentences if rule.may_match(s.lower())]
        expression = rule.expression
    else:
        expression = ignoring_case(rule.pattern)
    return [f"{rule.pattern}: {s[:80]}" for s in sentences if too_long(expression, s)]


@pytest.mark.parametrize("rules", [RULES[n::8] for n in range(8)], ids=range(8))
def test_no_sentence_makes_a_rule_slow(rules: tuple[Rule, ...]) -> None:
    """These are some of the rules."""
    assert not [line for rule in some(rules, 6) for line in slow_sentences(rule)]


def test_no_sentence_makes_a_sign_slow() -> None:
    """These are some of the signs."""
    assert not [line for sign in some(signs(), 6) for line in slow_sentences(sign)]


def test_no_sentence_makes_a_synonym_slow() -> None:
    """These are some of the synonyms."""
    as_signs = [
        Sign("synonym", each.expression.pattern, each.example)
        for each in [*synonyms(), *synonyms("retold")]
    ]
    assert not [line for sign in some(as_signs, 3) for line in slow_sentences(sign)]


@pytest.mark.parametrize("filler", ["a ", "a, ", "1 a ", "a_b, ", "一"])
def test_no_sentence_makes_all_rules_together_slow(filler: str) -> None:
    """These are some of the sentences."""
    words = [word for rule in RULES for word in words_of(rule.pattern) if not set(word) & set(".;")]
    for first in some(range(10), 3):
        drafts = fields()
        draft = next(draft for draft in drafts if draft.name == "image_urls")
        draft.prose = [(" ".join(words[first::10]) + filler * MOST_SENTENCE)[:MOST_SENTENCE]]
        reader = ProseReader("page", Context(drafts))
        assert not is_slow(partial(seconds_of_reading, reader, draft), 4)


def test_a_rule_that_is_slow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By half the sentence, for an eighth of the time, of which an eighth is allowed."""
    monkeypatch.setattr(f"{__name__}.MOST_SCANS", MOST_SCANS // 8)
    monkeypatch.setattr(f"{__name__}.usual_scanning", scanning)
    cubic = re.compile(r"[a-z ]*[a-z ]*[a-z ]*x")
    assert too_long(cubic, "a " * (SURE // 4))
    assert not too_long(re.compile(r"[a-z ]*x"), "a " * (SURE // 4))
