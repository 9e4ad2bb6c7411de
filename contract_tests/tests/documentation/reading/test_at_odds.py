"""Limits for some requests that can't be meant bind nothing, and are asked."""

from __future__ import annotations

from typing import Any

import pytest

from documentation.fact import Fact, Reading
from documentation.reading.at_odds import AT_ODDS, IMPOSSIBLE, NO_ADDRESS, without_impossible


def fact(field: str, keyword: str, value: Any) -> Fact:
    return Fact("nova-1", "request", field, keyword, value, "prose")


def of_lite(**needs: Any) -> Fact:
    return fact("model", "mode", {"name": "nova-1-lite", "needs": needs})


SIZE = fact("size", "enum", ["720p", "1080p"])
LENGTH = fact("duration", "maximum", 10)
LONG, SHORT = of_lite(duration={"minimum": 8}), of_lite(duration={"enum": [4, 6]})
SHOWN = of_lite(image_urls={"minItems": 1})
OUT = of_lite(image_urls={"maxItems": 0})
IMAGES = fact("image_urls", "minItems", 1)
LINK = fact("clip_url", "format", "uri")
VOICE = fact("voice", "default", "auto")
HOSTS = fact("clip_url", "enum", ["https://a.example/1"])


@pytest.mark.parametrize(
    ("facts", "kept", "asked"),
    [
        ([SIZE, of_lite(size={"enum": ["4k"]})], [SIZE], [IMPOSSIBLE]),
        ([LENGTH, of_lite(duration={"minimum": 12})], [LENGTH], [IMPOSSIBLE]),
        ([LENGTH, of_lite(duration={"enum": [12, 16]})], [LENGTH], [IMPOSSIBLE]),
        ([LENGTH, LONG, SHORT], [LENGTH], [AT_ODDS] * 2),
        ([SHOWN, OUT], [], [AT_ODDS] * 2),
        ([SIZE, of_lite(size={"enum": ["720p"]})], [SIZE, of_lite(size={"enum": ["720p"]})], []),
        ([LENGTH, LONG], [LENGTH, LONG], []),
        ([IMAGES, OUT], [IMAGES, OUT], []),
        ([of_lite(size={"enum": ["4k"]}), SIZE, LONG], [SIZE, LONG], [IMPOSSIBLE]),
        (
            [SIZE, of_lite(size={"enum": ["4k"]}, duration={"minimum": 8})],
            [SIZE, LONG],
            [IMPOSSIBLE],
        ),
        ([LINK, fact("clip_url", "enum", ["720p", "1080p"])], [LINK], [NO_ADDRESS]),
        ([LINK, HOSTS], [LINK, HOSTS], []),
        ([LENGTH, fact("duration", "minimum", 12)], [], [AT_ODDS] * 2),
        ([LENGTH, fact("duration", "minimum", 10)], [LENGTH, fact("duration", "minimum", 10)], []),
        ([VOICE, fact("voice", "maxLength", 3)], [VOICE], [AT_ODDS]),
        ([VOICE, fact("voice", "pattern", "^v_")], [VOICE], [AT_ODDS]),
        ([VOICE, fact("voice", "maxLength", 9)], [VOICE, fact("voice", "maxLength", 9)], []),
    ],
    ids=[
        *("an-option-that-there-is-not", "a-bound-beyond-the-range", "values-beyond-the-range"),
        *("values-beyond-a-bound-of-the-same-requests", "needed-and-left-out"),
        *("an-option-that-there-is", "a-bound-in-the-range", "a-list-that-is-left-out"),
        *("whatever-stands-first", "one-of-two-fields"),
        *("options-of-an-address", "addresses-of-an-address"),
        *("at-least-more-than-at-most", "at-least-as-much-as-at-most"),
        *("a-default-that-is-longer", "a-default-spelled-otherwise", "a-default-within-a-limit"),
    ],
)
def test_an_impossible_limit_is_asked_about(
    facts: list[Fact], kept: list[Fact], asked: list[str]
) -> None:
    reading = Reading("nova-1")
    assert without_impossible(reading, facts) == kept
    assert [each.reason for each in reading.unread] == asked
