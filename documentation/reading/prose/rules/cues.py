"""Words without which a rule can't match, found in its pattern.

Most rules are about words that most sentences don't have. Looking for a word is far cheaper than
compiling and running an expression, so a rule is compiled only once a sentence has its cue.
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[(?:\\.|[^\]])*\])|(?P<place>\{[a-z]+\})|(?P<plain>[^\\()\[\]{}.^$|?*+])"
    r"|(?P<other>[.^$])"
)
_COUNT = re.compile(r"[?*+][?+]?|\{\d*,?\d*\}[?+]?")


def cues(pattern: str) -> tuple[str, ...]:
    """Lower-case words of which a match has at least one; none where the pattern has no such."""
    best: tuple[str, ...] = ()
    for candidate in _candidates(pattern):
        if candidate and _worth(candidate) > _worth(best):
            best = candidate
    return best


def _worth(words: tuple[str, ...]) -> int:
    return min((sum(1 if c.isascii() else 2 for c in word) for word in words), default=1)


def _candidates(pattern: str) -> list[tuple[str, ...]]:
    """What a sequence requires: its literal runs, and its groups all of whose branches have one."""
    if len(_branches(pattern)) > 1:
        found = tuple(word for branch in _branches(pattern) for word in cues(branch)[:1])
        whole = [cues(branch) for branch in _branches(pattern)]
        return [tuple(word for words in whole for word in words)] if all(whole) and found else []
    found_all: list[tuple[str, ...]] = []
    run, at = "", 0
    while at < len(pattern):
        if pattern[at] == "(":
            end = _closing(pattern, at)
            inner = re.sub(r"^\?(?:P<\w+>|:)", "", pattern[at + 1 : end])
            count = _COUNT.match(pattern, end + 1)
            none = count is not None and re.match(r"[?*]|\{0?,|\{0\}", count[0]) is not None
            optional = none or inner.startswith("?")
            found_all.append((run,) if run else ())
            run, at = "", count.end() if count else end + 1
            if not optional:
                found_all += _candidates(inner)
            continue
        piece = _PIECE.match(pattern, at)
        if piece is None:
            raise ValueError(pattern)
        count = _COUNT.match(pattern, piece.end())
        at = count.end() if count else piece.end()
        if piece["plain"] and count is None:
            run += piece["plain"].lower()
        else:
            found_all.append((run,) if run else ())
            run = piece["plain"].lower() if piece["plain"] and count and count[0][0] == "+" else ""
    return [*found_all, (run,) if run else ()]


def _closing(pattern: str, opening: int) -> int:
    depth, at = 0, opening
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[":
            at = pattern.index("]", at + 2)
        else:
            depth += {"(": 1, ")": -1}.get(pattern[at], 0)
            if depth == 0:
                return at
        at += 1
    raise ValueError(pattern)


def _branches(pattern: str) -> list[str]:
    """A pattern cut at its outermost bars."""
    parts, start, depth, at = [], 0, 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = pattern.index("]", at + 2)
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*parts, pattern[start:]]
