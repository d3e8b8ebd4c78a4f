"""What a card shows and the link that opens it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.people import AT, BY, account_of, make_person, make_proxy

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.citizens.emergency_cards import actions
from ymach.citizens.emergency_cards.errors import CardOff, ContactIncomplete, NothingShown, PhoneWrong
from ymach.citizens.emergency_cards.models import EmergencyCard
from ymach.citizens.emergency_cards.queries import Card, card_behind, card_of
from ymach.citizens.emergency_cards.rules import Choice, Line, choice_from, is_phone, new_token, ticked
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.actions import end
from ymach.citizens.proxies.rules import Proxy
from ymach.notices.models import Notice

SHOWN = Choice(frozenset({"name", "allergy:penicillin"}), "Trần Văn Con", "con trai", "0912 345 678")
TODAY = vietnam_day(now())
keys = st.text(min_size=1, max_size=12)
lines = st.lists(st.builds(Line, st.sampled_from(["allergy", "condition", "medicine"]), keys, keys), max_size=8)


@given(lines, st.frozensets(keys))
def test_only_what_is_ticked_is_shown_and_the_grave_first(held: list[Line], shown: frozenset[str]) -> None:
    choice = Choice(shown | {line.key for line in held[::2]})
    found = ticked(held, choice)
    assert all(line.key in choice.shown for line in found)
    assert [line.is_grave for line in found] == sorted((line.is_grave for line in found), reverse=True)


@given(st.frozensets(keys), keys, keys)
def test_a_choice_is_kept_whole(shown: frozenset[str], name: str, phone: str) -> None:
    choice = Choice(shown, name, "", phone)
    assert choice_from(choice.as_json()) == choice


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        *(("0912 345 678", True), ("+84912345678", True), ("024.3825.1234", True), ("115", True)),
        *(("12", False), ("912345678", False), ("0912345678901", False), ("0912a45678", False), ("", False)),
    ],
)
def test_a_telephone_can_be_dialled(phone: str, expected: bool) -> None:
    assert is_phone(phone) is expected


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        (Choice(), NothingShown),
        (Choice(frozenset({"name"}), contact_name="Con"), ContactIncomplete),
        (Choice(frozenset({"name"}), contact_phone="0912345678"), ContactIncomplete),
        (Choice(frozenset({"name"}), "Con", "", "12"), PhoneWrong),
    ],
)
def test_a_card_that_helps_nobody_is_refused(choice: Choice, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.checked(choice)


def test_links_are_long_and_never_the_same() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) == 24


@pytest.mark.django_db
def test_a_card_that_is_changed_keeps_its_link_and_one_that_is_renewed_does_not() -> None:
    citizen, at = new_id(), now()
    first = actions.switch_on(citizen_id=citizen, choice=SHOWN, by=SYSTEM, at=at)
    changed = actions.switch_on(citizen_id=citizen, choice=Choice(frozenset({"name"})), by=SYSTEM, at=at)
    assert (changed.token, card_behind(first.token, on=TODAY).choice.shown) == (first.token, frozenset({"name"}))
    renewed = actions.renew(citizen_id=citizen, by=SYSTEM, at=at + timedelta(minutes=1))
    assert renewed is not None
    assert card_behind(renewed.token, on=TODAY).citizen_id == citizen
    with pytest.raises(CardOff):
        card_behind(first.token, on=TODAY)


@pytest.mark.django_db
def test_a_card_that_is_off_opens_nothing_and_keeps_nothing() -> None:
    citizen, at = new_id(), now()
    card = actions.switch_on(citizen_id=citizen, choice=SHOWN, by=SYSTEM, at=at)
    assert actions.switch_off(citizen_id=citizen, by=SYSTEM, at=at)
    assert not actions.switch_off(citizen_id=citizen, by=SYSTEM, at=at)
    assert card_of(citizen, on=TODAY) is None
    assert bytes(EmergencyCard.objects.get(citizen_id=citizen).sealed) == b""
    with pytest.raises(CardOff):
        card_behind(card.token, on=TODAY)


@pytest.mark.django_db
def test_neither_the_link_nor_the_contact_can_be_read_from_the_database() -> None:
    card = actions.switch_on(citizen_id=new_id(), choice=SHOWN, by=SYSTEM, at=now())
    row = EmergencyCard.objects.get(citizen_id=card.citizen_id)
    kept = bytes(row.sealed) + row.digest.encode()
    assert card.token.encode() not in kept
    assert b"0912345678" not in kept


@pytest.mark.django_db
def test_every_step_of_a_card_is_told_to_its_owner() -> None:
    citizen = new_id()
    card = actions.switch_on(citizen_id=citizen, choice=SHOWN, by=SYSTEM, at=now())
    actions.note_opening(card, at=now())
    actions.switch_off(citizen_id=citizen, by=SYSTEM, at=now())
    told = AuditEvent.objects.filter(citizen_id=citizen).order_by("number").values_list("action", flat=True)
    assert list(told) == ["emergency-card:on", "emergency-card:opened", "emergency-card:off"]


@pytest.fixture
def mothers_card(db: None) -> tuple[Proxy, Card]:
    """A card of a child born on 9 March 2018, switched on by the mother."""
    child = make_person("Trần Minh An", born=(2018, 3, 9))
    mother = make_proxy(child, make_person())
    card = actions.switch_on(citizen_id=child.pk, choice=SHOWN, by=BY, at=AT, proxy_row_id=mother.id)
    return mother, card


def test_a_card_that_a_proxy_switched_on_ends_with_the_proxy_and_the_person_is_told(
    mothers_card: tuple[Proxy, Card],
) -> None:
    mother, card = mothers_card
    user = create_user(username="an", full_name="Trần Minh An", password=None, by=SYSTEM, at=AT)
    grant_role(user=user, role=Role.CITIZEN, citizen_id=card.citizen_id, by=SYSTEM, at=AT)
    assert actions.end_with_proxies(at=AT) == {"cards ended": 0}
    end(subject_id=mother.subject_id, proxy_row_id=mother.id, reason="Hết giám hộ", by=BY, at=AT)
    with pytest.raises(CardOff):
        card_behind(card.token, on=vietnam_day(AT))
    assert [actions.end_with_proxies(at=AT)["cards ended"] for _ in range(2)] == [1, 0]
    assert bytes(EmergencyCard.objects.get().sealed) == b""
    assert Notice.objects.filter(user_id=user.pk, link="/records/card").count() == 1
    assert AuditEvent.objects.filter(action="emergency-card:ended", citizen_id=card.citizen_id).count() == 1


def test_a_childs_card_ends_on_the_day_the_child_comes_of_age(mothers_card: tuple[Proxy, Card]) -> None:
    _, card = mothers_card
    assert card_behind(card.token, on=date(2036, 3, 8)) == card
    assert card_of(card.citizen_id, on=date(2036, 3, 9)) is None


def test_a_card_that_the_person_has_changed_is_the_persons_own(mothers_card: tuple[Proxy, Card]) -> None:
    mother, card = mothers_card
    child = Citizen.objects.get(pk=card.citizen_id)
    again = actions.switch_on(citizen_id=child.pk, choice=SHOWN, by=BY, at=AT, proxy_row_id=new_id())
    own = actions.switch_on(citizen_id=child.pk, choice=SHOWN, by=account_of(child), at=AT)
    later = actions.switch_on(citizen_id=child.pk, choice=SHOWN, by=BY, at=AT, proxy_row_id=mother.id)
    assert (again.proxy_row_id, own.proxy_row_id, later.proxy_row_id) == (mother.id, None, None)
    assert card_behind(card.token, on=date(2040, 1, 1)).choice == card.choice
