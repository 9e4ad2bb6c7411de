"""A command for each model id, whose options are the fields of its variants.

They are made from the shipped schemas, so that a variant that is generated has its options here.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from foxapi_video.catalog import FieldInfo, described, family, variant
from foxapi_video.checking import index
from foxapi_video.cli.values import address_of, text_of
from foxapi_video.errors import known_documentation
from foxapi_video.json_values import is_list, is_object
from foxapi_video.violations import listed, meant

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
    app.info.cls = _models(run, own)


def _of_model(model: str, run: Callable[..., None], own: list[inspect.Parameter]) -> Any:
    """The command of a model, which is made when it is asked for: there may be a hundred."""
    variants = index().get(model, [])
    taken = {"--help", *(f"--{parameter.name}" for parameter in own)}
    fields: dict[str, list[FieldInfo]] = {}
    for name, used in _fields_of(variants).items():
        flags = set("/".join(_flags(name, used)).split("/"))
        if not flags & taken:  # it can still be given with --json
            fields[name] = used
            taken |= flags
    help_text = " / ".join(described(variant(name)) for name in variants) or None
    alone = typer.Typer(add_completion=False)
    add = alone.command(model, help=help_text, rich_help_panel=f"Models of {family(model)}")
    add(_command(model, fields, run, own))
    return typer.main.get_command(alone)


def _models(run: Callable[..., None], own: list[inspect.Parameter]) -> type[TyperGroup]:
    """A group of a command for each model; where it is told to, of one that is not known too."""

    class Models(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(index())

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in index() and cmd_name not in self.commands:
                self.commands[cmd_name] = _of_model(cmd_name, run, own)
            return self.commands.get(cmd_name)

        def parse_args(self, ctx: Any, args: list[str]) -> Any:
            try:
                return super().parse_args(ctx, args)
            except Exception as error:
                # No import finds the class of this error in every version of typer.
                name = getattr(error, "option_name", None)
                if not name:
                    raise
                raise typer.BadParameter(
                    f"there is no such option before the model; one of a field stands behind it: "
                    f"MODEL {name} ..."
                ) from None

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            model = args[0]
            if model in index() or model.startswith("-") or ctx.resilient_parsing:
                name, command, rest = super().resolve_command(ctx, args)
                options = {
                    option for each in (command.params if command else ()) for option in each.opts
                }
                if "--json" not in options and "--json" in rest:
                    raise typer.BadParameter(
                        "--json has the whole request, its model too: give it without a model"
                    )
                return name, command, rest
            if "--unchecked" not in args:
                known = list(index())
                raise typer.BadParameter(
                    f"{model!r} is not one of {listed(known)}{meant(model, known)}\n"
                    f"A model that is newer than {known_documentation()} is sent with --unchecked "
                    "after it, and each of its fields by --extra NAME=JSON."
                )
            return model, _of_model(model, run, own), args[1:]

    return Models


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
        texts: list[str] = []
        for number, (name, used) in enumerate(fields.items()):
            value = given.pop(f"field_{number}")
            if value is not None and value != []:
                texts += [value] * used[0].is_text
                if texts.count("-") > 1:
                    raise typer.BadParameter(
                        "- stands for standard input, which can be read only once"
                    )
                body[name] = _value(name, value, used[0])
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
    words = [
        used[0].description,
        f"({limits})" if limits else "",
        "JSON." * (kind == "object"),
        "Or a file of this machine, which is uploaded." * used[0].is_address,
        "@FILE reads it from a file, - from standard input." * used[0].is_text,
    ]
    panel = "Fields" if any(field.required for field in used) else "Fields that may be left out"
    option = typer.Option(
        *_flags(name, used),
        help=" ".join(word for word in words if word).replace("[", "\\["),
        show_default=False,
        rich_help_panel=panel,
        autocompletion=completing(_options_of(used)),
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


def _options_of(used: list[FieldInfo]) -> list[str]:
    """The values that a field may have in any of the variants."""
    options = (option for field in used for option in field.options or () if option is not None)
    return list(dict.fromkeys(map(str, options)))


def completing(options: Iterable[str]) -> Callable[[str], list[str]]:
    """What gives a shell those of the options that begin with what was typed so far."""

    def complete(incomplete: str) -> list[str]:
        return [option for option in options if option.startswith(incomplete)]

    return complete


def _value(name: str, given: Any, field: FieldInfo) -> Any:
    """What an option gives, as a value of the body."""
    flag = _flags(name, [field])[0]
    if field.is_address:
        items = [address_of(flag, item) for item in (given if is_list(given) else [given])]
        return items if is_list(given) else items[0]
    if "object" in field.types:
        return _object(name, given)
    return text_of(flag, given) if field.is_text else given


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        value: object = json.loads(text)
    except ValueError:
        value = None
    if not is_object(value):
        raise typer.BadParameter(f"--{name.replace('_', '-')} is a JSON object, such as '{{}}'")
    return value
