"""Hypothesis strategies for bodies of the create call: valid, nearly valid and wild.

A nearly valid body is a valid one with one to three faults, across fields; some faults cancel out
or break nothing, which is fine: what counts is that all referees say the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from contract_tests.agreement.value_strategies import (
    ANY_JSON,
    ANY_NAME,
    ANY_OBJECT,
    DEEP,
    HUGE,
    Schema,
    Values,
    grouped,
    near_values,
    right_values,
)
from contract_tests.referees.spec_mock_client import validator_of

SPELLINGS = ("ascii", "ascii", "utf-8", "spaced", "fractions", "twice")
FAULTS = ("value", "value", "value", "drop", "foreign", "name", "model")


@dataclass(frozen=True)
class Body:
    """A body as a value and as the bytes that are sent.

    Attributes:
        kind: valid, near or wild.
        value: The JSON value.
        content: The same in JSON; how it is spelled must make no difference.
    """

    kind: str
    value: Any
    content: bytes


class Bodies:
    """The strategies for the request variants of a spec.

    Attributes:
        variants: The schema of each variant by its name, without references.
        models: The ids that some variant has.
    """

    def __init__(self, variants: dict[str, Schema]) -> None:
        self.variants = variants
        self._right = {
            name: {
                field: right_values(subschema) for field, subschema in schema["properties"].items()
            }
            for name, schema in variants.items()
        }
        self._near = {
            name: {
                field: near_values(subschema, self._named(field))
                for field, subschema in schema["properties"].items()
            }
            for name, schema in variants.items()
        }
        # Made once: what Hypothesis does to make a composite strategy takes longer than a draw.
        self._valid = {name: self._valid_of(name) for name in variants}
        models = {value for value in self._named("model") if isinstance(value, str)}
        self.models = sorted(models)
        self._names = sorted({name for right in self._right.values() for name in right})

    def all(self) -> SearchStrategy[Body]:
        """Bodies of every kind, in any spelling."""
        kinds = {"valid": self.valid(), "near": self.near(), "wild": self.wild()}

        @st.composite
        def drawn(draw: DrawFn) -> Body:
            kind = draw(st.sampled_from(["valid", "near", "near", "near", "wild"]))
            value = draw(kinds[kind])
            return Body(kind, value, spelled(value, draw(st.sampled_from(SPELLINGS))))

        return drawn()

    def valid(self) -> Values:
        """Bodies that the spec allows, by construction."""
        return st.one_of(list(self._valid.values()))

    def near(self) -> Values:
        """Valid bodies with one to three faults, across fields."""

        @st.composite
        def drawn(draw: DrawFn) -> Any:
            name = draw(st.sampled_from(sorted(self.variants)))
            body = draw(self._valid[name])
            for _ in range(draw(st.sampled_from([1, 1, 1, 2, 2, 3]))):
                self._spoil(draw, name, body)
            return body

        return drawn()

    def wild(self) -> Values:
        """Any JSON: deep, huge, with names of variants or of anything else."""
        about = st.builds(
            lambda model, members, other: {"model": model, **members, **other},
            st.sampled_from(self.models) | ANY_JSON,
            st.dictionaries(st.sampled_from(self._names), ANY_JSON | HUGE | DEEP, max_size=4),
            ANY_OBJECT,
        )
        return grouped([ANY_JSON, ANY_OBJECT, about, about, self._mixed(), DEEP, HUGE])

    def _mixed(self) -> Values:
        """Two valid bodies in one: fields of two variants, under the model of either."""
        return st.builds(lambda one, other: {**one, **other}, self.valid(), self.valid())

    def _named(self, field: str) -> list[Any]:
        """Every value that some variant names for a field."""
        named: list[Any] = []
        for schema in self.variants.values():
            subschema = schema["properties"].get(field, {})
            named += subschema.get("enum", []) or [
                subschema[key] for key in ("const",) if key in subschema
            ]
        return list({json.dumps(value): value for value in named}.values())

    def _valid_of(self, name: str) -> Values:
        schema, right = self.variants[name], self._right[name]
        # A rule between fields that is not looked at below leaves a body out here and there.
        validator = validator_of(schema)

        @st.composite
        def drawn(draw: DrawFn) -> Any:
            present = set(schema["required"])
            if "if" in schema:
                present |= set(draw(st.sampled_from([schema["if"], schema["else"]]))["required"])
            # Few fields at a time: a body is quicker to draw, and a fault is easier to see.
            bits = st.integers(0, 2 ** len(right) - 1)
            chosen = draw(bits) & draw(bits)
            return {
                field: draw(strategy)
                for index, (field, strategy) in enumerate(right.items())
                if field in present or chosen >> index & 1
            }

        return drawn().filter(validator.is_valid)

    def _spoil(self, draw: DrawFn, name: str, body: dict[str, Any]) -> None:
        fault = draw(st.sampled_from(FAULTS))
        fields = sorted(self._right[name])
        if fault == "value":
            field = draw(st.sampled_from(fields))
            body[field] = draw(self._near[name][field])
        elif fault == "drop":
            body.pop(draw(st.sampled_from(sorted(body) or fields)), None)
        elif fault == "foreign":
            other = draw(st.sampled_from(sorted(self.variants)))
            field = draw(st.sampled_from(sorted(self._right[other])))
            body[field] = draw(self._right[other][field] | st.none())
        elif fault == "name":
            field = draw(st.sampled_from(sorted(body) or fields))
            renamed = st.sampled_from([f"{field}s", field.title(), f"{field} ", field[:-1], "é"])
            body[draw(renamed | ANY_NAME)] = body.get(field)
        else:
            body["model"] = draw(st.sampled_from(self.models) | self._near[name]["model"])


def spelled(value: Any, spelling: str) -> bytes:
    """A value in JSON, written in one of several ways that mean the same."""
    if spelling == "utf-8":
        # Half a character has no UTF-8; it can only be escaped.
        text = json.dumps(value, ensure_ascii=False)
        try:
            return text.encode()
        except UnicodeEncodeError:
            return json.dumps(value).encode()
    if spelling == "spaced":
        return json.dumps(value, indent="\t ", separators=(" ,\r", "\n: ")).encode()
    if spelling == "fractions" and isinstance(value, dict):
        return json.dumps({name: _fraction(member) for name, member in value.items()}).encode()
    text = json.dumps(value)
    if spelling == "twice" and isinstance(value, dict) and value:
        # Of two members with one name, the last counts.
        name = json.dumps(next(iter(value)))
        return f'{{{name}: "first", {text[1:]}'.encode()
    return text.encode()


def _fraction(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return float(value)
    return value
