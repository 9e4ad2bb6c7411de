"""Ask every foreign reader about every probe, and print what each gets wrong and whose fault it is.

python -m contract_tests.agreement.readers [READER ...]
"""

from __future__ import annotations

import argparse
import json
import sys

from contract_tests.agreement.readers.foreign import READERS, ReaderError, ask, limits, tally
from contract_tests.probes.page_probes import every_probe
from overlays.bundle import BUILD

SUMMARY = BUILD / "readers.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask foreign readers about every probe.")
    parser.add_argument("readers", nargs="*", help=f"any of {'; '.join(READERS)}; else all")
    chosen = parser.parse_args().readers or list(READERS)
    unknown = set(chosen) - set(READERS)
    if unknown:
        parser.error(f"{min(unknown)} is not one of {'; '.join(READERS)}")
    probes, rows = tuple(each for each in every_probe() if each.is_of_json_schema), []
    print(f"| reader | right of {len(probes)} | ours | the tool's |\n|---|---|---|---|")
    shown = []
    for name in chosen:
        try:
            found = tally(probes, ask(name, probes), limits()[name])
        except ReaderError as error:
            print(f"| {name} | none | all | |", flush=True)
            shown.append(f"error: {error}")
            continue
        ours = sum(map(len, found.ours.values()))
        theirs = "; ".join(f"{count}: {why}" for why, count in found.tool.items())
        print(f"| {name} | {found.right} | {ours} | {theirs} |", flush=True)
        rows.append({"name": name, "right": found.right, "ours": ours, "tool": found.tool})
        for (verdict, keyword), ids in found.ours.items():
            shown.append(f"{name} {verdict} {len(ids)} probes of {keyword}, such as {ids[0]}")
    if len(rows) == len(READERS):
        SUMMARY.write_text(json.dumps({"probes": len(probes), "rows": rows}), encoding="utf-8")
    print(*shown, sep="\n", file=sys.stderr, end="\n" if shown else "")
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())
