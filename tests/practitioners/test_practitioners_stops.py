from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection
from tests.support.factories import AT, BY, START, make_facility, make_licence, make_registration

from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.notices.models import Notice
from ymach.practitioners import actions, errors
from ymach.practitioners.models import Licence, LicenceSuspension, PracticeRegistration
from ymach.practitioners.queries import author_keys, licence_state, technical_head
from ymach.practitioners.standing.acts import Act
from ymach.practitioners.standing.lookup import standing_facts
from ymach.practitioners.standing.rules import judge_author

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
SPRING = Period(date(2026, 3, 1), date(2026, 6, 1))


def suspend(licence: Licence, period: Period = SPRING) -> LicenceSuspension:
    return actions.suspend_licence(licence=licence, period=period, reason="x", decision="45/QĐ", by=BY, at=AT)


def ban(licence: Licence, period: Period = SPRING) -> object:
    return actions.ban_practitioner(
        practitioner=licence.practitioner, period=period, case="COURT_BAN", reason="x", decision="7/TA", by=BY, at=AT
    )


@pytest.fixture
def head() -> PracticeRegistration:
    licence = make_licence(since=date(2018, 1, 1))
    return make_registration(licence, make_facility(), is_technical_head=True)


@pytest.mark.parametrize("stop", [suspend, ban])
def test_registrations_stay_and_new_ones_are_refused_while_stopped(stop: object) -> None:
    licence = make_licence()
    registration = make_registration(licence, make_facility("01001"))
    stop(licence)  # type: ignore[operator]
    registration.refresh_from_db()
    assert registration.valid.upper is None
    with pytest.raises(errors.StoppedFromPractice):
        make_registration(licence, make_facility("01002"), valid=Period(DAY))
    assert make_registration(licence, make_facility("01003"), valid=Period(date(2026, 6, 1)))


@pytest.mark.parametrize("stop", [suspend, ban])
def test_post_of_technical_head_ends_with_the_stop(head: PracticeRegistration, stop: object) -> None:
    stop(head.licence)  # type: ignore[operator]
    assert technical_head(head.facility, on=date(2026, 2, 28)) == head
    assert technical_head(head.facility, on=date(2026, 3, 1)) is None
    still = PracticeRegistration.objects.get(practitioner=head.practitioner, valid__contains=DAY)
    assert (still.facility, still.position, still.is_technical_head) == (head.facility, head.position, False)


def test_department_and_facility_hear_that_a_place_has_no_head(head: PracticeRegistration) -> None:
    suspend(head.licence)
    told = Notice.objects.filter(en__contains="nobody responsible")
    assert set(told.values_list("facility_id", "province_code")) == {(head.facility_id, None), (None, "01")}


def test_suspension_in_part_leaves_the_post(head: PracticeRegistration) -> None:
    actions.suspend_licence(licence=head.licence, period=SPRING, scopes=["V"], reason="x", decision="1", by=BY, at=AT)
    assert technical_head(head.facility, on=DAY) == head


def test_each_facility_and_the_person_are_told_of_a_suspension_once() -> None:
    licence = make_licence()
    places = [make_facility("01001"), make_facility("01002")]
    for place in places:
        make_registration(licence, place)
    make_registration(licence, make_facility("01003"), valid=Period(START, date(2025, 1, 1)))
    suspend(licence)
    told = Notice.objects.filter(en__contains="is suspended")
    assert sorted(told.exclude(facility_id=None).values_list("facility_id", flat=True)) == sorted(p.pk for p in places)
    assert told.filter(practitioner_id=licence.practitioner_id).count() == 1


def test_suspension_may_begin_in_the_past_and_end_in_the_past() -> None:
    licence = make_licence()
    suspend(licence, Period(date(2025, 1, 1), date(2025, 6, 1)))
    assert licence_state(licence, on=date(2025, 3, 1)).code == "SUSPENDED"
    assert licence_state(licence, on=DAY).code == "ACTIVE"


def test_suspension_before_the_licence_is_refused() -> None:
    with pytest.raises(errors.PeriodBeforeLicence):
        suspend(make_licence(), Period(date(2023, 6, 1), date(2024, 6, 1)))


def test_suspension_lifted_early_ends_that_day_and_is_told() -> None:
    licence = make_licence()
    make_registration(licence, make_facility())
    suspension = actions.lift_suspension(
        suspension=suspend(licence), ends_on=date(2026, 4, 1), reason="appeal", decision="50/QĐ", by=BY, at=AT
    )
    assert (suspension.period.upper, suspension.lift_decision) == (date(2026, 4, 1), "50/QĐ")
    assert licence_state(licence, on=date(2026, 4, 1)).code == "ACTIVE"
    assert Notice.objects.filter(en__contains="suspension of").count() == 2


def test_return_to_practice_is_recorded_with_its_evidence() -> None:
    evidence = new_id()
    suspension = actions.confirm_return(
        suspension=suspend(make_licence()), returned_on=date(2026, 6, 1), evidence=evidence, by=BY, at=AT
    )
    assert (suspension.returned_on, suspension.return_evidence) == (date(2026, 6, 1), evidence)


def test_revocation_is_told_to_the_facilities_and_leaves_no_head(head: PracticeRegistration) -> None:
    actions.revoke_licence(licence=head.licence, effective_on=date(2026, 3, 1), reason="x", decision="9", by=BY, at=AT)
    assert technical_head(head.facility, on=DAY) is None
    assert Notice.objects.filter(facility_id=head.facility_id, en__contains="is revoked").count() == 1
    assert Notice.objects.filter(province_code="01").count() == 1


def test_ban_ends_by_decision() -> None:
    licence = make_licence()
    held = ban(licence, Period(date(2026, 3, 1)))
    assert licence_state(licence, on=DAY).may_practise is False
    actions.end_ban(ban=held, ends_on=date(2026, 4, 1), reason="x", decision="8/TA", by=BY, at=AT)  # type: ignore[arg-type]
    assert licence_state(licence, on=date(2026, 4, 1)).may_practise is True


def test_person_is_banned_once_at_a_time() -> None:
    licence = make_licence()
    ban(licence)
    with pytest.raises(errors.BanOverlaps):
        ban(licence)


def test_record_of_a_banned_author_is_judged_like_one_of_a_suspended() -> None:
    licence, facility = make_licence(), make_facility()
    make_registration(licence, facility)
    ban(licence)
    facts = standing_facts("01001", [licence.number], Period(DAY, date(2026, 3, 3)))
    (author,) = facts.authors_in(licence.number)
    (reason,) = judge_author(author, facility_id=facility.pk, at=DAY, act=Act.PRESCRIBE).reasons
    assert (reason.kind.code, reason.values["decision"]) == ("YM-STA-AUTHOR-SUSPENDED", "7/TA")


def test_record_is_judged_by_what_the_licence_said_on_its_day() -> None:
    licence, facility = make_licence(), make_facility()
    make_registration(licence, facility)
    actions.change_licence(
        licence=licence, effective_on=DAY, title="c", scopes=["XII"], reason="x", decision="3", by=BY, at=AT
    )
    for day, codes in ((date(2026, 3, 1), []), (DAY, ["YM-STA-AUTHOR-OUT-OF-SCOPE"])):
        facts = standing_facts("01001", [licence.number], Period(day, date(2026, 3, 3)))
        (author,) = facts.authors_in(licence.number)
        verdict = judge_author(author, facility_id=facility.pk, at=day, act=Act.PRESCRIBE)
        assert [one.kind.code for one in verdict.reasons] == codes


def test_records_may_be_signed_under_every_number_the_person_held() -> None:
    old = make_licence("001/HCM-CCHN", valid=Period(START), generation=Licence.Generation.CERTIFICATE)
    actions.convert_licence(
        decision="1/QĐ",
        decided_on=date(2025, 1, 3),
        certificate=old,
        number="001/HCM-GPHN",
        issuer="Sở Y tế",
        issued_on=date(2026, 1, 5),
        by=BY,
        at=AT,
    )
    assert author_keys(old.practitioner) == ("001/HCM-CCHN", "001/HCM-GPHN")


def insert(registration: PracticeRegistration, **changes: object) -> None:
    """A row past the actions."""
    row = {
        "licence_id": registration.licence_id,
        "practitioner_id": registration.practitioner_id,
        "valid": "[2026-03-02,)",
    }
    row |= changes
    statement = """
        INSERT INTO practitioners_registration (id, practitioner_id, facility_id, licence_id, position, department,
          scopes, is_technical_head, valid, schedule)
        VALUES (%s, %s, %s, %s, '', '', '{}', false, %s, '{[1,2)}')"""
    with attributed(by=BY, reason="x", at=AT), connection.cursor() as cursor:
        place = registration.facility_id
        values = [new_id(), row["practitioner_id"], place, row["licence_id"], row["valid"]]
        cursor.execute(statement, values)


def test_database_refuses_a_registration_under_somebody_elses_licence() -> None:
    registration = make_registration(make_licence(), make_facility())
    with pytest.raises(IntegrityError, match="somebody else"):
        insert(registration, practitioner_id=make_licence().practitioner_id)


def test_database_refuses_a_registration_that_begins_outside_its_licence() -> None:
    registration = make_registration(make_licence(), make_facility())
    with pytest.raises(IntegrityError, match="outside its licence"):
        insert(registration, valid="[2029-01-01,)")


@pytest.mark.parametrize("stop", [suspend, ban])
def test_database_refuses_a_registration_that_begins_while_stopped(stop: object) -> None:
    registration = make_registration(make_licence(), make_facility())
    stop(registration.licence)  # type: ignore[operator]
    with pytest.raises(IntegrityError, match="may not practise"):
        insert(registration)


def test_database_refuses_a_licence_of_a_minor() -> None:
    licence = make_licence()
    with pytest.raises(IntegrityError, match="age of 18"), attributed(by=BY, reason="x", at=AT):
        Licence.objects.create(
            practitioner=licence.practitioner,
            generation="licence",
            number="7/GPHN",
            number_key="7/GPHN",
            title="a",
            issuer="Bộ Y tế",
            issued_on=date(2003, 5, 16),
            valid="[2003-05-16,2004-01-01)",
        )


def test_database_refuses_a_head_who_is_not_full_time() -> None:
    registration = make_registration(make_licence(), make_facility())
    with pytest.raises(IntegrityError, match="full_time"), attributed(by=BY, reason="x", at=AT):
        PracticeRegistration.objects.filter(pk=registration.pk).update(is_technical_head=True, is_full_time=False)
