"""The probes of each kind of fact: what the page allows, and what lies just outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from contract_tests.probes.callback_hosts import hosts_of
from contract_tests.probes.page_variants import items
from contract_tests.probes.probe import (
    Maker,
    Probe,
    fits_a_mode,
    fits_another,
    has_inputs,
    label_of,
)
from contract_tests.probes.relation_probes import excludes, modes, one_needed, together
from contract_tests.probes.rules import ABSENT
from contract_tests.probes.total_probes import totals
from documentation.checking.matching import misfits

FOX = "\N{FOX FACE}"
MOST_FOXES = 100_000  # each is twelve bytes of JSON, and the mock takes ten megabytes
WRONG = {
    "string": {"number": 5, "boolean": True, "list": ["x"], "object": {"x": "x"}},
    "integer": {"fraction": 2.5, "text": "5", "boolean": True, "list": [5], "object": {}},
    "number": {"text": "5", "boolean": True, "list": [5], "object": {}},
    "boolean": {"text": "true", "zero": 0, "one": 1, "list": [True], "object": {}},
    "array": {"text": "x", "number": 5, "boolean": True, "object": {}},
    "object": {"text": "x", "number": 5, "boolean": True, "list": []},
}
MakesProbes = Callable[[Maker, Any], Iterator[Probe]]
OF_ANOTHER = "of-another-form"
FEW = 20
MOST_ALIKE = 20  # model ids of others that a body is tried with
# Only of callback_url is it said which hosts are refused.
_ODD_HOSTS = {
    "internal": "10.0.0.1/a.png",
    "local": "localhost:8080",
    "user": "user@example.com/",
    "empty-port": "example.com:/a.png",
    "literal": "[2001:db8::1]:8080/a.png",
    "query": "example.com?a=b",
    "fragment": "example.com#a",
}


def _type(maker: Maker, value: str) -> Iterator[Probe]:
    yield maker.accept("type", "example", maker.example)
    sums = any(rule.get("equals") == maker.field for rule in maker.variant.rules.totals)
    for label, wrong in WRONG[value].items():
        if not (sums and label == "fraction"):  # no sum of whole numbers is equal to it
            yield maker.reject("type", label, wrong)
    if value == "integer":
        # JSON has one kind of number, so 5 and 5.0 are the same integer.
        yield maker.accept("type", "whole-fraction", float(maker.example))
    null = not maker.keywords.get("nullable") or maker.field in maker.variant.needed
    if null and not fits_a_mode(maker, maker.body_with(None)):
        yield maker.reject("type", "null", None)


def _nullable(maker: Maker, _: bool) -> Iterator[Probe]:
    if maker.field not in maker.variant.needed:
        yield maker.accept("nullable", "null", None)
    yield maker.reject("nullable", "list-of-null", [None], "type")


def is_list(maker: Maker) -> bool:
    return bool(maker.keywords.get("type") == "array")


def _required(maker: Maker, _: bool) -> Iterator[Probe]:
    yield maker.accept("required", "present", maker.example)
    bare = {k: v for k, v in maker.variant.sample.items() if k != maker.field}
    spare = any(
        other.selector
        and (not other.needed or has_inputs(other, bare))
        and not (other.needed and other.fields.get(maker.field, {}).get("required"))
        for other in maker.siblings_of_page()
    )
    if spare and maker.field in maker.variant.needed:
        # Without its input the body is as near to the mode that needs none, wrongly named.
        yield maker.reject_body("required", "absent", bare, None)
    elif not fits_a_mode(maker, maker.body_with(ABSENT)):
        yield maker.reject("required", "absent", ABSENT)


def optional(maker: Maker) -> Iterator[Probe]:
    """A field that no page calls required may be left out."""
    yield maker.accept("required", "absent", ABSENT)


def _default(maker: Maker, value: Any) -> Iterator[Probe]:
    yield maker.accept("default", "explicit", value)
    wrong = [value]
    yield maker.reject("default", "wrapped", wrong, "type")


def _enum(maker: Maker, values: list[Any]) -> Iterator[Probe]:
    for value in values:
        yield maker.accept("enum", label_of(value), _as_value(maker, value))
    names_the_variant = maker.field in ("model", maker.variant.selector)
    for label, value in _near_misses(maker, values):
        if names_the_variant and label.startswith(OF_ANOTHER):
            # With another variant's name, it is a matter of view which of the fields is wrong.
            yield maker.reject_body("enum", label, maker.body_with(value), None)
        else:
            yield maker.reject("enum", label, _as_value(maker, value))


def _near_misses(maker: Maker, values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Values that somebody could take for one of an enum's."""
    seen = {repr(value) for value in values}
    candidates: list[tuple[str, Any]] = []
    if all(isinstance(value, int) for value in values):
        near = [near for value in values for near in (value - 1, value + 1, 0, -value)]
        candidates += [(label_of(n), n) for n in [*near, *_allowed_elsewhere(maker)]]
    else:
        candidates.append(("empty", ""))
        for value in values:
            candidates += [
                (f"upper-{label_of(value)}", str(value).upper()),
                (f"title-{label_of(value)}", str(value).title()),
                (f"spaced-{label_of(value)}", f"{value} "),
                (f"longer-{label_of(value)}", f"{value}0"),
                (f"shorter-{label_of(value)}", str(value)[:-1]),
            ]
    candidates += [(f"{OF_ANOTHER}-{label_of(other)}", other) for other in _of_others(maker)]
    for label, value in candidates:
        body = maker.body_with(value)
        taken = fits_another(maker, body) or fits_a_mode(maker, body)
        if repr(value) not in seen and not taken:
            seen.add(repr(value))
            yield label, value


def _of_others(maker: Maker) -> list[Any]:
    """What other variants allow for the field; of many model ids those that read most like it."""
    enums = (sibling.fields.get(maker.field, {}).get("enum", []) for sibling in maker.siblings)
    found = [value for values in enums for value in values]
    if maker.field != "model":
        return found
    own = maker.keywords["enum"][0]
    return get_close_matches(own, dict.fromkeys(found), MOST_ALIKE, cutoff=0.0)


def _allowed_elsewhere(maker: Maker) -> Iterator[int]:
    """The numbers that other variants allow for the field; the bounds where there are many."""
    for sibling in maker.siblings:
        keywords = sibling.fields.get(maker.field, {})
        if {"minimum", "maximum"} <= keywords.keys():
            least, most = keywords["minimum"], keywords["maximum"]
            yield from range(least, most + 1) if most - least <= FEW else (least, most)


def _format(maker: Maker, value: str) -> Iterator[Probe]:
    if value != "uri":
        return  # validators differ in what they make of any other
    yield maker.accept("format", "uri", maker.example)
    wrongs = {"text": "not an address", "path": "/a.png", "empty": ""}
    # What begins like an address, so that a rule for its beginning does not catch it.
    wrongs["space"] = "https://example.com/a b"
    wrongs |= {"escape": "https://example.com/%zz", "quote": 'https://example.com/"'}
    for label, wrong in wrongs.items():
        if maker.keywords.get(
            "pattern"
        ):  # of the page's own, which may let pass what is no address
            body = maker.body_with(_as_value(maker, wrong))
            yield maker.reject_body("format", label, body, None)
        else:
            yield maker.reject("format", label, _as_value(maker, wrong), "pattern")


def _as_value(maker: Maker, address: str) -> Any:
    """An address as the field has it: of a list it is the first item."""
    return [address, *maker.example[1:]] if is_list(maker) else address


def _web(maker: Maker, _: bool) -> Iterator[Probe]:
    """An address that the service can fetch over the web, on whatever host."""
    rights = {scheme: f"{scheme}://example.com/a.png" for scheme in ("http", "https", "HTTP")}
    rights["mixed"] = "hTtPs://example.com/a.png"
    for label, host in _ODD_HOSTS.items():
        rights[label] = f"http://{host}"
    rights["bare"] = "https://example.com"
    rights["escape"] = "https://example.com/%E2%82%AC?a=%5B1%5D"
    rights["parts"] = "https://user:pass@example.com:8443/a/b;c=1?d=e/f?g#h/i?j"
    for label, address in rights.items():
        yield maker.accept("web", label, _as_value(maker, address))
    wrongs = {scheme: f"{scheme}://example.com/a.png" for scheme in ("ftp", "file", "ws", "xhttp")}
    wrongs |= {"data": "data:image/png;base64,iVBORw0KGgo=", "local-file": "file:///a.png"}
    wrongs |= {"name": "fox.mp4", "no-scheme": "example.com/a.png", "no-host": "https:///a.png"}
    wrongs |= {"only-a-scheme": "https://", "one-slash": "https:/example.com/a.png"}
    wrongs |= {
        "task": "task-1",
        "before": "see https://example.com/a.png",
        "no-colon": "https//a.b",
    }
    wrongs |= {"port": "https://example.com:http/", "two-ats": "https://a@b@example.com/"}
    wrongs |= {"two-fragments": "https://example.com/#a#b", "open-literal": "https://[::1/a.png"}
    wrongs |= {f"at-after-{sign}": f"https://{sign}@example.com" for sign in "/?#"}
    wrongs |= {f"misspelt-{at}": f"{'https'[:at]}x{'https'[at + 1 :]}://a.b" for at in range(5)}
    for label, wrong in wrongs.items():
        yield maker.reject("web", label, _as_value(maker, wrong), "pattern")


def _bound(keyword: str, step: int) -> MakesProbes:
    """What a number may be at most or at least, and what is one step or very far beyond it."""

    def make(maker: Maker, value: int) -> Iterator[Probe]:
        yield maker.accept(keyword, str(value), value)
        yield maker.reject(keyword, str(value + step), value + step)
        yield maker.reject(keyword, "far", value + step * 2**40)

    return make


def _so_many(shown: list[Any], count: int, options: list[Any] | None) -> list[Any]:
    """So many items: of a list of options these in their turn, else ones made of an example."""
    return [options[n % len(options)] for n in range(count)] if options else items(shown, count)


def _count(keyword: str, step: int) -> MakesProbes:
    """As many items as a list may have at most or at least, and one step beyond."""

    def make(maker: Maker, value: int) -> Iterator[Probe]:
        options = maker.keywords.get("enum")
        enough = _so_many(maker.example, value, options)
        if maker.keywords.get("uniqueItems"):
            enough = _told_apart(enough, maker.keywords.get("members", {}))
        yield maker.accept(keyword, str(value), enough)
        if value + step >= 0:
            beyond = _so_many(maker.example, value + step, options)
            yield maker.reject(keyword, str(value + step), beyond)

    return make


def _told_apart(many: list[Any], members: dict[str, dict[str, Any]]) -> list[Any]:
    """The same list of objects, each with another option of a member that has some."""
    for name, keywords in members.items():
        options = keywords.get("enum") or []
        if "." not in name and len(options) >= len(many):
            return [{**one, name: v} for one, v in zip(many, options, strict=False)]
    return many


def _text(maker: Maker, length: int, letter: str = "x") -> str:
    """A text of so many code points; an address is made longer at its end."""
    if maker.is_address:
        return str(maker.example).ljust(length, "x")
    return letter * length


def _max_length(maker: Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("maxLength", str(value), _as_value(maker, _text(maker, value)))
    yield maker.reject("maxLength", str(value + 1), _as_value(maker, _text(maker, value + 1)))
    if not maker.is_address and not maker.keywords.get("pattern"):
        if value <= MOST_FOXES:
            # Lengths are counted in code points: a fox is one, and two UTF-16 units.
            foxes = [_as_value(maker, _text(maker, n, FOX)) for n in (value, value + 1)]
            yield maker.accept("maxLength", f"{value}-astral", foxes[0])
            yield maker.reject("maxLength", f"{value + 1}-astral", foxes[1])
        if not maker.keywords.get("minLength"):
            yield maker.accept("maxLength", "empty", _as_value(maker, ""))


def _min_length(maker: Maker, value: int) -> Iterator[Probe]:
    yield maker.accept("minLength", str(value), _as_value(maker, _text(maker, value)))
    if value > 0:
        yield maker.reject("minLength", str(value - 1), _as_value(maker, _text(maker, value - 1)))


def _pattern(maker: Maker, value: str) -> Iterator[Probe]:
    """What a pattern accepts, and what stands next to it."""
    right = maker.example[0] if is_list(maker) else maker.example
    yield maker.accept("pattern", "example", maker.example)
    for number, wrong in enumerate(misfits(value, str(right))):
        yield maker.reject("pattern", str(number), _as_value(maker, wrong))


def _multiple_of(maker: Maker, value: float) -> Iterator[Probe]:
    """Multiples, and what lies between two of them."""
    least = maker.keywords.get("minimum", 0)
    first = value * -(-least // value)
    if first <= maker.keywords.get("exclusiveMinimum", first - 1):
        first += value
    yield maker.accept("multipleOf", "multiple", first)
    yield maker.reject("multipleOf", "between", first + value / 2)


def _beyond_bound(keyword: str, sign: int) -> MakesProbes:
    """A bound that is itself out of bounds."""

    def make(maker: Maker, value: float) -> Iterator[Probe]:
        step = maker.keywords.get("multipleOf", 0.001)
        yield maker.accept(keyword, "inside", value + sign * step)
        yield maker.reject(keyword, "bound", value)

    return make


def _closed(maker: Maker, _: bool) -> Iterator[Probe]:
    """An object with the members that the page lists, and with one more."""
    yield maker.accept("additionalProperties", "example", maker.example)
    more = {**maker.example, "undocumented": "x"}
    reason = (f"{maker.field}.undocumented", "additionalProperties")
    yield maker.reject_body("additionalProperties", "one-more", maker.body_with(more), reason)


def _unique(maker: Maker, _: bool) -> Iterator[Probe]:
    """Items that differ, and the same one twice."""
    yield maker.accept("uniqueItems", "example", maker.example[:1])
    yield maker.reject("uniqueItems", "twice", [maker.example[0]] * 2)


def _items(maker: Maker, value: str) -> Iterator[Probe]:
    yield maker.accept("items", "example", maker.example)
    for label, wrong in {**WRONG[value], "null": None}.items():
        yield maker.reject("items", label, [wrong, *maker.example[1:]], "type")


def _https(maker: Maker, _: bool) -> Iterator[Probe]:
    address = str(maker.example)
    rest = address.removeprefix("https")
    yield maker.accept("https", "lower", address)
    yield maker.accept("https", "upper", f"HTTPS{rest}")
    misspelt = [f"{'https'[:at]}x{'https'[at + 1 :]}" for at in range(5)]
    for scheme in ("http", "ftp", "ws", "file", "xhttps", *misspelt):
        yield maker.reject("https", scheme, scheme + rest, "pattern")
    yield maker.reject("https", "without-a-host", "https:///path", "pattern")
    # Which host is it? One parser takes what stands after the first @, another after the last.
    yield maker.reject("https", "two-ats", "https://a@b@example.com/hook", "pattern")


def _forbidden_hosts(maker: Maker, patterns: list[str]) -> Iterator[Probe]:
    """Every host in every spelling, of the first variant that forbids these; of others a few."""
    if not maker.is_first_to_say("forbiddenHosts"):
        for hosts in map(hosts_of, patterns):
            for host in dict.fromkeys((hosts.inside[0], hosts.inside[-1])):
                yield maker.reject("forbiddenHosts", host, _bare(host), "pattern")
            for host in hosts.outside[:1]:
                yield maker.accept("forbiddenHosts", host, _bare(host))
        return
    for pattern in patterns:
        hosts = hosts_of(pattern)
        for host in hosts.inside:
            for label, address in _addresses(host):
                yield maker.reject("forbiddenHosts", f"{host}{label}", address, "pattern")
        for host in hosts.outside:
            # What may stand around a host is shown by one of them.
            around = list(_addresses(host)) if host == hosts.outside[0] else [("", _bare(host))]
            for label, address in around:
                yield maker.accept("forbiddenHosts", f"{host}{label}", address)


def _bare(host: str) -> str:
    return f"https://{host}"


def _addresses(host: str) -> Iterator[tuple[str, str]]:
    """Addresses with a host, whatever stands around it."""
    yield "", _bare(host)
    yield "-port", f"https://{host}:8443/hook"
    yield "-empty-port", f"https://{host}:/hook"
    yield "-user", f"https://user:pass@{host}/hook"
    yield "-empty-user", f"https://@{host}/hook"
    # An @ further on does not make a host of what follows it.
    yield "-path", f"https://{host}/hook/@example.com?a=1#b"
    yield "-query", f"https://{host}?to=@example.com"
    yield "-fragment", f"https://{host}#@example.com"


MAKERS: dict[str, MakesProbes] = {
    "type": _type,
    "nullable": _nullable,
    "required": _required,
    "default": _default,
    "enum": _enum,
    "format": _format,
    "minimum": _bound("minimum", -1),
    "maximum": _bound("maximum", 1),
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _count("minItems", -1),
    "maxItems": _count("maxItems", 1),
    "items": _items,
    "pattern": _pattern,
    "multipleOf": _multiple_of,
    "uniqueItems": _unique,
    "exclusiveMinimum": _beyond_bound("exclusiveMinimum", 1),
    "exclusiveMaximum": _beyond_bound("exclusiveMaximum", -1),
    "additionalProperties": _closed,
    "web": _web,
    "https": _https,
    "forbiddenHosts": _forbidden_hosts,
    "excludes": excludes,
    "mode": modes,
    "together": together,
    "oneNeeded": one_needed,
    "total": totals,
}
