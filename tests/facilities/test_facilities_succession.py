"""Rows of one thing follow each other in time, whatever the order of changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.periods import Period
from ymach.facilities.errors import LaterChange
from ymach.facilities.succession import close, in_force, succeed

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def after(changes: list[date]) -> list[Period]:
    """The periods that changes leave behind, as the rows would hold them."""
    held: list[Period] = []
    for day in changes:
        step = succeed(held, day)
        held = [one for one in held if day not in one]
        held += [one for one in (step.closed, step.opened) if one is not None]
    return sorted(held, key=lambda one: one.start or date.min)


@given(days=st.lists(DAYS, min_size=1, max_size=12).map(sorted))
def test_changes_leave_no_gap_and_no_overlap(days: list[date]) -> None:
    held = after(days)
    assert held[0].start == days[0]
    assert held[-1].end is None
    assert [one.end for one in held[:-1]] == [one.start for one in held[1:]]


@given(days=st.lists(DAYS, min_size=1, max_size=12).map(sorted), asked=DAYS)
def test_every_past_day_keeps_the_row_it_had(days: list[date], asked: date) -> None:
    newest = max((day for day in days if day <= asked), default=None)
    row = in_force(after(days), asked)
    assert (row.start if row else None) == newest


@given(first=DAYS, days=st.integers(1, 3000), later=st.integers(1, 3000))
def test_the_past_of_a_later_change_is_not_rewritten(first: date, days: int, later: int) -> None:
    begun = first + timedelta(days=days)
    with pytest.raises(LaterChange):
        succeed([Period(begun, begun + timedelta(days=later))], first)


@given(start=DAYS, length=st.integers(2, 3000), share=st.floats(0.01, 0.99))
def test_the_next_row_takes_over_the_end_of_the_one_in_force(start: date, length: int, share: float) -> None:
    held = Period(start, start + timedelta(days=length))
    day = start + timedelta(days=min(max(1, int(length * share)), length - 1))
    step = succeed([held], day)
    assert (step.closed, step.opened) == (Period(start, day), Period(day, held.end))


def test_a_correction_on_the_same_day_takes_the_place_of_the_row() -> None:
    day = date(2026, 3, 2)
    assert succeed([Period(day)], day).closed is None
    assert close([Period(day)], day) is None


def test_what_is_not_in_force_cannot_end() -> None:
    with pytest.raises(ValueError, match="nothing in force"):
        close([Period(date(2020, 1, 1), date(2021, 1, 1))], date(2026, 1, 1))
