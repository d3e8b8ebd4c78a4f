"""Reminders: everybody who is due is told, each of it once, and a round goes on where the last one ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.support.changing import AT, department_of, png, ready, staff_of
from tests.support.factories import make_facility, make_licence, make_registration

from ymach.base.periods import Period
from ymach.changes.evidence.actions import keep
from ymach.changes.housekeeping import tidy_up
from ymach.changes.models import Evidence, RemindedThrough, Reminder
from ymach.changes.reminders import remind, sentence
from ymach.notices.models import Notice
from ymach.practitioners.actions import end_practice
from ymach.practitioners.models import Licence

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def ending_in(days: int) -> Licence:
    """A licence of somebody at work, that ends in so many days."""
    last = TODAY + timedelta(days=days)
    licence = make_licence(valid=Period(date(2024, 1, 1), last + timedelta(days=1)), issuer_province_code="01")
    make_registration(licence, make_facility(f"{90000 + days}"), valid=Period(date(2024, 2, 1)))
    return licence


def told(licence: Licence) -> list[str]:
    found = Notice.objects.filter(practitioner_id=licence.practitioner_id, link="/deadlines").order_by("at", "id")
    return list(found.values_list("vi", flat=True))


def days(number: int) -> datetime:
    return AT + timedelta(days=number)


def test_a_renewal_is_told_at_each_mark_and_never_twice() -> None:
    licence = ending_in(181)
    for day in (0, 0, 1, 1, 2, 91, 92, 151, 152, 181):
        remind(at=days(day))
    renewals = [text for text in told(licence) if "gia hạn" in text]
    assert len(renewals) == 3
    assert "23/05/2027" in renewals[0]


def test_the_first_round_tells_only_the_nearest_mark() -> None:
    licences = {number: ending_in(number) for number in (0, 30, 31, 90, 91, 180)}
    remind(at=AT)
    marks = {one.subject: one.mark for one in Reminder.objects.filter(what="renewal")}
    found = {number: marks[f"practitioner:{one.practitioner_id}"] for number, one in licences.items()}
    assert found == {0: 30, 30: 30, 31: 90, 90: 90, 91: 180, 180: 180}


def test_nothing_is_told_after_the_end_or_long_before() -> None:
    past, far = ending_in(-1), ending_in(400)
    remind(at=AT)
    assert (told(past), told(far)) == ([], [])


def test_missing_credit_hours_are_told_a_year_before() -> None:
    licence = ending_in(365)
    remind(at=AT)
    (text,) = told(licence)
    assert "120 giờ" in text


def test_twenty_four_months_without_practice_are_told() -> None:
    licence = make_licence()
    registration = make_registration(licence, make_facility())
    end_practice(registration=registration, ends_on=date(2025, 1, 15), reason="x", by=department_of(), at=AT)
    remind(at=AT)
    (text,) = told(licence)
    assert "15/01/2027" in text


def test_departments_are_told_once_of_what_is_due_next_and_of_what_is_overdue() -> None:
    facility = make_facility("01001")
    for number in range(2):
        ready(make_licence(f"00077{number}/BYT-GPHN").practitioner, facility)
    Notice.objects.all().delete()
    for day in (3, 6, 7, 8, 9, 10):  # due on Tuesday 01/12
        remind(at=days(day))
    found = list(Notice.objects.filter(province_code="01").order_by("at").values_list("vi", "link"))
    assert found == [
        ("2 yêu cầu đến hạn quyết định ngày 01/12/2026.", "/worklist?due=soon"),
        ("2 yêu cầu đã quá hạn quyết định ngày 01/12/2026.", "/worklist?due=overdue"),
    ]


def test_a_round_that_is_stopped_is_finished_by_the_next_one() -> None:
    licence = ending_in(100)
    remind(at=AT, stopped=lambda: True)
    assert (told(licence), RemindedThrough.objects.filter(what="renewal", mark=180).exists()) == ([], False)
    remind(at=AT)
    assert len(told(licence)) == 1


def test_a_missed_month_is_made_up_for() -> None:
    licence = ending_in(200)
    remind(at=AT)
    remind(at=days(40))
    assert sum("gia hạn" in text for text in told(licence)) == 1


def test_papers_nobody_sent_are_forgotten() -> None:
    keep(content=png(), name="a.png", by=staff_of(make_facility()), at=AT)
    tidy_up(at=days(1))
    assert Evidence.objects.count() == 1
    assert tidy_up(at=days(3))["papers forgotten"] == 1
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("what", ["renewal", "cme", "idle"])
@pytest.mark.parametrize("missing", [Decimal(0), Decimal("47.5")])
def test_every_sentence_names_the_day_in_both_languages(what: str, missing: Decimal) -> None:
    text = sentence(what, date(2027, 1, 2), missing)
    assert "02/01/2027" in text.vi
    assert "02/01/2027" in text.en
    assert "{" not in text.vi + text.en
    assert "—" not in text.en
