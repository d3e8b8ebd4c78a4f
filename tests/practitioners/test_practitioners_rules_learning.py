from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.periods import Period
from ymach.practitioners import errors
from ymach.practitioners.rules import learning

TODAY = date(2026, 3, 2)


def credit(hours: str, on: date, *, verified: bool = True) -> learning.Credit:
    return learning.Credit(Decimal(hours), on, verified)


def test_credit_hours_of_the_running_five_years_count() -> None:
    standing = learning.cme_standing(
        [credit("30", date(2021, 3, 2)), credit("20.5", date(2021, 3, 3)), credit("8", TODAY)], TODAY
    )
    assert (standing.verified, standing.missing) == (Decimal("28.5"), Decimal("91.5"))


def test_hours_not_verified_are_shown_apart() -> None:
    standing = learning.cme_standing([credit("120", TODAY), credit("9", TODAY, verified=False)], TODAY)
    assert (standing.verified, standing.stated, standing.missing) == (Decimal(120), Decimal(9), Decimal(0))


@pytest.mark.parametrize("hours", ["0", "-1", "1000"])
def test_hours_of_an_activity_are_positive_and_possible(hours: str) -> None:
    with pytest.raises(errors.CmeHoursWrong):
        learning.check_cme(Decimal(hours), TODAY, today=TODAY)


def test_activity_is_over_before_it_counts() -> None:
    with pytest.raises(errors.IssuedInFuture):
        learning.check_cme(Decimal(8), date(2026, 3, 3), today=TODAY)


def test_sixth_trainee_at_the_same_time_is_refused() -> None:
    held = [Period(date(2026, 1, 1), date(2026, 7, 1))] * 4
    learning.check_trainees(Period(date(2026, 3, 1)), held)
    with pytest.raises(errors.TooManyTrainees):
        learning.check_trainees(Period(date(2026, 3, 1)), [*held, Period(date(2026, 6, 1))])


days = st.integers(1, 400).map(lambda ordinal: date.fromordinal(date(2026, 1, 1).toordinal() + ordinal))
periods = st.tuples(days, st.integers(1, 200)).map(lambda p: Period(p[0], date.fromordinal(p[0].toordinal() + p[1])))


@given(periods, st.lists(periods, max_size=12))
def test_trainees_are_refused_exactly_when_some_day_would_have_six(wanted: Period, held: list[Period]) -> None:
    assert wanted.start is not None
    assert wanted.end is not None
    every_day = map(date.fromordinal, range(wanted.start.toordinal(), wanted.end.toordinal()))
    too_many = any(sum(day in one for one in held) >= 5 for day in every_day)
    try:
        learning.check_trainees(wanted, held)
    except errors.TooManyTrainees:
        assert too_many
    else:
        assert not too_many
