"""The tables of the XML 130 family, compiled once from `tables.csv`, `shapes.csv` and `misspelt.csv`.

Adding a field is a row in `tables.csv` and an attribute of the clinical class it names.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, make_dataclass
from dataclasses import fields as dataclass_fields
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from ymach.formats.xml130.conditions import Condition, compile_condition
from ymach.formats.xml130.convert import KINDS, Convert, Kind

Build = Callable[[list[Any]], Any]
OTHER_LAYOUT = "XML13_QD4750"
"""The key of table 13 in the layout of Decision 4750; the file itself calls it XML13 too."""


@dataclass(frozen=True, slots=True)
class Field:
    """One tag of a table: the attribute it becomes and how.

    limit: most characters, None without limit; required: every row has it; key: no row can be taken without it;
    condition: when else it is expected, `condition_text` as people read it.
    """

    tag: str
    attribute: str
    kind: Kind
    limit: int | None
    required: bool
    key: bool
    condition: Condition | None
    condition_text: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: how it is nested, the clinical class of a row, its fields in the order of the decision.

    name: as LOAIHOSO says; root, list_tag, row: elements (list_tag None when the root carries the record itself);
    attribute: of the Dossier; many: whether the dossier holds a tuple of them.
    build: a row from its values in order; blank: those of an empty row; quick: tag to place in them and converter;
    needed: tags every row must have.
    """

    name: str
    layout: str | None
    root: str
    list_tag: str | None
    row: str
    model: type[Any]
    attribute: str
    many: bool
    fields: tuple[Field, ...]
    build: Build
    blank: list[Any]
    places: dict[str, int]
    by_tag: dict[str, Field]
    quick: dict[str, tuple[int, Convert]]
    needed: tuple[str, ...]
    conditional: tuple[Field, ...]


def _builder(model: type[Any]) -> Build:
    """A constructor for `model` from all its values in order, several times as fast as its own.

    A frozen dataclass takes keywords and sets each attribute through a function call. An unfrozen twin with the same
    slots is filled directly and then takes the frozen class.
    """
    twin = make_dataclass(
        f"{model.__name__}Twin", [f.name for f in dataclass_fields(model)], slots=True, eq=False, repr=False
    )

    def build(values: list[Any]) -> Any:
        made = twin(*values)
        made.__class__ = model
        return made

    return build


@cache
def tables() -> dict[str, Table]:
    """Every table by key: the LOAIHOSO name, and XML13_QD4750 for the older layout of table 13."""
    fields: dict[str, list[Field]] = defaultdict(list)
    for row in _rows("tables.csv"):
        if row["attribute"]:
            fields[row["table"]].append(_field(row))
    return {shape["table"]: _table(shape, tuple(fields[shape["table"]])) for shape in _rows("shapes.csv")}


@cache
def table_names() -> frozenset[str]:
    """The names LOAIHOSO may have."""
    return frozenset(table.name for table in tables().values())


@cache
def misspelt() -> dict[str, str]:
    """Misspelt tags seen in real systems, and the official tag each stands for."""
    return {row["tag"]: row["official"] for row in _rows("misspelt.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _field(row: dict[str, str]) -> Field:
    condition = row["required_when"]
    return Field(
        tag=row["field"],
        attribute=row["attribute"],
        kind=KINDS[row["kind"]],
        limit=int(row["max_length"]) if row["max_length"].isdigit() else None,
        required=row["required"] == "yes",
        key=row["key"] == "yes",
        condition=compile_condition(condition) if condition else None,
        condition_text=condition,
    )


def _table(shape: dict[str, str], fields: tuple[Field, ...]) -> Table:
    module, _, name = shape["model"].partition(".")
    model = getattr(import_module(f"ymach.clinical.{module}"), name)
    defaults = {f.name: f.default for f in dataclass_fields(model)}
    if shape["layout"]:
        defaults["layout"] = shape["layout"]
    places = {attribute: place for place, attribute in enumerate(defaults)}
    return Table(
        name=shape["table"].partition("_")[0],
        layout=shape["layout"] or None,
        root=shape["root"],
        list_tag=shape["list"] or None,
        row=shape["row"] or shape["root"],
        model=model,
        attribute=shape["attribute"],
        many=shape["many"] == "yes",
        fields=fields,
        build=_builder(model),
        blank=list(defaults.values()),
        places=places,
        by_tag={field.tag: field for field in fields},
        quick={field.tag: (places[field.attribute], field.kind.quick(field.limit)) for field in fields},
        needed=tuple(field.tag for field in fields if field.required or field.key),
        conditional=tuple(field for field in fields if field.condition),
    )
