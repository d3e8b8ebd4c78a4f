"""Canonical addresses of the profile. `BASE` is the one place to change when the Ministry assigns its own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

BASE = "https://ymach.example/fhir"
EXTENSION = f"{BASE}/StructureDefinition/"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the tables of this package, `{base}` filled in."""
    with files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield {key: value.replace("{base}", BASE) for key, value in row.items()}


@cache
def systems() -> dict[str, str]:
    """Short name to the address of a code system or identifier system."""
    return {row["name"]: row["uri"] for row in rows("systems.csv")}


def system(name: str) -> str:
    """The address of a system by its short name. Raises KeyError."""
    return systems()[name]


@cache
def section_titles() -> dict[str, str]:
    """Vietnamese titles of the sections of documents, by code."""
    return {row["code"]: row["title"] for row in rows("sections.csv")}


@cache
def encounter_classes() -> dict[str, str]:
    """HL7's class of an encounter by kind of care (MA_LOAI_KCB), where it is not ambulatory."""
    return {row["kind"]: row["class"] for row in rows("classes.csv")}


def extension_url(part: str, tag: str) -> str:
    """The address of the extension that carries one national field, e.g. `…/xml2-TT-THAU`."""
    return f"{EXTENSION}{part}-{tag.replace('_', '-')}"
