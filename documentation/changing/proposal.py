"""The overlay that would bring `openapi.yaml` in line with a page as it reads now.

The facts are written into a copy of the document, one differing keyword at a time; the overlay is
what the copy then has that the document has not.
"""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from documentation.changing.described import Words
from documentation.changing.naming import Alike, name_of
from documentation.checking.check import compare
from documentation.checking.expected import Expected, ExpectedVariant
from documentation.checking.saying import Difference
from documentation.checking.section import MEANT, Section
from documentation.checking.spec import PAGE_KEY, Keywords, SpecSchema, read_spec
from documentation.checking.url_patterns import url_faults
from documentation.checking.variant_schema import (
    answer_of,
    constraints,
    field_schema,
    fits,
    sample_of,
    title_of,
    valid,
    variant_schema,
)
from documentation.conflicts import Conflicts, same
from documentation.editing import overlay as overlays
from documentation.fact import BOUNDS, PageError
from documentation.facts_files import FactsFile
from overlays.openapi import CREATE

# The keywords of a schema that one of a fact is written as, where they are not the same one.
_WRITTEN = {
    "type": ("type", "enum", "const", "items"),
    "nullable": ("type", "enum", "const"),
    "enum": ("enum", "const", "items"),
    "format": ("format", "items"),
    "pattern": ("pattern", "items"),
    "nullable items": ("items",),
}
_UNIONS = ("oneOf", "anyOf")
_OF_FACTS = {*BOUNDS, *_WRITTEN, "required", "items"}
_NULL = {"type": "null"}

Schema = dict[str, Any]

NO_MODEL = "the page names no model: neither as an option of `model`, nor in a sample request"


@dataclass(slots=True)
class Proposal:
    """An overlay, the document once it is applied, and what is left to people then."""

    overlay: dict[str, Any]
    after: dict[str, Any]
    differences: list[Difference] = field(default_factory=list)
    left: list[Difference] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)


def propose(
    file: FactsFile,
    others: list[FactsFile],
    data: Any,
    conflicts: Conflicts,
    *,
    about: dict[str, str] | None = None,
    names: dict[str, str] | None = None,
) -> Proposal:
    """Compare a page's facts with a parsed spec, and write the actions that settle it.

    Args:
        file: The page.
        others: All other pages.
        data: The parsed spec.
        conflicts: What is settled.
        about: What the page says that its fields are.
        names: The names that people gave to classes, by those that they would have.
    """
    files = [*others, file]
    # A copy by pickle takes a fifth of the time of `deepcopy`, and keeps YAML aliases as it does.
    pickled = pickle.dumps(data)
    wanted, after = pickle.loads(pickled), pickle.loads(pickled)  # noqa: S301 - made here
    _share_answers(wanted, file)
    report = compare(files, read_spec(wanted), conflicts)
    known = [d for d in report.differences if d.is_of(file.page)]
    writer = _Writer(wanted, file, about or {}, names or {})
    for section in report.sections:
        if section.file is not file:
            continue
        for variant in section.schemas if section.location == "request" else ():
            writer.schemas[variant.name].pop("deprecated", None)  # the page is there again
        if known:
            writer.write(section)
    title = f"What page {file.page} says now"
    overlay = overlays.document_of(title, overlays.between(data, wanted))
    overlays.apply(after, overlay)
    left = compare(files, read_spec(after), conflicts).differences
    return Proposal(overlay, after, known, left, writer.alike)


def in_line_with(files: list[FactsFile], data: Any, conflicts: Conflicts) -> Any:
    """A parsed spec whose shared answers say what the pages that are left say of them.

    Raises:
        PageError: More than that is different.
    """
    report = compare(files, read_spec(data), conflicts)
    if report.differences:
        for section in report.sections:
            if section.location == "response":
                _Writer(data, section.file, {}, {}).write(section)
    left = compare(files, read_spec(data), conflicts).differences
    if left:
        raise PageError(f"without it the spec differs: {left[0]}")
    return data


def _creates(file: FactsFile) -> bool:
    return any((fact.location, fact.field) == ("request", "model") for fact in file.facts)


def _share_answers(data: Any, file: FactsFile) -> None:
    """A page of the create call is about the one answer of all its variants too."""
    method, path = CREATE.split(" ")
    for answer in data["paths"][path][method.lower()]["responses"].values():
        for media in answer.get("content", {}).values():
            name = media.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
            pages = data["components"]["schemas"].get(name, {}).get(PAGE_KEY)
            if _creates(file) and isinstance(pages, list) and file.page not in pages:
                pages.append(file.page)


class _Writer:
    """Writes what one page asks into an OpenAPI document."""

    def __init__(
        self, data: Any, file: FactsFile, about: dict[str, str], names: dict[str, str]
    ) -> None:
        self.data, self.page, self.creates = data, file.page, _creates(file)
        self.schemas: dict[str, Schema] = data["components"]["schemas"]
        self.words, self.names = Words(file, about, self.schemas), names
        self.alike: list[Alike] = []

    def write(self, section: Section) -> None:
        """Write one section of the page: what is to be there, and what is not."""
        known = {
            spec_schema.name: spec_schema
            for spec_schema in section.schemas
            if spec_schema.name in self.schemas
        }
        for name, spec_schema in known.items():
            if section.location == "request" and name not in section.variants:
                self._remove_variant(name)
                continue
            wanted = (
                section.wanted(spec_schema)
                if section.location == "request"
                else section.together(spec_schema)
            )
            self._schema(self.schemas[name], spec_schema, section.expected, wanted)
            self.words.write(self.schemas[name], section.location, "")
            if section.location == "request" and self.creates:
                self._sample(name, section.expected)
            for sample in _samples(self.data, name) if section.location == "response" else ():
                schema = self.schemas[name]
                if not valid(sample["value"], schema, self.schemas):
                    sample["value"] = answer_of(
                        section.expected, schema, sample["value"], self.schemas
                    )
        if section.location in ("path", "query"):
            for spec_schema in section.schemas:
                self._parameters(spec_schema, section)
        for variant in section.lacking if self.creates else ():
            self._add_variant(variant, section.expected)

    def _schema(
        self, root: Schema, spec_schema: SpecSchema, expected: Expected, wanted: dict[str, Keywords]
    ) -> None:
        """Bring a schema in line with what is wanted of its fields, objects before members."""
        for name in spec_schema.fields:
            parent = name.rpartition(".")[0]
            if name not in wanted and name and (not parent or parent in wanted):
                holder = self._holder(root, name)
                holder["properties"].pop(name.rpartition(".")[2], None)
                self._require(holder, name, required=False)
        for name, keywords in sorted(wanted.items(), key=lambda item: item[0].count(".")):
            own = spec_schema.fields.get(name, None if name else {})
            if own is not None:
                self._field(root, expected, name, own, keywords)
            elif keywords or name in expected.mentioned or spec_schema.location != "response":
                holder, last = self._holder(root, name), name.rpartition(".")[2]
                if last not in holder.setdefault("properties", {}):
                    new = field_schema(expected, wanted, name, self.page)
                    holder["properties"][last] = new | _besides(keywords)
                    self._require(holder, name, required=keywords.get("required"))

    def _field(
        self, root: Schema, expected: Expected, name: str, own: Keywords, keywords: Keywords
    ) -> None:
        """Write the keywords in which a field differs; whatever else it says stays."""
        changed = {
            key
            for key in {**own, **keywords}
            if (key in own) != (key in keywords) or not same(own[key], keywords[key])
        }
        if name in expected.https or name in expected.hosts:
            hosts = expected.hosts.get(name, [])
            if not any(url_faults(own.get("pattern"), name in expected.https, hosts)):
                changed.discard("pattern")
        if not changed:
            return
        if not name:
            for key in changed - {"required"}:
                _put(root, key, keywords)
            return
        holder, last = self._holder(root, name), name.rpartition(".")[2]
        if "required" in changed:
            self._require(holder, name, required=keywords.get("required"))
            changed.discard("required")
        if "pattern" in changed and (name in expected.https or name in expected.hosts):
            holder["properties"][last] = field_schema(expected, {name: keywords}, name, self.page)
        elif changed and not self._null_branch(holder["properties"], last, changed, keywords):
            self._write(self._open(holder["properties"], last), name, expected, changed, keywords)

    def _write(
        self, schema: Schema, name: str, expected: Expected, changed: set[str], keywords: Keywords
    ) -> None:
        new = constraints(keywords) | _besides(keywords)
        for key in dict.fromkeys(k for c in sorted(changed) for k in _WRITTEN.get(c, (c,))):
            if key == "items" and isinstance(schema.get(key), dict) and key in new:
                items = self._open(schema, key)
                for inner in ("type", "format", "pattern", "enum"):
                    _put(items, inner, new[key])
            else:
                _put(schema, key, new)
        if keywords.get("enum") and keywords.get("nullable"):
            schema.setdefault("title", title_of(name))
        if "examples" in schema:
            shown = [*schema["examples"], *expected.shown.get(name, [])]
            rest = [value for value in shown if fits(value, schema, self.schemas)][:1]
            _put(schema, "examples", {"examples": rest} if rest else {})

    def _null_branch(
        self, properties: dict[str, Schema], last: str, changed: set[str], keywords: Keywords
    ) -> bool:
        """Null beside an object of its own name is a branch; say whether that was all."""
        schema = properties[last]
        union = next((key for key in _UNIONS if key in schema), "")
        if "nullable" not in changed:
            return False
        if union:
            [properties[last]] = [branch for branch in schema[union] if branch != _NULL]
        elif "$ref" in schema and keywords.get("type") == "object":
            properties[last] = {"oneOf": [schema, dict(_NULL)]}
        else:
            return False
        changed.discard("nullable")
        return not changed

    def _holder(self, root: Schema, name: str) -> Schema:
        """The schema that a dotted field is a property of."""
        schema = root
        for part in name.split(".")[:-1]:
            schema = self._open(schema.setdefault("properties", {}), part)
            if "items" in schema:
                schema = self._open(schema, "items")
        return schema

    def _open(self, holder: Any, key: str | int) -> Schema:
        """A schema that may be changed: behind a reference, where nobody else refers to it."""
        schema: Schema = holder[key]
        for union in _UNIONS:
            if _NULL in schema.get(union, []):
                [index] = [i for i, branch in enumerate(schema[union]) if branch != _NULL]
                return self._open(schema[union], index)
        reference = schema.get("$ref")
        if reference is None:
            return schema
        name = reference.rsplit("/", 1)[-1]
        if json.dumps(self.data).count(json.dumps({"$ref": reference})[1:-1]) == 1:
            return self._open(self.schemas, name)
        own = {k: v for k, v in self.schemas[name].items() if k != PAGE_KEY}
        holder[key] = copy.deepcopy(own)
        return self._open(holder, key)

    def _require(self, holder: Schema, name: str, *, required: Any) -> None:
        last = name.rpartition(".")[2]
        listed = [entry for entry in holder.get("required", []) if entry != last]
        listed += [last] if required else []
        old = holder.get("required", [])
        if set(listed) != set(old):
            _put(holder, "required", {"required": listed} if listed else {})

    def _parameters(self, spec_schema: SpecSchema, section: Section) -> None:
        """Parameters are written as the properties of an object, and back."""
        method, path = spec_schema.operations[0].split(" ", 1)
        holder = self.data["paths"][path][method.lower()]
        mine = {e["name"]: e for e in holder["parameters"] if e.get("in") == spec_schema.location}
        wanted = section.wanted(spec_schema)
        if spec_schema.location == "path" and set(wanted) != set(mine):
            return  # they stand in the path, so that the operation is another one
        required = [name for name, entry in mine.items() if entry.get("required")]
        schemas = {name: entry["schema"] for name, entry in mine.items()}
        root = {"properties": schemas, "required": required}
        self._schema(root, spec_schema, section.expected, wanted)
        for name, schema in schemas.items():
            head = {
                "name": name,
                "in": spec_schema.location,
                "description": schema.get("description"),
            }
            entry = mine.setdefault(name, head)
            entry["schema"] = schema
            needed = spec_schema.location == "path" or name in root.get("required", [])
            _put(entry, "required", {"required": True} if needed else {})
        others = [e for e in holder["parameters"] if e.get("in") != spec_schema.location]
        holder["parameters"] = [*others, *(mine[name] for name in schemas)]

    def _add_variant(self, variant: ExpectedVariant, expected: Expected) -> None:
        """A new variant: its schema, its branch, its sample."""
        if not variant.models:
            raise PageError(NO_MODEL)
        known = [
            (model, schema[PAGE_KEY])
            for schema in self.schemas.values()
            if schema.get(PAGE_KEY) != self.page
            for model in schema.get("properties", {}).get("model", {}).get("enum", [])
        ]
        name, alike = name_of(variant.models, variant.mode, known)
        self.alike += [alike] if alike else []
        name = number = self.names.get(name, name)
        count = 1
        while name in self.schemas:
            count += 1
            name = number.replace("Request", f"{count}Request")
        schema = self.schemas[name] = variant_schema(expected, variant, self.page)
        schema["description"] = self.words.of_variant(variant.models[0], variant.mode)
        for each, keywords in variant.fields.items():
            if each and (besides := _besides(keywords)):
                self._holder(schema, each)["properties"][each.rpartition(".")[2]] |= besides
        self.words.write(schema, "request", "")
        self._body["schema"]["oneOf"].append({"$ref": f"#/components/schemas/{name}"})
        if "examples" in self._body:
            entry = {
                "summary": f"The sample of page {self.page}",
                "value": _nested(expected.sample),
            }
            self._body["examples"][name] = entry
            self._sample(name, expected)

    def _remove_variant(self, name: str) -> None:
        variants = self._body["schema"]["oneOf"]
        variants.remove({"$ref": f"#/components/schemas/{name}"})
        self._body.get("examples", {}).pop(name, None)
        del self.schemas[name]

    def _sample(self, name: str, expected: Expected) -> None:
        """The sample body of a variant follows its fields."""
        example = self._body.get("examples", {}).get(name)
        if example is not None:
            schema = self.schemas[name]
            example["value"] = sample_of(expected, schema, example["value"], self.schemas)

    @property
    def _body(self) -> dict[str, Any]:
        method, path = CREATE.split(" ")
        content = self.data["paths"][path][method.lower()]["requestBody"]["content"]
        body: dict[str, Any] = content["application/json"]
        return body


def _besides(keywords: Keywords) -> Schema:
    """Keywords of a schema that no fact has: an entry of conflicts.yaml may name any."""
    return {key: value for key, value in keywords.items() if key in MEANT - _OF_FACTS}


def _put(schema: Schema, key: str, new: Schema) -> None:
    """Set a keyword as it is in another schema, or remove it."""
    if key in new:
        schema[key] = copy.deepcopy(new[key])
    else:
        schema.pop(key, None)


def _samples(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """The samples of an answer of one schema, wherever they stand."""
    if isinstance(value, dict):
        if value.get("schema") == {"$ref": f"#/components/schemas/{name}"}:
            yield from value.get("examples", {}).values()
        for entry in value.values():
            yield from _samples(entry, name)


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
