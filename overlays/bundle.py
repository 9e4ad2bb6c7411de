"""Bundle openapi.yaml into build/: as it is, and with the overlay of each tool applied."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from overlays import yaml_text
from overlays.errors import BrokenReferenceError, BuildError
from overlays.openapi import references, referred

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "openapi.yaml"
BUILD = ROOT / "build"
PLAIN = "openapi.json"
PORTABLE = "portable.openapi.json"  # for other people's tools
OVERLAYS = {
    "client.openapi.json": ROOT / "overlays" / "client.overlay.yaml",
    "mock.openapi.json": ROOT / "overlays" / "mock.overlay.yaml",
    PORTABLE: ROOT / "overlays" / "portable.overlay.yaml",
}


def read_yaml(path: Path) -> Any:
    """The document in a YAML file.

    Raises:
        BuildError: The file can't be read or is not YAML.
    """
    name = _shown(path)
    try:
        return yaml_text.load(path.read_text("utf-8"))
    except OSError as error:
        raise BuildError(f"{name}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise BuildError(f"{name}{where}: not valid YAML: {problem}") from None


def bundle() -> dict[str, Path]:
    """Write build/openapi.json and one file per overlay, once all of them are made.

    Returns:
        The path of each file by its name.

    Raises:
        BuildError: The spec or an overlay is broken.
    """
    from overlays import engine  # which takes longer to load than a page to read

    plain = _as_json(_checked(read_yaml(SPEC)))
    made = {PLAIN: plain}
    for name, path in OVERLAYS.items():
        # As JSON nothing stands in two places by a YAML alias, and each place is changed alone.
        document = json.loads(plain)
        engine.apply(document, read_yaml(path), _shown(path))
        made[name] = (as_indented_json if name == PORTABLE else _as_json)(document)
    BUILD.mkdir(exist_ok=True)
    # Prism starts anew when its file is written, so what is the same stays. What is not is replaced
    # at once: another process may read it, or write the same.
    made = {name: content for name, content in made.items() if not _holds(BUILD / name, content)}
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".bundle-") as temporary:
        for name, content in made.items():
            (Path(temporary) / name).write_text(content, encoding="utf-8")
        for name in made:
            os.replace(Path(temporary) / name, BUILD / name)
    return {name: BUILD / name for name in (PLAIN, *OVERLAYS)}


def _holds(path: Path, content: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == content


def _checked(document: Any) -> Any:
    """The spec; every reference in it leads to an object of its own."""
    for reference in references(document):
        try:
            referred(document, reference)
        except BrokenReferenceError as error:
            raise BuildError(f"{_shown(SPEC)}: it {error}: {reference}") from None
    return document


def as_indented_json(document: Any) -> str:
    """A document as JSON for people to read."""
    from pydantic_core import to_json  # in a third of the time of the standard library's

    return to_json(document, indent=2).decode() + "\n"


def _as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def main() -> int:
    try:
        made = bundle()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("bundled", ", ".join(_shown(path) for path in made.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
