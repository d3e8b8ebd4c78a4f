"""The tables of the XML 130 family, compiled once from `tables.csv`, `shapes.csv` and `misspelt.csv`.

Adding a field is a row in `tables.csv` and an attribute of the clinical class it names.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from ymach.formats.xml130.conditions import Condition, compile_condition
from ymach.formats.xml130.convert import KINDS, Convert, Kind

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
    quick: tag to attribute and converter; needed: attributes every row must have.
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
    by_tag: dict[str, Field]
    quick: dict[str, tuple[str, Convert]]
    needed: frozenset[str]
    conditional: tuple[Field, ...]


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
    with files(__package__).joinpath(name).open(encoding="utf-8", newline="") as lines:
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
    return Table(
        name=shape["table"].partition("_")[0],
        layout=shape["layout"] or None,
        root=shape["root"],
        list_tag=shape["list"] or None,
        row=shape["row"] or shape["root"],
        model=getattr(import_module(f"ymach.clinical.{module}"), name),
        attribute=shape["attribute"],
        many=shape["many"] == "yes",
        fields=fields,
        by_tag={field.tag: field for field in fields},
        quick={field.tag: (field.attribute, field.kind.quick(field.limit)) for field in fields},
        needed=frozenset(field.attribute for field in fields if field.required or field.key),
        conditional=tuple(field for field in fields if field.condition),
    )
