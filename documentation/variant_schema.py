"""A page's settled facts as schemas: of one field, of one variant, of all variants of a page."""

from __future__ import annotations

import re
from typing import Any

from documentation.conditions import barred, inputs_of, named_only
from documentation.expected import Asked, exclusion
from documentation.spec import Keywords

_PLAIN = ("format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_SYNTHETIC: dict[str, Any] = {
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "array": [],
    "object": {},
}
# Any letter case, one user part at most, and a host.
HTTPS = "^[Hh][Tt][Tt][Pp][Ss]://(?:[^/?#@]*@)?[^/?#@]+(?:[/?#].*)?$"
CALLBACK = {"$ref": "#/components/schemas/CallbackUrl"}


def field_schema(asked: Asked, name: str, keywords: Keywords, page: str) -> dict[str, Any]:
    """The schema of a field with its members; `keywords` are what one variant must say of it."""
    if name in asked.https and name in asked.hosts:
        return dict(CALLBACK)
    schema = constraints(keywords)
    if name in asked.https and schema.get("type") == "string":
        schema["pattern"] = HTTPS
    schema["description"] = f"As page {page} describes it."
    if asked.shown.get(name) and "enum" not in schema and schema.get("type") != "null":
        schema["examples"] = asked.shown[name][:1]
    members = [
        f for f in asked.fields if f.startswith(f"{name}.") and "." not in f[len(name) + 1 :]
    ]
    classed = keywords.get("enum") or (members and keywords.get("type") == "object")
    if classed and keywords.get("nullable") is True:
        # The generator makes two types of it, and names them after the title.
        last = name.rsplit(".", 1)[-1]
        schema["title"] = "".join(word[:1].upper() + word[1:] for word in last.split("_"))
    if members:
        inner: dict[str, Any] = {
            "properties": {
                member[len(name) + 1 :]: field_schema(asked, member, asked.fields[member], page)
                for member in members
            }
        }
        required = [m[len(name) + 1 :] for m in members if asked.fields[m].get("required")]
        inner |= {"required": required} if required else {}
        if keywords.get("type") == "array":
            schema["items"] = {**schema.get("items", {}), **inner}
        else:
            schema |= inner
    order = ("type", "description", "enum", "const", *_PLAIN, "default")
    return {key: schema[key] for key in order if key in schema} | schema


def constraints(keywords: Keywords) -> dict[str, Any]:
    """Keywords of facts as keywords of a schema."""
    schema: dict[str, Any] = {}
    kind, nullable = keywords.get("type"), keywords.get("nullable") is True
    if kind is None and nullable:
        return {"type": "null"}
    if kind is not None:
        kinds = [*(kind if isinstance(kind, list) else [kind]), *(["null"] if nullable else [])]
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    values = keywords.get("enum")
    if values is not None:
        if len(values) == 1 and not nullable:
            schema["const"] = values[0]
        else:
            schema["enum"] = [*values, *([None] if nullable else [])]
    for key in _PLAIN:
        if key in keywords and not (key == "format" and keywords.get("items")):
            schema[key] = keywords[key]
    if keywords.get("items"):
        schema["items"] = {"type": keywords["items"]}
        if "format" in keywords:
            schema["items"]["format"] = keywords["format"]
    if "default" in keywords:
        schema["default"] = keywords["default"]
    return schema


def schema_name(model: str, mode: Any = None) -> str:
    """`happyhorse-1.0-text-to-video` as `Happyhorse10TextToVideoRequest`."""
    words = re.findall(r"[A-Za-z0-9]+", f"{model} {mode or ''}".replace(".", ""))
    return "".join(word[0].upper() + word[1:] for word in words) + "Request"


def new_variants(asked: Asked, page: str) -> dict[str, dict[str, Any]]:
    """All variants of a page that the spec does not know: by model id, and by mode."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for model in asked.fields.get("model", {}).get("enum") or []:
        absent = tuple(sorted(f for f, ids in asked.only_for.items() if model not in ids))
        groups.setdefault(absent, []).append(model)
    mode_field = asked.modes[0][0] if asked.modes else ""
    names = (asked.fields.get(mode_field, {}).get("enum") or [None]) if mode_field else [None]
    variants = {}
    for absent, models in groups.items():
        for mode in names:
            wanted = _wanted(asked, models, set(absent), mode_field, mode)
            variants[schema_name(models[0], mode)] = variant_schema(asked, wanted, page)
    return variants


def _wanted(
    asked: Asked, models: list[str], absent: set[str], mode_field: str, mode: Any
) -> dict[str, Keywords]:
    needs: dict[str, Keywords] = {}
    touched: set[str] = set()
    for name, value, limits in asked.modes:
        if name == mode_field:
            touched |= set(limits)
            needs |= limits if value == mode else {}
    listed = asked.fields.get(mode_field, {}).get("enum") or []
    alone = bool(mode_field) and named_only(asked.modes, listed, mode)
    touched |= barred(asked.excludes, set(inputs_of(needs)))
    wanted: dict[str, Keywords] = {}
    for name, keywords in asked.fields.items():
        if name in absent or "." in name:
            continue
        mine = dict(keywords)
        if name == "model":
            mine["enum"] = models
            if mine.get("default") not in models:
                mine.pop("default", None)
        elif name == mode_field:
            mine["enum"] = [mode]
            mine.pop("default", None) if mine.get("default") != mode else None
            if alone:
                mine.pop("nullable", None)
                mine["required"] = True
        elif name in needs and needs[name].get("maxItems") != 0:
            mine |= {k: v for k, v in needs[name].items() if k != "required"} | {"required": True}
            mine.pop("nullable", None)
        elif name in touched:
            if not mine.get("nullable"):
                continue
            mine = {"nullable": True}
        wanted[name] = mine
    return wanted


def variant_schema(asked: Asked, wanted: dict[str, Keywords], page: str) -> dict[str, Any]:
    required = [name for name, keywords in wanted.items() if keywords.get("required")]
    schema: dict[str, Any] = {
        "type": "object",
        "x-documentation-page": page,
        "description": f"A request as page {page} describes it.",
        "required": required,
        "additionalProperties": False,
        **exclusion(asked, wanted),
        "properties": {
            name: field_schema(asked, name, keywords, page) for name, keywords in wanted.items()
        },
    }
    return schema


def sample_of(asked: Asked, schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """A body of a variant: what is known of one, less what it lacks, plus what it requires."""
    properties = schema["properties"]
    body = {k: v for k, v in known.items() if k in properties and _fits(v, properties[k])}
    for name in schema.get("required", []):
        if name not in body:
            body[name] = _value(asked, name, properties[name])
    return {name: body[name] for name in properties if name in body}


def _value(asked: Asked, name: str, schema: dict[str, Any]) -> Any:
    for value in [*asked.shown.get(name, []), schema.get("const"), *schema.get("enum", [])]:
        if value is not None and _fits(value, schema):
            return value
    kind = schema.get("type")
    if kind == "array" and asked.shown.get(name):
        first = asked.shown[name][0]
        return (first * schema.get("minItems", 1))[: schema.get("minItems", 1)]
    return _SYNTHETIC.get(str(kind), "https://example.com/input" if "url" in name else "text")


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if schema.get("type") == "null":
        return False
    if "const" in schema:
        return bool(value == schema["const"])
    if isinstance(value, list):
        return bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1 << 30))
    return "enum" not in schema or value in schema["enum"]
