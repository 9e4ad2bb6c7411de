"""A page's settled facts as schemas: of one field, of one variant, of all variants of a page."""

from __future__ import annotations

import functools
import re
from typing import Any

import jsonschema_rs

from documentation.checking.expected import Expected, ExpectedVariant
from documentation.checking.matching import matching
from documentation.checking.spec import PAGE_KEY, Keywords, opened, whole
from documentation.checking.url_patterns import pattern_of, says_uri
from documentation.fact import BOUNDS
from foxapi_video.totals import KEYWORDS

_EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")
_PLAIN = (*BOUNDS, *_EXCLUSIVE, "multipleOf", "uniqueItems", "additionalProperties")
# Of a list they are said of its items.
_TEXT = ("format", "pattern")
_LENGTHS = ("minLength", "maxLength")
_OF_FACTS = {*_PLAIN, *_TEXT, "type", "nullable", "enum", "items", "nullable items"}
_OF_FACTS |= {"required", "default"}
# What `CallbackUrl` says in words; a page that says less has a schema of its own.
_COMPONENT = {"127.0.0.1", "10.x.x.x", "192.168.x.x"}
CALLBACK_LENGTH = 2048
CALLBACK = {"$ref": "#/components/schemas/CallbackUrl"}


def addressed(expected: Expected, fields: dict[str, Keywords]) -> dict[str, Keywords]:
    """The fields with the patterns that pages ask of addresses in words."""
    patterns = {
        name: {"pattern": pattern_of(expected.hosts.get(name, []), https=name in expected.https)}
        for name in {*expected.https, *expected.hosts}
    }
    return {name: keywords | patterns.get(name, {}) for name, keywords in fields.items()}


def schema_of(fields: dict[str, Keywords], name: str = "") -> dict[str, Any]:
    """The schema that keywords of fields mean, members in their objects; no name is the whole."""
    keywords = ({} if name else {"type": "object"}) | fields.get(name, {})
    schema = constraints(keywords)
    schema |= {key: value for key, value in keywords.items() if key not in _OF_FACTS}
    start = f"{name}." if name else ""
    below = [f.removeprefix(start) for f in fields if f and f.startswith(start)]
    members = list(dict.fromkeys(f.partition(".")[0] for f in below if f))
    if not members:
        return schema
    inner: dict[str, Any] = {"properties": {m: schema_of(fields, start + m) for m in members}}
    required = [m for m in members if fields.get(start + m, {}).get("required")]
    inner |= {"required": required} if required else {}
    if keywords.get("type") == "array":
        return schema | {"items": {**schema.get("items", {}), **inner}}
    return schema | inner


def field_schema(
    expected: Expected, fields: dict[str, Keywords], name: str, page: str
) -> dict[str, Any]:
    """The schema of a field with its members; `fields` are what one variant says of each."""
    keywords = fields[name]
    listed = set(expected.hosts.get(name, [])) >= _COMPONENT
    same = keywords.get("maxLength") == CALLBACK_LENGTH and not keywords.get("nullable")
    if listed and name in expected.https and same:
        return dict(CALLBACK)
    schema = constraints(keywords)
    if name in {*expected.https, *expected.hosts} and "string" in schema.get("type", ""):
        pattern = pattern_of(expected.hosts.get(name, []), https=name in expected.https)
        schema = {k: v for k, v in schema.items() if k != "format"} | {"pattern": pattern}
    schema["description"] = f"As page {page} describes it."
    if expected.shown.get(name) and schema.keys().isdisjoint(("const", "enum")):
        value = _value(expected, name, schema, {})
        schema |= {"examples": [value]} if fits(value, schema, {}) else {}
    members = [f for f in fields if f.startswith(f"{name}.") and "." not in f[len(name) + 1 :]]
    classed = keywords.get("enum") or (members and keywords.get("type") == "object")
    if classed and keywords.get("nullable") is True:
        schema["title"] = title_of(name)
    if members:
        inner: dict[str, Any] = {
            "properties": {
                member[len(name) + 1 :]: field_schema(expected, fields, member, page)
                for member in members
            }
        }
        required = [m[len(name) + 1 :] for m in members if fields[m].get("required")]
        inner |= {"required": required} if required else {}
        if keywords.get("type") == "array":
            schema["items"] = {**schema.get("items", {}), **inner}
        else:
            schema |= inner
    order = ("type", "description", "enum", "const", *_TEXT, *_PLAIN, "default")
    return {key: schema[key] for key in order if key in schema} | schema


def title_of(name: str) -> str:
    """The generator makes two types of what may be null, and names them after the title."""
    last = name.rsplit(".", 1)[-1]
    return "".join(word[:1].upper() + word[1:] for word in last.split("_"))


def constraints(keywords: Keywords) -> dict[str, Any]:
    """Keywords of facts as keywords of a schema."""
    schema: dict[str, Any] = {}
    kind, nullable = keywords.get("type"), keywords.get("nullable") is True
    if kind is None and nullable:
        return {"const": None}
    if kind is not None:
        kinds = [*(kind if isinstance(kind, list) else [kind]), *(["null"] if nullable else [])]
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    values = keywords.get("enum")
    if values is not None:
        if keywords.get("items"):
            pass
        elif len(values) == 1 and not nullable:
            schema |= {"const": values[0], "enum": values}
        else:
            schema["enum"] = [*values, *([None] if nullable else [])]
    of_items = _LENGTHS if keywords.get("items") else ()
    schema |= {key: keywords[key] for key in _PLAIN if key in keywords and key not in of_items}
    text = {key: keywords[key] for key in _TEXT if key in keywords}
    if says_uri(text.get("pattern")) and text.get("format") == "uri":
        del text["format"]
    if keywords.get("items"):
        kinds = [keywords["items"], *(["null"] if keywords.get("nullable items") else [])]
        text |= {key: keywords[key] for key in of_items if key in keywords}
        schema["items"] = {"type": kinds if len(kinds) > 1 else kinds[0], **text}
        schema["items"] |= {"enum": values} if values is not None else {}
    else:
        schema |= text
    if "default" in keywords:
        schema["default"] = keywords["default"]
    return schema


def schema_name(model: str, mode: Any = None) -> str:
    """`happyhorse-1.0-text-to-video` as `Happyhorse10TextToVideoRequest`, `t2v` as `T2VRequest`.

    The generator takes what follows a digit for a word of its own.
    """
    words = re.findall(r"[A-Za-z0-9]+", f"{model} {mode or ''}".replace(".", ""))
    name = "".join(word[0].upper() + word[1:] for word in words)
    return re.sub(r"(?<=\d)[a-z]", lambda letter: letter[0].upper(), name) + "Request"


def variant_schema(expected: Expected, variant: ExpectedVariant, page: str) -> dict[str, Any]:
    """The whole schema of one request variant."""
    names = [name for name in variant.fields if name and "." not in name]
    return {
        "type": "object",
        PAGE_KEY: page,
        "description": f"A request as page {page} describes it.",
        "required": [name for name in names if variant.fields[name].get("required")],
        **variant.fields.get("", {}),
        "properties": {name: field_schema(expected, variant.fields, name, page) for name in names},
    }


def sample_of(
    expected: Expected, schema: dict[str, Any], known: dict[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """A body of a variant: what is known of one, less what it lacks, plus what it requires."""
    properties = schema["properties"]
    body = {k: v for k, v in known.items() if k in properties and fits(v, properties[k], schemas)}
    for name in schema.get("required", []):
        if name not in body:
            body[name] = _value(expected, name, properties[name], schemas)
    return {name: body[name] for name in properties if name in body}


def _value(expected: Expected, name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(expected, name, schemas.get(schema["$ref"].rsplit("/", 1)[-1], {}), schemas)
    if "oneOf" in schema:
        return _value(expected, name, schema["oneOf"][0], schemas)
    for value in [*expected.shown.get(name, []), schema.get("const"), *schema.get("enum", [])]:
        if value is not None and fits(value, schema, schemas):
            return value
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        members = schema.get("properties", {})
        needed = schema.get("required", [])
        return {n: _value(expected, f"{name}.{n}", members.get(n, {}), schemas) for n in needed}
    if kind == "array":
        first: list[Any] = next(iter(expected.shown.get(name, [])), [])[:1]
        item = first or [_value(expected, name, schema.get("items", {}), schemas)]
        return item * max(1, schema.get("minItems", 1))
    if kind in ("integer", "number"):
        return schema.get("minimum", min(1, schema.get("maximum", 1)))
    if kind == "boolean":
        return True
    pattern = schema.get("pattern", "")
    address = "url" in name or schema.get("format") == "uri"
    if pattern and not valid("https://example.com/input", schema, schemas):
        return matching(pattern, schema.get("minLength", 0))
    address = address or bool(pattern)
    return "https://example.com/input" if address else "text".ljust(schema.get("minLength", 0), "x")


def answer_of(
    expected: Expected, schema: dict[str, Any], known: dict[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """The sample of an answer: what is known of one, less what no longer fits."""
    properties = schema["properties"]
    body = {k: v for k, v in known.items() if valid(v, properties.get(k, {}), schemas)}
    lacking = [name for name in schema.get("required", []) if name not in body]
    return body | {name: _value(expected, name, properties[name], schemas) for name in lacking}


def fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether a value may stand for a field in a sample, where null would show nothing."""
    return value is not None and valid(value, schema, schemas)


def valid(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether a schema that may refer to others accepts a value."""
    document = {"components": {"schemas": {"CallbackUrl": {}} | schemas}}
    return _validator(whole(document, schema)).is_valid(value)


@functools.lru_cache(maxsize=1024)
def _validator(key: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(opened(key), keywords=KEYWORDS)
