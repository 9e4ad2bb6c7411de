"""Judge a request before it costs anything, by the schemas that the generated client ships.

The validator library and the schemas are loaded when the first request is judged, and of the
schemas only those of the request's model.
"""

from __future__ import annotations

import contextlib
import json
import logging
import pkgutil
import threading
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from foxapi_video.errors import REPORT, InvalidRequest, known_documentation
from foxapi_video.json_values import is_list, is_object, is_text, shortened
from foxapi_video.violations import (
    Violation,
    listed,
    meant,
    page_of,
    path_of,
    saying,
    takes_address,
    violations_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jsonschema_rs import Validator

    from foxapi_video_client.types import Model

log = logging.getLogger("foxapi_video")
_CLIENT = "foxapi_video_client"
# A wrong value counts for less than a field or an input that the variant does not have at all.
_WEIGHTS = {"additionalProperties": 100, "required": 30, "const": 20, "enum": 20}
_STEP = 10
# Two rules about one field say the same twice; the one with more to say to people is kept.
_SECOND_TO = {"format": {"pattern", "type"}, "enum": {"type"}, "const": {"type", "enum"}}


class Variant(NamedTuple):
    """A request schema, ready to judge with.

    Attributes:
        name: Its name, which is also the name of its model class.
        schema: The JSON Schema.
        validator: Its validator.
    """

    name: str
    schema: dict[str, Any]
    validator: Validator


_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_lock = threading.Lock()
_index: dict[str, list[str]] = {}
_variants: dict[str, Variant] = {}
# What was logged of the service, so that each is said once.
_told: set[str] = set()
_MOST_TOLD = 1000


def check(body: object) -> list[Violation]:
    """Judge any JSON value, or a request variant, as the body of a create call.

    The variant of a JSON value is chosen by its model and fields: the one with the least wrong with
    it. A file of this machine is judged as the address that it will have; whether it can be read is
    not looked at.

    Args:
        body: The body: what json.loads gives, what goes into json.dumps, or a request variant.

    Returns:
        Everything that is wrong with it; empty exactly when the documentation allows it.
    """
    from foxapi_video.given_files import fields_with_files
    from foxapi_video_client.types import Model

    if found := fields_with_files(body):
        return _check_with_files(body, found)
    values = body.to_dict() if isinstance(body, Model) else body
    if not is_object(values):
        given = shortened(values)
        return [Violation("", "an object", given, None, f"{given} is not an object")]
    plain = _plain(values)
    if isinstance(plain, Violation):
        return [plain]
    own = _own_variant(type(body))
    return _violations(own, plain)[1] if own else _judge(plain)


def _check_with_files(body: Any, found: dict[str, Any]) -> list[Violation]:
    from foxapi_video.given_files import files_of, stand_ins, with_addresses

    addresses, shown = stand_ins(dict(files_of(found)))
    judged = check(with_addresses(body, found, addresses))
    return files_elsewhere(body, found) or [saying(wrong, shown) for wrong in judged]


def files_elsewhere(body: object, found: dict[str, Any]) -> list[Violation]:
    """A violation for each file that is not where an address is wanted.

    Args:
        body: The body.
        found: Its fields that hold files.
    """
    model = body.get("model") if isinstance(body, Mapping) else getattr(body, "model", None)
    variants = index().get(model, []) if isinstance(model, str) else []
    schemas = [schema(variant)["properties"] for variant in variants]
    addresses = {name for each in schemas for name, field in each.items() if takes_address(field)}
    allowed = ", ".join(sorted(addresses)) or "no field"
    problem = f"takes no file; of this model, {allowed} can be a file of this machine"
    # Which fields are addresses of a model that is not known here can't be told.
    wrong = [name for name in found if schemas and name not in addresses]
    return [Violation(name, "no file", shortened(found[name]), None, problem) for name in wrong]


def encode(
    body: Model | Mapping[str, Any],
    extra_body: Mapping[str, Any] | None = None,
    *,
    checks: bool = True,
) -> tuple[dict[str, Any], bytes]:
    """The body of a create call as JSON values and as the bytes to send.

    Args:
        body: A request variant, or a mapping of JSON values.
        extra_body: Fields to send with it, which are not held to the documentation.
        checks: Whether the body is held to it.

    Raises:
        InvalidRequest: The documentation does not allow it, or it can't be written as JSON.
    """
    from foxapi_video_client.types import Model

    if isinstance(body, Model):
        values = body.to_dict()
    elif isinstance(body, Mapping):
        values = dict(body)
    else:
        raise InvalidRequest(check(body))
    extra = _extra(values, extra_body)
    try:
        content = _written({**values, **extra})
        allowed = not checks or _allowed(type(body), values)
    except (TypeError, ValueError, RecursionError):
        # No JSON, or of a type that json takes and the validator does not, such as a kind of str.
        values, extra = _sendable(values), _sendable(extra)
        content = _written({**values, **extra})
        allowed = not checks or _allowed(type(body), values)
    if not allowed:
        raise InvalidRequest(_own_violations(type(body), values) or check(values))
    return {**values, **extra}, content


def note_accepted(values: dict[str, Any]) -> None:
    """Log, once for the same fields, that the service accepted what is not allowed here."""
    with contextlib.suppress(Exception):  # it is paid for, and nothing may lose its task
        wrong = sorted({f"{found.field} ({found.keyword})" for found in check(values)})
        about = f"{shortened(values.get('model'))}: {', '.join(wrong)}"
        if wrong and about not in _told and len(_told) < _MOST_TOLD:
            _told.add(about)
            log.warning(
                "the service accepted what %s does not allow, for the model %s: %s",
                known_documentation(pages_of(values.get("model"))),
                about,
                REPORT,
            )


def note_deprecated(values: dict[str, Any]) -> None:
    """Warn, once for a model, that the documentation no longer has its variant."""
    old = [each for each in _candidates(values) if each.schema.get("deprecated") is True]
    about = f"deprecated {shortened(values.get('model'))}"
    if not old or about in _told:
        return
    with contextlib.suppress(TypeError, ValueError, RecursionError):  # what is sent unchecked
        if not any(each.validator.is_valid(values) for each in old):
            return
    _told.add(about)
    said = f"the model {values['model']} is deprecated: {known_documentation()} no longer has it"
    log.warning("%s", said)
    warnings.warn(said, DeprecationWarning, stacklevel=4)


def index() -> dict[str, list[str]]:
    """The names of the variants of each model id, as generated."""
    if not _index:
        with _lock:
            _index.update(_read("index"))
    return _index


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of the variant of that name.

    Raises:
        KeyError: There is none.
    """
    if not any(name in names for names in index().values()):
        raise KeyError(name)
    return _read(name)


def pages_of(model: object) -> Iterator[str]:
    """The documentation pages of a model; none of one that is not known here."""
    for name in index().get(model, []) if isinstance(model, str) else []:
        page: str | list[str] = schema(name).get("x-documentation-page", [])
        yield from [page] if isinstance(page, str) else page


def variant(name: str) -> Variant:
    """The variant of that name, compiled on first use.

    Raises:
        KeyError: There is none.
    """
    found = _variants.get(name)
    if found is None:
        document = schema(name)
        validator = _compiled(document)
        found = _variants.setdefault(name, Variant(name, document, validator))
    return found


def violations(name: str, body: object) -> list[Violation]:
    """What is wrong with the body of any call, by the schema of that name that the client ships."""
    document = _read(name)
    return list(violations_of(document, _compiled(document).iter_errors(body)))


def _compiled(document: dict[str, Any]) -> Validator:
    import jsonschema_rs

    if "x-rule" not in document:
        return jsonschema_rs.validator_for(document, validate_formats=True)
    from foxapi_video.totals import KEYWORDS

    return jsonschema_rs.validator_for(document, validate_formats=True, keywords=KEYWORDS)


def _allowed(kind: type, values: dict[str, Any]) -> bool:
    own = _own_variant(kind)
    if own:
        return own.validator.is_valid(values)
    fitting = [found for found in _candidates(values) if found.validator.is_valid(values)]
    return len(fitting) == 1


def _judge(body: dict[str, Any]) -> list[Violation]:
    """What is wrong with an object that can be sent."""
    models = index()
    model = body.get("model")
    if not isinstance(model, str) or model not in models:
        allowed = ", ".join(models)
        if "model" not in body:
            problem = f"is missing; it is one of {listed(list(models))}"
            return [Violation("model", allowed, "nothing", None, problem, "required")]
        given = shortened(model)
        keyword = "enum" if isinstance(model, str) else "type"
        close = meant(model, list(models)) if isinstance(model, str) else ""
        problem = f"{given} is not one of {listed(list(models))}{close}"
        return [Violation("model", allowed, given, None, problem, keyword)]
    candidates = _candidates(body)
    judged = [_violations(candidate, body) for candidate in candidates]
    fitting = [
        candidate for candidate, (_, wrong) in zip(candidates, judged, strict=True) if not wrong
    ]
    if len(fitting) > 1:
        names = ", ".join(candidate.name for candidate in fitting)
        page = page_of(fitting[0].schema)
        return [Violation("", "one form", "several", page, f"fits several forms at once: {names}")]
    if fitting:
        return []
    least = min(distance for distance, _ in judged)
    found = _merged([wrong for distance, wrong in judged if distance == least])
    return [_of_another_form(wrong, candidates) for wrong in found]


def _of_another_form(wrong: Violation, candidates: list[Variant]) -> Violation:
    """The same; where a field is too many that another variant of the model has, it says so."""
    if wrong.keyword != "additionalProperties":
        return wrong
    unused = {"const": None}
    having = [
        each.name
        for each in candidates
        if each.schema["properties"].get(wrong.field, unused).get("const", "") is not None
    ]
    if not having:
        return wrong
    owner = " and ".join(having)
    problem = f"no such field beside the others given: it belongs to {owner}"
    return replace(wrong, allowed=f"only in {owner}", problem=problem)


def _candidates(body: dict[str, Any]) -> list[Variant]:
    model = body.get("model")
    names = index().get(model, []) if isinstance(model, str) else []
    return [variant(name) for name in names]


def _violations(candidate: Variant, body: dict[str, Any]) -> tuple[int, list[Violation]]:
    """How far a body is from a variant, and what is wrong with it there."""
    violations = list(violations_of(candidate.schema, candidate.validator.iter_errors(body)))
    failed: dict[str, set[str]] = {}
    for violation in violations:
        failed.setdefault(violation.field, set()).add(violation.keyword)
    distance = 0
    kept: list[Violation] = []
    for violation in violations:
        keyword = violation.keyword
        if failed[violation.field] & _SECOND_TO.get(keyword, set()):
            continue
        unused = candidate.schema["properties"].get(violation.field, {}).get("const", "") is None
        distance += _WEIGHTS["additionalProperties"] if unused else _WEIGHTS.get(keyword, _STEP)
        kept.append(violation)
    return distance, kept


def _merged(tied: list[list[Violation]]) -> list[Violation]:
    """What is wrong with a body that is as far from several variants.

    Where the variants of one page differ in one violation each, that becomes one for all.
    """
    common = set(tied[0]).intersection(*tied)
    shared = [wrong for wrong in tied[0] if wrong in common]
    apart = [[wrong for wrong in each if wrong not in common] for each in tied]
    if len(tied) == 1 or any(len(each) != 1 for each in apart):
        return tied[0]
    if len({each[0].page for each in apart}) > 1:
        return tied[0]
    each = [found[0] for found in apart]
    merged = Violation(
        " or ".join(dict.fromkeys(found.field for found in each)),
        " or ".join(dict.fromkeys(found.allowed for found in each)),
        " or ".join(dict.fromkeys(found.given for found in each)),
        each[0].page,
        "; or ".join(dict.fromkeys(found.problem for found in each)),
        each[0].keyword,
    )
    return [merged, *shared]


def _extra(values: dict[str, Any], extra_body: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields to send beside the body.

    Raises:
        InvalidRequest: They are no mapping, or the body has one of them already.
    """
    if extra_body is None:
        return {}
    if not isinstance(extra_body, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        shown = shortened(extra_body)
        problem = f"{shown} is not an object"
        raise InvalidRequest([Violation("extra_body", "an object", shown, None, problem)])
    problem = "is in the request and in extra_body: leave it out of one of them"
    twice = [
        Violation(str(name), "one value", shortened(extra_body[name]), None, problem)
        for name in extra_body
        if name in values
    ]
    if twice:
        raise InvalidRequest(twice)
    return dict(extra_body)


def _sendable(values: dict[str, Any]) -> dict[str, Any]:
    plain = _plain(values)
    if isinstance(plain, Violation):
        raise InvalidRequest([plain]) from None
    return plain


def _own_variant(kind: type) -> Variant | None:
    """The variant that a model class is of; a subclass counts as its base."""
    for base in kind.__mro__:
        if base.__module__.startswith(f"{_CLIENT}.models."):
            try:
                return variant(base.__name__)
            except KeyError:
                return None
    return None


def _own_violations(kind: type, values: dict[str, Any]) -> list[Violation]:
    own = _own_variant(kind)
    plain = _plain(values)
    if own is None or isinstance(plain, Violation):
        return []
    return _violations(own, plain)[1]


def _written(values: dict[str, Any]) -> bytes:
    """The values as httpx writes JSON, so that what is judged is what is sent."""
    text = _WRITER.encode(values)
    _encodable(values)
    return text.encode()


def _plain(body: dict[str, Any]) -> dict[str, Any] | Violation:
    """An object as the other side reads it, or what keeps it from being sent as JSON."""
    try:
        _encodable(body)
        plain: dict[str, Any] = json.loads(json.dumps(body, allow_nan=False))
    except RecursionError:
        problem = "is nested too deeply, or holds itself"
        return Violation("", "JSON values", shortened(body), None, problem)
    except UnicodeError:
        problem = "holds half a character (a lone surrogate)"
    except (TypeError, ValueError) as error:
        problem = f"can't be written as JSON: {error}"
    else:
        return plain
    place, value = _unwritable(body)
    return Violation(path_of(place), "JSON values", shortened(value), None, problem)


def _unwritable(value: object) -> tuple[list[str | int], object]:
    """Where in a value that is no JSON the first part is that is none, and that part."""
    inner: Iterable[tuple[Any, object]] = ()
    if is_object(value):
        inner = value.items()
    elif is_list(value) or isinstance(value, tuple):
        inner = enumerate(cast("Sequence[object]", value))
    for step, item in inner:
        if is_object(value) and not is_text(step):
            return [], value
        try:
            _encodable(item)
            json.dumps(item, allow_nan=False)
        except (TypeError, ValueError):
            place, found = _unwritable(item)
            return [step, *place], found
    return [], value


def _encodable(value: object) -> None:
    if isinstance(value, str):
        value.encode()
    elif is_object(value):
        for name, item in value.items():
            if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError(f"the name {shortened(name)} is not text")
            name.encode()
            _encodable(item)
    elif is_list(value) or isinstance(value, tuple):
        for item in cast("Sequence[object]", value):
            _encodable(item)


def _read(name: str) -> dict[str, Any]:
    content = pkgutil.get_data(_CLIENT, f"schemas/{name}.json")
    if content is None:
        raise FileNotFoundError(f"{_CLIENT} ships no schema {name}")
    loaded: dict[str, Any] = json.loads(content)
    return loaded
