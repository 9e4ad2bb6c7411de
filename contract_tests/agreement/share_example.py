"""Find a body that divides two referees, and print the attempts it took and the body.

Run by test_agreement.py, twice with different seeds: the second run, as another machine would,
takes the first one's body from the shared database.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from contract_tests.agreement.body_referees import BodyReferee, DisagreementError, Panel, by_spec
from contract_tests.agreement.body_strategies import Bodies, Body
from contract_tests.agreement.example_database import database
from contract_tests.agreement.search import search
from overlays.bundle import BUILD, PLAIN
from overlays.openapi import create_variants


class WrongReferee:
    """Takes a text of 1000 characters and more for too long.

    Attributes:
        calls: How many bodies it got before it was first wrong.
    """

    def __init__(self, right: BodyReferee) -> None:
        self.right, self.calls, self.was_wrong = right, 0, False

    def __call__(self, body: Body) -> bool:
        self.calls += not self.was_wrong
        value = body.value
        fields = value.values() if isinstance(value, dict) else []
        is_long = any(isinstance(text, str) and len(text) >= 1000 for text in fields)
        accepted = self.right(body)
        self.was_wrong |= accepted and is_long
        return accepted and not is_long


def main() -> int:
    document = json.loads((BUILD / PLAIN).read_bytes())
    right = by_spec(document)
    wrong = WrongReferee(right)
    panel = Panel({"spec": right, "mock": wrong})
    with tempfile.TemporaryDirectory() as directory:
        try:
            search(
                Bodies(create_variants(document)),
                panel,
                10_000,
                seed=int(sys.argv[1]),
                database=database(),
                saved=Path(directory),
            )
        except DisagreementError as found:
            print(wrong.calls, found.body.content.hex())
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
