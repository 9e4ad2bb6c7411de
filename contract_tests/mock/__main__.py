"""Serve the mock of openapi.yaml until Ctrl-C: make mock.

python -m contract_tests.mock [--port 4010] [--pace 1]
"""

from __future__ import annotations

import argparse
import signal
import sys

from contract_tests.mock.mock import running_mock
from contract_tests.mock.prism import MockError
from overlays.errors import BuildError


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the mock of openapi.yaml until Ctrl-C.")
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--pace", type=int, default=1, help="queries until a task is completed")
    given = parser.parse_args()
    # A plain `kill` ends it as Ctrl-C does, and Prism with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not 0 <= given.port < 2**16:
            raise MockError(f"PORT= is a number up to 65535, not {given.port}")
        if not 1 <= given.pace <= 1000:
            raise MockError(f"PACE= is a number of queries from 1 to 1000, not {given.pace}")
        with running_mock(given.port, pace=given.pace, say=_say) as mock:
            _say(f"The mock listens on {mock.url}; any key will do. Ctrl-C ends it.")
            mock.wait()
    except (BuildError, MockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
