from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from tests.support.factories import AT, make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.facilities.models import Facility
from ymach.practitioners import actions
from ymach.practitioners.models import Licence

pytestmark = pytest.mark.django_db

MARCH = Period(date(2026, 3, 1), date(2026, 6, 1))


def actor(role: Role, **limits: object) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, "u", "U", (Grant(role.value, words, **limits),))  # type: ignore[arg-type]


@pytest.fixture
def licence() -> Licence:
    """Issued by province 79, registered in province 01."""
    held = make_licence(issuer_province_code="79")
    make_registration(held, make_facility("01001", province_code="01"))
    return held


def suspend(licence: Licence, by: Actor) -> object:
    return actions.suspend_licence(licence=licence, period=MARCH, reason="x", decision="1", by=by, at=AT)


def revoke(licence: Licence, by: Actor) -> object:
    return actions.revoke_licence(
        licence=licence, effective_on=date(2026, 4, 1), reason="x", decision="1", by=by, at=AT
    )


def ban(licence: Licence, by: Actor) -> object:
    return actions.ban_practitioner(
        practitioner=licence.practitioner, period=MARCH, case="COURT_BAN", reason="x", decision="1", by=by, at=AT
    )


def change(licence: Licence, by: Actor) -> object:
    return actions.change_licence(
        licence=licence, effective_on=date(2026, 3, 1), scopes=["VIII"], reason="x", decision="1", by=by, at=AT
    )


def correct(licence: Licence, by: Actor) -> object:
    return actions.correct_identity(practitioner=licence.practitioner, reason="x", full_name="An", by=by, at=AT)


def register(licence: Licence, by: Actor) -> object:
    facility = Facility.objects.filter(code="01009").first() or make_facility("01009", province_code="01")
    return actions.register_practice(
        practitioner=licence.practitioner, facility=facility, licence=licence, by=by, at=AT
    )


DECISIONS = [suspend, revoke, ban, change, correct]
Decision = Callable[[Licence, Actor], object]


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize("province_code", ["79", "01"])
def test_department_that_licensed_or_where_the_person_works_decides(
    licence: Licence, decide: Decision, province_code: str
) -> None:
    assert decide(licence, actor(Role.DEPARTMENT, province_code=province_code))


@pytest.mark.parametrize("decide", [*DECISIONS, register])
def test_department_of_another_province_does_not_decide(licence: Licence, decide: Decision) -> None:
    with pytest.raises(NotAllowed):
        decide(licence, actor(Role.DEPARTMENT, province_code="48"))


@pytest.mark.parametrize("decide", [*DECISIONS, register])
def test_person_and_facility_never_decide_about_themselves(licence: Licence, decide: Decision) -> None:
    registration = licence.registrations.get()
    for by in (
        actor(Role.PRACTITIONER, practitioner_id=licence.practitioner_id),
        actor(Role.FACILITY, facility_id=registration.facility_id),
        actor(Role.MINISTRY),
    ):
        with pytest.raises(NotAllowed):
            decide(licence, by)


def test_registration_is_decided_where_the_facility_lies(licence: Licence) -> None:
    with pytest.raises(NotAllowed):
        register(licence, actor(Role.DEPARTMENT, province_code="79"))


def test_department_grants_in_its_own_name_alone() -> None:
    person = make_practitioner()
    granted = {"number": "9/GPHN", "title": "a", "issuer": "Sở Y tế", "issued_on": date(2026, 1, 1), "at": AT}
    granted |= {"decision": "1/QĐ-SYT", "decided_on": date(2025, 12, 31)}
    by = actor(Role.DEPARTMENT, province_code="01")
    with pytest.raises(NotAllowed):
        actions.grant_licence(practitioner=person, issuer_province_code="79", by=by, **granted)  # type: ignore[arg-type]
    assert actions.grant_licence(practitioner=person, issuer_province_code="01", by=by, **granted)  # type: ignore[arg-type]


def test_person_edits_their_own_contact_and_nobody_elses(licence: Licence) -> None:
    by = actor(Role.PRACTITIONER, practitioner_id=licence.practitioner_id)
    edited = actions.edit_contact(practitioner=licence.practitioner, phone="0912 345 678", email="a@b.vn", by=by, at=AT)
    assert (edited.phone, edited.email) == ("0912 345 678", "a@b.vn")
    with pytest.raises(NotAllowed):
        actions.edit_contact(practitioner=make_practitioner(), phone="", email="", by=by, at=AT)


def test_profile_is_confirmed_by_the_person_alone(licence: Licence) -> None:
    person = licence.practitioner
    confirmed = actions.confirm_profile(
        practitioner=person, by=actor(Role.PRACTITIONER, practitioner_id=person.pk), at=AT
    )
    assert (confirmed.confirmed_at, confirmed.confirmed_by) == (AT, "user:u")
    with pytest.raises(NotAllowed):
        actions.confirm_profile(practitioner=person, by=actor(Role.DEPARTMENT, province_code="01"), at=AT)


def test_facility_says_itself_that_somebody_left(licence: Licence) -> None:
    registration = licence.registrations.get()
    ended = {"registration": registration, "ends_on": date(2026, 4, 1), "reason": "left", "at": AT}
    with pytest.raises(NotAllowed):
        actions.end_practice(by=actor(Role.FACILITY, facility_id=new_id()), **ended)
    assert actions.end_practice(by=actor(Role.FACILITY, facility_id=registration.facility_id), **ended)


def test_person_states_and_the_department_verifies(licence: Licence) -> None:
    own = actor(Role.PRACTITIONER, practitioner_id=licence.practitioner_id)
    activity = actions.add_cme(
        practitioner=licence.practitioner,
        provider="Đại học Y",
        topic="Cấp cứu",
        hours=Decimal("8"),
        on=date(2026, 1, 9),
        evidence=new_id(),
        by=own,
        at=AT,
    )
    with pytest.raises(NotAllowed):
        actions.verify_cme(activity=activity, by=own, at=AT)
    assert actions.verify_cme(activity=activity, by=actor(Role.DEPARTMENT, province_code="01"), at=AT).verified_at == AT
