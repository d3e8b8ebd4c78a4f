"""Working days of Viet Nam."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base import workdays
from ymach.base.errors import Misconfigured
from ymach.base.workdays import add_working_days, calendar, working_days_between

DAYS = st.dates(date(2024, 6, 1), date(2029, 6, 1))
HEAD = "day,kind,name_vi,name_en,basis,source\n"


@pytest.fixture
def own_file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "holidays.csv"
    workdays.configure()


@given(DAYS, st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_holds_exactly_so_many(day: date, number: int) -> None:
    due = add_working_days(day, number)
    assert calendar().is_working_day(due)
    assert working_days_between(day, due) == number


@given(DAYS, st.integers(0, 20), st.integers(0, 20))
def test_terms_add_up(day: date, first: int, second: int) -> None:
    assert add_working_days(add_working_days(day, first), second) == add_working_days(day, first + second) or not first


@given(DAYS, st.integers(1, 30))
def test_counting_back_returns_from_a_working_day(day: date, number: int) -> None:
    start = add_working_days(day, 0)
    assert add_working_days(add_working_days(start, number), -number) == start


@given(DAYS, DAYS)
def test_days_between_turn_their_sign(one: date, other: date) -> None:
    assert working_days_between(one, other) == -working_days_between(other, one)


@given(DAYS)
def test_a_later_start_is_never_due_earlier(day: date) -> None:
    assert add_working_days(day, 5) <= add_working_days(day + timedelta(days=1), 5)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # a plain week
        (date(2026, 2, 13), date(2026, 2, 27)),  # the Friday before Tết
        (date(2026, 8, 28), date(2026, 9, 9)),  # an exchanged Monday and two days of National Day
        (date(2026, 4, 24), date(2026, 5, 6)),  # the day off for a holiday on a Sunday
    ],
)
def test_five_working_days_step_over_holidays(day: date, due: date) -> None:
    assert add_working_days(day, 5) == due


def test_a_saturday_worked_in_exchange_counts() -> None:
    assert calendar().is_working_day(date(2026, 8, 22))


def test_tet_of_a_year_that_is_not_announced_is_marked_as_assumed() -> None:
    assert not calendar().is_working_day(date(2027, 2, 8))
    assert calendar().is_assumed(date(2027, 2, 8))
    assert not calendar().is_assumed(date(2026, 2, 17))


def test_a_year_without_data_knows_the_fixed_holidays() -> None:
    assert not calendar().is_working_day(date(2031, 4, 30))
    assert calendar().is_assumed(date(2031, 3, 3))


def test_an_operators_file_replaces_the_whole_year(own_file: Path) -> None:
    own_file.write_text(f"{HEAD}2027-02-12,off,Tết,Tết,announced,notice\n", encoding="utf-8")
    workdays.configure(own_file)
    assert not calendar().is_working_day(date(2027, 2, 12))
    assert calendar().is_working_day(date(2027, 2, 8))
    assert not calendar().is_working_day(date(2026, 2, 17))


@pytest.mark.parametrize(
    "text", ["day\n2027-01-01\n", f"{HEAD}soon,off,a,a,announced,x\n", f"{HEAD}2027-01-01,x,a,a,b,c\n"]
)
def test_a_file_that_cannot_be_read_says_so(own_file: Path, text: str) -> None:
    own_file.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured):
        workdays.configure(own_file)
