"""Print the figures, and exit with 1 where one misses its limit.

    python -m contract_tests.bench [PART ...]

A part is one of imports, calls, memory, lasting, batches, suite, growth, peers, pages and tests.
"""

from __future__ import annotations

import argparse
import sys

from contract_tests.bench import (
    batches,
    create_calls,
    growth,
    imports,
    lasting,
    memory,
    peers,
    suite,
)

PARTS = {
    "imports": imports.measure,
    "calls": create_calls.measure,
    "memory": memory.measure,
    "lasting": lasting.measure,
    "batches": batches.measure,
    "suite": suite.measure,
    "growth": growth.measure,
    "peers": peers.measure,
    "pages": growth.measure_pages,
    "tests": suite.measure_tests,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the package against raw httpx.")
    parser.add_argument(
        "parts", nargs="*", help=f"any of {', '.join(PARTS)}; else all but pages and tests"
    )
    everything = [
        p for p in PARTS if p not in ("pages", "tests") and (p != "peers" or peers.installed())
    ]
    chosen = parser.parse_args().parts or everything
    unknown = set(chosen) - set(PARTS)
    if unknown:
        parser.error(f"{min(unknown)} is not one of {', '.join(PARTS)}")
    kept = True
    print(f"medians, with their quartiles, on {growth.machine()}")
    for part in chosen:
        for figure in PARTS[part]():
            print(figure, flush=True)
            kept = kept and figure.kept
    if "peers" not in everything:
        print("beside other SDKs: make bench-peers installs them in build/peers and measures them")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
