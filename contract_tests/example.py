"""Run an example against the mock, and close with what was built.

python -m contract_tests.example examples/create_task.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from contract_tests.mock.mock import running_mock
from contract_tests.mock.prism import TOKEN, MockError
from overlays.bundle import BUILD, PLAIN, ROOT
from overlays.errors import BuildError
from overlays.openapi import body_schemas, create_operation, operations


def run_example(
    example: Path, base_url: str, directory: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run an example as a user would, with a placeholder for the key."""
    environment = os.environ | {"FOXAPI_BASE_URL": base_url, "FOXAPI_API_KEY": TOKEN}
    return subprocess.run(
        [sys.executable, str(example)],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def summary() -> str:
    """What openapi.yaml holds and where the wheel is."""
    document = json.loads((BUILD / PLAIN).read_bytes())
    wheels = sorted(path.relative_to(ROOT) for path in (ROOT / "dist").glob("*.whl"))
    return (
        f"operations: {len(list(operations(document)))}\n"
        f"variants:   {len(body_schemas(create_operation(document)))}\n"
        f"wheel:      {wheels[-1] if wheels else 'not built, see make wheel'}"
    )


def main() -> int:
    example = Path(sys.argv[1])
    try:
        with running_mock() as mock:
            ended = run_example(example, mock.url)
    except (BuildError, MockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if ended.returncode:
        print(f"error: {example}: {ended.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return 1
    print(f"{example} created, on the mock:\n{ended.stdout}\n{summary()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
