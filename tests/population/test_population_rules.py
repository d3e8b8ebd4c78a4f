"""How a claim compares with what the population database says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.population.population_people import BICH

from ymach.population.rules import Claim, Outcome, Sameness, compare, compare_names

CLAIM = Claim(BICH.full_name, BICH.birth_date, BICH.sex)


def test_the_same_person_is_a_match() -> None:
    assert compare(CLAIM, BICH).outcome is Outcome.MATCH


def test_nobody_is_an_unknown_number() -> None:
    found = compare(CLAIM, None)
    assert (found.outcome, found.fields) == (Outcome.UNKNOWN, {})


@pytest.mark.parametrize(
    ("field", "value"), [("full_name", "Trần Thị Bính"), ("birth_date", date(1985, 5, 18)), ("sex", "1")]
)
def test_the_field_that_differs_is_named(field: str, value: object) -> None:
    found = compare(CLAIM, replace(BICH, **{field: value}))
    assert found.outcome is Outcome.MISMATCH
    assert [name for name, one in found.fields.items() if one is Sameness.DIFFERENT] == [field]


def test_a_name_without_its_marks_is_told_apart_from_another_name() -> None:
    found = compare(CLAIM, replace(BICH, full_name="Tran Thi Bich"))
    assert found.fields["full_name"] is Sameness.MARKS
    assert found.outcome is Outcome.MISMATCH


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Đặng Thị Hòa", "Đặng Thị Hoà", Sameness.SAME),
        ("ĐẶNG THỊ HÒA", "Đặng Thị  Hòa ", Sameness.SAME),
        ("Nguyễn Văn Thủy", "Nguyễn Văn Thuỷ", Sameness.SAME),
        ("Nguyễn Văn Thúy", "Nguyễn Văn Thủy", Sameness.MARKS),
        ("Lê Văn Đô", "Lê Văn Do", Sameness.MARKS),
        ("Lê Văn Đô", "Lê Đô Văn", Sameness.DIFFERENT),
    ],
)
def test_names_are_compared_as_they_are_spoken(one: str, other: str, expected: Sameness) -> None:
    assert compare_names(one, other) is expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_names_has_no_direction(one: str, other: str) -> None:
    assert compare_names(one, other) is compare_names(other, one)
