"""Which documented path a request means."""

from __future__ import annotations

from typing import Any


class Routes:
    """The paths of a spec with their methods."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._methods: dict[str, list[str]] = {
            path: [method.upper() for method in item if "operationId" in item[method]]
            for path, item in document["paths"].items()
        }

    def of(self, segments: tuple[str, ...]) -> tuple[str, list[str]]:
        """The documented path of a request and its methods; no methods where no page has it."""
        for path, methods in self._methods.items():
            parts = path[1:].split("/")
            if len(parts) == len(segments) and all(
                given if part.startswith("{") else part == given
                for part, given in zip(parts, segments, strict=True)
            ):
                return path, methods
        return "", []
