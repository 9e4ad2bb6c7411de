"""What is wrong with a request, in words for the person who wrote it.

The validator speaks of schemas; this turns each of its errors into a field, what is allowed, what
was given, and the documentation page that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foxapi_video.broken_rules import broken_rules
from foxapi_video.json_values import counted, is_list, member, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema_rs import ValidationError

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_LIMITS = {
    "minimum": ("less than", "at least {}"),
    "maximum": ("more than", "at most {}"),
    "exclusiveMinimum": ("not more than", "more than {}"),
    "exclusiveMaximum": ("not less than", "less than {}"),
    "multipleOf": ("not a multiple of", "a multiple of {}"),
}
_LENGTHS = {
    "minLength": ("character", "fewer than", "at least"),
    "maxLength": ("character", "more than", "at most"),
    "minItems": ("item", "fewer than", "at least"),
    "maxItems": ("item", "more than", "at most"),
    "minProperties": ("member", "fewer than", "at least"),
    "maxProperties": ("member", "more than", "at most"),
}
_OF_NAMES = ("additionalProperties", "unevaluatedProperties")


# How the pattern of an address begins that the service fetches: all of it would say less to people.
WEB_ADDRESS = "^[Hh][Tt][Tt][Pp][Ss]?://"
# What helps who gave another text there.
FILE_HINT = "for a file of this machine pass a pathlib.Path"
# More model ids than these are counted in a sentence, and not listed.
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with a request.

    Attributes:
        field: The field, such as duration or image_urls[1]; empty for the body as a whole.
        allowed: What the documentation allows there.
        given: What was given, shortened.
        page: The documentation page, or None where no model tells which one applies.
        problem: What is wrong, in words.
        keyword: The rule that it breaks, as JSON Schema names it, such as maximum; empty where no
            schema has the rule.
    """

    field: str
    allowed: str
    given: str
    page: str | None
    problem: str
    keyword: str = ""

    def __str__(self) -> str:
        where = f" ({self.page})" if self.page else ""
        return f"{self.field or 'the body'}: {self.problem}{where}"


def saying(wrong: Violation, shown: Mapping[str, str]) -> Violation:
    """The same, with what each text is called to people in the place of that text."""
    for text, words in shown.items():
        given, problem = (each.replace(repr(text), words) for each in (wrong.given, wrong.problem))
        wrong = replace(wrong, given=given, problem=problem)
    return wrong


def page_of(schema: dict[str, Any]) -> str | None:
    """The documentation page a schema is read from; the first, where there are several."""
    page = schema.get("x-documentation-page")
    first = page[0] if is_list(page) and page else page
    return first if isinstance(first, str) else None


def takes_address(schema: dict[str, Any]) -> bool:
    """Whether a field is an address that the service fetches, or a list of them."""
    patterns = (each.get("pattern", "") for each in (schema, schema.get("items", {})))
    return any(pattern.startswith(WEB_ADDRESS) for pattern in patterns)


def violations_of(schema: dict[str, Any], errors: Iterable[ValidationError]) -> Iterator[Violation]:
    """Each error of the validator on a body, as a violation."""
    page = page_of(schema)
    for error in errors:
        keyword = error.kind.name
        for field, allowed, given, problem in _explained(schema, error, keyword):
            yield Violation(field, allowed, given, page, problem, keyword)


def _explained(
    schema: dict[str, Any], error: ValidationError, keyword: str
) -> Iterator[tuple[str, str, str, str]]:
    """The field, what is allowed, what was given and what is wrong; twice for two wrong names."""
    details = error.kind.as_dict()
    field = path_of(error.instance_path)
    value: Any = error.instance
    given, holder = shortened(value), _holder(schema, error.schema_path)
    if keyword == "required":
        missing = path_of([*error.instance_path, details["property"]])
        yield missing, "needed", "nothing", "is missing"
    elif keyword in _OF_NAMES:
        unused = sorted(set(member(holder, "properties") or ()) - set(value))
        for name in details["unexpected"]:
            problem = "no such field" + meant(name, unused)
            yield path_of([*error.instance_path, name]), "nothing", shortened(value[name]), problem
    elif keyword in ("enum", "const"):
        options: list[Any] = (
            details["options"] if keyword == "enum" else [details["expected_value"]]
        )
        allowed = ", ".join(_option(option) for option in options)
        joint = "not one of" if len(options) > 1 else "not"
        yield field, allowed, given, f"{given} is {joint} {allowed}"
    elif keyword == "type":
        types: list[str] = sorted(details["types"], key=lambda name: name == "null")
        allowed = " or ".join(_TYPES.get(name, name) for name in types)
        yield field, allowed, given, f"{given} is not {allowed}"
    elif keyword in _LIMITS:
        joint, allowed = _LIMITS[keyword]
        limit = next(iter(details.values()))
        yield field, allowed.format(limit), given, f"{given} is {joint} {limit}"
    elif keyword in _LENGTHS:
        what, joint, least = _LENGTHS[keyword]
        limit = details["limit"]
        count = counted(len(value), what)
        verb = "is" if len(value) == 1 else "are"
        allowed = f"{least} {counted(limit, what)}"
        yield field, allowed, given, f"{count} {verb} {joint} {limit}"
    elif keyword == "uniqueItems":
        yield field, "items that differ", given, f"{given} has two that are the same"
    elif keyword == "contains":
        allowed = _contained(holder, str(error.schema_path[-1]))
        yield field, allowed, given, f"{given} does not have {allowed}"
    elif keyword == "propertyNames":
        name = details["error"].instance
        wrong = path_of([*error.instance_path, name])
        yield wrong, "another name", shortened(value[name]), f"{shortened(name)} can't be its name"
    elif keyword == "unevaluatedItems":
        more = ", ".join(details["unexpected"])
        yield field, "no more items", given, f"{given} has some that are not allowed: {more}"
    elif keyword == "falseSchema":
        yield field, "nothing", given, f"{given} is not allowed here, nor is anything else"
    elif keyword == "not" and (broken := list(broken_rules(details["schema"], value))):
        for place, words in broken:
            wrong = path_of([*error.instance_path, *place])
            yield wrong, words, given, words.removeprefix(f"{wrong} ")
    elif keyword == "pattern" and details["pattern"].startswith(WEB_ADDRESS):
        allowed = "an http or https address such as https://example.com/image.png"
        yield field, allowed, given, f"{given} is not {allowed}; {FILE_HINT}"
    elif keyword == "x-rule":
        yield field, "what the page says of several fields", given, details["message"]
    elif keyword == "format":
        allowed = f"a {details['format']}"
        yield field, allowed, given, f"{given} is not {allowed}"
    else:  # a pattern itself says nothing to people
        said = member(holder, "description")
        allowed = said if isinstance(said, str) else "what the page says"
        yield field, allowed, given, f"{given} is not allowed here; allowed: {allowed}"


def _holder(schema: dict[str, Any], path: list[str | int]) -> Any:
    """The schema that has a keyword."""
    holder: Any = schema
    for step in path[:-1]:
        holder = holder[int(step)] if is_list(holder) else member(holder, str(step))
    return holder


def _contained(holder: Any, keyword: str) -> str:
    """How many items of some kind a list has to have, in words."""
    kind, value = member(holder, "contains"), member(member(holder, "contains"), "const")
    options = member(kind, "enum") or ([] if value is None else [value])
    what = " or ".join(map(_option, options)) or member(kind, "description") or "as the page says"
    limit = "at most" if keyword == "maxContains" else "at least"
    count = member(holder, "maxContains" if limit == "at most" else "minContains") or 1
    return f"{limit} {counted(count, 'item')} that {'is' if count == 1 else 'are'} {what}"


def _option(value: Any) -> str:
    return value if isinstance(value, str) else shortened(value)


def meant(name: str, known: list[str]) -> str:
    """The known name that is close to another, as the end of a sentence, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}?" if close else ""


def listed(models: list[str]) -> str:
    """Model ids in a sentence: each, or where they are many how many there are."""
    if len(models) <= _MOST_LISTED:
        return ", ".join(models)
    return f"the {len(models)} models that foxapi-video models lists"


def path_of(steps: list[str | int]) -> str:
    """A place in a body in words, such as image_urls[1]."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            shown = step if step.isprintable() and len(step) <= 60 else shortened(step, 60)
            path += f".{shown}" if path else shown
    return path
