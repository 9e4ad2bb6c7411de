"""The panel: spec, mock and client, who judge every drawn body together.

A referee joins by a name, as a function that says whether a body is valid.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from contract_tests.agreement.body_strategies import Body
from contract_tests.agreement.tool_faults import ToolFault, tool_fault_of
from contract_tests.mock.prism import InfrastructureError
from contract_tests.referees.spec_mock_client import MockReferee, SpecReferee
from foxapi_video import check
from overlays.openapi import CREATE

ACCEPTS, REJECTS = "accepts", "rejects"


# Whether a body of the create call is valid.
BodyReferee = Callable[[Body], bool]


class DisagreementError(AssertionError):
    """Referees differ on a body, in one line for people.

    Attributes:
        body: The body.
        verdicts: What each referee does with it: accepts, rejects, or raises what.
    """

    def __init__(self, body: Body, verdicts: dict[str, str]) -> None:
        says = ", ".join(f"{name} {verdict}" for name, verdict in verdicts.items())
        shown = body.content.decode()
        shown = shown if len(shown) <= 500 else f"{shown[:500]}... ({len(shown)} characters)"
        super().__init__(f"{says}: {shown}")
        self.body = body
        self.verdicts = verdicts


class Panel:
    """The referees together, and what none but some of them can judge."""

    def __init__(
        self, referees: Mapping[str, BodyReferee], rules: Iterable[dict[str, Any]] = ()
    ) -> None:
        self.referees, self.rules = referees, tuple(rules)

    def judge(self, body: Body) -> tuple[bool, ToolFault | None]:
        """The verdict of all referees who have a say, and the limit that keeps others out.

        Raises:
            DisagreementError: They differ, or a body that is valid by construction is rejected.
            InfrastructureError: The mock died or hung.
        """
        tool_fault = tool_fault_of(body.value, self.rules)
        silent = tool_fault.silent if tool_fault else frozenset()
        verdicts = {
            name: _verdict(referee, body)
            for name, referee in self.referees.items()
            if name not in silent
        }
        if tool_fault is not None and tool_fault.refused:
            expected = REJECTS
        else:
            expected = ACCEPTS if body.kind == "valid" else verdicts["spec"]
        if set(verdicts.values()) - {expected} or expected not in (ACCEPTS, REJECTS):
            raise DisagreementError(body, verdicts)
        return expected == ACCEPTS, tool_fault


def _verdict(referee: BodyReferee, body: Body) -> str:
    try:
        return ACCEPTS if referee(body) else REJECTS
    except InfrastructureError:
        raise
    except Exception as error:
        # A referee that can't bear a body is a finding like any other: shrunk and saved.
        return f"raises {type(error).__name__}"


def by_spec(document: dict[str, Any]) -> BodyReferee:
    """A spec, judged by jsonschema-rs."""
    referee = SpecReferee(document)
    return lambda body: referee.judge(CREATE, json.loads(body.content)).accepted


def by_client(body: Body) -> bool:
    """Whether foxapi_video.check, as a user calls it, finds nothing wrong."""
    return not check(json.loads(body.content))


def own_panel(document: dict[str, Any], mock: MockReferee) -> Panel:
    """The panel of the project's own referees.

    Args:
        document: openapi.yaml, bundled.
        mock: A mock that serves it.
    """
    referees: dict[str, BodyReferee] = {
        "spec": by_spec(document),
        "mock": lambda body: mock.judge_content(CREATE, body.content).accepted,  # the very bytes
        "client": by_client,
    }
    return Panel(referees, SpecReferee(document).totals)
