"""Entries of `conflicts.yaml` added, changed and removed, all other lines of the file kept."""

from __future__ import annotations

import json
from typing import Any

import yaml

from documentation.editing import overlay as overlays
from documentation.editing.splice import rewritten
from overlays import yaml_text

GONE = object()
Row = dict[str, Any]


class Entries:
    """The text of `conflicts.yaml`, and what is to be different in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.added: list[tuple[str, Row]] = []
        self.changed: list[tuple[str, int, Row]] = []
        self.removed: set[tuple[str, int]] = set()

    def add(self, section: str, row: Row) -> None:
        """Add an entry, once: a sentence of two fields may be answered twice."""
        if (section, row) not in self.added:
            self.added.append((section, row))

    def change(self, section: str, index: int, row: Row) -> None:
        """Give keys of an entry another value; GONE removes one."""
        self.changed.append((section, index, row))

    def remove(self, section: str, index: int) -> None:
        self.removed.add((section, index))

    def rewritten(self) -> str:
        """The text with all of it done."""
        text = self.text
        for section, index in sorted({*self.removed, *((s, i) for s, i, _ in self.changed)}):
            text = _unanchored(text, section, index)
        data = yaml_text.load(text)
        actions: list[dict[str, Any]] = []
        for section, index, row in self.changed:
            if (section, index) in self.removed:
                continue
            actions += [
                overlays.remove(section, index, k) for k in row if k in data[section][index]
            ]
            put = {key: value for key, value in row.items() if value is not GONE}
            actions += [overlays.update(put, section, index)] if put else []
        for section, index in sorted(self.removed, reverse=True):
            actions.append(overlays.remove(section, index))
        for section, row in self.added:
            known = data.get(section)
            actions.append(overlays.update(row, section) if known else _first(section, row, data))
            data[section] = [*(known or []), row]
        return rewritten(text, overlays.document_of("conflicts.yaml", actions)) if actions else text


def _first(section: str, row: Row, data: dict[str, Any]) -> dict[str, Any]:
    """The action that adds the first entry of a section."""
    if data.get(section) is None:
        return overlays.update({section: [row]})
    return overlays.update(row, section)


def as_yaml(section: str, row: Row) -> list[str]:
    """One entry as it is pasted into the file, with the section that it belongs to."""
    text = rewritten(
        f"{section}: []\n", overlays.document_of("an entry", [_first(section, row, {section: []})])
    )
    return text.splitlines()


def _unanchored(text: str, section: str, index: int) -> str:
    """The text with one entry free of references: neither from it to others, nor back to it."""
    root: Any = yaml.compose(text, Loader=yaml_text.CoreLoader)
    [entries] = [node for key, node in root.value if key.value == section]
    began = [node.start_mark.line for node in entries.value]
    after = [key.start_mark.line for key, _ in root.value if key.start_mark.line > began[index]]
    start, end = began[index], min([*began[index + 1 : index + 2], *after, text.count("\n") + 1])
    anchored: dict[str, tuple[int, int]] = {}
    begun: list[tuple[str, int]] = []
    event: Any
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        inside = start <= event.start_mark.line < end
        name = getattr(event, "anchor", None) or ""
        first, last = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            if inside == (name in anchored):
                continue
            if inside:
                value = _anchored(text, name)
                return _unanchored(text[:first] + value + text[last:], section, index)
            at, ended = anchored[name]
            whole = text[at:ended].rstrip("\n")
            bare = whole.removeprefix(f"&{name}").lstrip(" ")
            before = text[:at] + bare + text[at + len(whole) : first]
            return _unanchored(before + whole + text[last:], section, index)
        if isinstance(event, yaml.CollectionStartEvent):
            begun.append((name if inside else "", first))
        elif isinstance(event, yaml.CollectionEndEvent):
            known, at = begun.pop()
            anchored |= {known: (at, last)} if known else {}
        elif isinstance(event, yaml.ScalarEvent) and name and inside:
            anchored[name] = (first, last)
    return text


def _anchored(text: str, name: str) -> str:
    """The value that an anchor stands at, in one line."""
    aliased = f"{text.rstrip()}\n_: *{name}\n"
    return json.dumps(yaml_text.load(aliased)["_"], ensure_ascii=False)
