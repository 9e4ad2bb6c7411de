"""Probes: requests made from facts, each with the verdict and the reason that it must get.

Every kind of fact has one function here, which makes both sides of it: what the page allows and
what lies just outside. A probe changes the sample of a form in one place, so that a rejection has
one reason.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.forms import Form, items
from contract_tests.hosts import FORBIDDEN

FOX = "\N{FOX FACE}"
WRONG = {
    "string": {"number": 5, "boolean": True, "list": ["x"], "object": {"x": "x"}},
    "integer": {"fraction": 2.5, "text": "5", "boolean": True, "list": [5], "object": {}},
    "number": {"text": "5", "boolean": True, "list": [5], "object": {}},
    "boolean": {"text": "true", "zero": 0, "one": 1, "list": [True], "object": {}},
    "array": {"text": "x", "number": 5, "boolean": True, "object": {}},
    "object": {"text": "x", "number": 5, "boolean": True, "list": []},
}
OF_ANOTHER = "of-another-form"
_ABSENT = object()


@dataclass(frozen=True)
class Probe:
    """A request made from a fact.

    Attributes:
        id: The page, field and keyword of the fact, and what the probe tries.
        form: The form that it is made from.
        field: The field of the fact; empty for the body as a whole.
        keyword: The keyword of the fact.
        body: What to send.
        accepted: The verdict that it must get.
        reason: The field and keyword that must be named when it is rejected; None where the body
            fits no form and so breaks no keyword of one.
    """

    id: str
    form: Form
    field: str
    keyword: str
    body: Any
    accepted: bool
    reason: tuple[str, str] | None = None


class _Maker:
    """Makes the probes of one field of one form, or of the form as a whole."""

    def __init__(self, form: Form, field: str, siblings: list[Form]) -> None:
        self.form = form
        self.field = field
        self.words = form.fields.get(field, {})
        self.siblings = siblings

    def siblings_of_page(self) -> list[Form]:
        return [form for form in self.siblings if form.page == self.form.page]

    def accept(self, keyword: str, label: str, value: Any) -> Probe:
        return self._probe(keyword, f"accept-{label}", self._body(value), None)

    def reject(self, keyword: str, label: str, value: Any, because: str | None = None) -> Probe:
        body = self._body(value)
        return self._probe(keyword, f"reject-{label}", body, (self.field, because or keyword))

    def reject_body(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        return self._probe(keyword, f"reject-{label}", body, reason)

    def _probe(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        name = f"{self.form.page}.{self.field or 'body'}.{keyword}.{label}{self.form.mark}"
        accepted = label.startswith("accept")
        return Probe(name, self.form, self.field, keyword, body, accepted, reason)

    def _body(self, value: Any) -> dict[str, Any]:
        body = copy.deepcopy(self.form.sample)
        if value is _ABSENT:
            body.pop(self.field, None)
            return body
        if not self.form.selector:
            for other in self._excluded():
                body.pop(other, None)
        body[self.field] = value
        return self._with_needs(body)

    def _with_needs(self, body: dict[str, Any]) -> dict[str, Any]:
        """What a value of some field needs of others comes with it, from their examples."""
        for name, words in self.form.fields.items():
            for mode in words.get("needs", []):
                if body.get(name) == mode["name"]:
                    for other in mode["needs"]:
                        if other in self.form.fields and other != self.field:
                            known = _Maker(self.form, other, self.siblings).example
                            body.setdefault(other, known)
        return body

    def _excluded(self) -> Iterator[str]:
        """The fields that may not stand beside this one."""
        yield from self.words.get("excludes", [])
        for other, words in self.form.fields.items():
            if self.field in words.get("excludes", []):
                yield other

    @property
    def example(self) -> Any:
        """A value that the page shows for the field, as this form has it."""
        if self.field in self.form.sample:
            return self.form.sample[self.field]
        if self.words.get("examples"):
            return self.words["examples"][0]
        allowed = self.words.get("enum") or [self.words.get("const", self.words.get("default"))]
        if allowed[0] is not None:
            return allowed[0]
        return {"string": "x", "integer": 1, "boolean": True, "object": {}, "array": ["x"]}[
            self.words["type"]
        ]

    @property
    def is_address(self) -> bool:
        return self.words.get("format") == "uri" or bool(self.words.get("https"))


def _type(maker: _Maker, value: str) -> Iterator[Probe]:
    yield maker.accept("type", "example", maker.example)
    for label, wrong in WRONG[value].items():
        yield maker.reject("type", label, wrong)
    if value == "integer":
        # JSON has one kind of number, so 5 and 5.0 are the same integer.
        yield maker.accept("type", "whole-fraction", float(maker.example))
    if not maker.words.get("nullable") or maker.field in maker.form.needed:
        yield maker.reject("type", "null", None)


def _nullable(maker: _Maker, _: bool) -> Iterator[Probe]:
    if maker.field not in maker.form.needed:
        yield maker.accept("nullable", "null", None)
    yield maker.reject("nullable", "list-of-null", [None], "type")


def _is_list(maker: _Maker) -> bool:
    return bool(maker.words.get("type") == "array")


def _required(maker: _Maker, _: bool) -> Iterator[Probe]:
    yield maker.accept("required", "present", maker.example)
    spare = any(other.selector and not other.needed for other in maker.siblings_of_page())
    if spare and maker.field in maker.form.needed:
        # Without its input the body is as near to the mode that needs none, wrongly named.
        body = {k: v for k, v in maker.form.sample.items() if k != maker.field}
        yield maker.reject_body("required", "absent", body, None)
    else:
        yield maker.reject("required", "absent", _ABSENT)


def _optional(maker: _Maker) -> Iterator[Probe]:
    """A field that no page calls required may be left out."""
    yield maker.accept("required", "absent", _ABSENT)


def _default(maker: _Maker, value: Any) -> Iterator[Probe]:
    yield maker.accept("default", "explicit", value)
    wrong = [value]
    yield maker.reject("default", "wrapped", wrong, "type")


def _enum(maker: _Maker, values: list[Any]) -> Iterator[Probe]:
    for value in values:
        yield maker.accept("enum", _label(value), value)
    names_the_form = maker.field in ("model", maker.form.selector)
    for label, value in _near_misses(maker, values):
        if names_the_form and label.startswith(OF_ANOTHER):
            # With another form's name, it is a matter of view which of the fields is wrong.
            yield maker.reject_body("enum", label, maker._body(value), None)
        else:
            yield maker.reject("enum", label, value)


def _near_misses(maker: _Maker, values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Values that somebody could take for one of an enum's."""
    seen = {repr(value) for value in values}
    candidates: list[tuple[str, Any]] = [("empty", "")]
    for value in values:
        candidates += [
            (f"upper-{_label(value)}", str(value).upper()),
            (f"title-{_label(value)}", str(value).title()),
            (f"spaced-{_label(value)}", f"{value} "),
            (f"longer-{_label(value)}", f"{value}0"),
            (f"shorter-{_label(value)}", str(value)[:-1]),
        ]
    for sibling in maker.siblings:
        others = sibling.fields.get(maker.field, {}).get("enum", [])
        candidates += [(f"{OF_ANOTHER}-{_label(other)}", other) for other in others]
    for label, value in candidates:
        body = maker._body(value)
        if repr(value) not in seen and not _fits_another(maker, body):
            seen.add(repr(value))
            yield label, value


def _const(maker: _Maker, value: Any) -> Iterator[Probe]:
    yield maker.accept("const", _label(value), value)
    if isinstance(value, int):
        for wrong in (value - 1, value + 1, 0, -value):
            yield maker.reject("const", _label(wrong), wrong)
    else:
        for label, wrong in _near_misses(maker, [value]):
            yield maker.reject("const", label, wrong)


def _format(maker: _Maker, value: str) -> Iterator[Probe]:
    if value != "uri":
        raise NotImplementedError(f"no probe is known for the format {value}")
    yield maker.accept("format", "uri", maker.example)
    for label, wrong in {"text": "not an address", "path": "/a.png", "empty": ""}.items():
        # Of a list it is the items that have a format.
        yield maker.reject("format", label, [wrong] if _is_list(maker) else wrong)


def _minimum(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("minimum", str(value), value)
    yield maker.reject("minimum", str(value - 1), value - 1)
    yield maker.reject("minimum", "far", value - 2**40)


def _maximum(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("maximum", str(value), value)
    yield maker.reject("maximum", str(value + 1), value + 1)
    yield maker.reject("maximum", "far", value + 2**40)


def _text(maker: _Maker, length: int, letter: str = "x") -> str:
    """A text of so many code points; an address is made longer at its end."""
    if maker.is_address:
        return str(maker.example).ljust(length, "x")
    return letter * length


def _max_length(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("maxLength", str(value), _text(maker, value))
    yield maker.reject("maxLength", str(value + 1), _text(maker, value + 1))
    if not maker.is_address:
        # Lengths are counted in code points: a fox is one, and two UTF-16 units.
        yield maker.accept("maxLength", f"{value}-astral", _text(maker, value, FOX))
        yield maker.reject("maxLength", f"{value + 1}-astral", _text(maker, value + 1, FOX))
        yield maker.accept("maxLength", "empty", "")


def _min_length(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("minLength", str(value), _text(maker, value))
    if value > 0:
        yield maker.reject("minLength", str(value - 1), _text(maker, value - 1))


def _min_items(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("minItems", str(value), items(maker.example, value))
    if value > 0:
        yield maker.reject("minItems", str(value - 1), items(maker.example, value - 1))


def _max_items(maker: _Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("maxItems", str(value), items(maker.example, value))
    yield maker.reject("maxItems", str(value + 1), items(maker.example, value + 1))


def _items(maker: _Maker, value: str) -> Iterator[Probe]:
    yield maker.accept("items", "example", maker.example)
    for label, wrong in {**WRONG[value], "null": None}.items():
        yield maker.reject("items", label, [wrong, *maker.example[1:]], "type")


def _https(maker: _Maker, _: bool) -> Iterator[Probe]:
    address = str(maker.example)
    rest = address.removeprefix("https")
    yield maker.accept("https", "lower", address)
    yield maker.accept("https", "upper", f"HTTPS{rest}")
    for scheme in ("http", "ftp", "ws", "file", "xhttps"):
        yield maker.reject("https", scheme, scheme + rest, "pattern")
    yield maker.reject("https", "without-a-host", "https:///path", "pattern")
    # Which host is it? One parser takes what stands after the first @, another after the last.
    yield maker.reject("https", "two-ats", "https://a@b@example.com/hook", "pattern")


def _forbidden_hosts(maker: _Maker, patterns: list[str]) -> Iterator[Probe]:
    for pattern in patterns:
        hosts = FORBIDDEN[pattern]
        for host in hosts.inside:
            for label, address in _addresses(host):
                yield maker.reject("forbiddenHosts", f"{host}{label}", address, "pattern")
        for host in hosts.outside:
            for label, address in _addresses(host):
                yield maker.accept("forbiddenHosts", f"{host}{label}", address)


def _addresses(host: str) -> Iterator[tuple[str, str]]:
    """Addresses with a host, whatever stands around it."""
    yield "", f"https://{host}"
    yield "-path", f"https://{host}/hook?a=1#b"
    yield "-port", f"https://{host}:8443/hook"
    yield "-user", f"https://user:pass@{host}/hook"
    yield "-query", f"https://{host}?to=example.com"
    yield "-fragment", f"https://{host}#example.com"


def _excludes(maker: _Maker, others: list[str]) -> Iterator[Probe]:
    for other in others:
        if other in maker.form.sample:
            body = {**maker.form.sample, maker.field: maker.example}
            yield maker.reject_body("excludes", other, body, None)
        elif maker.field in maker.form.sample:
            value = _Maker(maker.form, other, maker.siblings).example
            body = {**maker.form.sample, other: value}
            yield maker.reject_body("excludes", other, body, None)


def _needs(maker: _Maker, modes: list[dict[str, Any]]) -> Iterator[Probe]:
    """One value of a field with what it needs of other fields, and without it."""
    for mode in modes:
        names = [name for name, need in mode["needs"].items() if need.get("required")]
        if len(names) != len(mode["needs"]) or not set(names) <= set(maker.form.fields):
            continue
        body = {k: v for k, v in maker.form.sample.items() if k not in names}
        body[maker.field] = mode["name"]
        yield maker.reject_body("mode", f"{mode['name']}-without", body, None)


MAKERS: dict[str, Callable[[_Maker, Any], Iterator[Probe]]] = {
    "type": _type,
    "nullable": _nullable,
    "required": _required,
    "default": _default,
    "enum": _enum,
    "const": _const,
    "format": _format,
    "minimum": _minimum,
    "maximum": _maximum,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _min_items,
    "maxItems": _max_items,
    "items": _items,
    "https": _https,
    "forbiddenHosts": _forbidden_hosts,
    "excludes": _excludes,
    "needs": _needs,
}


def probes_of(form: Form, forms: Iterable[Form]) -> Iterator[Probe]:
    """Every probe of one form; the others say what it could be mistaken for."""
    others = [other for other in forms if other is not form]
    whole = _Maker(form, "", others)
    yield whole._probe("sample", "accept-sample", form.sample, None)
    yield whole._probe("sample", "accept-minimal", form.minimal, None)
    for name, words in form.fields.items():
        maker = _Maker(form, name, others)
        if name in form.unused:
            yield from _unused(maker)
            continue
        for keyword, value in words.items():
            if keyword in MAKERS:
                yield from MAKERS[keyword](maker, value)
        for index, example in enumerate(words.get("examples", [])):
            if form.selector in ("", name) or not isinstance(example, list):
                yield from _example(maker, index, example)
        if not words.get("required"):
            yield from _optional(maker)
    yield from _unknown_fields(whole)
    yield from _bodies(whole)
    yield from _other_modes(whole)


def _example(maker: _Maker, index: int, example: Any) -> Iterator[Probe]:
    if maker.field != "model" and example in maker.words.get("enum", [example]):
        yield maker.accept("example", str(index), example)


def _unused(maker: _Maker) -> Iterator[Probe]:
    """The input of another mode may be left out, or null where the page says so: no more."""
    if maker.words.get("nullable"):
        yield maker.accept("nullable", "null", None)
    else:
        yield maker.reject_body("mode", "null", maker._body(None), None)
    yield maker.accept("mode", "absent", _ABSENT)
    yield maker.reject_body("mode", "value", maker._body(maker.example), None)
    empty = [] if _is_list(maker) else ""
    yield maker.reject_body("mode", "empty", maker._body(empty), None)


def _unknown_fields(whole: _Maker) -> Iterator[Probe]:
    form = whole.form
    extra = {"undocumented": "x"}
    for name, words in form.fields.items():
        extra[f"{name}s"] = extra[name.title()] = words.get("examples", ["x"])[0]
    for sibling in whole.siblings:
        for name, words in sibling.fields.items():
            if name not in form.fields:
                extra.setdefault(name, words.get("examples", ["x"])[0])
    for name, value in extra.items():
        body = {**form.sample, name: value}
        if not _fits_another(whole, body):
            reason = (name, "additionalProperties")
            yield whole.reject_body("fields", name, body, reason)


def _fits_another(maker: _Maker, body: dict[str, Any]) -> bool:
    """Whether another form may well accept a body: it has its model, and the fields fit.

    The modes of one page are told apart by more than their fields.
    """
    for form in maker.siblings:
        if maker.form.selector and form.page == maker.form.page:
            continue
        needed = {name for name, words in form.fields.items() if words.get("required")}
        if body.get("model") in form.models and needed <= set(body) <= set(form.fields):
            return True
    return False


def _bodies(whole: _Maker) -> Iterator[Probe]:
    bodies: dict[str, Any] = {"list": [whole.form.sample], "text": "x", "null": None, "empty": {}}
    for label, body in bodies.items():
        yield whole.reject_body("body", label, body, None)


def _other_modes(whole: _Maker) -> Iterator[Probe]:
    """Each named mode with the input of each other mode, and with no input at all."""
    form = whole.form
    if not form.selector:
        return
    inputs = {name for name, words in form.fields.items() if words.get("required")} | form.unused
    bare = {name: value for name, value in form.sample.items() if name not in inputs - {"model"}}
    unnamed = {name: value for name, value in bare.items() if name != form.selector}
    modes = [form, *(other for other in whole.siblings if other.page == form.page)]
    if form.needed:
        yield whole.reject_body("mode", "no-input", bare, None)
    if all(mode.needed for mode in modes):
        yield whole.reject_body("mode", "no-input-and-no-name", unnamed, None)
    for other in modes[1:]:
        body = {**other.sample, form.selector: form.name}
        yield whole.reject_body("mode", f"input-of-{other.name}", body, None)


def _label(value: Any) -> str:
    return str(value).replace(" ", "_")
