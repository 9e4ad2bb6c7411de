"""Documentation pages of models that nobody has, in our own words, each with fields of its own.

They are laid out as the real site lays out its pages, and leave nothing for people to decide.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

FAMILIES = tuple(
    "marmot lemur tapir quokka serval dhole okapi caracal pangolin numbat fennec saiga".split()
)
KINDS = ("text-to-video", "image-to-video", "fast", "pro")
_OPENS = "POST\n/\nv1\n/\nvideos\n/\ngenerations\n"
_ELSEWHERE = "https://example.com/done/"
_CALLBACK = (
    *("string<uri>", "", "Whom to tell that it is done", "", "Rules:", "", "  • HTTPS only"),
    "  • Must not point to a private host (127.0.0.1, 10.x.x.x, 172.16-31.x.x, 192.168.x.x, etc.)",
    "  • At most 2048 characters",
)
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
    """A field as a page shows it: its lines, and a value that it takes."""

    name: str
    lines: list[str]
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
    body = "".join(f"{field.name}\n" + "\n".join(field.lines) + "\n" for field in fields)
    return (
        f"{name}\n{_OPENS}curl --request POST \\\n"
        "  --url https://api.foxapi.cc/v1/videos/generations \\\n"
        f"  --data '\n{json.dumps(sample, indent=2)}\n'\n\nBody\n\napplication/json\n{body}{_ANSWER}"
    )


def _always(name: str, draw: random.Random) -> list[_Field]:
    scene = draw.choice(("crosses a river", "climbs a wall", "sleeps in the snow"))
    words = f"A {name.partition('-')[0]} {scene}"
    length = draw.randrange(500, 5001, 100)
    return [
        _Field(
            "model",
            ["string", f"default:{name}", "required", "", f"{name}: turns words into a clip"]
            + _shown(name),
            name,
        ),
        _Field(
            "prompt",
            ["string", "required", "", "What is to be seen", ""]
            + [f"Maximum string length: {length}", *_shown(words)[1:]],
            words,
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
    picture = f"https://example.com/{name}.png"
    return [
        _Field(
            "duration",
            ["integer", f"default:{seconds}", "", "Length of the clip in whole seconds", ""]
            + [f"Required range: {least} <= x <= {most}", *_shown(seconds)[1:]],
            seconds,
        ),
        _Field("resolution", _options("Sharpness of the picture", sizes), sizes[0]),
        _Field(
            "aspect_ratio",
            ["string", f"default:{shapes[0]}", "", "Shape of the picture", "", "Options:", ""]
            + [f"  • {shape}" for shape in shapes]
            + _shown(shapes[0])[1:],
            shapes[0],
        ),
        _Field("style", _options("Look of the picture", styles), styles[0]),
        _Field(
            "image_urls",
            ["string[]", "", f"Addresses of pictures, up to {pictures} images"]
            + _shown([picture]),
            [picture],
        ),
        _Field(
            "seed",
            ["integer | null", "", "The same number gives the same clip", ""]
            + [f"Required range: 0 <= x <= {highest}", *_shown(42)[1:]],
            42,
        ),
        _Field(
            "strength",
            ["number", "", "How far the clip leaves its pictures", ""]
            + [f"Required range: 0 <= x <= {strength}", *_shown(0.5)[1:]],
            0.5,
        ),
        _Field(
            "negative_prompt",
            ["string | null", "", "What is not to be seen", ""]
            + [f"Maximum string length: {avoided}", *_shown("haze")[1:]],
            "haze",
        ),
        _Field(
            "generate_audio",
            ["boolean", f"default:{draw.choice(('true', 'false'))}", "", "Whether it has sound"]
            + _shown(True),
            True,
        ),
        _Field("callback_url", [*_CALLBACK, *_shown(f"{_ELSEWHERE}{name}")], f"{_ELSEWHERE}{name}"),
        _Field("watermark", ["boolean", "", "Whether a mark is shown", *_shown(False)], False),
    ]


def _options(meaning: str, values: list[str]) -> list[str]:
    listed = ["enum<string>", f"default:{values[0]}", "", meaning, "", "Available options:"]
    return [*listed, ",\n".join(values), *_shown(values[0])[1:]]


def _shown(value: Any) -> list[str]:
    return ["", "Example:", "", json.dumps(value), ""]
