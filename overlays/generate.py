"""Generate the client package with its schemas, the portable spec, and the README's variants.

The package replaces generated/foxapi_video_client whole, and only once it is complete: the
generator leaves out what it can't express, so every schema, property and operation of the spec is
looked for in what it wrote. The schemas are the spec's own, without what the generator needed.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import filecmp
import functools
import gc
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from overlays import yaml_text
from overlays.bundle import PLAIN, PORTABLE, ROOT, as_indented_json, bundle
from overlays.errors import BuildError
from overlays.keywords import write_keywords
from overlays.limits import say_limits
from overlays.openapi import operations, request_schemas, self_contained
from overlays.readme_table import write_table

GENERATED = ROOT / "generated"
PACKAGE = "foxapi_video_client"
_IN_MEMORY = next((each for each in ["/dev/shm"] if os.access(each, os.W_OK)), None)  # noqa: S108


def generate() -> Path:
    """Bundle the spec and replace the generated package.

    Returns:
        Where the package is.

    Raises:
        BuildError: The spec, an overlay or a template is broken, or the package is incomplete.
    """
    made = bundle()
    client = json.loads(made["client.openapi.json"].read_bytes())
    plain = json.loads(made[PLAIN].read_bytes())
    GENERATED.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=_IN_MEMORY, prefix="foxapi-generate-") as drafts,
        tempfile.TemporaryDirectory(dir=ROOT / "build", prefix=".generate-") as temporary,
    ):
        draft = Path(drafts) / PACKAGE
        schemas = write_package(client, plain, draft)
        write_days(ROOT / "documentation" / "facts", draft / "pages.py")
        _check_complete(client, draft)
        package = Path(temporary) / PACKAGE
        shutil.copytree(draft, package, copy_function=functools.partial(_copy, draft))
        _swap(package, GENERATED / PACKAGE)
    shutil.copyfile(made[PORTABLE], GENERATED / PORTABLE)
    write_table(*schemas, ROOT / "README.md")
    return GENERATED / PACKAGE


def write_package(
    client: dict[str, Any], plain: dict[str, Any], package: Path
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """Write a package whose models come of one document, and its schemas of another.

    Returns:
        The index and the schemas, as write_schemas gives them.

    Raises:
        BuildError: The generator does not take the document.
    """
    models, url = client["components"]["schemas"], client["components"]["x-url-pattern"]
    for schema in models.values():
        say_limits(schema)
        _say_files(schema, url)
    spec = package.with_name("client.openapi.json")
    spec.write_text(json.dumps(client), encoding="utf-8")
    _run_generator(spec, package)
    (package / "py.typed").touch()
    schemas = write_schemas(plain, package / "schemas")
    for schema in schemas[1].values():
        _say_files(schema, url)
    write_keywords(*schemas, package / "keywords.pyi")
    return schemas


def _say_files(schema: dict[str, Any], url: str) -> None:
    """Say of the fields that take an address, or a list of them, that people may give a file."""
    for field in schema.get("properties", {}).values():
        if url in (field.get("pattern"), field.get("items", {}).get("pattern")):
            field["x-takes-file"] = True


def write_days(facts: Path, path: Path) -> None:
    """Write on which day each page was read, as its facts say, for the messages of the package."""
    heads = (
        each.read_text("utf-8").partition("\nfacts:")[0] for each in sorted(facts.glob("*.yaml"))
    )
    read = [yaml_text.load(head) for head in heads]  # the facts themselves take long to parse
    days = {each["page"]: each["read"] for each in read if "read" in each}
    lines = [f"    {json.dumps(page)}: {json.dumps(day)},\n" for page, day in days.items()]
    path.write_text(
        '"""When each documentation page was read, of which the rest is made."""\n\n'
        f"READ: dict[str, str] = {{\n{''.join(lines)}}}\n",
        encoding="utf-8",
    )


def write_schemas(
    document: dict[str, Any], directory: Path
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """One file per request schema, and index.json: the variants of each model id.

    Returns:
        The index and the schemas.
    """
    directory.mkdir()
    index: dict[str, list[str]] = {}
    schemas: dict[str, Any] = {}
    for name in request_schemas(document):
        schema = schemas[name] = self_contained(document, name)
        say_limits(schema)
        model = schema["properties"].get("model", {})
        for model_id in model.get("enum", [model["const"]] if "const" in model else []):
            index.setdefault(model_id, []).append(name)
        _write_json(directory / f"{name}.json", schema)
    _write_json(directory / "index.json", index)
    return index, schemas


def _write_json(path: Path, value: Any) -> None:
    path.write_text(as_indented_json(value), encoding="utf-8")


def _run_generator(spec: Path, package: Path) -> None:
    # To load it takes longer than to run it: whoever generates several clients loads it once.
    from openapi_python_client import generate as run
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import openapi as parser

    # It would copy all models with an endpoint, and again before each step, to change lists alone
    # that the endpoint has for itself.
    vars(parser)["deepcopy"] = copy.copy
    own = Path(__file__).parent
    file = ConfigFile.load_from_path(own / "generator.yaml")
    config = Config.from_sources(file, MetaType.NONE, spec, "utf-8", False, package)
    try:
        with _ruff_on_path(), contextlib.redirect_stdout(None):
            problems = run(config=config, custom_template_path=own / "templates")
    except Exception as error:
        raise BuildError(f"openapi-python-client: {_shown(repr(error))}") from error
    if problems:
        told = [f"{problem.header} {problem.detail or ''}" for problem in problems]
        raise BuildError(f"openapi-python-client: {_shown(' '.join(told))}")


@contextlib.contextmanager
def _ruff_on_path() -> Iterator[None]:
    """The generator's post hooks call ruff, which is installed beside this Python."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before or ""])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def _shown(text: str) -> str:
    return " ".join(text.split())[:400]


def _check_complete(document: dict[str, Any], package: Path) -> None:
    """Every schema has its model, every property its attribute, every operation its module."""
    attributes: dict[str, set[str]] = {}
    for module in (package / "models").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        for node in ast.parse(text).body if "\nclass " in text else ():
            if isinstance(node, ast.ClassDef):
                attributes[node.name] = set(_wire_names(node))
                _check_differ(node)
        if re.search(r"type_\d+$", module.stem):
            raise BuildError(
                f"{module.stem}: give the schema a title in overlays/client.overlay.yaml to name it"
            )
    for name, schema in document["components"]["schemas"].items():
        if schema.get("type") != "object":
            continue
        if name not in attributes:
            raise BuildError(_dropped(f"the schema {name}"))
        dropped = set(schema.get("properties", {})) - attributes[name]
        if dropped:
            raise BuildError(_dropped(f"{name}.{min(dropped)}"))
    modules = {module.stem.replace("_", "") for module in (package / "api").glob("*/*.py")}
    for label, operation in operations(document):
        if operation["operationId"].lower() not in modules:
            raise BuildError(_dropped(f"the operation {label}"))


def _check_differ(model: ast.ClassDef) -> None:
    """Every field has an attribute of its own: the last of two would be the only one."""
    names = [ast.unparse(node.target) for node in model.body if isinstance(node, ast.AnnAssign)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BuildError(f"{model.name}: two of its fields would be called {twice[0]}")


def _dropped(what: str) -> str:
    return f"the generator dropped {what}: fit it in overlays/client.overlay.yaml"


def _wire_names(model: ast.ClassDef) -> Iterator[str]:
    """The names on the wire of a model's fields, which metadata holds where they differ."""
    for node in model.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        name = node.target.id
        for part in ast.walk(node.value) if node.value else ():
            if isinstance(part, ast.Dict):
                entries = zip(part.keys, part.values, strict=True)
                metadata = {
                    ast.unparse(key): ast.literal_eval(value) for key, value in entries if key
                }
                name = metadata.get("'name'", name)
        yield name


def _copy(draft: Path, source: str, target: str) -> None:
    """Copy a file of the draft; one that did not change is linked to: to make a file takes long."""
    before = GENERATED / PACKAGE / Path(source).relative_to(draft)
    try:
        if filecmp.cmp(source, before, shallow=False):
            os.link(before, target)
            return
    except OSError:
        pass  # it was not there, or this disk has no links
    shutil.copyfile(source, target)


def _swap(made: Path, target: Path) -> None:
    """Put a directory in the place of another, which is back in its place should that fail."""
    old = made.with_name("old")
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(made, target)
    except OSError as error:
        if old.exists():
            os.rename(old, target)
        raise BuildError(f"{target.relative_to(ROOT)}: {error.strerror}") from None
    shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    try:
        package = generate()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("generated", package.relative_to(ROOT))
    print("generated", (GENERATED / PORTABLE).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    gc.disable()  # nearly all that is made here is in use to the end
    status = main()
    gc.freeze()  # and need not be searched then
    sys.exit(status)
