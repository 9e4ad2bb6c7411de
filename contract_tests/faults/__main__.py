"""Print what the client makes of a server that misbehaves.

python -m contract_tests.faults [--runs 5000] [--processes 100] [--seed N]
"""

from __future__ import annotations

import argparse
import logging
import sys
import time

from contract_tests.faults import processes, runs
from contract_tests.faults.runs import BOUND, RUNS, run_all, table
from contract_tests.seed import seed_of_run


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the client against a misbehaving server.")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--processes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=seed_of_run())
    arguments = parser.parse_args()
    # The runs provoke what the client warns of.
    logging.getLogger("foxapi_video").setLevel(logging.ERROR)
    began = time.monotonic()
    ended = run_all(arguments.runs, arguments.seed)
    print(table(ended))
    forked = processes.run_all(arguments.processes, arguments.seed)
    print(processes.rows(forked))
    every: list[runs.Ended | processes.Ended] = [*ended, *forked]
    complaints = [(each, each.complaint) for each in every if each.complaint]
    twice = sum(each.accepted > 1 for each in every)
    longest = max(each.seconds for each in ended)
    print(
        f"\nruns: {len(ended)}, and {len(forked)} with processes, "
        f"in {time.monotonic() - began:.0f} s, seed {arguments.seed}\n"
        f"creates accepted twice: {twice}\n"
        f"wrong words about payment: {sum(each.misled for each in ended)}\n"
        f"ids of paid tasks lost: {sum(each.lost for each in every)}, "
        f"tasks mixed up: {sum(each.mixed for each in forked)}\n"
        f"ended in neither a result nor a documented error: "
        f"{sum(each.result.startswith('undocumented') for each in ended)}\n"
        f"longest run: {longest:.2f} s (bound {BOUND:.2f} s)\n"
        f"key shown: {sum(each.leaked for each in ended)}"
    )
    for plan, complaint in complaints[:10]:
        print(f"\nWRONG: {plan}\n{complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
