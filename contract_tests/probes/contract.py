"""Hold a server to the documentation: `make contract`.

Without a base URL the server is the mock. With one it is a real server, and every request that it
accepts may cost money: so it gets only requests that it must refuse, and the run ends at the first
one that it accepts. `--spend` adds the valid ones, one per variant.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jsonschema_rs

from contract_tests.mock.mock import running_mock
from contract_tests.mock.prism import TOKEN, MockError
from contract_tests.probes.page_probes import all_probes
from foxapi_video.retries import retry_after
from overlays.bundle import PLAIN, bundle
from overlays.errors import BuildError
from overlays.openapi import CREATE_PATH, create_body, create_operation, dereferenced

SECONDS = 30.0
REFUSED = (400, 422)
PATIENCE = 5
LONGEST_PAUSE = 30.0


class ContractError(Exception):
    """Why the run can't go on, in one line for people."""


@dataclass(frozen=True)
class Call:
    """One request and what must come back.

    Attributes:
        name: The id of the probe, or the variant whose sample it is.
        body: What is sent to the create call.
        statuses: The statuses that keep the contract.
    """

    name: str
    body: Any
    statuses: tuple[int, ...]


@dataclass(frozen=True)
class Breach:
    """How an answer breaks the contract.

    Attributes:
        text: What was answered and what must be, in one line.
        accepted: Whether the server accepted the request.
    """

    text: str
    accepted: bool


def calls(document: dict[str, Any], *, spend: bool, of_mock: bool = False) -> Iterator[Call]:
    """Every request that must be refused, then, to spend, the sample of each variant.

    The mock is not asked about rules that JSON Schema has no keyword for.
    """
    for probe in all_probes():
        if not probe.accepted and (probe.is_of_json_schema or not of_mock):
            yield Call(probe.id, probe.body, REFUSED)
    if spend:
        for name, example in create_body(document)["examples"].items():
            yield Call(name, example["value"], (200,))


class Contract:
    """A server, and the spec that says what its answers look like."""

    def __init__(self, base_url: str, key: str, document: dict[str, Any]) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            timeout=SECONDS,
        )
        self._answers = {
            int(status): _validator(document, response)
            for status, response in create_operation(document)["responses"].items()
        }

    def hold(self, call: Call) -> Breach | None:
        """Send a request, and say how the answer breaks the contract; None where it keeps it.

        Raises:
            ContractError: There is no answer, or the key is not valid.
        """
        answer = self._send(call)
        if answer.status_code == 401:
            raise ContractError("the server does not take this key: check FOXAPI_API_KEY")
        if answer.status_code not in call.statuses:
            wanted = " or ".join(map(str, call.statuses))
            text = f"{call.name}: answered {answer.status_code}, must be {wanted}"
            return Breach(text, answer.is_success)
        try:
            self._answers[answer.status_code].validate(answer.json())
        except ValueError as error:
            reason = str(error).splitlines()[0]
            text = f"{call.name}: the body of its {answer.status_code} breaks the spec: {reason}"
            return Breach(text, answer.is_success)
        return None

    def _send(self, call: Call) -> httpx.Response:
        content = json.dumps(call.body).encode()
        for attempt in range(PATIENCE):
            try:
                answer = self._http.post(CREATE_PATH, content=content)
            except (httpx.TransportError, httpx.InvalidURL, UnicodeError) as error:
                # Never sent twice: a request that got no answer may have been accepted.
                reason = str(error) or type(error).__name__
                raise ContractError(f"no answer from {self._http.base_url}: {reason}") from None
            if answer.status_code != 429:
                return answer
            asked = retry_after(answer.headers)
            time.sleep(min(2.0**attempt if asked is None else asked, LONGEST_PAUSE))
        raise ContractError("the server goes on answering 429: try again later")

    def __enter__(self) -> Contract:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()


def run(base_url: str, key: str, document: dict[str, Any], *, spend: bool, paid: bool) -> int:
    """Hold a server to every call, print each breach, and return how many there are.

    Args:
        paid: Whether what the server accepts costs money, so that the first surprise ends the run.
    """
    broken = count = 0
    began = time.monotonic()
    with Contract(base_url, key, document) as contract:
        for call in calls(document, spend=spend, of_mock=not paid):
            count += 1
            breach = contract.hold(call)
            if breach is None:
                continue
            broken += 1
            print(breach.text)
            print(f"    {_reproduce(base_url, call)}")
            if paid and breach.accepted and call.statuses == REFUSED:
                print("Stopped: the server accepted what it must refuse, and may charge for it.")
                break
    seconds = time.monotonic() - began
    kind = "requests" if spend else "requests that must be refused"
    print(f"{count} {kind}, {count - broken} kept the contract, {broken} did not ({seconds:.0f} s)")
    return broken


def _reproduce(base_url: str, call: Call) -> str:
    body = json.dumps(call.body)
    if len(body) > 2000:
        body = f"<{len(body)} characters>"
    quoted = body.replace("'", "'\\''")
    return (
        f"curl -X POST {base_url.rstrip('/')}{CREATE_PATH} "
        f'-H "Authorization: Bearer $FOXAPI_API_KEY" -H "Content-Type: application/json" '
        f"-d '{quoted}'"
    )


def _validator(
    document: dict[str, Any], response: dict[str, Any]
) -> jsonschema_rs.Draft202012Validator:
    schema = dereferenced(document, response)["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Hold a server to the documentation.")
    parser.add_argument("--base-url", help="the server; the mock when left out")
    parser.add_argument("--spend", action="store_true", help="send valid, paid requests too")
    arguments = parser.parse_args(given)
    key = os.environ.get("FOXAPI_API_KEY", "")
    try:
        document = json.loads(bundle()[PLAIN].read_bytes())
        if arguments.base_url is None:
            with running_mock() as mock:
                return 1 if run(mock.url, TOKEN, document, spend=True, paid=False) else 0
        if not key:
            raise ContractError("FOXAPI_API_KEY is not set: a real server needs a key")
        if not key.isascii() or not key.isprintable():
            raise ContractError("FOXAPI_API_KEY has characters that no key has (it is not shown)")
        spend = arguments.spend
        return 1 if run(arguments.base_url, key, document, spend=spend, paid=True) else 0
    except (BuildError, MockError, ContractError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
