"""No text of the spec becomes code of the client, and no name of a field hurts its model."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contract_tests.referees.samples import VARIANTS
from contract_tests.tests.conftest import run_in
from overlays import generate
from overlays.bundle import ROOT
from overlays.errors import BuildError

# Each is taken for code by one way of writing a string.
TEXTS = (
    *("\\", 'a"b', "a'b", "'\"", '"""', "'''", '\\"', "\\'", "\\\\", 'a\\"""b', "\\u0041"),
    *("\\N{DASH}", "line\nline", "tab\there", "cr\rlf\n", "{{ 7 * 7 }}", "{% raw %}", "{name!r}"),
    *("%s %(a)s", "${A}", "é 标准 𝄞", "# no comment", "a" * 500 + '"' + "\\" * 200),
    *('"\n""; BREAK #', '"\r""; BREAK #', '"""; BREAK #', '"\n""; BREAK; "\n""', "'''; BREAK #"),
    *('\\"""; BREAK #', '"\n""\nBREAK\n', "')\nBREAK\n", '")\nBREAK\n', "x\n    BREAK\n"),
    *('" "" BREAK', '"\u2028""; BREAK #', '" ' * 80 + '"""; BREAK #', "\f; BREAK"),
)
NAMES = (
    *("to_dict", "from_dict", "to_multipart", "additional_properties", "self", "cls", "class"),
    *("def", "None", "from", "import", "lambda", "async", "print", "type", "id", "str", "dict"),
    *("list", "set", "__init__", "__class__", "__slots__", "__dict__", "__dataclass_fields__"),
    *("_members", "_private", "field", "define", "annotations", "UNSET", "Unset", "Any", "File"),
    *("Model", "Literal", "model_config", "imageUrl", "image_url", "Image-Url", "format", "json"),
    *("help", "property", "true", "datetime", "dataclass", "x" * 64),
)
# The variant whose fields they become, as the only one of a model.
VARIANT, MODEL = VARIANTS[0], "a-model"


def generated(
    built: dict[str, Path],
    directory: Path,
    properties: dict[str, Any],
    parameters: Sequence[Any] = (),
    **more: Any,
) -> Path:
    """The client of a spec with one variant changed; its directory."""
    documents = [
        json.loads(built[name].read_bytes()) for name in ("client.openapi.json", "openapi.json")
    ]
    for document in documents:
        variant = document["components"]["schemas"][VARIANT]
        model = {"type": "string", "enum": [MODEL], "default": MODEL}
        fields = {"model": model, **copy.deepcopy(properties)}
        own = {"properties": fields, "required": ["model"], **more}
        kept = {word: variant[word] for word in ("type", "additionalProperties")}
        document["components"]["schemas"][VARIANT] = kept | own
    client, plain = documents
    client["paths"]["/v1/tasks/{task_id}"]["get"]["parameters"] += parameters
    broken = f"open({str(directory / 'broken')!r}, 'w')"
    client = json.loads(json.dumps(client).replace("BREAK", broken))
    package = directory / "site" / generate.PACKAGE
    package.parent.mkdir()
    generate.write_package(client, plain, package)
    generate._check_complete(client, package)
    return package.parent


def run(site: Path, code: str, given: str = "") -> Any:
    """What a program prints, as JSON, that imports the generated client."""
    paths = os.pathsep.join([str(site), str(ROOT)])
    ended = run_in(site, "-W", "error", "-c", code, VARIANT, given=given, PYTHONPATH=paths)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


TEXTS_CODE = """
import json, sys, pkgutil, importlib, typing, dataclasses
import foxapi_video_client
for module in pkgutil.walk_packages(foxapi_video_client.__path__, "foxapi_video_client."):
    importlib.import_module(module.name)
from foxapi_video_client import models
model = getattr(models, sys.argv[1])
kinds = {f.name: f for f in dataclasses.fields(model)}
hints = typing.get_type_hints(model, vars(models) | vars(sys.modules[model.__module__]) | {
    name: getattr(models, name) for name in dir(models)})
print(json.dumps({
    "made": model().to_dict(),
    "options": sorted(typing.get_args(typing.get_args(hints["options"])[0])),
    "constants": [typing.get_args(hints[name])[0] for name in hints if name.startswith("constant")],
}))
"""


def test_no_text_becomes_code_and_every_value_is_what_it_was(
    built: dict[str, Path], tmp_path: Path
) -> None:
    properties: dict[str, Any] = {
        "options": {"type": "string", "enum": list(TEXTS), "description": TEXTS[2]},
        "other": {"type": ["string", "null"], "enum": [*TEXTS, None], "title": "Other"},
    }
    required = ["model"]
    for number, text in enumerate(TEXTS):
        said = {"type": "string", "description": text, "title": text, "examples": [text]}
        properties[f"default{number}"] = {**said, "default": text}
        properties[f"constant{number}"] = {**said, "const": text, "default": text}
        properties[f"silent{number}"] = {**said, "default": text}
        required += [f"default{number}", f"constant{number}"]
    site = generated(
        built,
        tmp_path,
        properties,
        required=required,
        description=" ".join(TEXTS),
    )
    printed = run(site, TEXTS_CODE)
    assert not (tmp_path / "broken").exists()
    break_ = f"open({str(tmp_path / 'broken')!r}, 'w')"
    texts = [text.replace("BREAK", break_) for text in TEXTS]
    wanted = {f"default{n}": text for n, text in enumerate(texts)}
    wanted |= {f"constant{n}": text for n, text in enumerate(texts)}
    assert {k: v for k, v in printed["made"].items() if k != "model"} == wanted
    assert printed["options"] == sorted(texts)
    assert printed["constants"] == texts


NAMES_CODE = """
import json, sys
from foxapi_video_client import models
Model = getattr(models, sys.argv[1])
names = json.load(sys.stdin)
body = {"model": "a-model", **{name: f"value of {name}" for name in names}}
made = Model.from_dict(body)
try:
    Model.from_dict({"undocumented": 1})
except TypeError as error:
    closed = str(error)
print(json.dumps({
    "again": made.to_dict(), "empty": Model().to_dict(), "repr": repr(made), "closed": closed,
    "parts": [name for name, _ in made.to_multipart()],
}))
"""
CLI_CODE = """
import json, sys
from typer.testing import CliRunner
from foxapi_video.cli import variant_commands
from foxapi_video.cli.app import app
sent = {}
def run(body, **own): sent.update(body)
group = variant_commands.typer.Typer()
group.callback()(lambda: None)
variant_commands.add_model_commands(group, run, [])
words = ["a-model"]
for name in json.load(sys.stdin):
    words.append(f"--{name.replace('_', '-')}=value of {name}")
ended = CliRunner().invoke(group, words)
usual = CliRunner().invoke(app, ["create", "a-model", "--help"])
print(json.dumps({"sent": sent, "said": ended.output, "usual": usual.exit_code}))
"""


def test_a_field_of_any_name_is_an_option_where_it_is_not_taken(
    built: dict[str, Path], tmp_path: Path
) -> None:
    fields = {name: {"type": "string", "description": "d"} for name in NAMES}
    clash = {"image-url": {"type": "string"}, "no_sound": {"type": "string"}}
    site = generated(built, tmp_path, fields | {"sound": {"type": "boolean"}} | clash)
    printed = run(site, CLI_CODE, json.dumps([name for name in NAMES if name != "help"]))
    wanted = {name: f"value of {name}" for name in NAMES if name != "help"}
    assert printed["sent"] == {"model": MODEL} | wanted, printed["said"]
    assert printed["usual"] == 0


PARAMETERS = (
    *("client", "body", "kwargs", "parameters", "quote", "httpx", "models", "parse", "name"),
    *("class", "self", "get_kwargs", "sync_detailed", "asyncio_detailed", "UNSET", "to_dict"),
)


@pytest.fixture(scope="module")
def named(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client of fields and parameters of any name."""
    fields = {name: {"type": "string", "description": "d"} for name in NAMES}
    parameters = [
        {"name": name, "in": "query", "description": "d", "schema": {"type": "string"}}
        for name in PARAMETERS
    ]
    return generated(built, tmp_path_factory.mktemp("named"), fields, parameters)


def test_a_field_of_any_name_comes_and_goes_as_it_is(named: Path) -> None:
    printed = run(named, NAMES_CODE, json.dumps(NAMES))
    body = {"model": MODEL, **{name: f"value of {name}" for name in NAMES}}
    assert printed["again"] == body
    assert printed["empty"] == {"model": MODEL}
    assert set(printed["parts"]) == set(body)
    assert "undocumented" in printed["closed"]


PARAMETERS_CODE = """
import json, sys, httpx
from foxapi_video_client import Client
from foxapi_video_client.api.tasks import get_task
import inspect
asked = []
def answer(request):
    asked.append(dict(request.url.params))
    return httpx.Response(200, json={"id": "x"})
names = list(inspect.signature(get_task.get_kwargs).parameters)[1:]
given = {name: f"value of {name}" for name in names}
with Client(base_url="http://x", httpx_args={"transport": httpx.MockTransport(answer)}) as client:
    made = get_task.sync("a/b", client=client, **given)
print(json.dumps({"asked": asked[0], "id": made.id}))
"""


def test_a_parameter_of_any_name_is_sent_under_it(named: Path) -> None:
    printed = run(named, PARAMETERS_CODE)
    # Those of the spec are sent beside them.
    assert set(PARAMETERS) <= set(printed["asked"])
    assert all(printed["asked"][name].startswith(f"value of {name.lower()}") for name in PARAMETERS)
    assert printed["id"] == "x"


@pytest.mark.parametrize("names", [("to_dict", "to_dict_"), ("field", "field_")])
def test_fields_that_one_attribute_would_hold_are_refused(
    built: dict[str, Path], tmp_path: Path, names: tuple[str, str]
) -> None:
    fields = {name: {"type": "string", "description": "d"} for name in names}
    with pytest.raises(BuildError, match=f"two of its fields would be called {names[1]}$"):
        generated(built, tmp_path, fields)


def test_a_client_that_is_no_python_is_refused(built: dict[str, Path], tmp_path: Path) -> None:
    parameters = [
        {"name": name, "in": "query", "description": "d", "schema": {"type": "string"}}
        for name in ("body", "body_")
    ]
    with pytest.raises(BuildError, match='Duplicate parameter "body_"'):
        generated(built, tmp_path, {}, parameters)
