"""What a mutant is: the spec with one thing wrong."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Edit = Callable[[Document], None]
Path = Sequence[str | int]


@dataclass(frozen=True)
class Mutant:
    """openapi.yaml with one constraint wrong.

    Attributes:
        id: The schema or operation, the field and what is wrong there.
        kind: The sort of mistake, such as `bound off by one`.
        location: request or response.
        schema: The schema of components that differs; empty where the operation itself does.
        edit: Makes the mistake in a document.
        about: The field of a request whose values it concerns; empty where it is no single one.
        equivalent: Why it gives every body the verdict that the spec gives; empty where it doesn't.
    """

    id: str
    kind: str
    location: str
    schema: str
    edit: Edit = field(repr=False)
    equivalent: str = ""
    about: str = ""

    def document(self, spec: Document) -> Document:
        """A copy of the spec with the mistake in it."""
        made = copied(spec)
        self.edit(made)
        return made


def copied(spec: Document) -> Document:
    """A copy of a document, made sooner than by deepcopy."""
    made: Document = pickle.loads(pickle.dumps(spec))  # noqa: S301 - made here
    return made


def at(document: Any, path: Path) -> Any:
    """What stands at a path of a document."""
    for step in path:
        document = document[step]
    return document
