"""A model that is gone from the site: first its variants are deprecated, then they are removed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from documentation import facts_files
from documentation.changing.accept import EXPORTED, Make, kept_on_failure, run_make
from documentation.changing.changelog import with_line
from documentation.changing.proposal import in_line_with
from documentation.changing.review import CHOICES
from documentation.changing.settling import void_answers
from documentation.checking.spec import PAGE_KEY
from documentation.conflicts import parsed, spell
from documentation.editing import overlay as overlays
from documentation.editing.entries import Entries
from documentation.editing.splice import rewritten
from documentation.fact import PageError
from documentation.facts_files import FactsFile
from overlays import yaml_text
from overlays.bundle import ROOT
from overlays.openapi import CREATE

PAGES = Path("documentation") / "pages.yaml"


def retire(named: str, root: Path = ROOT, make: Make = run_make) -> str:
    """Deprecate the variants of a page, or remove them where they are; say what was done.

    Args:
        named: The page, or one of its models.
        root: The checkout.
        make: Runs a target there.

    Raises:
        PageError: No such page describes a model; or something fails, and all is as it was.
    """
    files = facts_files.load_all(root / "documentation" / "facts")
    spec = root / "openapi.yaml"
    text = spec.read_text("utf-8")
    data = yaml_text.load(text)
    file = _file_of(named, files, data)
    names = _variants(data, file.page)
    models = ", ".join(f"`{model}`" for model in _models(data, names))
    kept = [spec, root / CHOICES, root / EXPORTED, root / "README.md", root / "CHANGELOG.md"]
    kept += [root / PAGES, *([file.path] if file.path else [])]
    schemas = data["components"]["schemas"]
    is_last_call = all(schemas[name].get("deprecated") is True for name in names)
    with kept_on_failure(kept, root / "generated"):
        if is_last_call:
            _remove(file, [each for each in files if each is not file], data, text, root)
            said = f"Breaking: gone, as from the API's documentation: {models}."
        else:
            marks = [overlays.update({"deprecated": True}, *_SCHEMAS, name) for name in names]
            spec.write_text(rewritten(text, overlays.document_of("deprecated", marks)), "utf-8")
            said = f"Deprecated, as the API's documentation no longer has it: {models}."
        changelog = root / "CHANGELOG.md"
        if changelog.exists():
            changelog.write_text(
                with_line(changelog.read_text("utf-8"), "### Changed", said), "utf-8"
            )
        for target in ("docs-check", "generate", "exported"):
            make(root, [target])
    if is_last_call:
        return f"{file.page}: removed, with {models}".replace("`", "")
    said = f"{file.page}: deprecated, with {models}".replace("`", "")
    return f"{said}; the same command once more removes it"


_SCHEMAS = ("components", "schemas")


def _file_of(named: str, files: list[FactsFile], data: Any) -> FactsFile:
    """The page of that name, or the one page that lists a model of that name."""
    own = [file for file in files if file.page == named]
    listing = [f for f in files if named in _models(data, _variants(data, f.page))]
    found = own or listing
    if len(found) != 1 or not _variants(data, found[0].page):
        known = [file.page for file in files if _variants(data, file.page)]
        if not named.strip():
            raise PageError(
                f"give PAGE=, a page or one of its models; there are {', '.join(known)}"
            )
        several = f" ({', '.join(file.page for file in found)} list it)" if found[1:] else ""
        raise PageError(
            f"no one page {named} describes a model{several}; there are {', '.join(known)}"
        )
    return found[0]


def _variants(data: Any, page: str) -> list[str]:
    """The request variants of a page."""
    method, path = CREATE.split(" ")
    content = data["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
    named = [each["$ref"].rsplit("/", 1)[-1] for each in content["schema"]["oneOf"]]
    schemas = data["components"]["schemas"]
    return [name for name in named if schemas[name].get(PAGE_KEY) == page]


def _models(data: Any, names: list[str]) -> list[str]:
    schemas = data["components"]["schemas"]
    listed = [schemas[name]["properties"]["model"].get("enum", []) for name in names]
    return list(dict.fromkeys(model for models in listed for model in models))


def _remove(file: FactsFile, others: list[FactsFile], data: Any, text: str, root: Path) -> None:
    """Take a page out of the facts, the choices, the watched pages and the spec."""
    choices, pages = root / CHOICES, root / PAGES
    settled = _without(choices.read_text("utf-8"), file, others)
    choices.write_text(settled, "utf-8")
    if file.path:
        file.path.unlink()
    if pages.exists() and file.page in (yaml_text.load(pages.read_text("utf-8"))["pages"] or {}):
        gone = overlays.document_of("pages", [overlays.remove("pages", file.page)])
        pages.write_text(rewritten(pages.read_text("utf-8"), gone), "utf-8")
    wanted = copy.deepcopy(data)
    _take_out(wanted, file.page)
    wanted = in_line_with(others, wanted, parsed(settled))
    overlay = overlays.document_of("a page less", overlays.between(data, wanted))
    (root / "openapi.yaml").write_text(rewritten(text, overlay), "utf-8")


def _take_out(data: Any, page: str) -> None:
    """Remove a page's variants and its name, and the schemas that nothing refers to then."""
    names = _variants(data, page)
    schemas = data["components"]["schemas"]
    method, path = CREATE.split(" ")
    content = data["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
    used = {name for name in schemas if _is_used(data, name)}
    for name in names:
        content["schema"]["oneOf"].remove({"$ref": f"#/components/schemas/{name}"})
        content.get("examples", {}).pop(name, None)
        del schemas[name]
    for schema in schemas.values():
        if isinstance(schema.get(PAGE_KEY), list) and page in schema[PAGE_KEY]:
            schema[PAGE_KEY].remove(page)
    for name in used - {*names}:
        if not _is_used(data, name):
            del schemas[name]


def _is_used(data: Any, name: str) -> bool:
    return f'"#/components/schemas/{name}"' in json.dumps(data)


def _without(text: str, file: FactsFile, others: list[FactsFile]) -> str:
    """`conflicts.yaml` without what it says of a page, and of sentences that it alone has."""
    entries, conflicts, page = Entries(text), parsed(text), file.page
    for index in void_answers(conflicts, file, others):
        entries.remove("unread", index)
    for entry in conflicts.settled:
        if page not in entry.pages:
            continue
        rest = [each for each in entry.statements if each.get("page", page) != page]
        if len({spell(each["value"]) for each in rest}) > 1:
            entries.change(entry.section, entry.index, {"statements": rest})
        else:
            entries.remove(entry.section, entry.index)
    return entries.rewritten()
