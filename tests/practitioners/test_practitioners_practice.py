from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_practitioner, make_registration

from ymach.base.errors import Conflict
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.facilities import actions as facilities
from ymach.facilities.models import Facility
from ymach.practitioners import actions, errors, queries
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = "T2-T6: 07:00 đến 11:30", "T2-T6: 13:00 đến 16:30"
DAY = date(2026, 3, 2)


def alter(registration: PracticeRegistration, **changes: object) -> PracticeRegistration:
    return actions.alter_practice(
        registration=registration,
        from_day=DAY,
        reason="x",
        by=BY,
        at=AT,
        **changes,  # type: ignore[arg-type]
    )


def dental_clinic() -> Facility:
    facility = make_facility("01005", licensed=False)
    facilities.grant_operating_licence(
        facility=facility, number="5/GPHĐ", issued_on=START, issuer="Sở Y tế", scopes=["VIII"], by=BY, at=AT
    )
    return facility


def test_changed_schedule_closes_the_old_row_and_opens_a_new_one() -> None:
    old = make_registration(make_licence(), make_facility(), schedule=MORNING)
    new = alter(old, schedule=parse_schedule(AFTERNOON))
    old.refresh_from_db()
    assert (old.valid.upper, new.valid.lower) == (DAY, DAY)
    assert (str(old.schedule), str(new.schedule)) == (MORNING, AFTERNOON)
    assert (new.position, new.published_on) == (old.position, None)


def test_changed_schedule_never_overlaps_another_place() -> None:
    licence = make_licence()
    make_registration(licence, make_facility("01001"), schedule=MORNING)
    other = make_registration(licence, make_facility("01002"), schedule=AFTERNOON)
    with pytest.raises(errors.RegistrationOverlaps):
        alter(other, schedule=parse_schedule(MORNING))
    other.refresh_from_db()
    assert other.valid.upper is None


def test_duty_shift_over_midnight_overlaps_the_next_morning() -> None:
    licence = make_licence()
    make_registration(licence, make_facility("01001"), schedule="CN: 19:00 đến 07:00")
    with pytest.raises(errors.RegistrationOverlaps):
        make_registration(licence, make_facility("01002"), schedule="T2: 06:30 đến 11:00")


def test_change_that_changes_nothing_is_refused() -> None:
    registration = make_registration(make_licence(), make_facility(), schedule=MORNING)
    with pytest.raises(errors.NothingChanged):
        alter(registration, schedule=parse_schedule(MORNING))


def test_change_of_a_registration_that_has_ended_is_refused() -> None:
    registration = make_registration(make_licence(), make_facility(), valid=Period(START, date(2026, 1, 1)))
    with pytest.raises(errors.RegistrationNotThen):
        alter(registration, position="Trưởng khoa")


def test_scope_outside_the_facilitys_is_refused() -> None:
    clinic = dental_clinic()
    with pytest.raises(errors.ScopeNotOfFacility):
        make_registration(make_licence(scopes=["V"]), clinic)
    assert make_registration(make_licence(scopes=["VIII"]), clinic)
    assert make_registration(make_licence(title="c", scopes=["XII"]), clinic)


def test_head_of_another_scope_than_the_facilitys_is_refused() -> None:
    with pytest.raises(errors.HeadScopeWrong):
        make_registration(make_licence(since=date(2015, 1, 1)), dental_clinic(), is_technical_head=True)


def test_new_graduate_does_not_head_a_facility() -> None:
    with pytest.raises(errors.HeadTooNew):
        make_registration(make_licence(), make_facility(), is_technical_head=True)


def test_traditional_practitioner_heads_a_facility_from_the_first_day() -> None:
    assert make_registration(make_licence(title="i", scopes=[]), make_facility(), is_technical_head=True)


def test_head_is_appointed_and_steps_down_by_dated_rows() -> None:
    registration = make_registration(make_licence(since=date(2018, 1, 1)), make_facility())
    head = alter(registration, is_technical_head=True)
    assert queries.technical_head(head.facility, on=DAY) == head
    assert queries.days_without_head(head.facility, Period(START)) == (Period(START, DAY),)


def test_person_has_one_main_place() -> None:
    licence = make_licence()
    first = make_registration(licence, make_facility("01001"), schedule=MORNING)
    second = make_registration(licence, make_facility("79001", province_code="79"), schedule=AFTERNOON)
    assert queries.responsible_province(licence.practitioner, on=DAY) == "01"
    alter(second, is_main=True)
    assert queries.responsible_province(licence.practitioner, on=DAY) == "79"
    with pytest.raises(errors.MainPlaceTaken):
        alter(first, is_main=True)


def test_department_publishes_each_registration_once() -> None:
    registration = make_registration(make_licence(), make_facility())
    told = {"registrations": [registration], "by": BY, "at": AT}
    assert actions.publish_practice(published_on=DAY, **told) == 1  # type: ignore[arg-type]
    assert actions.publish_practice(published_on=date(2026, 3, 3), **told) == 0  # type: ignore[arg-type]
    registration.refresh_from_db()
    assert registration.published_on == DAY


def test_registrations_go_on_under_the_converted_licence() -> None:
    old = make_licence("001/CCHN", valid=Period(START), generation=Licence.Generation.CERTIFICATE)
    before = make_registration(old, make_facility(), schedule=MORNING)
    new = actions.convert_licence(
        decision="1/QĐ",
        decided_on=date(2025, 1, 3),
        certificate=old,
        number="001/GPHN",
        issuer="Sở Y tế",
        issued_on=date(2026, 1, 5),
        by=BY,
        at=AT,
    )
    before.refresh_from_db()
    after = PracticeRegistration.objects.get(licence=new)
    assert (before.valid.upper, after.valid.lower, after.schedule) == (
        date(2026, 1, 5),
        date(2026, 1, 5),
        before.schedule,
    )
    assert (new.converted_from, new.term_ends_on) == (old, date(2031, 1, 5))
    assert queries.licence_state(old, on=DAY).code == "CONVERTED"


def test_only_a_certificate_is_converted() -> None:
    with pytest.raises(errors.ConversionWrong):
        actions.convert_licence(
            decision="1/QĐ",
            decided_on=date(2025, 1, 3),
            certificate=make_licence(),
            number="1/X",
            issuer="S",
            issued_on=date(2026, 1, 5),
            by=BY,
            at=AT,
        )


@pytest.mark.parametrize(
    ("decided", "error"),
    [
        ({"decision": " "}, errors.DecisionMissing),
        ({"decision": "1/QĐ", "decided_on": date(2026, 1, 6)}, errors.DecidedAfterIssue),
    ],
)
def test_a_licence_is_converted_by_a_decision_of_that_day_or_before(
    decided: dict[str, Any], error: type[errors.Invalid]
) -> None:
    old = make_licence(generation=Licence.Generation.CERTIFICATE)
    said = {"decided_on": date(2026, 1, 5), "number": "1/X", "issuer": "S", "issued_on": date(2026, 1, 5), **decided}
    with pytest.raises(error):
        actions.convert_licence(certificate=old, by=BY, at=AT, **said)


def test_suspended_certificate_is_not_converted_away() -> None:
    old = make_licence(generation=Licence.Generation.CERTIFICATE, suspended=Period(date(2026, 1, 1), date(2026, 6, 1)))
    with pytest.raises(errors.StoppedFromPractice):
        actions.convert_licence(
            decision="1/QĐ",
            decided_on=date(2025, 1, 3),
            certificate=old,
            number="1/X",
            issuer="S",
            issued_on=date(2026, 1, 5),
            by=BY,
            at=AT,
        )


def test_change_of_a_licence_keeps_what_it_said_and_comes_after_the_last_one() -> None:
    licence = make_licence(scopes=["V"])
    said = {"reason": "x", "decision": "3", "by": BY, "at": AT}
    change = actions.change_licence(licence=licence, effective_on=DAY, scopes=["V", "IX"], holder="Trần Bích", **said)  # type: ignore[arg-type]
    licence.refresh_from_db()
    assert (change.scopes_before, change.holder_before) == (["V"], "Trần Thị Bích")
    assert (licence.scopes, licence.practitioner.full_name) == (["V", "IX"], "Trần Bích")
    with pytest.raises(errors.LicenceAlreadyChanged):
        actions.change_licence(licence=licence, effective_on=date(2026, 3, 1), title="b", **said)  # type: ignore[arg-type]


def test_correction_of_the_birth_date_keeps_every_licence_of_an_adult() -> None:
    person = make_licence(since=date(2018, 1, 1)).practitioner
    with pytest.raises(errors.LicenceTooYoung):
        actions.correct_identity(practitioner=person, birth_date=date(2000, 1, 2), reason="x", by=BY, at=AT)


def test_correction_to_a_number_of_somebody_else_is_refused_without_showing_it() -> None:
    make_practitioner(personal_number="079204001234")
    with pytest.raises(errors.PersonalNumberTaken) as refusal:
        actions.correct_identity(
            practitioner=make_practitioner(), personal_number="079204001234", reason="x", by=BY, at=AT
        )
    assert "079204001234" not in refusal.value.text.vi


def test_stale_form_is_told_and_nothing_is_lost() -> None:
    person = make_practitioner()
    actions.edit_languages(practitioner=person, languages=["vi", "en"], seen=0, by=BY, at=AT)
    with pytest.raises(Conflict):
        actions.edit_languages(practitioner=person, languages=["vi"], seen=0, by=BY, at=AT)
    person = Practitioner.objects.get(pk=person.pk)
    assert (person.languages, person.revision) == (["vi", "en"], 1)


def test_every_change_of_what_belongs_to_a_profile_moves_its_revision_on() -> None:
    licence = make_licence()
    registration = make_registration(licence, make_facility(), schedule=MORNING)
    before = Practitioner.objects.get(pk=licence.practitioner_id).revision
    alter(registration, position="Trưởng khoa")
    assert Practitioner.objects.get(pk=licence.practitioner_id).revision == before + 1


def test_technique_is_assigned_once_to_somebody_registered_there() -> None:
    registration = make_registration(make_licence(), make_facility())
    assigned = {"practitioner": registration.practitioner, "technique": "01.0115.0297", "document": "12/QĐ-BV"}
    assigned |= {"period": Period(DAY), "by": BY, "at": AT}
    assert actions.assign_technique(facility=registration.facility, **assigned)  # type: ignore[arg-type]
    with pytest.raises(errors.TechniqueTwice):
        actions.assign_technique(facility=registration.facility, **assigned)  # type: ignore[arg-type]
    with pytest.raises(errors.NotRegisteredThere):
        actions.assign_technique(facility=make_facility("01002"), **assigned)  # type: ignore[arg-type]


def test_instructor_has_three_years_of_practice() -> None:
    facility = make_facility()
    new, old = make_licence(), make_licence(since=date(2018, 1, 1))
    for licence in (new, old):
        make_registration(licence, facility)
    asked = {"facility": facility, "period": Period(DAY), "by": BY, "at": AT}
    with pytest.raises(errors.InstructorTooNew):
        actions.supervise(instructor=new.practitioner, trainee=make_practitioner(), **asked)  # type: ignore[arg-type]
    for _ in range(5):
        actions.supervise(instructor=old.practitioner, trainee=make_practitioner(), **asked)  # type: ignore[arg-type]
    with pytest.raises(errors.TooManyTrainees):
        actions.supervise(instructor=old.practitioner, trainee=make_practitioner(), **asked)  # type: ignore[arg-type]


def test_diploma_is_added_once_and_verified_once() -> None:
    said = {"kind": "BACHELOR", "speciality": "Y khoa", "school": "Đại học Y", "issued_on": date(2009, 7, 1)}
    said |= {"practitioner": make_practitioner(), "number": "B1", "evidence": new_id(), "by": BY, "at": AT}
    diploma = actions.add_diploma(**said)  # type: ignore[arg-type]
    with pytest.raises(errors.DiplomaTwice):
        actions.add_diploma(**said)  # type: ignore[arg-type]
    assert actions.verify_diploma(diploma=diploma, by=BY, at=AT).verified_by == "command:test"
    with pytest.raises(errors.VerifiedAlready):
        actions.verify_diploma(diploma=diploma, by=BY, at=AT)


def test_registration_that_a_revocation_cancelled_is_told_to_whoever_still_looks_at_it() -> None:
    licence = make_licence()
    later = make_registration(licence, make_facility(), valid=Period(DAY))
    actions.revoke_licence(licence=licence, effective_on=DAY, reason="x", decision="1/QĐ", by=BY, at=AT)
    with pytest.raises(errors.RegistrationGone):
        actions.end_practice(registration=later, ends_on=date(2026, 4, 1), reason="left", by=BY, at=AT)
    with pytest.raises(errors.RegistrationGone):
        alter(later, position="Trưởng khoa")
