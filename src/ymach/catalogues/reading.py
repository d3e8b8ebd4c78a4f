"""Reading the package's own code lists: what `data/catalogues.toml` describes, and the rows of each file.

No database here.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.vietnamese import fold

DATA = Path(__file__).parent / "data"
DESCRIPTION = "catalogues.toml"

_OWN_COLUMNS = ("code", "name_vi", "name_en", "source")
_AS_ABOVE = '"'  # a source cell with a single quotation mark repeats the one above


@dataclass(frozen=True, slots=True)
class ReleaseDescription:
    """A release as the description file gives it. Meaning of the fields: see `catalogues.models.Release`."""

    version: str
    path: Path
    decision: str
    valid: Period
    successor_missing_from: date | None
    flags: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256, hexadecimal, of the file's bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class CatalogueDescription:
    """A catalogue as the description file gives it. `fields` are the XML tags that carry its codes."""

    code: str
    name: Text
    is_partial: bool
    fields: tuple[str, ...]
    releases: tuple[ReleaseDescription, ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One code as read from a file; `extra` holds the further columns that are not empty."""

    code: str
    name_vi: str
    name_en: str
    name_folded: str
    source: str
    extra: dict[str, str]


def describe(folder: Path = DATA) -> tuple[CatalogueDescription, ...]:
    """All catalogues of `folder`, releases in order of time."""
    with (folder / DESCRIPTION).open("rb") as file:
        content = tomllib.load(file)
    return tuple(
        CatalogueDescription(
            code=item["code"],
            name=Text(item["name_vi"], item["name_en"]),
            is_partial=item.get("is_partial", False),
            fields=tuple(item.get("fields", ())),
            releases=tuple(_release(folder, release) for release in item["release"]),
        )
        for item in content["catalogue"]
    )


def read_entries(path: Path) -> tuple[EntryRow, ...]:
    """The entries of one file, in its order.

    Rows of the same code become one, columns that differ joined with “; ”. Where the rows of a file name more than
    one source, each keeps its own in `extra`.
    """
    rows: dict[str, EntryRow] = {}
    for row in _entries(path):
        known = rows.get(row.code)
        rows[row.code] = row if known is None else _joined(known, row)
    if len({row.source for row in rows.values()}) == 1:
        return tuple(rows.values())
    return tuple(replace(row, extra={**row.extra, "source": row.source}) for row in rows.values())


def source_of(rows: Iterable[EntryRow]) -> str:
    """The sources that the rows of a release name, each once, in their order."""
    return "; ".join(dict.fromkeys(row.source for row in rows))


def _release(folder: Path, item: dict[str, object]) -> ReleaseDescription:
    last = item.get("valid_until")
    return ReleaseDescription(
        version=str(item["version"]),
        path=folder / str(item["file"]),
        decision=str(item["decision"]),
        valid=Period(_day(item.get("valid_from")), last + timedelta(days=1) if isinstance(last, date) else None),
        successor_missing_from=_day(item.get("successor_missing_from")),
        flags=tuple(item.get("flags", ())),  # type: ignore[arg-type]
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _entries(path: Path) -> Iterator[EntryRow]:
    source = ""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source = source if row["source"] == _AS_ABOVE else row["source"]
            yield EntryRow(
                code=row["code"],
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                name_folded=fold(row["name_vi"]),
                source=source,
                extra={name: value for name, value in row.items() if value and name not in _OWN_COLUMNS},
            )


def _joined(known: EntryRow, other: EntryRow) -> EntryRow:
    extra = dict(known.extra)
    for name, value in other.extra.items():
        present = extra.get(name, "").split("; ") if name in extra else []
        if value not in present:
            extra[name] = "; ".join([*present, value])
    return replace(known, extra=extra)
