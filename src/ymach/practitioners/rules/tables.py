"""The facts of the law that are data: terms of titles, scopes that fit everywhere, cases of a ban, kinds of diploma."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.text import Text


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """term_years: of a licence, None without term. head_months: of practice before heading a facility."""

    term_years: int | None
    head_months: int


@cache
def titles() -> Mapping[str, TitleFacts]:
    """By letter of the title (Law 15/2023/QH15 Art. 26(1))."""
    return {
        row["title"]: TitleFacts(int(row["term_years"]) if row["term_years"] else None, int(row["head_months"]))
        for row in _rows("titles.csv")
    }


@cache
def specialities() -> frozenset[str]:
    """Scopes that have to be among those of a facility."""
    return frozenset(row["scope"] for row in _rows("scopes.csv") if row["fits_everywhere"] == "no")


@cache
def ban_cases() -> Mapping[str, Text]:
    """The cases of Law 15/2023/QH15 Art. 20, by code."""
    return {row["code"]: Text(row["name_vi"], row["name_en"]) for row in _rows("ban_cases.csv")}


@cache
def diploma_kinds() -> Mapping[str, Text]:
    """Kinds of diploma, by code."""
    return {row["code"]: Text(row["name_vi"], row["name_en"]) for row in _rows("diploma_kinds.csv")}


def read_text(name: str) -> str:
    """The content of one of the package's data files."""
    return files("ymach.practitioners").joinpath("data", name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(name).splitlines()))
