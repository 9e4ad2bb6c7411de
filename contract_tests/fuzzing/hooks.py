"""What schemathesis may ask the mock, and the second referee of every answer.

Prism does not judge all of some requests, so those are dropped here, each with its reason: they
would say nothing about the spec. Every JSON body that is sent is judged by jsonschema-rs too, and a
difference to Prism's verdict is a failure of the run.
"""

from __future__ import annotations

import json
from typing import Any

import schemathesis

from contract_tests.referees.spec_mock_client import spec_referee
from foxapi_video.totals import broken


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Whether Prism judges all of the request."""
    return _has_full_query(case.query) and _is_said_by_form(case)


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Take the longest length from texts of a pattern; the probes have texts as long, and longer.

    schemathesis draws for seconds and finds no text of the pattern that is as long.
    """
    for schema in raw_schema["components"].get("schemas", {}).values():
        if "pattern" in schema:
            schema.pop("maxLength", None)


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
    value = json.loads(body)
    referee = spec_referee()
    if any(broken(rule, value) for rule in referee.totals):  # Prism does not judge it
        return
    verdict = referee.judge(case.operation.label, value)
    if verdict.accepted != (response.status_code == 200):
        word = "accepts" if verdict.accepted else "rejects"
        raise AssertionError(f"Prism answers {response.status_code}, jsonschema-rs {word} the body")


def _has_full_query(query: Any) -> bool:
    """Prism takes an empty value for a missing one."""
    return all(value not in ("", [], [""], None) for value in (query or {}).values())


def _is_said_by_form(case: schemathesis.Case[Any]) -> bool:
    """Of a form Prism looks at the documented parts only, and each of them is a text."""
    if case.media_type != "multipart/form-data" or not isinstance(case.body, dict):
        return True
    referee = spec_referee()
    (name,) = referee.bodies[case.operation.label]
    documented = referee.document["components"]["schemas"][name]["properties"]
    return set(case.body) <= set(documented) and not any(
        _is_lost(value, documented[part]["type"]) for part, value in case.body.items()
    )


def _is_lost(value: Any, documented: str) -> bool:
    """Whatever stands in the place of a text is one, and a list is sent as its entries, or none."""
    return isinstance(value, list) or (
        documented == "string" and not isinstance(value, str | bytes)
    )
