"""What the tables of the registry are called and what their columns mean to people. Facts from `data/*.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.text import Text

ANY = "*"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class TableWords:
    """One table. kind: of the profile its rows belong to, "practitioner" or "facility"; noun: its name in the feed.

    thing: what one row is; created, ended: what happened when a row came, or when its period was closed. They are
    predicates with places for columns, `{number}`, `{valid.end}`; empty: made from `thing`.
    """

    kind: str
    noun: str
    thing: Text
    created: Text
    ended: Text


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """One column. format: how a value is written (see `values`); public: whether everybody may know it."""

    label: Text
    format: str
    is_public: bool


@cache
def tables() -> dict[str, TableWords]:
    """The tables with a description, by name."""
    return {
        row["table"]: TableWords(
            row["kind"],
            row["noun"],
            Text(row["vi"], row["en"]),
            Text(row["created_vi"], row["created_en"]),
            Text(row["ended_vi"], row["ended_en"]),
        )
        for row in _rows("tables.csv")
    }


def table_words(table: str) -> TableWords:
    """The description of a table; one that nobody has described is called by its own name."""
    known = tables().get(table)
    if known is not None:
        return known
    name = table.partition("_")[2].replace("_", " ") or table
    return TableWords("", table, Text(f"mục “{name}”", f"entry “{name}”"), Text("", ""), Text("", ""))


def column_words(table: str, column: str) -> ColumnWords:
    """The description of a column: the table's own, or the one such columns have everywhere. An unknown one is no
    secret to those who see the profile, and no public matter."""
    known = _columns()
    found = known.get((table, column)) or known.get((ANY, column))
    return found or ColumnWords(Text(column.replace("_", " "), column.replace("_", " ")), "text", False)


@cache
def followed_tables() -> tuple[str, ...]:
    """The tables whose changes are told to those who follow the registry."""
    return tuple(name for name, words in tables().items() if words.kind)


@cache
def _columns() -> dict[tuple[str, str], ColumnWords]:
    return {
        (row["table"], row["column"]): ColumnWords(
            Text(row["vi"], row["en"]), row["format"], row["public"] == "yes" and row["format"] != HIDDEN
        )
        for row in _rows("columns.csv")
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("ymach.base.history").joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
