"""The data that drives reading and writing agrees with itself and with the clinical model."""

from __future__ import annotations

from dataclasses import fields

import pytest

from ymach.clinical.dossier import Dossier
from ymach.formats.xml130.conditions import compile_condition
from ymach.formats.xml130.schema import misspelt, table_names, tables


@pytest.mark.parametrize("key", tables())
def test_every_attribute_of_a_class_has_a_tag_and_every_tag_an_attribute(key: str) -> None:
    layouts = [table for table in tables().values() if table.model is tables()[key].model]
    tagged = {field.attribute for table in layouts for field in table.fields}
    assert {f.name for f in fields(tables()[key].model)} - {"layout"} == tagged
    assert tables()[key].attribute in {f.name for f in fields(Dossier)}


def test_every_field_of_the_decisions_is_there() -> None:
    assert sum(len(table.fields) for table in tables().values()) == 518
    assert table_names() == {f"XML{number}" for number in range(16)}


def test_a_misspelling_is_never_an_official_tag() -> None:
    official = {field.tag for table in tables().values() for field in table.fields}
    assert official.isdisjoint(misspelt())
    assert set(misspelt().values()) <= official


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("A", True),
        ("not A", False),
        ("B", False),
        ("not B and not C", True),
        ("A = 2", True),
        ("A != 2", False),
        ("B != 2", False),
        ("A in 1 2 3", True),
        ("B in 1 2", False),
        ("L has 3", True),
        ("L has 13", False),
        ("D < 20250701", True),
        ("B < 20250701", False),
    ],
)
def test_conditions_read_as_they_are_written(condition: str, holds: bool) -> None:
    assert compile_condition(condition)({"A": "2", "B": None, "L": "1;3", "D": "202412310000"}) is holds


def test_a_condition_that_is_not_understood_is_refused() -> None:
    with pytest.raises(ValueError):
        compile_condition("A near B")
