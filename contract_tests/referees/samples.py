"""The requests that openapi.yaml itself shows, for tests that need one and don't care which.

No test spells a model or a field of the spec in their place: a page that is accepted may change it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from contract_tests.referees.some import some
from foxapi_video_client import models
from overlays import bundle
from overlays.openapi import body_schemas, create_body, create_operation


def samples_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sample body of each variant of a spec, in the spec's order."""
    shown = create_body(document)["examples"]
    return {name: shown[name]["value"] for name in body_schemas(create_operation(document))}


def least(document: dict[str, Any], variant: str) -> dict[str, Any]:
    """The required fields of a variant's sample."""
    required = document["components"]["schemas"][variant]["required"]
    return {name: samples_of(document)[variant][name] for name in required}


def field_with(
    document: dict[str, Any], wanted: Callable[[str, dict[str, Any]], object]
) -> tuple[str, str]:
    """The first variant and field of a spec whose name and schema are as wanted.

    Raises:
        LookupError: There is none.
    """
    for variant in samples_of(document):
        for name, schema in document["components"]["schemas"][variant]["properties"].items():
            if wanted(name, schema):
                return variant, name
    raise LookupError("no field of the spec is as wanted")


def callback_field(document: dict[str, Any]) -> str:
    """The field of a request that says where its task is posted to once it ended."""
    (callback,) = create_operation(document)["callbacks"].values()
    (expression,) = callback
    return str(expression).removeprefix("{$request.body#/").removesuffix("}")


def _is_free_text(schema: dict[str, Any]) -> bool:
    rules = {"enum", "const", "pattern", "format", "minLength"}
    return "string" in schema.get("type", ()) and not rules & schema.keys()


def saying(text: str) -> dict[str, Any]:
    """A valid body with a text of one's own, in WORDS."""
    return least(SPEC, WORDED) | {WORDS: text}


def arguments_of(body: dict[str, Any]) -> list[str]:
    """What creates a body: its model, and an option a field; a list's option is repeated."""
    words = [str(body["model"])]
    for name, value in body.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        elif name != "model":
            for each in value if isinstance(value, list) else [value]:
                words += [f"--{flag}", json.dumps(each) if isinstance(each, dict) else str(each)]
    return words


SPEC: dict[str, Any] = bundle.read_yaml(bundle.SPEC)
SAMPLES = samples_of(SPEC)
VARIANTS = list(SAMPLES)
SOME = some(VARIANTS)
# A variant, and a field of it that takes any text.
WORDED, WORDS = field_with(SPEC, lambda _, schema: _is_free_text(schema))
# A valid request, as JSON and as an instance of its variant.
BODY = least(SPEC, VARIANTS[0])
REQUEST = getattr(models, VARIANTS[0]).from_dict(BODY)
