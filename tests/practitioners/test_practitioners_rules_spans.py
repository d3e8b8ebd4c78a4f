from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ymach.base.periods import Period
from ymach.practitioners.rules import spans

days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
periods = st.tuples(days, st.integers(1, 2000)).map(lambda p: Period(p[0], p[0] + timedelta(days=p[1])))
sets = st.lists(periods, max_size=5).map(spans.days_of)


def members(held: spans.Days) -> set[int]:
    return {day for start, end in held for day in range(start, end)}


@given(sets, sets)
def test_sets_of_days_are_joined_met_and_taken_away_day_by_day(these: spans.Days, those: spans.Days) -> None:
    a, b = members(these), members(those)
    assert members(spans.either(these, those)) == a | b
    assert members(spans.both(these, those)) == a & b
    assert members(spans.without(these, those)) == a - b
    assert spans.count(these) == len(a)


@given(days, st.integers(-600, 600))
def test_whole_months_undo_months_later(day: date, months: int) -> None:
    later = spans.months_later(day, months)
    assert spans.whole_months(day, later) == max(months, 0)


@given(days, st.integers(0, 100))
def test_age_changes_on_the_birthday(birth: date, years: int) -> None:
    birthday = spans.months_later(birth, 12 * years)
    assert spans.age_on(birth, birthday) == years
    assert spans.age_on(birth, birthday - timedelta(days=1)) == years - 1


def test_nobody_is_a_month_older_before_the_day() -> None:
    assert spans.whole_months(date(2026, 1, 15), date(2026, 2, 14)) == 0
    assert spans.whole_months(date(2026, 1, 15), date(2026, 2, 15)) == 1
    assert spans.whole_months(date(2026, 2, 15), date(2026, 1, 15)) == 0
