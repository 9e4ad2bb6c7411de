"""The commands of `foxapi-video`."""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from foxapi_video import catalog
from foxapi_video.checking import check as violations_of
from foxapi_video.checking import index as known_models
from foxapi_video.cli import batch_commands, show
from foxapi_video.cli.endings import HELP, Output, Watched, ending
from foxapi_video.cli.streams import check_told
from foxapi_video.cli.usage import Commands
from foxapi_video.cli.values import read_standard_input
from foxapi_video.cli.variant_commands import add_model_commands, completing
from foxapi_video.client import FoxAPI
from foxapi_video.errors import DownloadError, InvalidRequest
from foxapi_video.settings import FIRST_POLL, WAIT
from foxapi_video.tasks import Task
from foxapi_video.version import __version__
from foxapi_video.violations import Violation, listed, meant
from foxapi_video.waiting import Polling

app = typer.Typer(
    cls=Commands,
    name="foxapi-video",
    help="Make videos with FoxAPI. FOXAPI_API_KEY is the key; FOXAPI_BASE_URL may name another "
    "address, such as the mock's.",
    epilog=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_create = typer.Typer(
    help="Start a video, which is paid for, and print its task without waiting for it.",
    epilog=HELP,
    invoke_without_command=True,
)
_generate = typer.Typer(
    help="Start a video, which is paid for, wait for it and perhaps save it.",
    epilog=HELP,
    invoke_without_command=True,
)
app.add_typer(_create, name="create")
app.add_typer(_generate, name="generate")
app.add_typer(batch_commands.app, name="batch")

OutputOption = Annotated[Output, typer.Option("--output", help="Words for people, or JSON.")]
JsonOption = Annotated[
    str | None, typer.Option("--json", help="The body from a JSON file, or - for standard input.")
]
DownloadOption = Annotated[
    Path | None,
    typer.Option(
        "--download",
        help="Save the video here once it is complete; in a folder, all results of the task.",
    ),
]
ExtraOption = Annotated[
    list[str] | None,
    typer.Option(
        "--extra", help="NAME=JSON: a field to send that is not documented, and is not checked."
    ),
]
UncheckedOption = Annotated[
    bool, typer.Option("--unchecked", help="Send it whatever the documentation says.")
]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace a file that is there already.")
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", help="Seconds to wait for the video.", min=0.001)
]
PollOption = Annotated[
    float, typer.Option("--poll", help="Seconds before the first look at it.", min=0.001)
]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"foxapi-video {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """What can be asked for without a command."""


@app.command()
def models(
    model: Annotated[
        str | None,
        typer.Argument(
            help="A model id, for its fields.", autocompletion=completing(known_models())
        ),
    ] = None,
    search: Annotated[
        str,
        typer.Option(
            help="Only those that have each of these words in their id, description or fields.",
        ),
    ] = "",
    output: OutputOption = Output.TEXT,
) -> None:
    """List the models by family, or the fields and limits of one."""
    with ending(output):
        if model is not None and search:
            raise typer.BadParameter("--search goes with no model: it looks through all of them")
        if model is None:
            found = catalog.models(search)
            if not found:
                raise typer.BadParameter(f"no model has each of these words: {search}")
            show.model_list(found, output)
        elif model in known_models():
            show.model(model, output)
        else:
            known = list(known_models())
            raise typer.BadParameter(
                f"{model!r} is not one of {listed(known)}{meant(model, known)}"
            )


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A JSON file with a body, or - for standard input.")],
    output: OutputOption = Output.TEXT,
) -> None:
    """Judge a body by the documentation. Nothing is sent."""
    with ending(output):
        found = violations_of(_read_json(file))
        if found:
            raise InvalidRequest(found)
        print(json.dumps({"violations": []}) if output is Output.JSON else "the request is valid")


@app.command()
def get(
    task_id: Annotated[str, typer.Argument(help="The id of a task.")],
    output: OutputOption = Output.TEXT,
) -> None:
    """Print how a task stands."""
    with ending(output), FoxAPI() as fox:
        show.task(fox.tasks.get(task_id), output)


@app.command()
def wait(
    task_id: Annotated[str, typer.Argument(help="The id of a task.")],
    download: DownloadOption = None,
    overwrite: OverwriteOption = False,
    timeout: TimeoutOption = WAIT,
    poll: PollOption = FIRST_POLL,
    output: OutputOption = Output.TEXT,
) -> None:
    """Wait for a task that was created before, and perhaps save its video."""
    watched = Watched(output, task_id)
    with ending(output, watched):
        with FoxAPI() as fox, show.progress(watched, output) as progress:
            _refuse_target(download, overwrite)
            watched.saves(download, overwrite)
            polling = Polling(shortest=poll, longest=max(poll, 20.0))
            task = fox.tasks.wait(
                task_id, timeout=timeout, polling=polling, on_progress=progress.generation
            )
            saved = _save(fox, task, download, overwrite, progress)
        show.task(task, output)
        show.saved(saved, task, output)


@app.command()
def upload(
    file: Annotated[Path, typer.Argument(help="A file of this machine.")],
    output: OutputOption = Output.TEXT,
) -> None:
    """Upload a file, and print the address that a request can name."""
    with ending(output), FoxAPI() as fox:
        show.stored(fox.files.upload(file), output)


@_create.callback()
def create(
    context: typer.Context,
    json_file: JsonOption = None,
    extra: ExtraOption = None,
    unchecked: UncheckedOption = False,
    output: OutputOption = Output.TEXT,
) -> None:
    """Start a video from a JSON body, or from the fields of a model."""
    if _is_all(context):
        body = _given(context, json_file, output, unchecked)
        _create_body(body, extra=extra, unchecked=unchecked, output=output)


@_generate.callback()
def generate(
    context: typer.Context,
    json_file: JsonOption = None,
    extra: ExtraOption = None,
    unchecked: UncheckedOption = False,
    download: DownloadOption = None,
    overwrite: OverwriteOption = False,
    timeout: TimeoutOption = WAIT,
    poll: PollOption = FIRST_POLL,
    output: OutputOption = Output.TEXT,
) -> None:
    """Start a video from a JSON body, or from the fields of a model, and wait for it."""
    if _is_all(context):
        _generate_body(
            _given(context, json_file, output, unchecked),
            extra=extra,
            unchecked=unchecked,
            download=download,
            overwrite=overwrite,
            timeout=timeout,
            poll=poll,
            output=output,
        )


def _create_body(body: Any, *, extra: list[str] | None, unchecked: bool, output: Output) -> None:
    with ending(output) as watched, FoxAPI() as fox:
        check_told()
        extra_body = _extra_body(extra)
        watched.is_paying = True
        task = fox.videos.create(body, extra_body=extra_body, check=not unchecked)
        watched.saw(task)
        show.task(task, output)


def _generate_body(
    body: Any,
    *,
    extra: list[str] | None,
    unchecked: bool,
    download: Path | None,
    overwrite: bool,
    timeout: float,
    poll: float,
    output: Output,
) -> None:
    with ending(output) as watched:
        with FoxAPI() as fox, show.progress(watched, output) as progress:
            check_told()
            _refuse_target(download, overwrite)
            watched.saves(download, overwrite)
            extra_body = _extra_body(extra)
            watched.is_paying = True
            task = fox.videos.generate(
                body,
                extra_body=extra_body,
                check=not unchecked,
                timeout=timeout,
                polling=Polling(shortest=poll, longest=max(poll, 20.0)),
                on_progress=progress.generation,
            )
            saved = _save(fox, task, download, overwrite, progress)
        show.task(task, output)
        show.saved(saved, task, output)


def _is_all(context: typer.Context) -> bool:
    """Whether no model's command follows, which has options of its own.

    Raises:
        BadParameter: One does, and there are options before it: they would be lost.
    """
    if context.invoked_subcommand is None:
        return True
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name != "DEFAULT":
            name, model = parameter.opts[0], context.invoked_subcommand
            said = "takes no model" if name == "--json" else f"comes after the model, {model}"
            raise typer.BadParameter(f"{name} {said}")
    return False


def _refuse_target(download: Path | None, overwrite: bool) -> None:
    """Say that a video can't be saved before it is paid for."""
    if download is None:
        return
    try:
        is_folder = download.is_dir()
        folder = download if is_folder else download.absolute().parent
        if not is_folder and download.exists() and not overwrite:
            raise DownloadError(f"{download} is there already; --overwrite replaces it")
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise DownloadError(f"{folder} is no folder to save to")
    except OSError as error:
        raise DownloadError(f"{download} can't be written: {error.strerror}") from None


def _save(
    fox: FoxAPI, task: Task, download: Path | None, overwrite: bool, bars: show.Bars | show.Lines
) -> list[Path]:
    if download is None:
        return []
    if download.is_dir():
        return fox.videos.download([task], download, overwrite=overwrite, on_bytes=bars.download)
    return [fox.videos.download(task, download, overwrite=overwrite, on_bytes=bars.download)]


def _extra_body(extra: list[str] | None) -> dict[str, Any] | None:
    """The fields of --extra.

    Raises:
        BadParameter: One is no name with JSON, or is given twice.
    """
    fields: dict[str, Any] = {}
    for given in extra or []:
        name, _, text = given.partition("=")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            name = ""
        if not name:
            raise typer.BadParameter(
                f"--extra {given} is not NAME=JSON, such as --extra 'camera=\"dolly\"'"
            )
        if name in fields:
            raise typer.BadParameter(f"--extra {name} is given twice")
        fields[name] = value
    return fields or None


def _given(context: typer.Context, json_file: str | None, output: Output, unchecked: bool) -> Any:
    """The body of --json; without it the help, since there is nothing to do."""
    if json_file is None:
        if output is Output.JSON:
            raise typer.BadParameter("name a model, or give a body with --json")
        print(context.get_help())
        raise typer.Exit(2)
    with ending(output):
        body = _read_json(json_file)
        found = [] if unchecked else violations_of(body)
        if found:
            raise InvalidRequest(found)
    return body


def _read_json(file: str) -> Any:
    try:
        content = read_standard_input() if file == "-" else Path(file).read_bytes()
        return json.loads(content)
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        problem = f"is not JSON: {error}"
        raise InvalidRequest([Violation("", "JSON", file, None, problem)]) from None


def _own(function: Any) -> list[inspect.Parameter]:
    """The options of a group's callback that its commands have too."""
    signature = inspect.signature(function, eval_str=True)
    return [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        if name not in ("context", "json_file")
    ]


add_model_commands(_create, _create_body, _own(create))
add_model_commands(_generate, _generate_body, _own(generate))
