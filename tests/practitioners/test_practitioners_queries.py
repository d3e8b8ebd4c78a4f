from __future__ import annotations

from datetime import date

import pytest
from tests.support.factories import AT, BY, make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import SYSTEM, Actor, ActorKind, Grant
from ymach.base.ids import new_id
from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.practitioners import bulk
from ymach.practitioners.models import LicenceRevocation, LicenceSuspension, PracticeRegistration, Practitioner
from ymach.practitioners.queries import find_practitioner_by_licence, visible_to

pytestmark = pytest.mark.django_db


def actor(role: Role, **limits: object) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, "u", "U", (Grant(role.value, words, **limits),))  # type: ignore[arg-type]


@pytest.fixture
def people() -> tuple[Practitioner, Practitioner]:
    """One who works in province 01, one whom province 79 licensed."""
    here = make_licence()
    make_registration(here, make_facility("01001", province_code="01"))
    return here.practitioner, make_licence(issuer_province_code="79").practitioner


def test_ministry_sees_everybody(people: tuple[Practitioner, Practitioner]) -> None:
    assert set(visible_to(actor(Role.MINISTRY))) == set(people)


def test_department_sees_who_works_in_its_province_or_was_licensed_by_it(
    people: tuple[Practitioner, Practitioner],
) -> None:
    assert list(visible_to(actor(Role.DEPARTMENT, province_code="01"))) == [people[0]]
    assert list(visible_to(actor(Role.DEPARTMENT, province_code="79"))) == [people[1]]


def test_facility_sees_those_registered_with_it(people: tuple[Practitioner, Practitioner]) -> None:
    facility_id = people[0].registrations.get().facility_id
    assert list(visible_to(actor(Role.FACILITY, facility_id=facility_id))) == [people[0]]
    assert not visible_to(actor(Role.FACILITY, facility_id=make_facility("01002").pk)).exists()


def test_practitioner_sees_themselves(people: tuple[Practitioner, Practitioner]) -> None:
    assert list(visible_to(actor(Role.PRACTITIONER, practitioner_id=people[1].pk))) == [people[1]]


def test_citizen_and_actor_without_grants_see_nobody(people: tuple[Practitioner, Practitioner]) -> None:
    assert not visible_to(actor(Role.CITIZEN, citizen_id=people[0].pk)).exists()
    assert not visible_to(SYSTEM).exists()


def test_practitioner_is_found_by_licence_however_it_is_written() -> None:
    licence = make_licence("000123/HCM-GPHN")
    assert find_practitioner_by_licence(" 000123 / hcm-gphn") == licence.practitioner
    assert find_practitioner_by_licence("000124/HCM-GPHN") is None


def new_person(facility_id: object, number: str = "000001/BYT-GPHN") -> bulk.NewPractitioner:
    registration = bulk.NewRegistration(
        facility_id,
        Period(date(2024, 1, 1)),
        parse_schedule("T2: 07:00 đến 16:30"),  # type: ignore[arg-type]
    )
    licence = bulk.NewLicence(
        number,
        "a",
        ("V", "IX"),
        "Bộ Y tế",
        date(2024, 1, 1),
        Period(date(2024, 1, 1), date(2026, 4, 1)),
        registrations=(registration,),
        suspensions=(bulk.NewSuspension(Period(date(2025, 1, 1), date(2025, 3, 1)), "council", "1/QĐ"),),
        revocation=bulk.NewRevocation(date(2026, 4, 1), "forged", "2/QĐ"),
    )
    return bulk.NewPractitioner(new_id(), "079204001234", "Đặng Thị Hoà", date(1980, 1, 1), "2", (licence,))


def test_bulk_writes_the_same_rows_as_the_actions() -> None:
    facility = make_facility()
    assert bulk.copy_practitioners([new_person(facility.pk)], reason="import", by=BY, at=AT) == 1
    person = Practitioner.objects.get()
    one_by_one = make_practitioner("Đặng Thị Hoà")
    assert (person.name_folded, person.sort_key) == (one_by_one.name_folded, one_by_one.sort_key)
    assert person.licences.get().scopes == ["V", "IX"]
    assert PracticeRegistration.objects.get().schedule == parse_schedule("T2: 07:00 đến 16:30")
    assert LicenceSuspension.objects.get().part == "whole"
    assert LicenceRevocation.objects.get().effective_on == date(2026, 4, 1)
