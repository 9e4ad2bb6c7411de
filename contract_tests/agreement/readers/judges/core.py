"""openapi-core, as `python core.py SPEC PROBES`. Prints a verdict a probe."""

import json
import sys
from pathlib import Path

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

api = OpenAPI.from_file_path(sys.argv[1], config=Config())
host = json.loads(Path(sys.argv[1]).read_text("utf-8"))["servers"][0]["url"]


def judge(probe: dict) -> bool:
    method, path = probe["operation"].split(" ")
    request = MockRequest(
        host,
        method.lower(),
        path,
        headers={"Authorization": "Bearer placeholder"},
        data=json.dumps(probe["body"]).encode(),
        content_type="application/json",
    )
    try:
        api.validate_request(request)
    except OpenAPIError:
        return False
    return True


print(json.dumps([judge(probe) for probe in json.loads(Path(sys.argv[2]).read_text("utf-8"))]))
