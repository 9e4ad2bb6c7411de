"""Bundle openapi.yaml into build/: as it is, and with the overlay of each tool applied.

`redocly bundle` applies the overlays. The Overlay standard lets an action whose target matches
nothing succeed, and two tools may read a target differently. So each overlay passes a gate: it is
applied here too, action by action; a target that matches nothing stops the build and is named, and
so does a result that differs from redocly's.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonpath
import yaml

from documentation import yaml_text

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "openapi.yaml"
BUILD = ROOT / "build"
CONFIG = ROOT / "overlays" / "redocly.yaml"
PLAIN = "openapi.json"
OVERLAYS = {
    "client.openapi.json": ROOT / "overlays" / "client.overlay.yaml",
    "mock.openapi.json": ROOT / "overlays" / "mock.overlay.yaml",
}
# Redocly asks nobody for a newer version of itself, and tells nobody that it ran.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
_PATHS = jsonpath.JSONPathEnvironment(strict=True)


class BuildError(Exception):
    """What stopped the build, in one line for people."""


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


def apply_overlay(document: Any, overlay: Any, name: str) -> Any:
    """A copy of the document with the overlay applied, as the Overlay Specification 1.0 says.

    Raises:
        BuildError: The overlay is malformed, or an action's target matches nothing.
    """
    result = copy.deepcopy(document)
    for number, action in _actions(overlay, name):
        target = action["target"]
        label = f"{name}: action {number} ({action.get('description', 'without a description')})"
        try:
            matches = list(_PATHS.finditer(target, result))
        except jsonpath.JSONPathError as error:
            reason = str(error).splitlines()[0]
            raise BuildError(f"{label}: {target} is no JSONPath: {reason}") from None
        if not matches:
            raise BuildError(
                f"{label}: the target {target} matches nothing; mend or drop the action"
            )
        # Last first, so that removing an item leaves the places of the others as they were found.
        for match in reversed(matches):
            if action.get("remove"):
                if match.parent is None:
                    raise BuildError(f"{label}: the whole document can't be removed")
                holder: Any = match.parent.obj
                del holder[match.parts[-1]]
            else:
                _merge(match.obj, action["update"], label)
    return result


def bundle() -> dict[str, Path]:
    """Write build/openapi.json and one file per overlay, all of them or none.

    What was made from the same inputs is kept.

    Returns:
        The path of each file by its name.

    Raises:
        BuildError: The spec or an overlay is broken.
    """
    read_yaml(SPEC)
    overlays = {name: read_yaml(path) for name, path in OVERLAYS.items()}
    outputs = {name: BUILD / name for name in (PLAIN, *OVERLAYS)}
    stamp, inputs = BUILD / "bundle.sha256", _inputs()
    if all(path.exists() for path in (stamp, *outputs.values())) and stamp.read_text() == inputs:
        return outputs
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=".bundle-") as temporary:
        made = Path(temporary)
        _redocly(made / PLAIN, None)
        document = json.loads((made / PLAIN).read_bytes())
        expected = {
            name: apply_overlay(document, overlay, _shown(OVERLAYS[name]))
            for name, overlay in overlays.items()
        }
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: _redocly(made / name, OVERLAYS[name]), OVERLAYS))
        for name, result in expected.items():
            where = _difference(result, json.loads((made / name).read_bytes()))
            if where is not None:
                overlay = _shown(OVERLAYS[name])
                raise BuildError(f"{overlay}: redocly reads a target otherwise, see {where}")
        stamp.unlink(missing_ok=True)
        for name, path in outputs.items():
            os.replace(made / name, path)
        (made / stamp.name).write_text(inputs)
        os.replace(made / stamp.name, stamp)
    return outputs


def _inputs() -> str:
    """A digest of all that the bundles are made from."""
    code = [Path(__file__), Path(yaml_text.__file__)]
    files = [SPEC, *OVERLAYS.values(), CONFIG, ROOT / "package-lock.json", *code]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _actions(overlay: Any, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(overlay, dict) or not isinstance(overlay.get("actions"), list):
        raise BuildError(f"{name}: an overlay is an object with a list of actions")
    for number, action in enumerate(overlay["actions"], 1):
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise BuildError(f"{name}: action {number} has no target")
        if ("update" in action) == bool(action.get("remove")):
            raise BuildError(f"{name}: action {number} needs either update or remove: true")
        yield number, action


def _merge(target: Any, update: Any, label: str) -> None:
    if isinstance(target, dict) and isinstance(update, dict):
        for key, value in update.items():
            if isinstance(target.get(key), dict) and isinstance(value, dict):
                _merge(target[key], value, label)
            elif isinstance(target.get(key), list) and isinstance(value, list):
                target[key].extend(copy.deepcopy(value))
            else:
                target[key] = copy.deepcopy(value)
    elif isinstance(target, list):
        target.append(copy.deepcopy(update))
    else:
        raise BuildError(
            f"{label}: an update merges objects or appends to a list, and this is neither"
        )


def _difference(one: Any, other: Any, where: str = "$") -> str | None:
    """The path of the first place where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one | other:
            if key not in one or key not in other:
                return f"{where}.{key}"
            if found := _difference(one[key], other[key], f"{where}.{key}"):
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        places = (_difference(a, b, f"{where}[{index}]") for index, (a, b) in pairs)
        return next((place for place in places if place), None)
    return None if one == other and type(one) is type(other) else where


def _redocly(output: Path, overlay: Path | None) -> None:
    command = ["node_modules/.bin/redocly", "bundle", "--config", _shown(CONFIG)]
    command += [_shown(SPEC), "--output", str(output)]
    if overlay is not None:
        command += ["--overlay", _shown(overlay)]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ended.returncode or not output.exists():
        lines = [
            line.strip() for line in (ended.stdout + ended.stderr).splitlines() if line.strip()
        ]
        reasons = [
            line for line in lines if not line.startswith(("npm ", "╔", "║", "╚", "bundling"))
        ]
        raise BuildError(f"{_shown(overlay or SPEC)}: redocly bundle: {' '.join(reasons[:2])}")


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
