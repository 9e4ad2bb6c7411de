"""Put the client behind real proxies, and print what it makes of them.

python -m contract_tests.faults.proxies [--runs 2000] [--seed N]
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time

from contract_tests.faults.proxies.runs import counts, run_all, table
from contract_tests.faults.proxies.servers import missing
from contract_tests.seed import seed_of_run


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the client behind nginx and haproxy.")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=seed_of_run())
    arguments = parser.parse_args()
    if missing():
        print(f"error: {missing()}", file=sys.stderr)
        return 1
    # The runs provoke what the client warns of.
    logging.getLogger("foxapi_video").setLevel(logging.ERROR)
    began = time.monotonic()
    ended = run_all(arguments.runs, arguments.seed)
    print(table(ended))
    figures = counts(ended)
    print(
        f"\ncreates: {len(ended)} in {time.monotonic() - began:.0f} s, seed {arguments.seed}\n"
        f"accepted twice: {figures['twice']}\n"
        f"wrong words about payment: {figures['wrong']}\n"
        f"undocumented ends: {figures['undocumented']}\n"
        f"other ends than the situation promises: {figures['unpromised']}"
    )
    complaints = [(each.plan, each.complaint) for each in ended if each.complaint]
    for plan, complaint in complaints[:10]:
        print(f"\nWRONG: {plan}\n{complaint}", file=sys.stderr)
    return 1 if complaints else 0


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for each in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: all that was started ends
        signal.signal(each, _end)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
