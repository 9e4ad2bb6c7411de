"""A sentence on its way to become facts, and the sense that a rule's match makes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.context import Context
from documentation.draft import Draft

Match = re.Match[str]


@dataclass(slots=True)
class Clause:
    """A sentence being understood for a field; in a gloss, for one option of `option_of`."""

    draft: Draft
    context: Context
    text: str
    gloss: bool = False


@dataclass(slots=True)
class Sense:
    """What a match says: facts as (field, keyword, value), where it ends, why there are none.

    A `reason` sets the sentence aside for good; a `question` is for people to settle.
    """

    facts: list[tuple[str, str, Any]] = field(default_factory=list)
    reason: str = ""
    question: str = ""
    end: int | None = None
