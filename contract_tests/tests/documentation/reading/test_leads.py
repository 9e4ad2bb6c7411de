"""What a line says first of whom it is about holds for all of its sentences."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tests.documentation.reading.test_places import LINK, judged, page

ROWS = """
| `kind` | string | yes | - | `ode`, `pun` or `air` |
| `image_urls` | string[] | no | - | Pictures |
| `video_url` | string | no | - | A video |
| `seconds` | integer | no | - | 1 to 30 |
"""
SAID = {
    "brackets": "双关(kind=pun):必须设置 prompt;不能设置 image_urls 和 video_url",
    "bold": "**双关(`pun`)** 先唱后说。此模式必须提供 `prompt`。提供 `image_urls` 或 `video_url` 的请求会被拒绝。",
    "values": "kind 为 pun 时:必须提供 prompt;不能传 image_urls 或 video_url",
    "english": "kind = pun: sung at once; requires prompt; do not send image_urls or video_url",
}


@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"kind": "pun", "prompt": "A fox"}, True),
        ({"kind": "pun"}, False),
        ({"kind": "pun", "prompt": "A fox", "image_urls": [LINK]}, False),
        ({"kind": "pun", "prompt": "A fox", "video_url": LINK}, False),
        ({"kind": "ode", "image_urls": [LINK], "video_url": LINK}, True),
    ],
    ids=["whole", "without-what-it-needs", "with-the-first", "with-the-second", "another-kind"],
)
def test_a_lead_is_said_of_the_whole_line(words: str, body: dict[str, Any], *, right: bool) -> None:
    assert judged(page(ROWS, below=words), body) is right
