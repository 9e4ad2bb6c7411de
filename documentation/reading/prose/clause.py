"""A sentence that is being read for a field, and what the match of a rule in it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.context import Context

Match = re.Match[str]


@dataclass(slots=True)
class Clause:
    """A sentence, and the field below which it stands.

    A gloss is what the page writes beside one of the field's options.
    """

    draft: Draft
    context: Context
    text: str
    gloss: bool = False


@dataclass(slots=True)
class Sense:
    """What a match says: facts as (field, keyword, value), where it ends, why there are none.

    A `reason` says why the sentence is ignored; a `question` is for people to settle.
    """

    facts: list[tuple[str, str, Any]] = field(default_factory=list)
    reason: str = ""
    question: str = ""
    end: int | None = None
