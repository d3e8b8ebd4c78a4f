"""Names of the catalogues' entries for choices and tables of the registry, kept for a few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ymach.base.kept import Kept
from ymach.base.text import Text
from ymach.catalogues.queries import search

LONGEST = 200


def catalogue_choices(catalogue: str, on: date) -> Mapping[str, Text]:
    """Every code of a small catalogue with its names on the day, in the order of the list."""
    return _kept((catalogue, on))


def _read(key: tuple[str, date]) -> Mapping[str, Text]:
    catalogue, on = key
    return {one.code: Text(one.name_vi, one.name_en or one.name_vi) for one in search(catalogue, "", on, LONGEST)}


_kept: Kept[tuple[str, date], Mapping[str, Text]] = Kept(_read, seconds=60, size=20)
