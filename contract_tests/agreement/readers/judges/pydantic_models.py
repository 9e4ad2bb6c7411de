"""The pydantic models of datamodel-code-generator, as `python pydantic_models.py SPEC PROBES`.

Prints a verdict a probe. The models are strict: none takes "5" for 5.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Union

import pydantic

OPTIONS = "--input-file-type openapi --output-model-type pydantic_v2.BaseModel --strict-nullable"
OPTIONS += " --enum-field-as-literal all --field-constraints --use-title-as-name"
spec = json.loads(Path(sys.argv[1]).read_text("utf-8"))
with tempfile.TemporaryDirectory() as folder:
    models = Path(folder) / "models.py"
    command = [sys.executable, "-m", "datamodel_code_generator", *OPTIONS.split()]
    subprocess.run([*command, "--input", sys.argv[1], "--output", models], check=True)
    found = importlib.util.spec_from_file_location("models", models)
    made = importlib.util.module_from_spec(found)
    sys.modules["models"] = made
    found.loader.exec_module(made)
adapters = {}


def judge(probe: dict) -> bool:
    operation = probe["operation"]
    if operation not in adapters:
        method, path = operation.split(" ")
        body = spec["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
        branches = body["schema"].get("oneOf", [body["schema"]])
        names = [branch["$ref"].rsplit("/", 1)[-1] for branch in branches]
        adapters[operation] = pydantic.TypeAdapter(Union[*(getattr(made, n) for n in names)])
    try:
        adapters[operation].validate_json(json.dumps(probe["body"]), strict=True)
    except pydantic.ValidationError:
        return False
    return True


print(json.dumps([judge(probe) for probe in json.loads(Path(sys.argv[2]).read_text("utf-8"))]))
