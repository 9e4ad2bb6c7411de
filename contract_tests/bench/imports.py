"""What importing costs, in the set-up that the wheel alone makes: no rich, no click.

httpx imports both where they are there, which would flatter every ratio. Seconds are of the
processor, so that what else the machine does counts for less.
"""

from __future__ import annotations

import copy
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_tests.bench.figures import Figure, ratio
from overlays.bundle import ROOT, bundle

ROUNDS = 41
VARIANTS = 100
_BARE = "import httpx"
_PACKAGE = "import foxapi_video"
_USED = "from foxapi_video import FoxAPI, Veo31ExtendRequest"


def measure() -> Iterator[Figure]:
    """The ratios of importing, each pair measured one right after the other."""
    with tempfile.TemporaryDirectory() as directory:
        few, many = Path(directory, "few"), Path(directory, "many")
        make_site(few, ROOT / "generated" / "foxapi_video_client")
        make_site(many, client_with(VARIANTS, Path(directory, "generated")))
        for statement in (_BARE, _PACKAGE, _USED):  # compile everything once
            seconds_of(few, statement), seconds_of(many, statement)
        bare, package, used, used_many = [], [], [], []
        for _ in range(ROUNDS):
            bare.append(seconds_of(few, _BARE))
            package.append(seconds_of(few, _PACKAGE))
            used.append(seconds_of(few, _USED))
            used_many.append(seconds_of(many, _USED))
        yield ratio("import foxapi_video / import httpx", package, bare, 1.35)
        yield ratio("from foxapi_video import FoxAPI, a variant / import httpx", used, bare, 1.35)
        yield ratio(f"the same with {VARIANTS} variants / with 8", used_many, used, 1.05)


def seconds_of(site: Path, statement: str) -> float:
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        f"from time import process_time as now; began = now()\n{statement}\n"
        "print(now() - began)"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return float(ended.stdout)


def make_site(site: Path, client: Path) -> None:
    """A folder with the package, a generated client and what the wheel needs: nothing else."""
    site.mkdir()
    installed = Path(sysconfig.get_path("purelib"))
    for name in _needed("foxapi-video", set()):
        for path in importlib.metadata.files(name) or []:
            top = path.parts[0]
            if not top.startswith((".", "__pycache__")) and not top.endswith(".dist-info"):
                target = site / top
                if not target.exists():
                    target.symlink_to(installed / top)
    shutil.copytree(ROOT / "foxapi_video", site / "foxapi_video")
    shutil.copytree(client, site / "foxapi_video_client")


def _needed(name: str, seen: set[str]) -> list[str]:
    """The distributions that one needs, without extras."""
    found: list[str] = []
    for requirement in importlib.metadata.requires(name) or []:
        text, _, condition = requirement.partition(";")
        needed = re.split(r"[^A-Za-z0-9._-]", text.strip(), maxsplit=1)[0]
        if "extra" in condition or needed in seen or not _installed(needed):
            continue
        seen.add(needed)
        found += [needed, *_needed(needed, seen)]
    return found


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def client_with(count: int, directory: Path) -> Path:
    """Generate a client from openapi.yaml with its variants repeated up to a count."""
    document = json.loads(bundle()["client.openapi.json"].read_bytes())
    plain = json.loads((ROOT / "build" / "openapi.json").read_bytes())
    for each in (document, plain):
        _repeat(each, count)
    directory.mkdir()
    spec = directory / "client.openapi.json"
    spec.write_text(json.dumps(document))
    package = directory / "foxapi_video_client"
    from overlays import generate

    generate._run_generator(spec, package)
    generate._write_schemas(plain, package / "schemas")
    assert len(list((package / "schemas").glob("*Request*.json"))) == count
    return package


def _repeat(document: dict[str, Any], count: int) -> None:
    post = document["paths"]["/v1/videos/generations"]["post"]
    schema = post["requestBody"]["content"]["application/json"]["schema"]
    schemas = document["components"]["schemas"]
    names = [branch["$ref"].rpartition("/")[2] for branch in schema["oneOf"]]
    for number in range(count - len(names)):
        original = names[number % len(names)]
        name = original.replace("Request", f"Copy{number}Request")
        schemas[name] = copy.deepcopy(schemas[original])
        model = schemas[name]["properties"]["model"]
        model.pop("enum", None)
        model |= {"const": f"copy-{number}", "default": f"copy-{number}"}
        schema["oneOf"].append({"$ref": f"#/components/schemas/{name}"})
