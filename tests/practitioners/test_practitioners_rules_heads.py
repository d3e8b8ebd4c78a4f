from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.periods import Period
from ymach.practitioners import errors
from ymach.practitioners.rules import heads, spans

START = date(2026, 3, 2)
NOW = heads.Held("a", frozenset({"V"}), Period(date(2023, 3, 2), date(2028, 3, 2)))


def check(
    now: heads.Held = NOW,
    *,
    held: tuple[heads.Held, ...] | None = None,
    registered: tuple[Period, ...] = (),
    stopped: tuple[Period, ...] = (),
    full_time: bool = True,
    facility: tuple[str, ...] = (),
) -> None:
    heads.check_head(
        start=START,
        is_full_time=full_time,
        now=now,
        facility_scopes=facility,
        held=held or (now,),
        registered=registered,
        stopped=stopped,
    )


def test_head_with_exactly_36_months_is_accepted_and_with_a_day_less_refused() -> None:
    check()
    with pytest.raises(errors.HeadTooNew):
        check(heads.Held("a", frozenset({"V"}), Period(date(2023, 3, 3), date(2028, 3, 3))))


@given(st.dates(date(2010, 1, 1), date(2026, 3, 1)))
def test_head_needs_36_months_whatever_the_day(since: date) -> None:
    now = heads.Held("a", frozenset({"V"}), Period(since, None))
    if spans.months_later(START, -36) >= since:
        check(now)
    else:
        with pytest.raises(errors.HeadTooNew):
            check(now)


@pytest.mark.parametrize("title", ["i", "k"])
def test_traditional_and_family_remedy_titles_alone_need_no_months(title: str) -> None:
    check(heads.Held(title, frozenset(), Period(date(2026, 3, 1))))
    with pytest.raises(errors.HeadTooNew):
        check(heads.Held("a", frozenset(), Period(date(2026, 3, 1))))


def test_head_works_full_time_there() -> None:
    with pytest.raises(errors.HeadNotFullTime):
        check(full_time=False)


def test_scope_of_the_head_is_one_of_the_facility() -> None:
    check(facility=("V", "VIII"))
    with pytest.raises(errors.HeadScopeWrong):
        check(facility=("VIII",))


def test_months_under_the_old_certificate_count() -> None:
    now = heads.Held("a", frozenset({"V"}), Period(date(2026, 1, 1)))
    old = heads.Held("a", frozenset(), Period(date(2015, 1, 1), date(2026, 1, 1)))
    check(now, held=(old, now))
    with pytest.raises(errors.HeadTooNew):
        check(now, held=(now,))


def test_months_in_another_scope_or_title_do_not_count() -> None:
    now = heads.Held("a", frozenset({"V"}), Period(date(2026, 1, 1)))
    for other in (("a", {"VIII"}), ("b", {"X"})):
        old = heads.Held(other[0], frozenset(other[1]), Period(date(2015, 1, 1), date(2026, 1, 1)))
        with pytest.raises(errors.HeadTooNew):
            check(now, held=(old, now))


def test_days_of_suspension_do_not_count() -> None:
    with pytest.raises(errors.HeadTooNew):
        check(stopped=(Period(date(2024, 1, 1), date(2024, 1, 2)),))


def test_from_the_first_registration_on_only_registered_days_count() -> None:
    worked = (Period(date(2024, 1, 1), date(2025, 1, 1)), Period(date(2025, 1, 1)))
    check(registered=worked)
    with pytest.raises(errors.HeadTooNew):
        check(registered=(Period(date(2024, 1, 1), date(2025, 1, 1)), Period(date(2025, 1, 2))))


def test_facility_is_without_head_on_the_days_nobody_holds_the_post() -> None:
    held = [Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 3, 1))]
    gaps = heads.without_head(held, Period(date(2025, 12, 1)))
    assert gaps == (Period(date(2025, 12, 1), date(2026, 1, 1)), Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert heads.without_head([], Period(START)) == (Period(START),)
