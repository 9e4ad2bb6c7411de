"""The forms of a page: the shapes of request that its facts describe, each with a sample.

A page with one model and no modes has one form; a page whose fields are not for every model has
one for each group of models; a page with modes has one for each mode. Forms are made from facts
alone, so that what is probed owes nothing to openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documentation.conditions import barred, named_only, selector_of
from documentation.fact import Fact
from overlays.openapi import CREATE

ADDRESS = "https://example.com/input"  # of an input that the page gives no example of
UNUSED = {"maxItems": 0}


@dataclass(frozen=True, eq=False)
class Form:
    """One shape of request.

    Attributes:
        page: The page that describes it.
        name: What tells it from the other forms of the page; empty where there is one.
        models: The model ids that have it.
        fields: The keywords of each field that it has.
        needed: The inputs of its mode, which can't be null: null says that an input is not used.
        unused: The inputs of other modes, which may be null if anything.
        sample: A request that the page shows, or that its examples make.
        mark: What the ids of its probes end in; empty for the first form of a page.
        selector: The field that names the mode, where the page has modes.
        operation: What it is sent to.
    """

    page: str
    name: str
    models: tuple[str, ...]
    fields: dict[str, dict[str, Any]]
    sample: dict[str, Any]
    mark: str = ""
    selector: str = ""
    needed: frozenset[str] = frozenset()
    unused: frozenset[str] = frozenset()
    operation: str = CREATE

    @property
    def minimal(self) -> dict[str, Any]:
        """The sample's required fields."""
        return {
            name: value for name, value in self.sample.items() if self.fields[name].get("required")
        }


def forms_of(page: str, facts: list[Fact]) -> list[Form]:
    """The forms of one page from its settled facts.

    Args:
        page: The name of the page.
        facts: What `documentation.settled` makes of the page.
    """
    fields: dict[str, dict[str, Any]] = {}
    modes: list[tuple[str, dict[str, Any]]] = []
    shown: dict[str, Any] = {}
    members: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.place != "request" or not fact.field:
            continue
        if "." in fact.field:
            members.setdefault(fact.field, {})[fact.keyword] = fact.value
            continue
        keywords = fields.setdefault(fact.field, {})
        if fact.keyword == "example":
            keywords.setdefault("examples", []).append(fact.value)
            if fact.stated == "sample":
                shown[fact.field] = fact.value
        elif fact.keyword == "mode":
            modes.append((fact.field, fact.value))
        elif fact.keyword == "excludes":
            keywords.setdefault("excludes", []).append(fact.value)
        else:
            keywords[fact.keyword] = fact.value
    for name, words in members.items():
        parent = fields.get(name.partition(".")[0], {})
        parent.setdefault("members", {})[name.partition(".")[2]] = words
    examples = {name: words.get("examples") for name, words in fields.items()}
    sample = shown or {name: values[0] for name, values in examples.items() if values}
    models = tuple(fields["model"]["enum"])
    enums = {name: words.get("enum") or [] for name, words in fields.items()}
    selector = selector_of([(name, m["name"], m["needs"]) for name, m in modes], enums)
    for name, mode in modes:
        if name != selector:
            fields[name].setdefault("needs", []).append(mode)
    modes = [(name, mode) for name, mode in modes if name == selector]
    if modes:
        return list(_modes(page, fields, models, modes, sample))
    return list(_groups(page, fields, models, sample))


def _groups(
    page: str, fields: dict[str, dict[str, Any]], models: tuple[str, ...], sample: dict[str, Any]
) -> Iterator[Form]:
    """A form for each group of models that have the same fields."""
    groups: dict[frozenset[str], list[str]] = {}
    for model in models:
        owned = (name for name, words in fields.items() if model in words.get("onlyFor", models))
        groups.setdefault(frozenset(owned), []).append(model)
    for has, members in groups.items():
        own = {name: words for name, words in fields.items() if name in has}
        if len(groups) > 1:
            own["model"] = own["model"] | {"enum": members}
        body = {name: value for name, value in sample.items() if name in has}
        if body.get("model") not in members:
            body["model"] = members[0]
        body |= _required(own, body)
        name = members[0] if len(groups) > 1 else ""
        mark = f"@{name}" if members[0] != models[0] else ""
        yield Form(page, name, tuple(members), own, body, mark)


def _modes(
    page: str,
    fields: dict[str, dict[str, Any]],
    models: tuple[str, ...],
    modes: list[tuple[str, dict[str, Any]]],
    sample: dict[str, Any],
) -> Iterator[Form]:
    """A form for each mode: its inputs are required, those of the other modes unused."""
    inputs = {name for _, mode in modes for name in mode["needs"]}
    pairs = [(name, other) for name, words in fields.items() for other in words.get("excludes", [])]
    rules = [(name, mode["name"], mode["needs"]) for name, mode in modes]
    for selector, mode in modes:
        needs = {name: need for name, need in mode["needs"].items() if need != UNUSED}
        own = {name: dict(words) for name, words in fields.items()}
        own[selector]["enum"] = [mode["name"]]
        if own[selector].get("default") != mode["name"]:
            own[selector].pop("default", None)
        if named_only(rules, fields[selector].get("enum", []), mode["name"]):
            own[selector].pop("nullable", None)
            own[selector]["required"] = True
        body = {name: value for name, value in sample.items() if name not in inputs}
        body[selector] = mode["name"]
        out = barred(pairs, set(needs))
        body = {name: value for name, value in body.items() if name not in out}
        for name, need in needs.items():
            own[name] |= {"required": True, **need}
            plain: Any = ADDRESS if own[name].get("type") != "array" else [ADDRESS]
            example = own[name].get("examples", [plain])[0]
            if isinstance(example, list):
                body[name] = items(example, need.get("minItems", len(example)))
            else:
                body[name] = example
        body |= _required(own, body)
        needed, unused = frozenset(needs), frozenset((inputs | out) - set(needs))
        mark = f"@{mode['name']}" if mode is not modes[0][1] else ""
        yield Form(page, mode["name"], models, own, body, mark, selector, needed, unused)


def _required(fields: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The required fields that no sample shows."""
    return {
        name: made_up(words)
        for name, words in fields.items()
        if words.get("required") and name not in body
    }


def items(example: list[Any], count: int) -> list[Any]:
    """As many items as asked for, made from those of an example."""
    first = example[0]
    if not isinstance(first, str):
        return [first] * count
    return [f"{first}?{index}" if index else first for index in range(count)]


def made_up(words: dict[str, Any]) -> Any:
    """A value that the keywords of a field allow, for one that no page shows a value of."""
    allowed = words.get("enum") or [words.get("default")]
    if allowed[0] is not None:
        return [allowed[0]] if words["type"] == "array" else allowed[0]
    kind = words["type"]
    if kind in ("integer", "number"):
        return words.get("minimum", min(1, words.get("maximum", 1)))
    if kind == "string":
        return _text(words)
    if kind == "array":
        item = _member_values(words) if words.get("items") == "object" else None
        item = made_up({**words, "type": words.get("items", "string")}) if item is None else item
        return items([item], max(1, words.get("minItems", 1)))
    return _member_values(words) if kind == "object" else True


def _text(words: dict[str, Any]) -> str:
    if words.get("format") == "uri" or words.get("https"):
        return ADDRESS
    return "x" * max(1, int(words.get("minLength", 1)))


def _member_values(words: dict[str, Any]) -> dict[str, Any]:
    """The members that an object has to have, made up in their turn."""
    known: dict[str, dict[str, Any]] = words.get("members", {})
    body = {}
    for name, own in known.items():
        if "." not in name and own.get("required"):
            inner = {n.partition(".")[2]: w for n, w in known.items() if n.startswith(f"{name}.")}
            body[name] = own.get("example", made_up({**own, "members": inner}))
    return body
