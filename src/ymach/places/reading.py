"""Reading the package's own files of places into plain rows, ready for COPY. No database here."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ymach.base.vietnamese import sort_key

DATA = Path(__file__).parent / "data"
FILES = ("units.csv", "units_former.csv", "commune_successions.csv", "province_successions.csv")


Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """All rows of the places, by table; each row maps column names to values."""

    provinces: tuple[Row, ...]
    former_provinces: tuple[Row, ...]
    communes: tuple[Row, ...]
    commune_successions: tuple[Row, ...]
    province_successions: tuple[Row, ...]


def digest(folder: Path = DATA) -> str:
    """SHA-256, hexadecimal, over the files the places are made from."""
    total = hashlib.sha256()
    for name in FILES:
        total.update(f"{name}:".encode() + (folder / name).read_bytes())
    return total.hexdigest()


def read_places(folder: Path = DATA) -> Places:
    """Read all files of `folder`."""
    units = [_present(row) for row in _rows(folder / "units.csv")]
    former = [_former(row) for row in _rows(folder / "units_former.csv")]
    provinces = [row for row in units if row["level"] == "province"]
    communes = [row for row in units + former if row["level"] == "commune"]
    old_provinces = [row for row in former if row["level"] == "province"]
    return Places(
        provinces=tuple(_province(row) for row in provinces),
        former_provinces=tuple(_unit(row) | {"province_id": row["code"]} for row in old_provinces),
        communes=tuple(_commune(row) for row in communes),
        commune_successions=tuple(_succession(row) for row in _rows(folder / "commune_successions.csv")),
        province_successions=tuple(
            {"old_code": row["old_code"], "old_name": row["old_name"], "new_id": row["new_code"]}
            for row in _rows(folder / "province_successions.csv")
        ),
    )


def place_sort_key(name: str) -> str:
    """A key that sorts names of places as Vietnamese lists do: word by word from the first, marks after letters."""
    return " ".join(sort_key(word) for word in name.split())


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _present(row: Row) -> Row:
    return row | {"valid": f"[{row['valid_from']},)"}


def _former(row: Row) -> Row:
    return row | {"valid": f"[{row['valid_from']},{row['valid_to']})"}


def _unit(row: Row) -> Row:
    return {
        "name_vi": row["name_vi"],
        "full_name_vi": row["full_name_vi"],
        "name_en": row["name_en"],
        "type_vi": row["type_vi"],
        "sort_key": place_sort_key(row["name_vi"]),
        "valid": row["valid"],
        "legal_basis": row["legal_basis"],
    }


def _province(row: Row) -> Row:
    return {"code": row["code"]} | _unit(row)


def _commune(row: Row) -> Row:
    return {"code": row["code"], "province_id": row["parent_code"], "note": row["note"]} | _unit(row)


def _succession(row: Row) -> Row:
    kept = ("old_code", "old_name", "old_district_code", "old_district_name", "old_province_code", "old_province_name")
    return {name: row[name] for name in (*kept, "new_code", "extent", "note")}
