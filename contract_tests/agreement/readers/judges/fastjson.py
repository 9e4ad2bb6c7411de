"""fastjsonschema, as `python fastjson.py SPEC PROBES`. Prints a verdict a probe."""

import copy
import json
import sys
from pathlib import Path

import fastjsonschema

spec, probes = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
compiled = {}


def judge(probe: dict) -> bool:
    operation = probe["operation"]
    if operation not in compiled:
        method, path = operation.split(" ")
        body = spec["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
        whole = {"components": spec["components"], **body["schema"]}
        compiled[operation] = fastjsonschema.compile(whole)
    try:
        compiled[operation](copy.deepcopy(probe["body"]))
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


print(json.dumps([judge(probe) for probe in probes]))
