"""The verdicts as JUnit XML for build servers: a suite for each page, a case for each probe."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

from contract_tests.judging import Judgement, Ruling

# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(judgement: Judgement, path: Path) -> None:
    """Write every ruling, a difference being a failure."""
    pages: dict[str, list[Ruling]] = defaultdict(list)
    for ruling in judgement.rulings.values():
        pages[ruling.probe.form.page].append(ruling)
    root = ElementTree.Element("testsuites", name="FoxAPI Video")
    for page, rulings in pages.items():
        failed = sum(bool(ruling.differences) for ruling in rulings)
        counts = {"tests": str(len(rulings)), "failures": str(failed), "errors": "0"}
        suite = ElementTree.SubElement(root, "testsuite", {"name": page, **counts})
        for ruling in rulings:
            name = _written(ruling.probe.id.removeprefix(page).lstrip("."))
            case = ElementTree.SubElement(suite, "testcase", classname=page, name=name)
            if ruling.differences:
                told = _written("\n".join(ruling.differences))
                ElementTree.SubElement(case, "failure", message=told.split("\n")[0]).text = told
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _written(text: str) -> str:
    return _UNWRITABLE.sub("?", text)
