"""What schemathesis may send to Prism, and the second referee of every answer.

Prism dies or hangs on some requests whatever the spec says, so those are dropped here, each with
its reason: they would say nothing about the spec. Every JSON body that is sent is judged by
jsonschema-rs too, and a difference to Prism's verdict is a failure of the run.
"""

from __future__ import annotations

import json
import re
from typing import Any

import schemathesis
from schemathesis.core import NotSet

from contract_tests.referees.spec_mock_client import spec_referee


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Whether Prism survives the request."""
    return (
        _is_json(case.body)
        and _has_plain_path(case.path_parameters)
        and _has_plain_query(case.query)
        and _has_plain_accept(case.headers)
    )


@schemathesis.check
def agrees_with_spec(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Prism and jsonschema-rs say the same of a JSON body."""
    sent = response.request
    body = sent.body
    if response.status_code not in (200, 422) or not isinstance(body, str | bytes):
        return
    if sent.headers.get("Content-Type") != "application/json":
        return
    verdict = spec_referee().judge(case.operation.label, json.loads(body))
    if verdict.accepted != (response.status_code == 200):
        word = "accepts" if verdict.accepted else "rejects"
        raise AssertionError(f"Prism answers {response.status_code}, jsonschema-rs {word} the body")


def _is_json(body: Any) -> bool:
    """Prism waits for ever on a body that is no JSON."""
    if isinstance(body, NotSet) or body is None:
        return True
    try:
        json.loads(json.dumps(body).encode())
    except (TypeError, ValueError):
        return False
    return True


def _has_plain_path(parameters: Any) -> bool:
    """Prism exits on bad percent-encoding, and routes an empty or dotted segment elsewhere."""
    return all(
        re.fullmatch(r"[^%\x00-\x1f\x7f]+", str(value)) and set(str(value)) != {"."}
        for value in (parameters or {}).values()
    )


def _has_plain_query(query: Any) -> bool:
    """Prism takes an empty value for a missing one."""
    return all(value not in ("", [], [""], None) for value in (query or {}).values())


def _has_plain_accept(headers: Any) -> bool:
    """Prism exits on an Accept header that is no media range."""
    accept = (headers or {}).get("Accept", "*/*")
    return re.fullmatch(r"[\w*+.-]+/[\w*+.-]+", accept) is not None
