"""The first sign-in of a citizen with VNeID: a book of their own, and never somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.accounts_signin.conftest import STRANGER

from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim, How, Identity
from ymach.citizens.links.levels import Level
from ymach.citizens.links.queries import level_of
from ymach.citizens.models import Citizen
from ymach.citizens.own_accounts import is_same
from ymach.clinical.person import PartialDate

pytestmark = pytest.mark.django_db
Answer = Callable[..., str]
BORN = date(1985, 5, 17)


def stated(name: str, birth: PartialDate) -> None:
    """Somebody of whom a facility has said this number."""
    number = STRANGER.personal_number
    claim = Claim(name, birth, None, number, None, new_id(), None, "x")
    settle([Identity(claim, How.NEW, None, (("personal-number", number),))], at=now())


def test_the_first_sign_in_opens_a_book_and_the_second_opens_the_same(client: Client, answer_for: Answer) -> None:
    client.get(answer_for(STRANGER))
    client.get(answer_for(STRANGER))
    held = Membership.objects.get(role=Role.CITIZEN.value)
    assert client.get("/records").status_code == 200
    assert level_of(held.citizen_id) is Level.VERIFIED
    assert AuditEvent.objects.filter(action="account:opened-by-vneid", citizen_id=held.citizen_id).count() == 1


def test_what_a_facility_stated_before_is_in_the_book(client: Client, answer_for: Answer) -> None:
    stated("Nguoi La", PartialDate(1985))
    client.get(answer_for(STRANGER))
    assert Membership.objects.get(role=Role.CITIZEN.value).citizen_id == Citizen.objects.get().citizen_id


def test_somebody_elses_book_under_the_number_stays_closed(client: Client, answer_for: Answer) -> None:
    stated("Trần Thị Khác", PartialDate(1960, 1, 1))
    answer = client.get(answer_for(STRANGER))
    assert "YM-VNEID-IDENTITY-DOUBT" in answer.content.decode()
    assert not User.objects.filter(memberships__role=Role.CITIZEN.value).exists()


def test_a_suspended_account_is_not_opened_by_another_door(client: Client, answer_for: Answer) -> None:
    client.get(answer_for(STRANGER))
    client.post("/sign-out")
    with attributed(by=SYSTEM, reason="test", at=now()):
        User.objects.update(is_active=False, suspended_at=now(), suspended_by="x", suspended_why="x")
    assert "YM-VNEID-NO-ACCOUNT" in client.get(answer_for(STRANGER)).content.decode()


@pytest.mark.parametrize(
    ("name", "parts", "born", "expected"),
    [
        ("nguyen van a", (1985, 5, 17), BORN, True),
        ("nguyen van a", (1985, None, None), BORN, True),
        ("nguyen van a", (None, None, None), BORN, True),
        ("nguyen van a", (1985, 5, 18), BORN, False),
        ("nguyen van a", (1984, None, None), BORN, False),
        ("nguyen van b", (1985, 5, 17), BORN, True),
        ("nguyen van b", (1985, None, None), BORN, False),
        ("nguyen van b", (None, None, None), BORN, False),
        ("nguyen van a", (1985, 5, 17), None, True),
        ("nguyen van b", (1985, 5, 17), None, False),
        ("nguyen van b", (None, None, None), None, False),
    ],
)
def test_an_identity_is_the_proven_person_only_when_nothing_speaks_against_it(
    name: str, parts: tuple[int | None, int | None, int | None], born: date | None, expected: bool
) -> None:
    year, month, day = parts
    kept = Citizen(name_folded=name, birth_year=year, birth_month=month, birth_day=day)
    assert is_same(kept, "nguyen van a", born) is expected
