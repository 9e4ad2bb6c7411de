"""The overlay that would bring `openapi.yaml` in line with a page as it reads now."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from documentation import overlay as overlays
from documentation.check import Difference, compare
from documentation.conflicts import Conflicts
from documentation.expected import Asked, asked_by, exclusion, for_variant
from documentation.facts_files import FactsFile
from documentation.overlay import Step, remove, update
from documentation.spec import PAGE_KEY, Keywords, Shape, read_spec
from documentation.variant_schema import (
    constraints,
    field_schema,
    new_variants,
    sample_of,
)

CREATE = "POST /v1/videos/generations"
_SCHEMAS: tuple[Step, ...] = ("components", "schemas")
_BODY: tuple[Step, ...] = (
    *("paths", "/v1/videos/generations", "post", "requestBody", "content", "application/json"),
)
_OWN = (
    *("type", "enum", "const", "format", "minimum", "maximum", "minLength", "maxLength"),
    *("minItems", "maxItems", "items", "default"),
)


@dataclass(slots=True)
class Proposal:
    """An overlay, and what is left to people once it is applied."""

    overlay: dict[str, Any]
    differences: list[Difference] = field(default_factory=list)
    left: list[Difference] = field(default_factory=list)


def propose(file: FactsFile, others: list[FactsFile], data: Any, conflicts: Conflicts) -> Proposal:
    """Compare a page's facts with a parsed spec, and write the actions that settle it."""
    files = [*others, file]
    before = compare(files, read_spec(data), conflicts).differences
    known = [d for d in before if file.page in d.page]
    actions: list[dict[str, Any]] = []
    asked = asked_by(file, "request", conflicts, [])
    shapes = [s for s in read_spec(data).of(file.page, "request") if s.operation == CREATE]
    if known and shapes:
        for shape in shapes:
            actions += _Variant(asked, shape, data, file.page).actions()
    elif known and asked.fields.get("model", {}).get("enum"):
        actions += _new(asked, data, file)
    if known and file.operation == CREATE:
        actions += _new_answers(asked_by(file, "response", conflicts, []), data, file.page)
    overlay = overlays.document_of(f"What page {file.page} says now", actions)
    after = copy.deepcopy(data)
    overlays.apply(after, overlay)
    left = compare(files, read_spec(after), conflicts).differences
    fresh = [d for d in left if file.page in d.page or d not in before]
    return Proposal(overlay, known, fresh)


class _Variant:
    """The actions that change one known variant."""

    def __init__(self, asked: Asked, shape: Shape, data: Any, page: str) -> None:
        self.asked, self.shape, self.data, self.page = asked, shape, data, page
        self.base = (*_SCHEMAS, shape.name)
        self.schema: dict[str, Any] = data["components"]["schemas"][shape.name]

    def actions(self) -> list[dict[str, Any]]:
        found = for_variant(self._with_ids(), self.shape)
        wanted = {n: k for n, k in found.items() if k is not None and "." not in n}
        properties: dict[str, Any] = self.schema["properties"]
        actions = [
            remove(*self.base, "properties", name) for name in properties if name not in wanted
        ]
        added: dict[str, Any] = {}
        for name, keywords in wanted.items():
            if name not in properties:
                added[name] = field_schema(self.asked, name, keywords, self.page)
            else:
                actions += self._field(name, keywords)
        if added:
            actions.append(update(added, *self.base, "properties"))
        actions += self._required(wanted)
        actions += self._exclusion(wanted)
        actions += self._example(wanted, added)
        return actions

    def _with_ids(self) -> Asked:
        """With one variant, the page's model ids are its own, whatever it had before."""
        if len(self.asked.fields.get("model", {}).get("enum") or []) and not self.asked.only_for:
            listed = [i for i in self.shape.ids() if i in self.asked.fields["model"]["enum"]]
            alone = not self.asked.modes
            if alone and listed != self.asked.fields["model"]["enum"]:
                ids = self.asked.fields["model"]["enum"]
                self.shape.fields["model"] = self.shape.fields["model"] | {"enum": ids}
        return self.asked

    def _field(self, name: str, keywords: Keywords) -> list[dict[str, Any]]:
        """Change a field's constraints; its description and examples stay."""
        old = self.schema["properties"][name]
        where = (*self.base, "properties", name)
        nested = any(f.startswith(f"{name}.") for f in self.asked.fields)
        new = field_schema(self.asked, name, keywords, self.page)
        if "$ref" in old or "$ref" in new or nested:
            if new == old or ("$ref" in old and not self._differs(name, keywords)):
                return []
            return [remove(*where), update({name: new}, *self.base, "properties")]
        wanted = constraints(keywords)
        if "const" in wanted and old.get("enum") == [wanted["const"]]:
            wanted["enum"] = [wanted.pop("const")]
        actions: list[dict[str, Any]] = []
        changed: dict[str, Any] = {}
        for key in _OWN:
            have, want = old.get(key), wanted.get(key)
            if key == "items" and isinstance(have, dict) and isinstance(want, dict):
                same = {k: v for k, v in have.items() if k in _OWN} == want
            else:
                same = have == want and (key in old) == (key in wanted)
            if same:
                continue
            if key in old and (want is None or isinstance(have, dict | list)):
                actions.append(remove(*where, key))
            if key in wanted:
                changed[key] = want
        return [*actions, update(changed, *where)] if changed else actions

    def _differs(self, name: str, keywords: Keywords) -> bool:
        own = self.shape.fields.get(name, {})
        return any(own.get(key) != value for key, value in keywords.items())

    def _required(self, wanted: dict[str, Keywords]) -> list[dict[str, Any]]:
        old = list(self.schema.get("required", []))
        needed = {name for name, keywords in wanted.items() if keywords.get("required")}
        new = [n for n in old if n in needed] + [n for n in wanted if n in needed - set(old)]
        if new == old:
            return []
        actions = [remove(*self.base, "required")] if "required" in self.schema else []
        return [*actions, update({"required": new}, *self.base)] if new else actions

    def _exclusion(self, wanted: dict[str, Keywords]) -> list[dict[str, Any]]:
        """What must not come together; another rule between fields is for people to change."""
        old, new = self.schema.get("not"), exclusion(self.asked, wanted).get("not")
        if old == new:
            return []
        actions = [remove(*self.base, "not")] if old is not None else []
        return [*actions, update({"not": new}, *self.base)] if new is not None else actions

    def _example(self, wanted: dict[str, Any], added: dict[str, Any]) -> list[dict[str, Any]]:
        """The sample body of the variant follows its fields."""
        media = _at(self.data, _BODY)
        example = (media.get("examples") or {}).get(self.shape.name)
        if example is None:
            return []
        required = [name for name, keywords in wanted.items() if keywords.get("required")]
        schema = {
            "required": required,
            "properties": {
                name: added.get(name) or constraints(keywords) for name, keywords in wanted.items()
            },
        }
        old = dict(example["value"])
        new = sample_of(self.asked, schema, old)
        if new == old:
            return []
        where = (*_BODY, "examples", self.shape.name)
        return [remove(*where, "value"), update({"value": new}, *where)]


def _new(asked: Asked, data: Any, file: FactsFile) -> list[dict[str, Any]]:
    """Whole new variants: their schemas, their branches, their samples."""
    taken = data["components"]["schemas"]
    variants = {
        _free(name, taken): schema for name, schema in new_variants(asked, file.page).items()
    }
    sample = {
        f.field: f.value
        for f in file.facts
        if f.stated == "sample" and f.place == "request" and f.keyword == "example"
    }
    examples = {
        name: {
            "summary": f"The sample of page {file.page}",
            "value": sample_of(asked, schema, _nested(sample)),
        }
        for name, schema in variants.items()
    }
    actions = [update(variants, *_SCHEMAS)]
    for name in variants:
        branch = {"$ref": f"#/components/schemas/{name}"}
        actions.append(update(branch, *_BODY, "schema", "oneOf"))
    if "examples" in _at(data, _BODY):
        actions.append(update(examples, *_BODY, "examples"))
    answers = [s.name for s in read_spec(data).shapes if _answers(s)]
    for name in dict.fromkeys(answers):
        pages = data["components"]["schemas"][name].get(PAGE_KEY)
        if isinstance(pages, list) and file.page not in pages:
            actions.append(update(file.page, *_SCHEMAS, name, PAGE_KEY))
    return actions


def _free(name: str, taken: dict[str, Any]) -> str:
    """A name for a schema that no other one has."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name.removesuffix('Request')}{count}Request"
    return found


def _new_answers(asked: Asked, data: Any, page: str) -> list[dict[str, Any]]:
    """Fields of the shared answer that only this page lists; what is there already stays."""
    actions: list[dict[str, Any]] = []
    for shape in read_spec(data).shapes:
        if not _answers(shape):
            continue
        for name, keywords in asked.fields.items():
            parent, _, last = name.rpartition(".")
            if name in shape.fields or not keywords or (parent and parent not in shape.fields):
                continue
            where = (
                *_SCHEMAS,
                shape.name,
                *(f for p in parent.split(".") if p for f in ("properties", p)),
            )
            schema = {last: field_schema(asked, name, keywords, page)}
            try:
                holder = _at(data, where)
            except KeyError:
                continue  # behind a reference, or in an array: for people
            if "properties" in holder:
                actions.append(update(schema, *where, "properties"))
            elif "$ref" not in holder and "items" not in holder:
                actions.append(update({"properties": schema}, *where))
    return actions


def _answers(shape: Shape) -> bool:
    return shape.operation == CREATE and shape.place == "response" and len(shape.pages) > 1


def _nested(sample: dict[str, Any]) -> dict[str, Any]:
    """Dotted members back into objects."""
    body: dict[str, Any] = {}
    for name, value in sample.items():
        inner = body
        *parents, last = name.split(".")
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return body


def _at(data: Any, steps: tuple[Step, ...]) -> Any:
    for step in steps:
        data = data[step]
    return data
