from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_practitioner, make_registration

from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.practitioners import actions, queries
from ymach.practitioners.models import Licence, Practitioner
from ymach.practitioners.queries import PROFILE_STATEMENTS, PractitionerProfile, StaffFilter, profile

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
SPRING = Period(date(2026, 3, 1), date(2026, 6, 1))


def full_person() -> Practitioner:
    """Somebody with a row or more of everything."""
    old = make_licence(
        "001/CCHN", since=date(2018, 1, 1), valid=Period(date(2018, 1, 1)), generation=Licence.Generation.CERTIFICATE
    )
    person, hospital, clinic = old.practitioner, make_facility("01001"), make_facility("01002")
    make_registration(old, hospital, schedule="T2-T6: 07:00 đến 11:30", is_technical_head=True)
    make_registration(old, clinic, schedule="T2-T6: 11:35 đến 16:30")
    said = {"by": BY, "at": AT}
    new = actions.convert_licence(
        decision="1/QĐ",
        decided_on=date(2025, 1, 3),
        certificate=old,
        number="001/GPHN",
        issuer="Sở Y tế",
        issued_on=date(2025, 1, 5),
        **said,
    )  # type: ignore[arg-type]
    actions.change_licence(
        licence=new, effective_on=date(2026, 2, 1), scopes=["V", "IX"], reason="x", decision="3", **said
    )  # type: ignore[arg-type]
    for serial in range(3):
        actions.add_cme(
            practitioner=person,
            provider="ĐH Y",
            topic=f"{serial}",
            hours=Decimal("8"),
            on=DAY,
            evidence=new_id(),
            **said,
        )  # type: ignore[arg-type]
    actions.add_diploma(
        practitioner=person, kind="BACHELOR", speciality="Y khoa", school="ĐH Y", issued_on=date(2009, 7, 1), **said
    )  # type: ignore[arg-type]
    actions.assign_technique(
        practitioner=person, facility=hospital, technique="01.0115.0297", document="1", period=Period(DAY), **said
    )  # type: ignore[arg-type]
    actions.supervise(instructor=person, trainee=make_practitioner(), facility=hospital, period=Period(DAY), **said)  # type: ignore[arg-type]
    actions.suspend_licence(licence=new, period=SPRING, reason="x", decision="45/QĐ", **said)  # type: ignore[arg-type]
    return Practitioner.objects.get(pk=person.pk)


def asked(person: Practitioner, on: date = DAY) -> PractitionerProfile:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        found = profile(person, on=on)
    assert len(counted) == PROFILE_STATEMENTS
    return found


def test_profile_takes_the_same_statements_for_an_empty_and_a_full_person() -> None:
    asked(make_practitioner())
    asked(full_person())


def test_profile_shows_everything_on_the_day() -> None:
    found = asked(full_person())
    new, old = found.licences
    assert (new.scopes, new.state.code, old.state.code) == (("IX", "V"), "SUSPENDED", "CONVERTED")
    assert new.converted_from == "001/CCHN"
    assert [one.facility_code for one in found.registrations] == ["01001", "01002"]
    assert all(one.blocked is not None for one in found.registrations)
    assert (found.cme.stated, found.cme.verified) == (Decimal(24), Decimal(0))
    assert (len(found.diplomas), len(found.techniques), len(found.trainees)) == (1, 1, 1)
    assert [one.code for one in found.warnings].count("YM-PRA-TRAVEL-TOO-SHORT") == 5


def test_profile_of_an_earlier_day_shows_what_held_then() -> None:
    found = asked(full_person(), date(2025, 6, 1))
    assert found.licences[0].scopes == ("V",)
    assert found.state is not None
    assert found.state.code == "ACTIVE"
    assert [one.is_technical_head for one in found.registrations if one.facility_code == "01001"] == [True]
    assert not any(one.blocked for one in found.registrations)
    assert not found.cme_activities


def test_person_without_licence_has_no_state() -> None:
    found = asked(make_practitioner())
    assert (found.state, found.licences, found.months_without_practice) == (None, (), 0)


def test_profile_warns_of_the_end_of_the_term_and_of_months_without_practice() -> None:
    person = make_licence(valid=Period(START, date(2026, 6, 1))).practitioner
    codes = [one.code for one in asked(person).warnings]
    assert codes == ["YM-PRA-WITHOUT-PRACTICE", "YM-PRA-TERM-ENDING", "YM-PRA-CME-SHORT"]
    assert queries.months_without_practice(person, on=DAY) == 26


def test_verified_hours_count_towards_120() -> None:
    person = make_practitioner()
    activity = actions.add_cme(
        practitioner=person, provider="P", topic="T", hours=Decimal("40.5"), on=DAY, evidence=new_id(), by=BY, at=AT
    )
    actions.verify_cme(activity=activity, by=BY, at=AT)
    assert queries.cme_hours(person, on=DAY).missing == Decimal("79.5")


def test_staff_of_a_facility_comes_in_one_statement_with_who_is_blocked() -> None:
    facility = make_facility()
    for licence in (
        make_licence(),
        make_licence(suspended=SPRING),
        make_licence(valid=Period(START, date(2026, 1, 1))),
    ):
        make_registration(licence, facility)
    with CaptureQueriesContext(connection) as counted:
        rows = list(queries.staff(facility, on=DAY))
        assert sorted(row.is_blocked for row in rows) == [False, True, True]  # type: ignore[attr-defined]
        assert all(row.practitioner.full_name and row.licence.number for row in rows)
    assert len(counted) == 1


def test_staff_is_narrowed_by_name_number_title_and_state() -> None:
    facility = make_facility()
    nurse = make_licence("000777/HCM-GPHN", practitioner=make_practitioner("Đặng Thị Hoà"), title="c", scopes=["XII"])
    for licence in (nurse, make_licence(suspended=SPRING)):
        make_registration(licence, facility)

    def found(**wanted: object) -> list[str]:
        rows = queries.staff(facility, on=DAY, only=StaffFilter(**wanted))  # type: ignore[arg-type]
        return [row.licence.number for row in rows]

    for wanted in ({"text": "hoà"}, {"text": "000777"}, {"title": "c"}, {"is_blocked": False}):
        assert found(**wanted) == [nurse.number]
    assert len(found(is_published=False)) == 2
    assert found(is_technical_head=True) == []


def test_warnings_are_told_before_a_registration_is_saved() -> None:
    registration = make_registration(make_licence(), make_facility("01001"), schedule="T2: 07:00 đến 11:30")
    asked = {"facility": make_facility("79001", province_code="79"), "schedule": parse_schedule("T2: 13:00 đến 16:00")}
    found = queries.warnings_for(registration.practitioner, on=DAY, **asked)  # type: ignore[arg-type]
    assert [one.code for one in found] == ["YM-PRA-TRAVEL-TOO-SHORT"]
    assert not queries.warnings_for(registration.practitioner, on=DAY, instead_of=registration, **asked)  # type: ignore[arg-type]
