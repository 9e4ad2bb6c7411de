"""Change a YAML file by an overlay, every line that the change does not touch kept as it is.

A library that dumps the whole tree again rewrites lines that nobody changed and loses comments
beside what is removed. So the parsed nodes only say where things stand in the text, and lines are
cut and put there; in the end the new text has to read as the overlay applied to the old one.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import yaml

from documentation.editing import overlay as overlays
from documentation.editing.overlay import Step, steps_of
from documentation.fact import PageError
from overlays import yaml_text

_WIDTH = 120
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rewritten(text: str, overlay: dict[str, Any]) -> str:
    """The text of a YAML document with an overlay applied."""
    wanted = yaml_text.load(text)
    overlays.apply(wanted, overlay)
    for steps, value in _edits(overlay["actions"]):
        text = _Text(text).put(steps, value)
    if yaml_text.load(text) != wanted:
        raise PageError("the file can't be changed without touching other lines")
    return text


_GONE = object()


def _edits(actions: list[dict[str, Any]]) -> list[tuple[list[Step], Any]]:
    """Actions as edits; a key that is removed to be set anew is replaced where it stands."""
    edits: list[tuple[list[Step], Any]] = []
    fresh: dict[tuple[Step, ...], Any] = {}
    for number, action in enumerate(actions):
        steps = steps_of(action["target"])
        if not action.get("remove"):
            value = action["update"]
            if isinstance(value, dict):
                value = {k: v for k, v in value.items() if (*steps, k) not in fresh}
            if value not in ({}, []):
                edits.append((steps, value))
            continue
        later = next(
            (
                a["update"][steps[-1]]
                for a in actions[number + 1 :]
                if steps_of(a["target"]) == steps[:-1]
                and isinstance(a.get("update"), dict)
                and steps[-1] in a["update"]
            ),
            _GONE,
        )
        if later is not _GONE:
            fresh[tuple(steps)] = later
        edits.append((steps, _Replaced(later)))
    return edits


class _Replaced:
    """What stands in place of a removed value: another one, or nothing."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Text:
    """One edit of a text; positions come from its nodes."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self.root = yaml.compose(text, Loader=_LOADER)

    def put(self, steps: list[Step], value: Any) -> str:
        node: Any = self.root
        key: Any = None
        above: tuple[Any, Any] = (None, None)
        for depth, step in enumerate(steps):
            if node.flow_style:
                self._inside(key, node, steps[depth:], value)
                return "".join(self.lines)
            above = key, node
            key, node = _child(node, step)
        if isinstance(value, _Replaced):
            holder, whole = above
            if value.value is _GONE and holder is not None and len(whole.value) == 1:
                self._set(holder, whole, [] if isinstance(whole, yaml.SequenceNode) else {})
            elif value.value is _GONE:
                self._cut(key or node, node)
            else:
                self._set(key, node, value.value)
        elif isinstance(node, yaml.SequenceNode):
            self._merge(key, node, [value])
        else:
            self._merge(key, node, value)
        return "".join(self.lines)

    def _inside(
        self, key: yaml.Node | None, node: yaml.Node, steps: list[Step], value: Any
    ) -> None:
        """A change inside brackets: the outermost of them are written again."""
        whole = holder = _plain(node)
        for step in steps[:-1]:
            holder = holder[step]
        if not isinstance(value, _Replaced):
            holder[steps[-1]] = _updated(
                holder[steps[-1]], [value] if isinstance(holder[steps[-1]], list) else value
            )
        elif value.value is _GONE:
            del holder[steps[-1]]
        else:
            holder[steps[-1]] = value.value
        self._set(key, node, whole)

    def _merge(self, key: yaml.Node | None, node: yaml.Node, value: Any) -> None:
        """Add to an object or a list; set anything else."""
        if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
            if node.flow_style:
                self._set(key, node, _updated(_plain(node), value))
                return
            known = {k.value: (k, v) for k, v in node.value}
            for name in reversed(value):
                if name in known:
                    self._merge(*known[name], value[name])
            added = {name: entry for name, entry in value.items() if name not in known}
            if added:
                indent = node.start_mark.column
                self._insert(self._end(node), _block(added, indent))
        elif isinstance(node, yaml.SequenceNode):
            entries = value if isinstance(value, list) else [value]
            if node.flow_style:
                self._set(key, node, _plain(node) + entries)
            else:
                indent = node.start_mark.column
                self._insert(self._end(node), _items(entries, indent))
        else:
            self._set(key, node, value)

    def _set(self, key: yaml.Node | None, node: yaml.Node, value: Any) -> None:
        """Put a value in place of a key's value, on the key's own line where it fits."""
        if key is None:
            raise PageError("only members of objects can be replaced")
        start, end, column = key.start_mark.line, self._end(node), key.start_mark.column
        first, *rest = _block({key.value: value}, column)
        # What is before the key stays: blanks, or the dash of a list's entry.
        self.lines[start:end] = [self.lines[start][:column] + first[column:], *rest]

    def _cut(self, key: yaml.Node, node: yaml.Node) -> None:
        del self.lines[key.start_mark.line : self._end(node)]

    def _insert(self, line: int, lines: list[str]) -> None:
        if line and not self.lines[line - 1].endswith("\n"):
            self.lines[line - 1] += "\n"
        self.lines[line:line] = lines

    def _end(self, node: yaml.Node) -> int:
        """The line after a node's last one: what follows it, blank or comment, is not its own."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        mark = node.end_mark
        end = mark.line + (1 if mark.column else 0)
        start = node.start_mark.line
        while end > start + 1 and _idle(self.lines[end - 1]):
            end -= 1
        return max(int(end), int(start) + 1)


def _idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _child(node: Any, step: Step) -> tuple[Any, Any]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    raise PageError(f"the file has no {step} there")


def _updated(plain: Any, value: Any) -> Any:
    """A value with another merged in, as an overlay does."""
    if isinstance(plain, dict) and isinstance(value, dict):
        return plain | {
            key: _updated(plain[key], entry) if key in plain else entry
            for key, entry in value.items()
        }
    return plain + value if isinstance(plain, list) and isinstance(value, list) else value


def _plain(node: yaml.Node) -> Any:
    return yaml_text.load(yaml.serialize(node))


def _block(value: dict[str, Any], indent: int) -> list[str]:
    """Members of an object, each from its own line on."""
    lines: list[str] = []
    for key, entry in value.items():
        head = f"{' ' * indent}{_scalar(key)}:"
        if isinstance(entry, dict) and entry:
            lines += [f"{head}\n", *_block(entry, indent + 2)]
        elif isinstance(entry, list) and any(isinstance(e, dict | list) for e in entry):
            inline = _inline(entry)
            if len(head) + 1 + len(inline) <= _WIDTH and not any(
                isinstance(e, dict) for e in entry
            ):
                lines.append(f"{head} {inline}\n")
            else:
                lines += [f"{head}\n", *_items(entry, indent + 2)]
        elif isinstance(entry, list) and len(head) + 1 + len(_inline(entry)) > _WIDTH:
            lines += [f"{head}\n", *_items(entry, indent + 2)]
        else:
            lines.append(f"{head} {_inline(entry)}\n")
    return lines


def _items(entries: list[Any], indent: int) -> list[str]:
    """Entries of a list, each behind its dash."""
    lines: list[str] = []
    for entry in entries:
        if isinstance(entry, dict) and entry:
            first, *rest = _block(entry, indent + 2)
            lines += [f"{' ' * indent}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{' ' * indent}- {_inline(entry)}\n")
    return lines


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_inline(v)}" for k, v in value.items()) + "}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A scalar as every YAML reader takes it: old ones see numbers and dates in plain words."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = value and not set(value) & set("{}[],&*#?|<>=!%@\\\"'`\n\t") and value == value.strip()
    unsafe = ": " in value or value.endswith(":") or value.startswith("-")
    if plain and not unsafe and _is_itself(value):
        return value
    return json.dumps(value, ensure_ascii=False)


@functools.lru_cache(maxsize=4096)
def _is_itself(text: str) -> bool:
    """Whether both readings of YAML take a text without quotes for that text."""
    try:
        return bool(yaml.safe_load(text) == text == yaml_text.load(text))
    except yaml.YAMLError:
        return False
