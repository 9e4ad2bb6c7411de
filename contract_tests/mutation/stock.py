"""What stock schemathesis notices: run with the mutant's spec against the mutant's own mock.

This is how specs are usually tested, and it shows next to nothing here: whoever got a constraint
wrong got it wrong in both. Nothing is tuned: the default checks and phases. Only requests that end
Prism whatever the spec says are dropped. A mutant counts as noticed when a kind of failure appears
that the right spec does not have.
"""

from __future__ import annotations

import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.fuzzing.run import run_schemathesis
from contract_tests.mock.mock import Mock
from contract_tests.mutation.mutant import Document, Mutant
from contract_tests.mutation.serving import create_call, prefix, serving

# One run for each core.
RUNS_AT_ONCE = 2
SECONDS = 120


def stock_notices(spec: Document, mutants: dict[int, Mutant], seed: int) -> dict[int, bool]:
    """Whether a stock run notices each of these mutants.

    Raises:
        RuntimeError: A run ended without a result.
    """
    with serving(spec, mutants) as mock:
        known = _failures(spec, mock, "", seed)

        def notices(index: int) -> bool:
            found = _failures(mutants[index].document(spec), mock, prefix(index), seed)
            return bool(found - known)

        with ThreadPoolExecutor(RUNS_AT_ONCE) as threads:
            return dict(zip(mutants, threads.map(notices, mutants), strict=True))


def _failures(document: Document, mock: Mock, under: str, seed: int) -> set[str]:
    """The kinds of failure that a stock run finds."""
    with tempfile.TemporaryDirectory(prefix="foxapi-stock-") as directory:
        path = Path(directory) / "openapi.json"
        path.write_text(json.dumps(create_call(document)), encoding="utf-8")
        arguments = ["run", str(path), "--exclude-checks", "agrees_with_spec"]
        url = f"{mock.url}{under}"
        ended = run_schemathesis(arguments, url, seed, cwd=Path(directory), timeout=SECONDS)
    if " generated" not in ended.stdout or "Errors" in ended.stdout:
        raise RuntimeError(f"schemathesis ended without a result: {ended.stdout[-800:]}")
    return set(re.findall(r"^- (.+)$", ended.stdout, re.MULTILINE))
