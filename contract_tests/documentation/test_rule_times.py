"""No sentence makes a rule slow: each is tried on sentences of its own words, ever longer.

What a rule takes is compared with a scan that looks ahead from every place of the same sentence,
in the time of the processor, so that it holds on a busy machine too.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache

import pytest

from contract_tests.documentation.rule_examples import RULES, fields
from documentation.context import Context
from documentation.prose import MOST_SENTENCE, ProseReader
from documentation.rules import Rule

LENGTHS = (30, 250, MOST_SENTENCE)
MOST_SCANS = 60
_SCAN = re.compile(r"(?:[a-z]|[ ,]){120,}?x")
_FILLERS = ("a", "a ", "1", "a,", "1, a ", "a_b, ", "a-", "(", "一", "1 一", " images 1")


def words_of(rule: Rule) -> list[str]:
    """The plain words of a rule's pattern, each once, in its order."""
    plain = re.sub(r"\{[a-z]+\}|\(\?(?:<?[=!]|P<\w+>|:)|\\[a-z]|\{\d*,?\d*\}", "|", rule.pattern)
    words = re.findall(r"[A-Za-z_'][A-Za-z_' ]*[A-Za-z_']|[一-鿿]+", plain)
    return list(dict.fromkeys(words))


def hostile_sentences(rule: Rule) -> Iterator[str]:
    """Beginnings of what the rule reads, and then one thing over and over."""
    words = words_of(rule)
    endless = [*words, *(f"{word} " for word in words), *_FILLERS, " ".join(words), "".join(words)]
    cuts = {
        cut for word in re.finditer(r"\w+", rule.example) for cut in (word.end(), word.end() + 1)
    }
    beginnings = ["", *(rule.example[:cut] for cut in sorted(cuts))]
    for filler in filter(None, endless):
        for beginning in beginnings if filler in _FILLERS else ("", rule.example):
            yield beginning + filler * MOST_SENTENCE
    yield from (beginning * MOST_SENTENCE for beginning in beginnings[1:])


def seconds(expression: re.Pattern[str], sentence: str) -> float:
    start = time.process_time()
    for _ in expression.finditer(sentence):
        pass
    return time.process_time() - start


@cache
def most_seconds() -> float:
    """What so many scans of a sentence take."""
    sentence = ("of, " * MOST_SENTENCE)[:MOST_SENTENCE]
    return sum(seconds(_SCAN, sentence) for _ in range(MOST_SCANS))


def too_long(expression: re.Pattern[str], sentence: str) -> bool:
    """Whether it takes too long at some length; three times, for once may be by chance."""
    return any(
        all(seconds(expression, sentence[:length]) > most_seconds() for _ in range(3))
        for length in LENGTHS
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.meaning}: {rule.example}")
def test_no_sentence_makes_a_rule_slow(rule: Rule) -> None:
    sentences = (s for s in hostile_sentences(rule) if rule.may_match(s.lower()))
    slow = next((s[:80] for s in sentences if too_long(rule.expression, s)), None)
    assert slow is None


@pytest.mark.parametrize("filler", ["a ", "a, ", "1 a ", "a_b, ", "一"])
def test_no_sentence_makes_all_rules_together_slow(filler: str) -> None:
    words = [word for rule in RULES for word in words_of(rule) if not set(word) & set(".;")]
    for first in range(10):
        drafts = fields()
        draft = next(draft for draft in drafts if draft.name == "image_urls")
        draft.prose = [(" ".join(words[first::10]) + filler * MOST_SENTENCE)[:MOST_SENTENCE]]
        reader = ProseReader("page", Context(drafts))
        start = time.process_time()
        reader.read(draft)
        assert time.process_time() - start < 4 * most_seconds()


def test_a_rule_that_is_slow_is_noticed() -> None:
    cubic = re.compile(r"[a-z ]*[a-z ]*[a-z ]*x")
    assert too_long(cubic, "a " * MOST_SENTENCE)
