"""Hypothesis strategies for the values of one field: right ones, near misses, and any JSON.

They are read off a schema's keywords, so that a new field or variant is drawn from the day that it
is in the spec.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from contract_tests.probes.callback_hosts import FORBIDDEN

Schema = dict[str, Any]
Values = SearchStrategy[Any]

# Letters that are counted or encoded in different ways: 1 to 4 bytes of UTF-8, two UTF-16 units,
# a joined sequence, a combining mark, characters that JSON must escape.
LETTERS = ["x", "é", "漢", "\N{FOX FACE}", "\u0301", "\u200d", '"', "\\", "\n", "\0", "\x7f", "/"]
_HTTPS, _HTTP = ("https", "HTTPS", "hTtPs"), ("http", "HTTP", "hTtP")
_INSIDE = [host for hosts in FORBIDDEN.values() for host in hosts.inside]
_OUTSIDE = [host for hosts in FORBIDDEN.values() for host in hosts.outside]
_ODD_ADDRESSES = [
    "",
    "x",
    "/path",
    "//host/path",
    "http://",
    "https://",
    "https:///path",
    "http:",
    "urn:a:b",
    "mailto:a@b.c",
    "data:,x",
    "http://a b",
    " http://a",
    "http://a\n",
    "http://a/%zz",
    "http://a/%41",
    "http://é.com",
    "http://a:port",
    "http://a@b@c",
    "http://[::1]",
    "http://[::1",
    "http://a/[x]",
    'http://a/"',
    "http://a\\b",
    "h_p://a",
    "http://a/\ud800",
]


@st.composite
def grouped(draw: DrawFn, groups: Sequence[Values]) -> Any:
    """A value of one group, each group as likely: one_of would weigh a group by its branches."""
    return draw(draw(st.sampled_from(groups)))


def texts(longest: int | None, least: int = 0) -> SearchStrategy[str]:
    """Texts of every length between two limits, their own included, cheap to draw however long."""
    short = st.text(st.sampled_from(LETTERS), min_size=least, max_size=max(8, least))
    if longest is not None and longest < 8:
        return st.text(st.sampled_from(LETTERS), min_size=least, max_size=longest)
    if longest is None:
        # About every limit that another variant has, and far beyond.
        lengths = [1, 500, 501, 1000, 1001, 2000, 2001, 5000, 5001, 30_000]
        return short | st.sampled_from(lengths).map("x".__mul__)
    return short | st.builds(
        lambda letter, less: (letter * longest)[: longest - less],
        st.sampled_from(LETTERS),
        st.integers(0, min(longest - least, 3)),
    )


def addresses(hosts: list[str], schemes: Sequence[str] = _HTTPS) -> SearchStrategy[str]:
    """Addresses with a host, whatever stands around it."""
    return st.builds(
        lambda scheme, user, host, port, rest: f"{scheme}://{user}{host}{port}{rest}",
        st.sampled_from(schemes),
        st.sampled_from(["", "user@", "user:pass@", "example.com:443@", "%40@", "@"]),
        st.sampled_from(hosts),
        st.sampled_from(["", ":", ":0", ":8443", ":99999"]),
        st.sampled_from(["", "/", "/hook?a=1#b", "?to=@x", "#f", "//a:b@c", "/%E2%82%AC"]),
    )


def right_values(schema: Schema) -> Values:
    """Values that a schema allows."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_OF_TYPE[name](schema) for name in types])


def near_values(schema: Schema, elsewhere: list[Any]) -> Values:
    """Values about a schema's limits, on either side, and what it allows in another spelling.

    Args:
        schema: The schema of the field.
        elsewhere: What the variants name for the field: one's right value is another's wrong one.
    """
    odd: list[Any] = [None, True, False, 0, 1, -1, 0.5, "", "null", [], {}, [None], *elsewhere]
    tight: list[Any] = []
    for word in ("minimum", "maximum", "const"):
        limit = schema.get(word)
        if isinstance(limit, int):
            tight += [limit - 1, limit, limit + 1]
            odd += [limit + 0.5, float(limit), str(limit), -limit]
            odd += [limit + 2**32, limit + 2**53, limit + 10**30]
    named = [value for value in schema.get("enum", [schema.get("const")]) if value is not None]
    for value in named:
        text = str(value)
        tight += [text.upper(), text.title(), f"{text} ", f"{text}0", text[:-1]]
        odd += [f" {text}", [value], {"value": value}, f"{text}\0", text.replace(":", "\u2236")]
    groups: list[Values] = [st.sampled_from(odd) | _SCALARS]
    groups += [st.sampled_from(tight)] * 2 if tight else []
    if "maxLength" in schema:
        longest = schema["maxLength"]
        groups.append(texts(longest + 2))
    if "pattern" in schema:
        limit = schema.get("maxLength", 2048)
        longer = st.integers(limit - 48, limit + 12).map("https://example.com/".ljust)
        anywhere = addresses(_INSIDE + _OUTSIDE, (*_HTTPS, *_HTTP, "ftp", "file", "httpx"))
        groups += [anywhere, st.sampled_from(_ODD_ADDRESSES), longer]
    if schema.get("type") == "array":
        groups += _near_lists(schema)
    return grouped(groups)


def _near_lists(schema: Schema) -> list[Values]:
    """Lists of right items in every number about the limits, and lists with one wrong item."""
    right, wrong = right_values(schema["items"]), near_values(schema["items"], [])
    counts = range(schema.get("maxItems", 3) + 2)
    sized: Values = grouped([st.lists(right, min_size=n, max_size=n) for n in counts])
    spoiled = st.builds(lambda items, item: [*items, item], st.lists(right, max_size=1), wrong)
    return [sized, sized, spoiled]


def _right_texts(schema: Schema) -> Values:
    if "pattern" in schema:
        plain = re.search(schema["pattern"], "http://localhost")
        return addresses(_OUTSIDE + _INSIDE, _HTTPS + _HTTP) if plain else addresses(_OUTSIDE)
    return texts(schema.get("maxLength"), schema.get("minLength", 0))


def _right_integers(schema: Schema) -> Values:
    least, most = schema.get("minimum"), schema.get("maximum")
    whole = st.integers(least, most)
    # JSON has one kind of number, so 5 and 5.0 are the same integer.
    return whole | whole.filter(lambda number: abs(number) <= 2**53).map(float)


def _right_numbers(schema: Schema) -> Values:
    least, most = schema.get("minimum"), schema.get("maximum")
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


def _right_objects(schema: Schema) -> Values:
    if "properties" not in schema:
        return _OBJECTS
    right = {name: right_values(subschema) for name, subschema in schema["properties"].items()}
    required = {name: right.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=right)


def _right_lists(schema: Schema) -> Values:
    least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
    return st.lists(right_values(schema["items"]), min_size=least, max_size=most)


_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
# A number that no double can hold is told apart by one parser and not by another.
_INTEGERS = st.integers() | st.sampled_from([2**31, 2**53 + 1, 2**64, 10**30, -(10**300), 10**400])
_ANY_TEXT = st.text(max_size=6)
_HALVES = st.sampled_from(["\ud800", "x\udfff"])
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    _INTEGERS,
    _FLOATS,
    _ANY_TEXT,
    _ANY_TEXT,
    texts(40),
    texts(40) | _HALVES,
)
ANY_NAME = st.sampled_from(["a", "", "__proto__", "constructor", "toString", "model", "0", "ÿ"])
_NESTED = st.integers(1, 250)
ANY_JSON: Values = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_NAME, inner, max_size=3),
    max_leaves=6,
)


def nested(levels: int, in_lists: bool) -> Any:
    """A value so many levels deep."""
    value: Any = 0
    for _ in range(levels):
        value = [value] if in_lists else {"a": value}
    return value


DEEP = st.builds(nested, _NESTED, st.booleans())
HUGE = (
    st.integers(0, 200_000).map("x".__mul__)
    | st.integers(0, 3_000).map(lambda size: list(range(size)))
    | st.integers(0, 300).map(lambda size: {f"field{index}": index for index in range(size)})
)
ANY_OBJECT = st.dictionaries(ANY_NAME | _ANY_TEXT, ANY_JSON, max_size=4)
_OBJECTS = ANY_OBJECT | st.builds(lambda deep: {"deep": deep}, DEEP)

_OF_TYPE: dict[str, Callable[[Schema], Values]] = {
    "string": _right_texts,
    "integer": _right_integers,
    "array": _right_lists,
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "number": _right_numbers,
    "object": _right_objects,
}
