"""What every column that is kept says of a person: basic, sensitive, or nothing (Decree 356/2025/NĐ-CP art. 3, 4).

`data/data_labels.csv` names every table with its columns, one label to each; “*” under none: the table tells of no
person. Sensitive are health, what shows that and where somebody was treated, pictures of papers, and secrets of accounts.
An id of a person is basic, and so is who did something.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "data_labels.csv"
ALL = "*"


class Label(StrEnum):
    """What a column says of a person."""

    BASIC = "basic"
    SENSITIVE = "sensitive"
    NONE = "none"


@cache
def labels() -> Mapping[str, Mapping[str, Label]]:
    """The label of every column, by table. A table without persons has the one entry ALL."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["table"]: _labels(row) for row in csv.DictReader(file)}


def label_of(table: str, column: str) -> Label:
    """The label of one column. Raises KeyError for one that nobody has labelled."""
    found = labels()[table]
    return found[ALL] if ALL in found else found[column]


def columns_with(label: Label) -> dict[str, list[str]]:
    """The columns that bear a label, by table, for the impact assessment."""
    found = {
        table: [name for name, is_one in columns.items() if is_one is label] for table, columns in labels().items()
    }
    return {table: names for table, names in found.items() if names and names != [ALL]}


def _labels(row: Mapping[str, str]) -> Mapping[str, Label]:
    found: dict[str, Label] = {}
    for label in Label:
        for column in row[label.value].split():
            if column in found:
                raise ValueError(f"{row['table']}.{column}: two labels")
            found[column] = label
    return found
