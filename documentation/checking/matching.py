"""A text that a pattern of a page accepts, for fields that no page shows a value of."""

from __future__ import annotations

import re
import warnings
from typing import Any

from documentation.checking.algebra import accepts

MOST = 200
_CANDIDATES = "aA0_-. b1Z"


def matching(pattern: str, least: int = 0) -> str:
    """A short text that a pattern accepts; some text where none is found.

    Args:
        pattern: The pattern.
        least: How many characters the text has at least.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = re._parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return "text"
    for repeat in (0, 1, max(1, least)):
        text = _of_all(parsed, repeat)[:MOST]
        if len(text) >= least and fits_pattern(pattern, text):
            return text
    return "text"


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether a pattern accepts a text, as the validators understand it."""
    return accepts({"type": "string", "pattern": pattern}, text)


def misfits(pattern: str, text: str) -> list[str]:
    """Texts near a right one that a pattern refuses."""
    near = ["", " ", "x", f"{text} ", f" {text}", f"{text}!", f"!{text}", text[1:], text[:-1], "é"]
    return [each for each in dict.fromkeys(near) if not fits_pattern(pattern, each)]


def _of_all(parts: Any, repeat: int) -> str:
    return "".join(_of(str(name), value, repeat) for name, value in parts)


def _of(name: str, value: Any, repeat: int) -> str:
    if name == "LITERAL":
        return chr(int(value))
    if name in ("ANY", "NOT_LITERAL"):
        return "b" if value == ord("a") else "a"
    if name == "IN":
        return _of_set(value)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = value
        return _of_all(inner, repeat) * min(max(int(least), repeat), int(most), MOST)
    if name == "SUBPATTERN":
        return _of_all(value[-1], repeat)
    if name == "BRANCH":
        return _of_all(value[1][0], repeat)
    return ""


def _of_set(entries: Any) -> str:
    """A character of a set: the first that it lists, or a plain one that it does not leave out."""
    if str(entries[0][0]) == "NEGATE":
        return next((c for c in _CANDIDATES if not _lists(entries[1:], c)), "a")
    kind, value = str(entries[0][0]), entries[0][1]
    if kind == "RANGE":
        return chr(int(value[0]))
    if kind == "CATEGORY":
        return next(c for c in "0a a" if _lists(entries[:1], c))
    return chr(int(value))


def _lists(entries: Any, character: str) -> bool:
    for name, value in entries:
        kind = str(name)
        if kind == "LITERAL" and ord(character) == value:
            return True
        if kind == "RANGE" and value[0] <= ord(character) <= value[1]:
            return True
        if kind == "CATEGORY":
            shown = {"DIGIT": "0", "WORD": "a0_", "SPACE": " "}
            for word, characters in shown.items():
                if str(value).endswith(f"NOT_{word}"):
                    return character not in characters
                if str(value).endswith(word):
                    return character in characters
    return False
