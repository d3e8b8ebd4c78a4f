"""What the fields of the XML 130 family are called by people: the first words of their meaning in `tables.csv`."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from ymach.base.text import Text

_REST = re.compile(r"\s*[;:,=(].*$")


@cache
def labels() -> dict[tuple[str, str], Text]:
    """The label of each field, by table and tag."""
    with files(__package__).joinpath("tables.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {(row["table"], row["field"]): Text(_short(row["meaning_vi"]), _short(row["meaning_en"])) for row in rows}


def label_of(table: str, tag: str) -> Text:
    """The label of a field; one that nobody has described is called by its tag."""
    return labels().get((table, tag)) or Text(tag, tag)


def _short(meaning: str) -> str:
    return _REST.sub("", meaning).strip() or meaning
