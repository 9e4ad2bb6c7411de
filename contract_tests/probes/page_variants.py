"""The variants of a page: the requests that its facts describe, each with a sample.

A page with one model and no modes has one variant; a page whose fields are not for every model has
one for each group of models; a page with modes has one for each mode. Forms are made from facts
alone, so that what is probed owes nothing to openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documentation.checking.conditions import barred, named_only, selector_of
from documentation.fact import Fact
from overlays.openapi import CREATE

ADDRESS = "https://example.com/input"  # of an input that the page gives no example of
UNUSED = {"maxItems": 0}


@dataclass(frozen=True, eq=False)
class PageVariant:
    """One request variant, as its page describes it.

    Attributes:
        page: The page that describes it.
        name: What tells it from the other variants of the page; empty where there is one.
        models: The model ids that have it.
        fields: The keywords of each field that it has.
        needed: The inputs of its mode, which can't be null: null says that an input is not used.
        unused: The inputs of other modes, which may be null if anything.
        sample: A request that the page shows, or that its examples make.
        mark: What the ids of its probes end in; empty for the first variant of a page.
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


def page_variants_of(page: str, facts: list[Fact]) -> list[PageVariant]:
    """The variants of one page from its settled facts.

    Args:
        page: The name of the page.
        facts: What `documentation.settled` makes of the page.
    """
    fields: dict[str, dict[str, Any]] = {}
    modes: list[tuple[str, dict[str, Any]]] = []
    shown: dict[str, Any] = {}
    members: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.location != "request" or not fact.field:
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
    for name, keywords in members.items():
        parent = fields.get(name.partition(".")[0], {})
        parent.setdefault("members", {})[name.partition(".")[2]] = keywords
    examples = {name: keywords.get("examples") for name, keywords in fields.items()}
    sample = shown or {name: values[0] for name, values in examples.items() if values}
    models = tuple(fields["model"]["enum"])
    enums = {name: keywords.get("enum") or [] for name, keywords in fields.items()}
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
) -> Iterator[PageVariant]:
    """A variant for each group of models that have the same fields."""
    groups: dict[frozenset[str], list[str]] = {}
    for model in models:
        owned = (
            name for name, keywords in fields.items() if model in keywords.get("onlyFor", models)
        )
        groups.setdefault(frozenset(owned), []).append(model)
    for has, members in groups.items():
        own = {name: keywords for name, keywords in fields.items() if name in has}
        if len(groups) > 1:
            own["model"] = own["model"] | {"enum": members}
        body = {name: value for name, value in sample.items() if name in has}
        if body.get("model") not in members:
            body["model"] = members[0]
        body |= _required(own, body)
        name = members[0] if len(groups) > 1 else ""
        mark = f"@{name}" if members[0] != models[0] else ""
        yield PageVariant(page, name, tuple(members), own, body, mark)


def _modes(
    page: str,
    fields: dict[str, dict[str, Any]],
    models: tuple[str, ...],
    modes: list[tuple[str, dict[str, Any]]],
    sample: dict[str, Any],
) -> Iterator[PageVariant]:
    """A variant for each mode: its inputs are required, those of the other modes unused."""
    inputs = {name for _, mode in modes for name in mode["needs"]}
    pairs = [
        (name, other) for name, keywords in fields.items() for other in keywords.get("excludes", [])
    ]
    rules = [(name, mode["name"], mode["needs"]) for name, mode in modes]
    for selector, mode in modes:
        needs = {name: need for name, need in mode["needs"].items() if need != UNUSED}
        own = {name: dict(keywords) for name, keywords in fields.items()}
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
        yield PageVariant(page, mode["name"], models, own, body, mark, selector, needed, unused)


def _required(fields: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The required fields that no sample shows."""
    return {
        name: made_up(keywords)
        for name, keywords in fields.items()
        if keywords.get("required") and name not in body
    }


def items(example: list[Any], count: int) -> list[Any]:
    """As many items as asked for, made from those of an example."""
    first = example[0]
    if not isinstance(first, str):
        return [first] * count
    return [f"{first}?{index}" if index else first for index in range(count)]


def made_up(keywords: dict[str, Any]) -> Any:
    """A value that the keywords of a field allow, for one that no page shows a value of."""
    allowed = keywords.get("enum") or [keywords.get("default")]
    if allowed[0] is not None:
        return [allowed[0]] if keywords["type"] == "array" else allowed[0]
    kind = keywords["type"]
    if kind in ("integer", "number"):
        return keywords.get("minimum", min(1, keywords.get("maximum", 1)))
    if kind == "string":
        return _text(keywords)
    if kind == "array":
        item = _member_values(keywords) if keywords.get("items") == "object" else None
        item = (
            made_up({**keywords, "type": keywords.get("items", "string")}) if item is None else item
        )
        return items([item], max(1, keywords.get("minItems", 1)))
    return _member_values(keywords) if kind == "object" else True


def _text(keywords: dict[str, Any]) -> str:
    if keywords.get("format") == "uri" or keywords.get("https"):
        return ADDRESS
    return "x" * max(1, int(keywords.get("minLength", 1)))


def _member_values(keywords: dict[str, Any]) -> dict[str, Any]:
    """The members that an object has to have, made up in their turn."""
    known: dict[str, dict[str, Any]] = keywords.get("members", {})
    body = {}
    for name, own in known.items():
        if "." not in name and own.get("required"):
            inner = {n.partition(".")[2]: w for n, w in known.items() if n.startswith(f"{name}.")}
            body[name] = own.get("example", made_up({**own, "members": inner}))
    return body
