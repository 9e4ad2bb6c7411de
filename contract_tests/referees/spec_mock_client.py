"""Who judges a probe: the spec in process, the mock over HTTP, the client before it sends.

A referee accepts a request, or rejects it with reasons: pairs of a field and the keyword it broke.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import select
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from contract_tests.mock.prism import CALL_SECONDS, HOST, TOKEN, InfrastructureError, Prism
from foxapi_video import check
from foxapi_video.totals import KEYWORDS, RULE
from overlays.bundle import BUILD, PLAIN
from overlays.openapi import CREATE, body_schemas, operations, request_schemas, self_contained

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
CUT = "Too many violations!"
Reason = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """What a referee says of a request.

    Attributes:
        accepted: Whether the request is valid.
        reasons: Why not: pairs of a field (dotted, without indexes; empty for the body) and a
            keyword of JSON Schema.
        cut: Whether there were more reasons than the referee could say.
    """

    accepted: bool
    reasons: frozenset[Reason] = frozenset()
    cut: bool = False

    def __str__(self) -> str:
        if self.accepted:
            return "accepted"
        reasons = sorted(f"{field or 'body'}: {keyword}" for field, keyword in self.reasons)
        return f"rejected ({', '.join(reasons)})"


class SpecReferee:
    """openapi.yaml, judged by jsonschema-rs in this process."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.variants = {
            name: validator_of(self_contained(document, name)) for name in request_schemas(document)
        }
        self.bodies = {label: body_schemas(operation) for label, operation in operations(document)}
        schemas = document["components"]["schemas"].values()
        # Counts and sums over several fields, which no tool judges that knows JSON Schema only.
        self.totals = [rule for schema in schemas for rule in schema.get(RULE, ())]

    def judge(self, operation: str, body: Any) -> Verdict:
        """Whether exactly one schema of an operation's body matches."""
        matches = [name for name in self.bodies[operation] if self.variants[name].is_valid(body)]
        if len(matches) == 1:
            return Verdict(True)
        return Verdict(False, frozenset({("", "oneOf")}))

    def judge_variant(self, name: str, body: Any) -> Verdict:
        """Whether a body matches the schema of one variant, and why not."""
        reasons = frozenset(
            reason for error in self.variants[name].iter_errors(body) for reason in _reasons(error)
        )
        return Verdict(not reasons, reasons)


class MockReferee:
    """The mock of openapi.yaml, asked over HTTP.

    It is Prism that is asked, without the front that people have: the front judges nothing that is
    a JSON value, and costs about as much time again.
    """

    def __init__(self, prism: Prism) -> None:
        self.prism = prism
        self._idle: list[HTTPConnection] = []

    def judge(self, operation: str, body: Any) -> Verdict:
        """Whether the mock accepts a JSON body.

        Raises:
            InfrastructureError: The mock died, hung, or gave an answer that is no verdict.
        """
        return self.judge_content(operation, json.dumps(body).encode())

    def judge_content(self, operation: str, content: bytes) -> Verdict:
        """Whether the mock accepts a body as it is spelled.

        Raises:
            InfrastructureError: The mock died, hung, or gave an answer that is no verdict.
        """
        with self.prism.asked(operation):
            try:
                answer = self._answer(operation, content)
            except ConnectionError:
                # A live one may close a connection that was idle while it is asked once more.
                if self.prism.ended:
                    raise
                answer = self._answer(operation, content)
        if answer.status == 200:
            return Verdict(True)
        if answer.status != 422:
            raise InfrastructureError(f"the mock answered {answer.status}: no verdict")
        cut = answer.headers.get("sl-violations", "").startswith(CUT)
        return Verdict(False, violations(answer), cut)

    def _answer(self, operation: str, content: bytes) -> HTTPResponse:
        """What Prism answers, asked without httpx, which takes three times as long."""
        method, path = operation.split(" ", 1)
        connection = self._connection()
        try:
            connection.request(method, path, content, HEADERS)
            answer = connection.getresponse()
            answer.read()
        except BaseException:
            connection.close()
            raise
        if connection.sock:  # Prism keeps it open
            self._idle.append(connection)
        return answer

    def _connection(self) -> HTTPConnection:
        """One that no other thread uses and this Prism did not close."""
        with contextlib.suppress(IndexError):
            connection = self._idle.pop()
            closed = select.select([connection.sock], [], [], 0)[0]
            if connection.port == self.prism.port and not closed:
                return connection
            connection.close()
        return HTTPConnection(HOST, self.prism.port, timeout=CALL_SECONDS)

    def close(self) -> None:
        for connection in self._idle:
            connection.close()


class ClientReferee:
    """The installed package, which checks a body before it costs anything."""

    def judge(self, operation: str, body: Any) -> Verdict:
        """Whether foxapi_video.check, which judges the create call, finds nothing wrong."""
        assert operation == CREATE
        fields = frozenset(
            (re.sub(r"\[\d+\]", "", violation.field), violation.keyword)
            for violation in check(body)
        )
        return Verdict(not fields, fields)


@functools.cache
def spec_referee(path: Path = BUILD / PLAIN) -> SpecReferee:
    """The referee of the bundled openapi.yaml, read once."""
    return SpecReferee(json.loads(path.read_bytes()))


def violations(answer: httpx.Response | HTTPResponse) -> frozenset[Reason]:
    """The reasons in Prism's sl-violations header: those of every variant of its model at once.

    Prism cuts a long list off in its middle; what came whole is read.
    """
    found: set[Reason] = set()
    for violation in _listed(answer.headers.get("sl-violations", "")):
        field = _field(violation["location"][2:])
        keyword, message = str(violation["code"]), violation["message"]
        named = re.search(r"required property '(.*)'|; found '(.*)'", message)
        found.add((_joined(field, named[1] or named[2]) if named else field, keyword))
    return frozenset(found)


def _listed(header: str) -> Iterable[dict[str, Any]]:
    """The objects of a list of JSON that may have been cut off."""
    decoder = json.JSONDecoder()
    start = header.find("[") + 1
    while 0 < start < len(header):
        try:
            violation, end = decoder.raw_decode(header, start)
        except json.JSONDecodeError:
            return
        yield violation
        start = end + 1


def validator_of(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """What judges bodies by a schema, its formats and its rules over several fields included."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, keywords=KEYWORDS)


def _reasons(error: jsonschema_rs.ValidationError) -> Iterable[Reason]:
    field = _field(error.instance_path)
    keyword = next(part for part in reversed(error.schema_path) if isinstance(part, str))
    detail = error.kind.as_dict()
    if keyword == "required":
        return [(_joined(field, detail["property"]), keyword)]
    if keyword == "additionalProperties":
        return [(_joined(field, name), keyword) for name in detail["unexpected"]]
    return [(field, keyword)]


def _field(path: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in path if not str(part).isdigit())


def _joined(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
