"""The programs and commands that README.md and examples/ show: what of them a changed spec ends.

They are people's to write, so nothing changes them; docs-accept says what they have to change, and
proposes a patch where a field has another name now.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documentation.checking.spec import PAGE_KEY

_PROGRAM = re.compile(r"^```py(?:thon)?\n(.*?)^```", re.MULTILINE | re.DOTALL)  # or a part of one
_COMMAND = re.compile(
    r"^foxapi-video (?:create|generate|models) ([\w.-]*\d[\w.-]*)(.*)$", re.MULTILINE
)


def outdated(root: Path, document: dict[str, Any]) -> list[str]:
    """What README.md and the examples of a checkout use that a spec does not have, or leave out."""
    schemas = document["components"]["schemas"]
    fields: dict[str, set[str]] = {}
    needed: dict[str, list[set[str]]] = {}
    for schema in schemas.values():
        model = schema.get("properties", {}).get("model", {})
        for name in model.get("enum", [model.get("const")]):
            fields.setdefault(name, set()).update(schema.get("properties", {}))
            needed.setdefault(name, []).append({*schema.get("required", ())} - {"model"})
    found = []
    for path in [root / "README.md", *sorted((root / "examples").glob("*.py"))]:
        text = path.read_text("utf-8") if path.exists() else ""
        programs = _PROGRAM.findall(text) if path.suffix == ".md" else [text]
        wrong = [line for program in programs for line in _of_program(program, schemas)]
        wrong += [line for each in programs for line in _of_keywords(each, fields, needed)]
        wrong += _of_commands(text, fields) if path.suffix == ".md" else []
        found += [f"{path.relative_to(root)}: {line}" for line in dict.fromkeys(wrong)]
    return found


def patch_of(root: Path, document: dict[str, Any], page: str, twins: dict[str, str]) -> str:
    """A patch of README.md and the examples, for fields of a page that have another name now.

    Args:
        root: The checkout.
        document: The parsed spec.
        page: The page.
        twins: Its fields of before, each with its name now.
    """
    schemas = document["components"]["schemas"]
    variants = {name for name, each in schemas.items() if each.get(PAGE_KEY) == page}
    members = (schemas[name].get("properties", {}) for name in variants)
    models = {model for each in members for model in each.get("model", {}).get("enum", [])}
    diff: list[str] = []
    for path in [root / "README.md", *sorted((root / "examples").glob("*.py"))]:
        text = after = path.read_text("utf-8") if path.exists() else ""
        if path.suffix == ".md":
            for program in _PROGRAM.findall(text):
                after = after.replace(program, _renamed(program, variants, models, twins))
            for found in _COMMAND.finditer(text):
                if found[1] in models:
                    after = after.replace(found[0], _renamed_options(found[0], twins))
        else:
            after = _renamed(text, variants, models, twins)
        name = path.relative_to(root).as_posix()
        old, new = (each.splitlines(keepends=True) for each in (text, after))
        diff += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(diff)


def _renamed(program: str, classes: set[str], models: set[str], twins: dict[str, str]) -> str:
    """A program that gives the fields of some requests by their names now."""
    lines = [line.encode() for line in program.splitlines(keepends=True)]
    places = []
    for call in ast.walk(ast.parse(program)):
        if not isinstance(call, ast.Call):
            continue
        named = next((each.value for each in call.keywords if each.arg == "model"), None)
        of_class = isinstance(call.func, ast.Name) and call.func.id in classes
        if of_class or (isinstance(named, ast.Constant) and named.value in models):
            places += [each for each in call.keywords if each.arg in twins]
    for place in sorted(places, key=lambda each: (each.lineno, each.col_offset), reverse=True):
        line, old = lines[place.lineno - 1], str(place.arg)
        head, tail = line[: place.col_offset], line[place.col_offset + len(old) :]
        lines[place.lineno - 1] = head + twins[old].encode() + tail
    return b"".join(lines).decode()


def _renamed_options(command: str, twins: dict[str, str]) -> str:
    for old, new in twins.items():
        option = f"--{old.replace('_', '-')}"
        command = re.sub(rf"{option}(?![\w-])", f"--{new.replace('_', '-')}", command)
    return command


def _of_program(program: str, schemas: dict[str, Any]) -> Iterator[str]:
    """Each class of a request that a program makes, and each of its arguments."""
    for call in ast.walk(ast.parse(program)):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        name = call.func.id
        if name in schemas:
            given = {each.arg.rstrip("_") for each in call.keywords if each.arg}
            yield from (
                f"{name} has no {each}" for each in sorted(given - {*schemas[name]["properties"]})
            )
            missing = {*schemas[name].get("required", ())} - given - {"model"}
            yield from (f"{name} needs {each}" for each in sorted(missing))
        elif name.endswith("Request"):
            yield f"there is no {name}"


def _of_keywords(
    program: str, fields: dict[str, set[str]], needed: dict[str, list[set[str]]]
) -> Iterator[str]:
    """Each model that a call of create or generate names by keyword, and each of its arguments."""
    for call in ast.walk(ast.parse(program)):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        given = {each.arg: each.value for each in call.keywords if each.arg}
        named = given.pop("model", None)
        if call.func.attr not in ("create", "generate") or not isinstance(named, ast.Constant):
            continue
        model = str(named.value)
        if model not in fields:
            yield f"there is no model {model}"
            continue
        used = given.keys() - _ARGUMENTS
        yield from (f"{model} has no {each}" for each in sorted(used - fields[model]))
        missing = set.intersection(*needed[model]) - used
        yield from (f"{model} needs {each}" for each in sorted(missing))


def _of_commands(text: str, fields: dict[str, set[str]]) -> Iterator[str]:
    """Each model that a command names, and each option that is no option of its own."""
    for model, options in _COMMAND.findall(text):
        if model not in fields:
            yield f"there is no model {model}"
            continue
        named = {each.replace("-", "_") for each in re.findall(r" --([a-z-]+)", options)}
        for each in sorted(named - fields[model] - _OPTIONS):
            yield f"{model} has no {each}"


_ARGUMENTS = {"check", "deadline", "extra_body", "on_progress", "polling", "timeout"}
_OPTIONS = {"download", "help", "json", "output", "overwrite", "poll", "timeout"}
