"""Bodies that a mock must refuse, sent before it is handed out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx

from contract_tests.mock.prism import TOKEN, MockError, Prism
from overlays.openapi import operations


def check_refuses(prism: Prism) -> int:
    """Send each request schema a body that it must refuse, and count them.

    Raises:
        MockError: One was accepted: the mock does not check that schema.
    """
    count = 0
    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for label, method, path, body in refusals(json.loads(prism.spec.read_bytes())):
            status = prism.request(client, method, path, **body).status_code
            if status != 422:
                raise MockError(f"the mock does not check {label}: it answered {status} to it")
            count += 1
    return count


def refusals(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """For each request schema its label, method, path and a body with a field of no page.

    Of a form Prism looks at the documented fields only, so a form lacks its required one.
    """
    extra = {"undocumented": "1"}
    for label, operation in operations(document):
        method, path = label.split(" ", 1)
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type == "multipart/form-data":
                yield label, method, path, {"files": {"undocumented": (None, "1")}}
            elif "examples" in content:
                for name, example in content["examples"].items():
                    yield name, method, path, {"json": {**example["value"], **extra}}
            else:
                yield label, method, path, {"json": extra}
