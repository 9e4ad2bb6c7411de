"""Members that a handwritten page describes once for several objects, or in a sentence."""

from __future__ import annotations

from typing import Any

from contract_tests.tests.documentation.reading.expectation import schemas_of
from documentation.checking.variant_schema import valid
from documentation.reading.page import read_page

ALIKE = """
# Lyra

```bash
curl https://api.example/v1/videos/generations \\
  -d '{"model": "lyra-1", "frames": {"frame0": {"kind": "ode", "text": "Rain"}}}'
```

## Request body
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `model` | string | Yes | Always `lyra-1`. |
| `frames` | object | No | See [Frames](#frames) |
| `moods` | array of objects | No | Each entry has a `tone` (string, required) that says how |

### Frames
Give `frame0` or `frame1`. Each is an object:

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `kind` | string | Yes | `ode` or `pun` |
| `tune` | string | No | Only `slow` is supported. |
| `text` | string | With `ode` | What it says. Must not be given with `pun` |

They must match the moon phase of 3 cities.
"""


def test_objects_side_by_side_have_the_members_of_one_table() -> None:
    (schema,) = schemas_of(ALIKE)

    def judge(**more: Any) -> bool:
        return valid({"model": "lyra-1", **more}, schema, {})

    assert judge(frames={"frame0": {"kind": "ode", "text": "Rain"}, "frame1": {"kind": "pun"}})
    assert judge(frames={"frame1": {"kind": "ode", "text": "Rain"}})
    assert not judge(frames={"frame1": {"kind": "ode"}})
    assert not judge(frames={"frame1": {"kind": "pun", "text": "Rain"}})
    assert not judge(frames={"frame0": {"kind": "rain"}})


def test_what_follows_the_table_is_said_of_the_object_around_them() -> None:
    assert {each.field for each in read_page(ALIKE, "lyra-1").unread} == {"frames"}


def test_what_alone_is_supported_is_the_one_value() -> None:
    (schema,) = schemas_of(ALIKE)
    for tune, accepted in (("slow", True), ("fast", False)):
        frames = {"frame0": {"kind": "pun", "tune": tune}}
        assert valid({"model": "lyra-1", "frames": frames}, schema, {}) == accepted


def test_what_each_entry_has_is_a_member_of_the_list() -> None:
    (schema,) = schemas_of(ALIKE)
    assert valid({"model": "lyra-1", "moods": [{"tone": "soft"}]}, schema, {})
    assert not valid({"model": "lyra-1", "moods": [{}]}, schema, {})
    assert not valid({"model": "lyra-1", "moods": [{"tone": 1}]}, schema, {})
    assert not [each for each in read_page(ALIKE, "lyra-1").unread if each.field == "moods"]
