"""Write build/report/: index.html, report.json and junit.xml: `make report`

python -m contract_tests.report
"""

from __future__ import annotations

import argparse
import sys

from contract_tests.mock.prism import MockError
from contract_tests.report.gathered import gather, write_json
from contract_tests.report.html_page import render
from contract_tests.report.junit import write_junit
from contract_tests.seed import seed_of_run
from overlays.bundle import BUILD, ROOT
from overlays.errors import BuildError

FOLDER = BUILD / "report"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the report of all that was judged.")
    parser.add_argument("--examples", type=int, default=100, help="fuzz cases of an operation")
    examples = parser.parse_args().examples
    seed = seed_of_run()
    try:
        data, run = gather(seed, examples=examples)
    except (BuildError, MockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_json(data, FOLDER / "report.json")
    write_junit(run, data, FOLDER / "junit.xml")
    (FOLDER / "index.html").write_text(render(data), encoding="utf-8")
    print(f"wrote {(FOLDER / 'index.html').relative_to(ROOT)}")
    broken = data["probes"]["differing"] or data["differences"] or not data["fuzzing"]["passed"]
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
