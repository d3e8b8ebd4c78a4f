"""The package's own lists: services, languages, kinds and states of equipment, roles of contacts.

No official lists of these were found; they are data files and can grow. A code is never taken out.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ymach.base.text import Text

Choices = Mapping[str, Text]
"""Codes with their names, in the order in which they are offered."""


def services() -> Choices:
    """What a facility may say it offers."""
    return _choices("services.csv")


def languages() -> Choices:
    """Languages spoken with patients: ISO 639 codes of two or three letters."""
    return _choices("languages.csv")


def equipment_kinds() -> Choices:
    """Kinds of equipment."""
    return _choices("equipment_kinds.csv")


def equipment_states() -> Choices:
    """States of equipment: working, broken, in_repair, idle, retired."""
    return _choices("equipment_states.csv")


def contact_roles() -> Choices:
    """What a contact is for."""
    return _choices("contact_roles.csv")


@cache
def limits() -> Mapping[str, Any]:
    """What the rules compare with (`data/limits.toml`)."""
    return MappingProxyType(read_toml("limits.toml"))


def limit(section: str, name: str) -> Decimal:
    """One limit, exact. Raises KeyError."""
    return Decimal(limits()[section][name])


def read_toml(name: str) -> dict[str, Any]:
    """One TOML file of the package."""
    return tomllib.loads(_text(name))


@cache
def _choices(name: str) -> Choices:
    return MappingProxyType({row["code"]: Text(row["name_vi"], row["name_en"]) for row in _rows(name)})


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files("ymach.facilities").joinpath("data", name).read_text(encoding="utf-8")
