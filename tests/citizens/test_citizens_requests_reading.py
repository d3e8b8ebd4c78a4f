"""What a person restricts or objects to is kept from the very next reading, save where the law lets nobody object."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.factories import make_facility
from tests.support.patients import NOW, doctor, make_patient, make_record, make_referral
from tests.support.people import account_of, make_person, make_proxy

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed
from ymach.citizens.requests import actions
from ymach.citizens.requests.actions import About, Scope
from ymach.citizens.requests.rules import Kind
from ymach.consent.rules import Basis, Purpose
from ymach.exchange.reading import gate
from ymach.exchange.reading.emergencies import Terms, open_emergency
from ymach.exchange.reading.errors import ReadingRefused
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def patient() -> UUID:
    """Somebody with a record at one facility, referred to another."""
    patient, sender = make_patient(), make_facility("01001")
    make_record(patient, sender)
    make_referral(patient, sender, make_facility("48001", province_code="48"))
    return patient


def here() -> Facility:
    return Facility.objects.get(code="48001")


def oneself(patient: UUID) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.CITIZEN])
    return Actor(ActorKind.USER, "patient", "Người bệnh", (Grant(Role.CITIZEN.value, words, citizen_id=patient),))


def restrict(patient: UUID, kind: Kind, scope: Scope) -> UUID:
    by, about = oneself(patient), About(province_code="48")
    return actions.ask(citizen_id=patient, kind=kind, words="", about=about, scope=scope, by=by, at=NOW).id


def read(patient: UUID) -> Basis | None:
    opened = gate.read(patient, purpose=Purpose.TREATMENT, part="summary", by=doctor(here()), at=LATER)
    return opened.decision.basis


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (Kind.RESTRICT, Scope()),
        (Kind.OBJECT, Scope(purposes=frozenset({Purpose.TREATMENT.value}))),
    ],
)
def test_a_referral_opens_nothing_any_more_until_it_is_lifted(patient: UUID, kind: Kind, scope: Scope) -> None:
    assert read(patient) is Basis.REFERRAL
    key = restrict(patient, kind, scope)
    with pytest.raises(ReadingRefused):
        read(patient)
    actions.lift(citizen_id=patient, request_id=key, by=oneself(patient), at=LATER)
    assert read(patient) is Basis.REFERRAL


def test_only_who_was_named_is_kept_out(patient: UUID) -> None:
    restrict(patient, Kind.RESTRICT, Scope(readers=frozenset({make_facility("79001", province_code="79").id})))
    assert read(patient) is Basis.REFERRAL
    restrict(patient, Kind.OBJECT, Scope(purposes=frozenset({Purpose.RESEARCH.value})))
    assert read(patient) is Basis.REFERRAL


def test_an_emergency_reads_all_the_same(patient: UUID) -> None:
    restrict(patient, Kind.RESTRICT, Scope())
    open_emergency(
        citizen_id=patient,
        kind="unconscious",
        reason="Bất tỉnh, không có người nhà",
        terms=Terms(),
        by=doctor(here()),
        at=NOW,
    )
    assert read(patient) is Basis.EMERGENCY


def test_a_parent_asks_for_the_child_and_no_longer_when_the_child_is_grown() -> None:
    mother, child = make_person("Lê Thị Mai"), make_person("Lê Văn Con", born=(2016, 7, 1))
    make_proxy(child, mother)
    about, by = About(province_code="01"), account_of(mother)
    asked = actions.ask(citizen_id=child.citizen_id, kind=Kind.OBTAIN, words="", about=about, by=by, at=NOW)
    assert asked.proxy_id == mother.citizen_id
    grown = NOW + timedelta(days=10 * 366)
    with pytest.raises(NotAllowed):
        actions.withdraw(citizen_id=child.citizen_id, request_id=asked.id, by=by, at=grown)
