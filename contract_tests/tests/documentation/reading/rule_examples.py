"""The rules with their examples, and the fields that the examples speak of."""

from __future__ import annotations

import json
import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.clause import Said
from documentation.reading.prose.rules import table

RULES = table()


def fields() -> list[Draft]:
    """The fields that the examples speak of."""
    modes = ["text-to-video", "image-to-video", "first-last-frame", "video-continuation"]
    return [
        Draft("request", "model", ("string",), schema=[("enum", ["nova-1-pro", "nova-1-lite"])]),
        Draft("request", "generation_type", ("string",), schema=[("enum", modes)]),
        Draft("request", "prompt", ("string",)),
        Draft("request", "image_urls", ("array",), "string"),
        Draft("request", "video_url", ("string",)),
        Draft("request", "callback_url", ("string",)),
        Draft("request", "duration", ("integer",)),
        Draft("request", "seed", ("integer",)),
        Draft("request", "frames", ("integer",)),
        Draft("request", "safety", ("integer",)),
        Draft("request", "audio", ("boolean",)),
        Draft("request", "resolution", ("string",)),
        Draft("request", "shots", ("array",), "object"),
        Draft("request", "shots.duration", ("integer",)),
    ]


def facts_of(result: Said) -> list[str]:
    return [f"{fact.keyword} {json.dumps(fact.value, ensure_ascii=False)}" for fact in result.facts]


def wanted(says: str) -> list[str]:
    lines = []
    for part in re.split(r"; (?=[a-z]+[A-Z ])", says):
        keyword, _, value = part.partition(" ")
        try:
            json.loads(value)
        except ValueError:
            value = json.dumps(value, ensure_ascii=False)
        lines.append(f"{keyword} {value}")
    return lines
