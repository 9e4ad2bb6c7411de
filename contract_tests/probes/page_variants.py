"""The variants of a page: the requests that its facts describe, each with a sample.

A page with one model and no modes has one variant; a page whose fields are not for every model has
one for each group of models; a page with modes has one for each mode. Forms are made from facts
alone, so that what is probed owes nothing to openapi.yaml.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contract_tests.probes.rules import Rules
from documentation.checking.conditions import Mode, fits
from documentation.checking.expected import (
    Expected,
    ExpectedVariant,
    expected_of,
    holds_for,
    totals_of,
    variants_of,
)
from documentation.checking.matching import matching
from documentation.checking.variant_rules import is_said
from documentation.fact import BOUNDS, Fact
from foxapi_video.totals import RULE
from overlays.openapi import CREATE

ADDRESS = "https://example.com/input"  # of an input that the page gives no example of
# What a variant may say of a field otherwise than its page does for all.
OF_VARIANTS = ("required", "nullable", "enum", "default", *BOUNDS)


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
        rules: What holds between its fields.
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
    rules: Rules = field(default_factory=Rules)

    @property
    def minimal(self) -> dict[str, Any]:
        """The sample's required fields, and what rules ask for beside them."""
        body = {
            name: value for name, value in self.sample.items() if self.fields[name].get("required")
        }
        return self.mended(body, self.selector)

    def mended(self, body: dict[str, Any], kept: str) -> dict[str, Any]:
        """A body that keeps one field, and all else as the rules of the variant ask for."""
        return self.rules.mended(body, kept, self.example)

    def example(self, name: str) -> Any:
        """A value that a field may have, its members dotted."""
        head, _, rest = name.partition(".")
        keywords = self.fields.get(head, {})
        if rest:
            known = keywords.get("members", {})
            inner = {n[len(rest) + 1 :]: w for n, w in known.items() if n.startswith(f"{rest}.")}
            keywords = {**known.get(rest, {}), "members": inner}
        elif head in self.sample:
            return self.sample[head]
        shown = keywords.get("examples") or [keywords.get("example")]
        known = [value for value in shown if value is not None and fits(value, _scalar(keywords))]
        value = known[0] if known else made_up(keywords)
        return value if rest else self.rules.adding_up(name, value, self.example)


def page_variants_of(page: str, facts: list[Fact]) -> list[PageVariant]:
    """The variants of one page from its settled facts.

    Args:
        page: The name of the page.
        facts: What `documentation.settled` makes of the page.
    """
    fields: dict[str, dict[str, Any]] = {}
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
        elif fact.keyword in ("excludes", "mode", "together", "oneNeeded", "total"):
            keywords.setdefault(fact.keyword, []).append(fact.value)
        else:
            keywords[fact.keyword] = fact.value
    for name, keywords in members.items():
        parent = fields.get(name.partition(".")[0], {})
        parent.setdefault("members", {})[name.partition(".")[2]] = keywords
    expected = expected_of(facts, "request", [])
    shown = {name: value for name, value in expected.sample.items() if "." not in name}
    examples = {name: keywords.get("examples") for name, keywords in fields.items()}
    sample = shown or {name: values[0] for name, values in examples.items() if values}
    return list(_variants(page, fields, expected, sample))


def _variants(
    page: str, fields: dict[str, dict[str, Any]], expected: Expected, sample: dict[str, Any]
) -> Iterator[PageVariant]:
    """A variant for each group of models that have the same fields, and in it for each mode."""
    selector, known = expected.selector, variants_of(expected)
    groups = list(dict.fromkeys(tuple(variant.models) for variant in known))
    for number, variant in enumerate(known):
        there = {name for name in variant.fields if name and "." not in name} | variant.unused
        own = {
            name: _own(
                keywords,
                variant.fields.get(name, {}),
                unused=name in variant.unused,
                needed=name in variant.needed,
            )
            for name, keywords in fields.items()
            if name in there
        }
        own = {name: _with_members(name, keywords, variant) for name, keywords in own.items()}
        body = _body(own, expected, variant, sample)
        parts = (variant.models[0] if len(groups) > 1 else "", variant.mode if selector else "")
        name = "-".join(str(part) for part in parts if part not in ("", None))
        bare = PageVariant(
            page,
            name,
            tuple(variant.models),
            own,
            body,
            f"@{name}" if number else "",
            selector,
            variant.needed,
            variant.unused,
            rules=_rules(expected, variant),
        )
        yield dataclasses.replace(bare, sample=bare.mended(body, selector))


def _own(
    keywords: dict[str, Any], mine: dict[str, Any], *, unused: bool, needed: bool
) -> dict[str, Any]:
    """What a variant says of a field, for what the page says of it."""
    if unused:
        return keywords
    plain = {key: value for key, value in keywords.items() if key not in OF_VARIANTS}
    # A mode that needs an input refuses null, and that is a fact of null all the same.
    null = {"nullable": True} if needed and keywords.get("nullable") else {}
    return plain | {key: mine[key] for key in OF_VARIANTS if key in mine} | null


def _with_members(name: str, keywords: dict[str, Any], variant: ExpectedVariant) -> dict[str, Any]:
    """A field whose members are as the variant has them."""
    members: dict[str, dict[str, Any]] = keywords.get("members", {})
    mine = {inner: variant.fields.get(f"{name}.{inner}") for inner in members}
    if not any(mine.values()) or name in variant.unused:
        return keywords
    as_here = {
        inner: _own(said, mine[inner] or said, unused=False, needed=False)
        for inner, said in members.items()
    }
    return {**keywords, "members": as_here}


def _body(
    own: dict[str, dict[str, Any]],
    expected: Expected,
    variant: ExpectedVariant,
    sample: dict[str, Any],
) -> dict[str, Any]:
    """The page's sample as this variant has it, with what its mode needs."""
    selector, inputs = expected.selector, {n for mode in expected.modes for n in mode.needs}
    body = {
        name: value
        for name, value in sample.items()
        if name in own and name not in variant.unused and not (selector and name in inputs)
    }
    if variant.models and body.get("model") not in variant.models:
        body["model"] = variant.models[0]
    if selector:
        body[selector] = variant.mode
    for name in variant.needed:
        plain: Any = ADDRESS if own[name].get("type") != "array" else [ADDRESS]
        plain = plain if _is_media(own[name]) else made_up(own[name])
        example = own[name].get("examples", [sample.get(name, plain)])[0]
        if isinstance(example, list):
            example = items(example, own[name].get("minItems", len(example)))
        body[name] = example
    body = {n: value for n, value in body.items() if fits(value, _scalar(own[n]))}
    return body | _required(own, body)


def _is_media(keywords: dict[str, Any]) -> bool:
    of_texts = keywords.get("items") != "object" and not keywords.get("enum")
    return of_texts and keywords.get("type") in ("string", "array", None)


def _scalar(keywords: dict[str, Any]) -> dict[str, Any]:
    """The limits that a sample of another variant may break."""
    return {
        k: v for k, v in keywords.items() if not (k == "enum" and keywords.get("type") == "array")
    }


def _may_be(mode: Mode, keywords: dict[str, Any]) -> bool:
    """Whether a variant has the value that a mode is about."""
    if mode.given is not None:
        return mode.given or not keywords.get("required")
    return mode.value in (keywords.get("enum") or [mode.value])


def _rules(expected: Expected, variant: ExpectedVariant) -> Rules:
    """The rules between the fields that a variant has."""
    there = {name for name in variant.fields if name} - variant.unused
    heads = {name.split(".")[0] for name in there}
    model = variant.models[0] if variant.models else ""
    return Rules(
        {name: keywords for name, keywords in variant.fields.items() if name in there},
        tuple(pair for pair in expected.excludes if set(pair) <= there),
        tuple(
            (name, tuple(other for other in others if other in there))
            for name, others in expected.together
            if name in there
        ),
        tuple(
            known
            for names in expected.needed
            if (known := tuple(name for name in names if name in there))
        ),
        tuple(
            mode
            for mode in expected.conditions
            if (mode.given is False or mode.field.split(".")[0] in heads)
            and holds_for(mode, variant.fields, model)
            and not is_said(mode, variant.fields)
            and _may_be(mode, variant.fields.get(mode.field, {}))
        ),
        expected.inferred if expected.inferred in there else "",
        tuple(totals_of(expected, variant.fields).get(RULE, ())),
    ).of_items_apart()


def _required(fields: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The required fields that no sample shows."""
    return {
        name: made_up(keywords)
        for name, keywords in fields.items()
        if keywords.get("required") and name not in body
    }


def items(example: list[Any], count: int) -> list[Any]:
    """As many items as asked for, made from those of an example; texts differ from one another."""
    first = example[0]
    if not isinstance(first, str):
        return [first] * count
    return [_numbered(first, index) if index else first for index in range(count)]


def _numbered(text: str, index: int) -> str:
    """A text with a number at its end: in its place where it is an id, whose length may count."""
    number = str(index)
    return f"{text}?{number}" if "://" in text else text[: -len(number)] + number


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
    if keywords.get("pattern"):
        return matching(keywords["pattern"], int(keywords.get("minLength", 0)))
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
