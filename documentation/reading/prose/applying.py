"""Runs the table of rules over a sentence, and cuts lines into the sentences that it is run on."""

from __future__ import annotations

import functools
import re
from typing import Any

from documentation.reading.layouts.text import CJK
from documentation.reading.prose.clause import Clause, Sense
from documentation.reading.prose.meaning.meanings import MEANINGS, ignored
from documentation.reading.prose.rules import Rule, sign, table

_SENTENCE_END = sign("sentence-end")
_NUMBER_WORD = sign("number-word")
_POWER = sign("power")
_ENGLISH_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    word: str(number)
    for words in (_ENGLISH_NUMBERS, "一二三四五六七八九")
    for number, word in enumerate(words, 1)
} | {"两": "2", "eleven": "11", "twelve": "12", "fifteen": "15"}
_NUMBERS |= {"twenty": "20", "thirty": "30", "sixty": "60"}


def split(line: str) -> list[str]:
    """The sentences of a line; a semicolon inside brackets ends none."""
    parts, start = [], 0
    for stop in _SENTENCE_END.finditer(line):
        open_before = line.rfind("(", 0, stop.start()) > line.rfind(")", 0, stop.start())
        if stop["tight"] is None or not open_before or ")" not in line[stop.start() :]:
            parts.append(line[start : stop.start()])
            start = stop.end()
    return [part.strip() for part in [*parts, line[start:]] if part.strip()]


def each_labelled(sentence: str, labels: list[str]) -> list[str]:
    """`nova-1: 1 - 16, nova-1-lite: 1 - 8` taken apart; else the sentence as it is."""
    if sum(label in sentence for label in labels) < 2:
        return [sentence]
    known = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    found = list(re.finditer(rf"(?<![\w.-])(?:{known}) ?:(?=\s?\S)", sentence))
    ends = [*[each.start() for each in found][1:], len(sentence)]
    if len(found) < 2 or found[0].start():
        return [sentence]
    parts = [sentence[each.start() : end].strip() for each, end in zip(found, ends, strict=True)]
    apart = all(re.search(r"[,;、/]$", part) for part in parts[:-1])
    return [part.rstrip(",;、/ ") for part in parts] if apart else [sentence]


@functools.lru_cache(maxsize=1024)
def in_digits(sentence: str) -> str:
    """A sentence with number words and powers of two written as digits."""
    sentence = _CONVERTED.sub(_in_seconds, sentence)
    bare = _NUMBER_WORD.sub(lambda word: _NUMBERS[word[0].lower()], sentence)
    return _POWER.sub(lambda power: str(2 ** int(power[1]) - (1 if power[2] else 0)), bare)


_CONVERTED = re.compile(
    r"(\d+) ?(?:(小时|hours?)|(分钟?|minutes?)|(天|days?)) ?\(=? ?(\d+) ?(?:秒|s|seconds?)?\)", re.I
)


def _in_seconds(found: re.Match[str]) -> str:
    """`1 hour (3600)` as the second number says it, where that is as many seconds."""
    seconds = 3600 if found[2] else 60 if found[3] else 86400
    if int(found[1]) * seconds != int(found[5]):
        return found[0]
    chinese = re.match("[一-鿿]", found[2] or found[3] or found[4])
    return f"{found[5]}{'秒' if chinese else ' seconds'}"


def apply(clause: Clause, allowed: Any) -> tuple[list[Sense], list[str], str]:
    """Try every allowed rule; later rules do not see the words that earlier ones understood.

    Returns what the matches mean, why some of them make no fact, and the text that is left.
    """
    text = clause.text
    senses: list[Sense] = []
    reasons: list[str] = []
    for rule in filter(allowed, _rules_for(text)):
        for match in rule.expression.finditer(text):
            sense = _maker(rule)(match, clause)
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


def _maker(rule: Rule) -> Any:
    """The function behind a rule's meaning."""
    if rule.meaning.startswith("ignored:"):
        return ignored(rule.meaning.partition(":")[2])
    return MEANINGS[rule.meaning]
