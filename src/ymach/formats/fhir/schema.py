"""The profile, compiled once from the tables of this package and the national table of fields.

Adding an attribute: a row in `xml130/tables.csv` (it then travels as an extension) and, when FHIR has a place for it, a
row in `places.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import cache, cached_property
from importlib import import_module
from typing import Any

import orjson

from ymach.formats.fhir.forms import Form, form
from ymach.formats.fhir.names import extension_url, rows, system
from ymach.formats.fhir.paths import Get, Json, getter
from ymach.formats.fhir.values import Give, Take, giver, taker, value_name
from ymach.formats.xml130.convert import KINDS, Kind
from ymach.formats.xml130.schema import Field, Table, tables

ROW_NUMBER = "#"
FOCUS = ""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type of the profile.

    subject, encounter: the elements that say whose it is ("" when it has none); status: written; taken: statuses that
    count; require: elements that must be there, marked as absent when there is nothing to say; fixed: constants.
    """

    name: str
    subject: str
    encounter: str
    status: str
    taken: frozenset[str]
    require: tuple[str, ...]
    fixed: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A coding by which resources of one type are told apart."""

    path: str
    uri: str
    code: str

    def fits(self, resource: dict[str, Json]) -> bool:
        """Whether `resource` carries it. Wrongly shaped resources carry nothing."""
        found = resource.get(self.path.removesuffix("[]"))
        concepts = found if isinstance(found, list) else [found]
        return any(
            coding.get("code") == self.code and coding.get("system") == self.uri
            for concept in concepts
            if isinstance(concept, dict) and isinstance(concept.get("coding"), list)
            for coding in concept["coding"]
            if isinstance(coding, dict)
        )


@dataclass(frozen=True, slots=True)
class Satellite:
    """A resource beside the focus of a row. outward: the focus points to it; else it points to the focus.

    link: the path of the reference; shared: rows with equal content have one together; copy: elements taken over from
    the focus, (from, to).
    """

    alias: str
    type: ResourceType
    outward: bool
    link: str
    mark: Mark | None
    shared: bool
    copy: tuple[tuple[str, str], ...]
    fixed: bytes


@dataclass(frozen=True, slots=True)
class Spec:
    """One attribute of a row: its place among the values, how it is converted, and its extension.

    source: attribute of the visit it takes over when nothing else is said, `#` for the number of the row. many: the
    attribute is a tuple, and `take` gives one.
    """

    attribute: str
    tag: str
    kind: Kind
    limit: int | None
    place: int
    take: Take
    give: Give
    url: str
    value_name: str
    source: str | None
    many: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attribute stands: in the focus (alias "") or a satellite; `also`: read there when the place is empty."""

    spec: Spec
    alias: str
    path: str
    form: Form
    also: tuple[str, Get] | None


@dataclass(frozen=True)
class Part:
    """One class of the clinical model as FHIR: a focus resource a row, satellites, places, extensions.

    owner: "dossier" or "health_book", `attribute` there. table: the national table, for what a row must have.
    homes: alias of the resource that carries an attribute's extension.
    """

    name: str
    model: type[Any]
    owner: str
    attribute: str
    many: bool
    type: ResourceType
    mark: Mark | None
    fixed: bytes
    table: Table | None
    satellites: tuple[Satellite, ...]
    specs: tuple[Spec, ...]
    places: tuple[Place, ...]
    homes: dict[str, str]
    blank: list[Any]
    build: Callable[[list[Any]], Any]

    @cached_property
    def by_url(self) -> dict[str, Spec]:
        """Its fields by the address of their extension."""
        return {spec.url: spec for spec in self.specs}

    @cached_property
    def by_tag(self) -> dict[str, Spec]:
        """Its fields by their name in the national table."""
        return {spec.tag: spec for spec in self.specs}

    @cached_property
    def inherited(self) -> tuple[Spec, ...]:
        """What it takes over from the visit when nothing else is said."""
        return tuple(spec for spec in self.specs if spec.source)

    @cached_property
    def needed(self) -> tuple[tuple[Spec, Field], ...]:
        """What a row of the table must have."""
        return tuple((self.by_tag[one.tag], one) for one in self._fields if one.required or one.key)

    @cached_property
    def conditional(self) -> tuple[tuple[Spec, Field], ...]:
        """What a row of the table must have in some cases."""
        return tuple((self.by_tag[one.tag], one) for one in self._fields if one.condition)

    @property
    def _fields(self) -> Sequence[Field]:
        return self.table.fields if self.table else ()


@cache
def resource_types() -> dict[str, ResourceType]:
    """Every resource type of the profile."""
    return {
        row["type"]: ResourceType(
            row["type"],
            row["subject"],
            row["encounter"],
            row["status"],
            frozenset(row["taken"].split()),
            tuple(row["require"].split()),
            _constant(row["fixed"]),
        )
        for row in rows("resources.csv")
    }


@cache
def parts() -> dict[str, Part]:
    """Every part by name; the visit first."""
    return {row["name"]: _part(row) for row in rows("parts.csv")}


def _part(row: dict[str, str]) -> Part:
    known = [tables()[key] for key in row["tables"].split()]
    model = known[0].model if known else _model(row["model"])
    places = [one for one in rows("places.csv") if one["part"] == row["name"]]
    specs = _specs(row["name"], known, model, places)
    by_attribute = {spec.attribute: spec for spec in specs}
    return Part(
        name=row["name"],
        model=model,
        owner=row["owner"],
        attribute=row["attribute"],
        many=row["many"] == "yes",
        type=resource_types()[row["type"]],
        mark=_mark(row["mark"]),
        fixed=_constant(row["fixed"]),
        table=known[0] if known else None,
        satellites=tuple(_satellite(one) for one in rows("satellites.csv") if one["part"] == row["name"]),
        specs=specs,
        places=tuple(_place(one, by_attribute, row["type"]) for one in places if _stands(one)),
        homes={one["attribute"]: one["at"] for one in places if one["form"] == "extension"},
        blank=_blank(model),
        build=known[0].build if known else lambda values: model(**dict(zip(_names(model), values, strict=True))),
    )


def _specs(part: str, known: list[Table], model: type[Any], places: list[dict[str, str]]) -> tuple[Spec, ...]:
    sources = {one["attribute"]: _source(one["form"]) for one in places}
    order = {name: place for place, name in enumerate(_names(model))}
    found: dict[str, Spec] = {}

    def add(attribute: str, tag: str, kind: Kind, limit: int | None, prefix: str) -> None:
        if attribute not in found:
            url = extension_url(prefix, tag)
            take, give = taker(kind, limit), giver(kind)
            source = sources.get(attribute)
            found[attribute] = Spec(
                attribute, tag, kind, limit, order[attribute], take, give, url, value_name(kind), source, kind.many
            )

    for table in known:
        for field in table.fields:
            add(field.attribute, field.tag, field.kind, field.limit, table.name.lower())
        if table.layout:
            add("layout", "layout", KINDS["text"], 4, table.name.lower())
    for row in rows("book_fields.csv"):
        if row["part"] == part:
            add(row["attribute"], row["attribute"], KINDS[row["kind"]], int(row["max_length"] or 0) or None, part)
    return tuple(found.values())


def _source(written: str) -> str | None:
    if written == "row":
        return ROW_NUMBER
    return written.removeprefix("as ") if written.startswith("as ") else None


def _stands(row: dict[str, str]) -> bool:
    return row["form"] != "extension" and _source(row["form"]) is None


def _place(row: dict[str, str], specs: dict[str, Spec], focus: str) -> Place:
    alias, _, path = row["at"].partition(".")
    beside = orjson.loads(row["beside"]) if row["beside"] else {}
    other_alias, _, other_path = row["also"].partition(".")
    also = (_alias(other_alias, focus), getter(other_path)) if row["also"] else None
    made = form(row["form"], path, row["attribute"], beside)
    return Place(specs[row["attribute"]], _alias(alias, focus), path, made, also)


def _alias(name: str, focus: str) -> str:
    return FOCUS if name == focus else name


def _satellite(row: dict[str, str]) -> Satellite:
    direction, _, link = row["link"].partition(" ")
    pairs = iter(row["copy"].split())
    return Satellite(
        row["alias"],
        resource_types()[row["type"]],
        direction == ">",
        link,
        _mark(row["mark"]),
        row["shared"] == "yes",
        tuple(zip(pairs, pairs, strict=True)),
        _constant(row["fixed"]),
    )


def _mark(written: str) -> Mark | None:
    if not written:
        return None
    path, name, code = written.split()
    return Mark(path, system(name), code)


def _constant(written: str) -> bytes:
    """Constants are kept as text, so that every resource gets its own copy of them."""
    text = written or "{}"
    orjson.loads(text)
    return text.encode()


def _model(name: str) -> type[Any]:
    module, _, model = name.partition(".")
    found: type[Any] = getattr(import_module(f"ymach.clinical.{module}"), model)
    return found


def _names(model: type[Any]) -> list[str]:
    return [one.name for one in dataclass_fields(model)]


def _blank(model: type[Any]) -> list[Any]:
    return [one.default for one in dataclass_fields(model)]
