"""A command for each model id, whose options are the fields of its variants.

They are made from the shipped schemas, so that a variant that is generated has its options here.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from foxapi_video.catalog import FieldInfo, variant
from foxapi_video.checking import index
from foxapi_video.json_values import is_object

_TYPES: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool}


def add_model_commands(
    app: typer.Typer, run: Callable[..., None], own: list[inspect.Parameter]
) -> None:
    """Add a command for each model id.

    Args:
        app: The group they belong to.
        run: What to do with a body, and with the values of the group's own options.
        own: The group's own options.
    """
    for model, variants in index().items():
        help_text = " / ".join(variant(name).description for name in variants)
        taken = {"--help", *(f"--{parameter.name}" for parameter in own)}
        fields: dict[str, list[FieldInfo]] = {}
        for name, used in _fields_of(variants).items():
            flags = set("/".join(_flags(name, used)).split("/"))
            if not flags & taken:  # it can still be given with --json
                fields[name] = used
                taken |= flags
        app.command(model, help=help_text)(_command(model, fields, run, own))


def _fields_of(variants: list[str]) -> dict[str, list[FieldInfo]]:
    """The fields of all variants of a model id, by name: one for each variant that uses it."""
    found: dict[str, list[FieldInfo]] = {}
    for name in variants:
        for field in variant(name).fields:
            if field.types != ("null",):
                found.setdefault(field.name, []).append(field)
    return found


def _command(
    model: str,
    fields: dict[str, list[FieldInfo]],
    run: Callable[..., None],
    own: list[inspect.Parameter],
) -> Callable[..., None]:
    def command(**given: Any) -> None:
        body: dict[str, Any] = {"model": model}
        for number, (name, used) in enumerate(fields.items()):
            value = given.pop(f"field_{number}")
            if value is None or value == []:
                continue
            body[name] = _object(name, value) if "object" in used[0].types else value
        run(body, **given)

    # By number, since a field may have a name that no parameter can have, such as class.
    options = [_option(n, name, used) for n, (name, used) in enumerate(fields.items())]
    parameters = options + own
    # typer reads a command's options from its signature.
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _option(number: int, name: str, used: list[FieldInfo]) -> inspect.Parameter:
    """The option of a field. None has to be given here: what is missing is the checker's to say."""
    kind = _kind(used)
    annotation: Any = list[str] if kind == "array" else _TYPES.get(kind, str)
    limits = " | ".join(dict.fromkeys(field.limits for field in used if field.limits))
    words = [used[0].description, f"({limits})" if limits else "", "JSON." * (kind == "object")]
    panel = "Fields" if any(field.required for field in used) else "Fields that may be left out"
    option = typer.Option(
        *_flags(name, used),
        help=" ".join(word for word in words if word).replace("[", "\\["),
        show_default=False,
        rich_help_panel=panel,
    )
    return inspect.Parameter(
        f"field_{number}",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation | None, option],
    )


def _kind(used: list[FieldInfo]) -> str:
    types = [kind for kind in used[0].types if kind != "null"]
    return types[0] if types else "string"


def _flags(name: str, used: list[FieldInfo]) -> list[str]:
    flag = "--" + name.replace("_", "-")
    return [f"{flag}/--no-{flag[2:]}"] if _kind(used) == "boolean" else [flag]


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        value: object = json.loads(text)
    except ValueError:
        value = None
    if not is_object(value):
        raise typer.BadParameter(f"--{name.replace('_', '-')} is a JSON object, such as '{{}}'")
    return value
