from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.support.factories import (
    AT,
    BY,
    START,
    make_facility,
    make_licence,
    make_practitioner,
    make_registration,
)

from ymach.base.history.attribution import attributed
from ymach.base.history.models import HistoryEntry
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.facilities.errors import PeriodWrong
from ymach.practitioners import actions, errors
from ymach.practitioners.models import Licence, PracticeRegistration

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = "T2-T6: 07:00 đến 11:30", "T2-T6: 13:00 đến 16:30"


def test_name_is_kept_tidy_folded_and_in_vietnamese_order() -> None:
    person = make_practitioner("  Đặng  Thị Hoà ")
    assert (person.full_name, person.name_folded) == ("Đặng Thị Hoà", "dang thi hoa")
    assert person.sort_key > make_practitioner("Zương Văn An").sort_key


def test_change_of_a_registration_is_in_the_history_with_actor_and_reason() -> None:
    registration = make_registration(make_licence(), make_facility())
    actions.end_practice(registration=registration, ends_on=date(2026, 4, 1), reason="left", by=BY, at=AT)
    entry = HistoryEntry.objects.get(row_id=str(registration.pk), operation="U")
    assert (entry.actor, entry.reason, entry.at) == ("command:test", "left", AT)


def test_personal_number_is_enrolled_once() -> None:
    make_practitioner(personal_number="079204001234")
    with pytest.raises(errors.PersonalNumberTaken) as refusal:
        make_practitioner(personal_number="079204001234")
    assert "079204001234" not in refusal.value.text.vi


@pytest.mark.parametrize("number", ["123456789", "07920400123x", ""])
def test_personal_number_has_twelve_digits(number: str) -> None:
    with pytest.raises(errors.PersonalNumberWrong):
        actions.enrol_practitioner(full_name="An", birth_date=START, sex="1", personal_number=number, by=BY, at=AT)


def test_foreigner_is_enrolled_by_passport_once() -> None:
    who = {"full_name": "Jean Dupont", "birth_date": START, "sex": "1", "passport_number": "C01X", "nationality": "FR"}
    actions.enrol_practitioner(**who, by=BY, at=AT)  # type: ignore[arg-type]
    with pytest.raises(errors.PassportTaken):
        actions.enrol_practitioner(**who, by=BY, at=AT)  # type: ignore[arg-type]


def test_person_without_any_number_is_refused() -> None:
    with pytest.raises(errors.PersonalNumberWrong):
        actions.enrol_practitioner(full_name="An", birth_date=START, sex="1", by=BY, at=AT)


def test_licence_number_is_granted_once_however_it_is_written() -> None:
    make_licence("000123/BYT-GPHN")
    with pytest.raises(errors.LicenceNumberTaken):
        make_licence(" 000123 / byt-gphn")


def test_second_licence_in_force_is_refused() -> None:
    licence = make_licence()
    with pytest.raises(errors.LicenceOverlaps):
        make_licence(practitioner=licence.practitioner)


def test_licence_that_replaces_ends_the_old_one_on_its_first_day() -> None:
    old = make_licence(valid=Period(START))
    new = make_licence(practitioner=old.practitioner, valid=Period(date(2026, 5, 1)), replaces=old)
    old.refresh_from_db()
    assert old.valid.upper == new.valid.lower == date(2026, 5, 1)


def test_refused_licence_leaves_the_old_one_as_it_was() -> None:
    old, other = make_licence(valid=Period(START)), make_licence("000009/BYT-GPHN")
    with pytest.raises(errors.LicenceNumberTaken):
        make_licence(other.number, practitioner=old.practitioner, valid=Period(date(2026, 5, 1)), replaces=old)
    assert Licence.objects.get(pk=old.pk).valid.upper is None


@pytest.mark.parametrize(
    ("end", "allowed"),
    [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2028, 1, 1), True), (date(2028, 1, 2), False)],
)
def test_suspension_lasts_one_to_24_months(end: date, allowed: bool) -> None:
    period = Period(date(2026, 1, 1), end)
    if allowed:
        assert make_licence(suspended=period).suspensions.count() == 1
    else:
        with pytest.raises(errors.SuspensionTooLong):
            make_licence(suspended=period)


def test_overlapping_suspensions_are_refused() -> None:
    licence = make_licence(suspended=Period(date(2026, 1, 1), date(2026, 6, 1)))
    with pytest.raises(errors.SuspensionOverlaps):
        actions.suspend_licence(
            licence=licence, period=Period(date(2026, 5, 1), date(2026, 8, 1)), reason="x", decision="2", by=BY, at=AT
        )


def test_revocation_ends_licence_and_registrations() -> None:
    licence = make_licence()
    registration = make_registration(licence, make_facility())
    actions.revoke_licence(licence=licence, effective_on=date(2026, 4, 1), reason="forged", decision="9", by=BY, at=AT)
    licence.refresh_from_db()
    registration.refresh_from_db()
    assert licence.valid.upper == registration.valid.upper == date(2026, 4, 1)


def test_registration_that_never_began_goes_with_the_licence() -> None:
    licence = make_licence()
    registration = make_registration(licence, make_facility(), valid=Period(date(2026, 9, 1)))
    actions.revoke_licence(licence=licence, effective_on=date(2026, 4, 1), reason="forged", decision="9", by=BY, at=AT)
    assert not PracticeRegistration.objects.filter(pk=registration.pk).exists()
    assert HistoryEntry.objects.filter(row_id=str(registration.pk), operation="D").exists()


def test_licence_is_revoked_once() -> None:
    licence = make_licence(revoked=date(2026, 4, 1))
    with pytest.raises(errors.LicenceRevoked):
        actions.revoke_licence(licence=licence, effective_on=date(2026, 5, 1), reason="x", decision="9", by=BY, at=AT)


def test_two_facilities_at_the_same_hour_are_refused() -> None:
    licence = make_licence()
    make_registration(licence, make_facility("01001"), schedule=MORNING)
    with pytest.raises(errors.RegistrationOverlaps):
        make_registration(licence, make_facility("01002"), schedule="T6: 11:00 đến 12:00")


def test_two_facilities_at_different_hours_are_accepted() -> None:
    licence = make_licence()
    make_registration(licence, make_facility("01001"), schedule=MORNING)
    make_registration(licence, make_facility("01002"), schedule=AFTERNOON)
    assert licence.registrations.count() == 2


def test_same_hours_one_after_the_other_are_accepted() -> None:
    licence = make_licence()
    make_registration(licence, make_facility("01001"), schedule=MORNING, valid=Period(START, date(2025, 1, 1)))
    make_registration(licence, make_facility("01002"), schedule=MORNING, valid=Period(date(2025, 1, 1)))
    assert licence.registrations.count() == 2


def test_schedule_comes_back_as_it_was_written() -> None:
    registration = make_registration(make_licence(), make_facility(), schedule=MORNING)
    assert PracticeRegistration.objects.get(pk=registration.pk).schedule == parse_schedule(MORNING)


def test_no_fixed_hours_is_registered_once_per_facility() -> None:
    licence, facility = make_licence(), make_facility()
    make_registration(licence, facility)
    with pytest.raises(errors.RegistrationTwice):
        make_registration(licence, facility)


def test_facility_has_one_technical_head() -> None:
    facility = make_facility()
    make_registration(make_licence(since=date(2020, 1, 1)), facility, is_technical_head=True)
    with pytest.raises(errors.FacilityHasHead):
        make_registration(make_licence(since=date(2020, 1, 1)), facility, is_technical_head=True)


def test_person_heads_one_facility() -> None:
    licence = make_licence(since=date(2020, 1, 1))
    make_registration(licence, make_facility("01001"), schedule=MORNING, is_technical_head=True)
    with pytest.raises(errors.HeadOfAnother):
        make_registration(licence, make_facility("01002"), schedule=AFTERNOON, is_technical_head=True)


def test_registration_starts_while_the_licence_holds() -> None:
    licence = make_licence(valid=Period(START, date(2025, 1, 1)))
    with pytest.raises(errors.LicenceNotInForce):
        make_registration(licence, make_facility(), valid=Period(date(2025, 1, 1)))


def test_registration_is_made_with_ones_own_licence() -> None:
    with pytest.raises(errors.LicenceOfSomebodyElse):
        actions.register_practice(
            practitioner=make_practitioner(), facility=make_facility(), licence=make_licence(), by=BY, at=AT
        )


def test_end_before_the_start_is_refused() -> None:
    registration = make_registration(make_licence(), make_facility())
    with pytest.raises(PeriodWrong):
        actions.end_practice(registration=registration, ends_on=START, reason="x", by=BY, at=AT)


def run(statement: str, key: UUID) -> None:
    """A statement past the actions, said by somebody and for a reason."""
    with attributed(by=BY, reason="x", at=AT), connection.cursor() as cursor:
        cursor.execute(statement, [key])


def test_hours_outside_the_week_are_refused_by_the_database() -> None:
    registration = make_registration(make_licence(), make_facility())
    change = "UPDATE practitioners_registration SET schedule = '{[10000,10081)}' WHERE id = %s"
    with pytest.raises(IntegrityError, match="within_a_week"):
        run(change, registration.pk)


def test_empty_period_is_refused_by_the_database() -> None:
    licence = make_licence()
    with pytest.raises(IntegrityError, match="not_empty"):
        run("UPDATE practitioners_licence SET valid = 'empty' WHERE id = %s", licence.pk)


@pytest.mark.parametrize(
    "table", ["practitioner", "licence", "licence_suspension", "licence_revocation", "registration"]
)
def test_nobody_deletes_without_saying_who_and_why(table: str) -> None:
    make_registration(make_licence(suspended=Period(date(2026, 1, 1), date(2026, 3, 1))), make_facility())
    with pytest.raises(DatabaseError, match="nobody said who"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM practitioners_{table}")
