"""The terms of the law: when something is due, how it stands, and who is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.changing import AT, department_of, self_of, staff_of
from tests.support.factories import make_facility, make_licence, make_registration

from ymach.base.periods import Period
from ymach.changes import deadlines
from ymach.changes.clocks import clocks, cme_missing, standing_of, term
from ymach.changes.deadlines import Asked
from ymach.practitioners.actions import end_practice

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("publication", date(2026, 11, 23), date(2026, 12, 1)),
        ("leaving", date(2026, 11, 20), date(2026, 11, 26)),
        ("joining", date(2026, 11, 20), date(2026, 11, 30)),
        ("idle", date(2024, 11, 30), date(2026, 11, 30)),
        ("renewal", date(2021, 3, 14), date(2026, 3, 14)),
    ],
)
def test_terms_end_where_the_law_says(code: str, start: date, due: date) -> None:
    assert clocks()[code].due(start) == due


@given(st.sampled_from(sorted(clocks())), DAYS, DAYS)
def test_a_term_is_overdue_exactly_after_its_last_day(code: str, start: date, on: date) -> None:
    clock = clocks()[code]
    due = clock.due(start)
    assert (standing_of(clock, due, on=on) == "overdue") == (on > due)
    assert standing_of(clock, due, on=on, done_on=on) == ("met" if on <= due else "met_late")


@given(st.sampled_from(sorted(clocks())), DAYS, DAYS)
def test_every_sentence_names_the_last_day_in_both_languages(code: str, due: date, on: date) -> None:
    found = term(code, due, on=on).sentence
    assert due.strftime("%d/%m/%Y") in found.vi
    assert due.strftime("%d/%m/%Y") in found.en


@pytest.mark.parametrize(("hours", "missing"), [(0, 120), (119, 1), (120, 0), (300, 0)])
def test_a_hundred_and_twenty_hours_are_needed(hours: int, missing: int) -> None:
    assert cme_missing(Decimal(hours)) == missing


@pytest.mark.django_db
def test_a_licence_near_its_end_is_due_with_the_hours_it_lacks() -> None:
    licence = make_licence(valid=Period(date(2024, 1, 1), date(2027, 2, 1)), issuer_province_code="01")
    make_licence(valid=Period(date(2024, 1, 1), date(2029, 1, 1)), issuer_province_code="01")
    renewals = Asked(what="renewal")
    found = deadlines.due(department_of(), ON, asked=renewals)
    assert [(one.what, one.licence, one.term.standing) for one in found] == [("renewal", licence.number, "soon")]
    assert found[0].note
    assert "120" in found[0].note.vi
    assert deadlines.due(department_of("79", "x"), ON, asked=renewals) == []
    assert len(deadlines.due(self_of(licence.practitioner), ON, asked=renewals)) == 1


@pytest.mark.django_db
def test_twenty_four_months_without_practice_are_seen_coming() -> None:
    facility = make_facility()
    licence = make_licence()
    registration = make_registration(licence, facility)
    end_practice(registration=registration, ends_on=date(2025, 1, 15), reason="x", by=department_of(), at=AT)
    (found,) = deadlines.due(department_of(), ON)
    assert (found.what, found.term.due_on, found.term.standing) == ("idle", date(2027, 1, 15), "soon")


@pytest.mark.django_db
def test_whoever_practises_elsewhere_is_not_idle() -> None:
    licence = make_licence()
    ended = make_registration(licence, make_facility())
    end_practice(registration=ended, ends_on=date(2025, 1, 15), reason="x", by=department_of(), at=AT)
    make_registration(licence, make_facility("01002"), valid=Period(date(2025, 2, 1)))
    assert deadlines.due(department_of(), ON) == []


@pytest.mark.django_db
def test_a_facility_sees_what_is_due_for_its_own_people() -> None:
    facility, other = make_facility(), make_facility("01002")
    make_registration(make_licence(valid=Period(date(2024, 1, 1), date(2027, 1, 1))), facility)
    assert len(deadlines.due(staff_of(facility), ON)) == 1
    assert deadlines.due(staff_of(other, "Khác"), ON) == []
