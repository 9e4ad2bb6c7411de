"""What stops a build."""

from __future__ import annotations


class BuildError(Exception):
    """What stopped the build, in one line for people."""


class BrokenReferenceError(BuildError):
    """A `$ref` that can't be followed; the message goes on from the name of the document."""
