"""What importing costs, in the set-up that the wheel alone makes."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_tests.bench.fast_server import BenchServer
from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.sdks import FOXAPI, HTTPX
from contract_tests.bench.sites import first_task, make_site, seconds_of
from contract_tests.referees.samples import VARIANTS
from overlays.bundle import ROOT, bundle
from overlays.generate import write_package
from overlays.openapi import SCHEMAS, body_schemas, create_body, create_operation

ROUNDS = 41
MANY = 100
_BARE = "import httpx"
_PACKAGE = "import foxapi_video"
_USED = f"from foxapi_video import FoxAPI, {VARIANTS[0]}"


def measure() -> Iterator[Figure]:
    """The ratios of importing, each pair measured one right after the other."""
    with tempfile.TemporaryDirectory() as directory, BenchServer() as server:
        few, many = Path(directory, "few"), Path(directory, "many")
        make_site(few, ROOT / "generated" / "foxapi_video_client")
        make_site(many, client_with(MANY, Path(directory, "generated")))
        raw_task, own_task = first_task(HTTPX.name, server.url), first_task(FOXAPI.name, server.url)
        for statement in (_BARE, _PACKAGE, _USED, raw_task, own_task):  # compile everything once
            seconds_of(few, statement), seconds_of(many, statement)
        bare, package, used, used_many, raw, own = [], [], [], [], [], []
        for _ in range(ROUNDS):
            bare.append(seconds_of(few, _BARE))
            package.append(seconds_of(few, _PACKAGE))
            used.append(seconds_of(few, _USED))
            used_many.append(seconds_of(many, _USED))
            raw.append(seconds_of(few, raw_task))
            own.append(seconds_of(few, own_task))
        yield ratio("import foxapi_video / import httpx", package, bare, 0.20)
        yield ratio("from foxapi_video import FoxAPI, a variant / import httpx", used, bare, 1.20)
        yield ratio(f"the same with {MANY} variants / with {len(VARIANTS)}", used_many, used, 1.05)
        yield ratio("import and a first task / the same with raw httpx", own, raw, 1.20)


def client_with(count: int, directory: Path) -> Path:
    """Generate a client from openapi.yaml with its variants repeated up to a count."""
    document = json.loads(bundle()["client.openapi.json"].read_bytes())
    plain = json.loads((ROOT / "build" / "openapi.json").read_bytes())
    for each in (document, plain):
        _repeat(each, count)
    directory.mkdir()
    package = directory / "foxapi_video_client"
    write_package(document, plain, package)
    assert len(list((package / "schemas").glob("*Request*.json"))) == count
    return package


def _repeat(document: dict[str, Any], count: int) -> None:
    schema = create_body(document)["schema"]
    schemas = document["components"]["schemas"]
    names = body_schemas(create_operation(document))
    for number in range(count - len(names)):
        original = names[number % len(names)]
        name = original.replace("Request", f"Copy{number}Request")
        schemas[name] = copy.deepcopy(schemas[original])
        model = schemas[name]["properties"]["model"]
        model.pop("enum", None)
        model |= {"const": f"copy-{number}", "default": f"copy-{number}"}
        schema["oneOf"].append({"$ref": f"{SCHEMAS}{name}"})
