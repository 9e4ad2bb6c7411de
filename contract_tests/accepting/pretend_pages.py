"""Documentation pages of models that nobody has, in our own words, each with fields of its own.

They are laid out as the real site lays out its pages, and leave nothing for people to decide.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

FAMILIES = (
    *("marmot", "lemur", "tapir", "quokka", "serval", "dhole"),
    *("okapi", "caracal", "pangolin", "numbat", "fennec", "saiga"),
)
KINDS = ("text-to-video", "image-to-video", "fast", "pro")
_OPENS = "POST\n/\nv1\n/\nvideos\n/\ngenerations\n"
_CALLBACK = """Rules:

  • HTTPS only
  • Must not point to a private host (127.0.0.1, 10.x.x.x, 172.16-31.x.x, 192.168.x.x, etc.)
  • At most 2048 characters"""
_ANSWER = """
Response

The task that was begun

created
integer

Second of its begin

id
string

Name of the task

progress
integer

How much is done (0-100)

Required range: 0 <= x <= 100
status
enum<string>

How the task stands

Available options:
pending,
processing,
completed,
failed
"""


class _Field(NamedTuple):
    """A field as a page shows it: its words, and a value that it takes."""

    name: str
    words: str
    example: Any


def pretend_pages(count: int, seed: int = 1) -> dict[str, str]:
    """Pages by their names, of one model each.

    Args:
        count: How many.
        seed: Makes the same pages again.
    """
    draw = random.Random(seed)
    return {name: _page(name, draw) for name in list(_names(count))}


def _names(count: int) -> Iterator[str]:
    for number in range(count):
        version, family = divmod(number, len(FAMILIES))
        kind = KINDS[version % len(KINDS)]
        yield f"{FAMILIES[family]}-{version // len(KINDS) + 1}.{version % len(KINDS)}-{kind}"


def _page(name: str, draw: random.Random) -> str:
    fields = [*_always(name, draw), *draw.sample(_choices(name, draw), draw.randint(4, 8))]
    sample = {field.name: field.example for field in fields}
    body = "\n\n".join(field.words for field in fields)
    return (
        f"{name}\n{_OPENS}curl --request POST \\\n"
        "  --url https://api.foxapi.cc/v1/videos/generations \\\n"
        f"  --data '\n{json.dumps(sample, indent=2)}\n'\n\n"
        f"Body\n\napplication/json\n{body}\n{_ANSWER}"
    )


def _always(name: str, draw: random.Random) -> list[_Field]:
    scene = draw.choice(("crosses a river", "climbs a wall", "sleeps in the snow"))
    length = draw.randrange(500, 5001, 100)
    words = f"A {name.partition('-')[0]} {scene}"
    head = f"string\ndefault:{name}\nrequired"
    return [
        _field("model", head, f"{name}: turns words into a clip", name),
        _field(
            *("prompt", "string\nrequired", "What is to be seen", words),
            f"Maximum string length: {length}",
        ),
    ]


def _choices(name: str, draw: random.Random) -> list[_Field]:
    """The fields that a page may have, with limits and options drawn for this one."""
    least = draw.randint(2, 5)
    most = least + draw.randint(3, 12)
    seconds = draw.randint(least, most)
    sizes = draw.sample(("360p", "480p", "540p", "720p", "1080p", "2k", "4k"), draw.randint(2, 4))
    shapes = draw.sample(("16:9", "9:16", "1:1", "4:3", "3:4", "21:9"), draw.randint(2, 5))
    styles = draw.sample(("ink", "clay", "anime", "noir", "pastel"), draw.randint(2, 4))
    pictures, highest = draw.randint(2, 7), draw.choice((65535, 2147483647, 4294967295))
    strength, avoided = draw.choice((1, 2, 10)), draw.randrange(200, 2001, 50)
    sound = draw.choice(("true", "false"))
    listed = "Options:\n\n" + "\n".join(f"  • {shape}" for shape in shapes)
    return [
        _field(
            *("duration", f"integer\ndefault:{seconds}", "Length of the clip in whole seconds"),
            *(seconds, f"Required range: {least} <= x <= {most}"),
        ),
        _options("resolution", "Sharpness of the picture", sizes),
        _options("style", "Look of the picture", styles),
        _field(
            *("aspect_ratio", f"string\ndefault:{shapes[0]}", "Shape of the picture"),
            *(shapes[0], listed),
        ),
        _field(
            *("image_urls", "string[]", f"Addresses of pictures, up to {pictures} images"),
            [f"https://example.com/{name}.png"],
        ),
        _field(
            *("seed", "integer | null", "The same number gives the same clip"),
            *(42, f"Required range: 0 <= x <= {highest}"),
        ),
        _field(
            *("strength", "number", "How far the clip leaves its pictures"),
            *(0.5, f"Required range: 0 <= x <= {strength}"),
        ),
        _field(
            *("negative_prompt", "string | null", "What is not to be seen"),
            *("haze", f"Maximum string length: {avoided}"),
        ),
        _field("generate_audio", f"boolean\ndefault:{sound}", "Whether it has sound", True),
        _field("watermark", "boolean", "Whether a mark is shown", False),
        _field(
            *("callback_url", "string<uri>", "Whom to tell that it is done"),
            *(f"https://example.com/done/{name}", _CALLBACK),
        ),
    ]


def _options(name: str, meaning: str, values: list[str]) -> _Field:
    listed = ",\n".join(values)
    head = f"enum<string>\ndefault:{values[0]}"
    return _field(name, head, meaning, values[0], f"Available options:\n{listed}")


def _field(name: str, head: str, meaning: str, example: Any, limits: str = "") -> _Field:
    parts = [f"{name}\n{head}", meaning, limits, f"Example:\n\n{json.dumps(example)}"]
    return _Field(name, "\n\n".join(part for part in parts if part), example)
