"""What the tables of the registry are called and what their columns mean to people. Facts from `data/*.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.text import Text

ANY = "*"
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class TableWords:
    """One table. kind: of the profile its rows belong to, "practitioner" or "facility"; noun: its name in the feed;
    part: of the profile ("profile", "licence", "work", "training", "resources"); title: what its rows are together.

    thing: what one row is; created, ended: what happened when a row came, or when its period was closed. They are
    predicates with places for columns, `{number}`, `{valid.end}`; empty: made from `thing`.
    """

    kind: str
    noun: str
    part: str
    title: Text
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
            row["part"],
            Text(row["title_vi"], row["title_en"]),
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
    nothing = Text("", "")
    return TableWords("", table, "", Text(name, name), Text(f"mục “{name}”", f"entry “{name}”"), nothing, nothing)


def column_words(table: str, column: str) -> ColumnWords:
    """The description of a column: the table's own, or the one such columns have everywhere. An unknown one is no
    secret to those who see the profile, and no public matter."""
    known = _columns()
    found = known.get((table, column)) or known.get((ANY, column))
    return found or ColumnWords(Text(column.replace("_", " "), column.replace("_", " ")), "text", False)


def in_order(columns: Iterable[str]) -> list[str]:
    """Columns as people read them: what a thing is called first, then what it is, then from when to when."""
    return sorted(columns, key=lambda name: _places().get(name, len(_places())))


def reason_words(reason: str) -> Text:
    """Why something was changed: a reason that programs give, in both languages; what people wrote as they wrote it."""
    return _reasons().get(reason) or Text(reason, reason)


@cache
def followed_tables() -> tuple[str, ...]:
    """The tables whose changes are told to those who follow the registry."""
    return tuple(name for name, words in tables().items() if words.kind)


@cache
def tables_of(kind: str, part: str = "") -> tuple[str, ...]:
    """The tables of a kind of profile, or only those of one part of it."""
    return tuple(name for name, words in tables().items() if words.kind == kind and part in {"", words.part})


@cache
def _places() -> dict[str, int]:
    return {row["column"]: place for place, row in enumerate(_rows("columns.csv")) if row["table"] == ANY}


@cache
def _reasons() -> dict[str, Text]:
    return {row["reason"]: Text(row["vi"], row["en"]) for row in _rows("reasons.csv")}


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
