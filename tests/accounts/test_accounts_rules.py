"""Who manages whom, what may be lent: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from ymach.accounts.rules import (
    NOWHERE,
    Home,
    Limits,
    invitable_roles,
    is_term_allowed,
    lendable_words,
    longest_end,
    manages,
    may_invite,
    same_number,
    words_given,
)
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.ids import new_id

OURS, THEIRS = new_id(), new_id()
HERE = Home("40", frozenset({OURS}))


def actor(role: Role, **limits: object) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, str(new_id()), "Ai", (Grant(role.value, words, **limits),))  # type: ignore[arg-type]


MINISTRY, AUDITOR = actor(Role.MINISTRY), actor(Role.AUDITOR)
ADMIN, OFFICER = actor(Role.DEPARTMENT_ADMIN, province_code="40"), actor(Role.DEPARTMENT, province_code="40")
FACILITY = actor(Role.FACILITY, facility_id=OURS)
PERSON = new_id()


@pytest.mark.parametrize(
    ("by", "limits", "home", "allowed"),
    [
        (MINISTRY, Limits(Role.DEPARTMENT_ADMIN, province_code="01"), NOWHERE, True),
        (MINISTRY, Limits(Role.AUDITOR), NOWHERE, True),
        (MINISTRY, Limits(Role.FACILITY, facility_id=OURS), HERE, False),
        (MINISTRY, Limits(Role.CITIZEN, citizen_id=PERSON), NOWHERE, False),
        (ADMIN, Limits(Role.DEPARTMENT, province_code="40"), NOWHERE, True),
        (ADMIN, Limits(Role.DEPARTMENT, province_code="01"), NOWHERE, False),
        (ADMIN, Limits(Role.FACILITY, facility_id=OURS), HERE, True),
        (ADMIN, Limits(Role.FACILITY, facility_id=THEIRS), Home("01"), False),
        (ADMIN, Limits(Role.FACILITY, facility_id=OURS), NOWHERE, False),
        (ADMIN, Limits(Role.PRACTITIONER, practitioner_id=PERSON), HERE, True),
        (ADMIN, Limits(Role.MINISTRY), NOWHERE, False),
        (FACILITY, Limits(Role.FACILITY, facility_id=OURS), HERE, True),
        (FACILITY, Limits(Role.FACILITY, facility_id=THEIRS), HERE, False),
        (FACILITY, Limits(Role.DEPARTMENT, province_code="40"), NOWHERE, False),
        (FACILITY, Limits(Role.PRACTITIONER, practitioner_id=PERSON), HERE, False),
        (OFFICER, Limits(Role.DEPARTMENT, province_code="40"), NOWHERE, False),
        (AUDITOR, Limits(Role.AUDITOR), NOWHERE, False),
    ],
)
def test_every_unit_manages_its_own_accounts_only(by: Actor, limits: Limits, home: Home, allowed: bool) -> None:
    assert manages(by, limits, home) is allowed


def test_a_facility_invites_the_practitioners_registered_with_it_and_no_others() -> None:
    offer = Limits(Role.PRACTITIONER, practitioner_id=PERSON)
    assert may_invite(FACILITY, offer, HERE)
    assert not may_invite(FACILITY, offer, Home("40", frozenset({THEIRS})))
    assert not may_invite(FACILITY, offer, NOWHERE)


def test_a_command_of_the_operator_may_invite_the_first_account() -> None:
    assert may_invite(command("account"), Limits(Role.MINISTRY))


def lent(by: Actor) -> Actor:
    return replace(by, grants=tuple(replace(grant, is_lent=True) for grant in by.grants))


@pytest.mark.parametrize(
    ("by", "limits", "home", "allowed"),
    [
        (MINISTRY, Limits(Role.MINISTRY), NOWHERE, False),
        (MINISTRY, Limits(Role.DEPARTMENT_ADMIN, province_code="01"), NOWHERE, False),
        (MINISTRY, Limits(Role.DEPARTMENT, province_code="01"), NOWHERE, True),
        (MINISTRY, Limits(Role.AUDITOR), NOWHERE, True),
        (ADMIN, Limits(Role.DEPARTMENT_ADMIN, province_code="40"), NOWHERE, False),
        (ADMIN, Limits(Role.DEPARTMENT, province_code="40"), NOWHERE, True),
        (ADMIN, Limits(Role.PRACTITIONER, practitioner_id=PERSON), HERE, True),
        (FACILITY, Limits(Role.FACILITY, facility_id=OURS), HERE, True),
    ],
)
def test_a_delegate_manages_colleagues_and_no_administrators(
    by: Actor, limits: Limits, home: Home, allowed: bool
) -> None:
    assert manages(lent(by), limits, home) is allowed
    assert may_invite(lent(by), limits, home) is allowed
    assert (limits.role in invitable_roles(lent(by))) is allowed


@pytest.mark.parametrize(
    ("by", "limits"),
    [(FACILITY, Limits(Role.FACILITY, facility_id=OURS)), (ADMIN, Limits(Role.FACILITY, facility_id=OURS))],
)
def test_whom_a_delegate_invites_manages_no_accounts(by: Actor, limits: Limits) -> None:
    words = words_given(lent(by), limits, HERE)
    assert words is not None
    assert Permission.ACCOUNT_MANAGE not in words
    assert words_given(by, limits, HERE) is None


def test_who_manages_in_their_own_right_too_offers_the_whole_role() -> None:
    both = replace(FACILITY, grants=(*lent(FACILITY).grants, *FACILITY.grants))
    assert words_given(both, Limits(Role.FACILITY, facility_id=OURS), HERE) is None


@pytest.mark.parametrize("by", [OFFICER, AUDITOR, actor(Role.PRACTITIONER, practitioner_id=PERSON)])
def test_who_does_not_manage_accounts_may_invite_nobody(by: Actor) -> None:
    assert invitable_roles(by) == []


def test_the_officer_of_a_department_no_longer_manages_accounts_and_its_administrator_does() -> None:
    assert Permission.ACCOUNT_MANAGE not in ROLE_PERMISSIONS[Role.DEPARTMENT]
    assert ROLE_PERMISSIONS[Role.DEPARTMENT_ADMIN] == ROLE_PERMISSIONS[Role.DEPARTMENT] | {Permission.ACCOUNT_MANAGE}


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.DEPARTMENT},
        {"role": Role.MINISTRY, "province_code": "40"},
        {"role": Role.FACILITY, "facility_id": OURS, "province_code": "40"},
        {"role": Role.PRACTITIONER, "facility_id": OURS},
    ],
)
def test_a_role_is_limited_by_what_it_demands_and_nothing_else(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="limited by"):
        Limits(**fields)  # type: ignore[arg-type]


@given(st.sampled_from(Role), st.sets(st.sampled_from([word.value for word in Permission])))
def test_nobody_can_lend_more_than_the_part_of_the_role_they_hold(role: Role, words: set[str]) -> None:
    assert lendable_words(role, words) <= words & {word.value for word in ROLE_PERMISSIONS[role]}


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.CITIZEN, Role.FACILITY_MACHINE])
def test_the_role_of_a_person_or_a_machine_is_not_lent(role: Role) -> None:
    assert not lendable_words(role, None)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(-10, 800))
def test_a_delegation_never_lasts_longer_than_twelve_months(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    allowed = is_term_allowed(start, end, today=start)
    assert allowed == (days > 0 and end <= longest_end(start))
    assert not allowed or days <= 366


def test_a_delegation_from_the_last_day_of_february_ends_a_year_later() -> None:
    assert longest_end(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_delegation_does_not_begin_in_the_past() -> None:
    assert not is_term_allowed(date(2026, 3, 1), date(2026, 4, 1), today=date(2026, 3, 2))


def test_a_personal_number_may_be_typed_with_spaces() -> None:
    assert same_number("079 204 001 234", "079204001234")


@pytest.mark.parametrize("stated", ["", "079204001235", "07920400123", "०७९204001234", "079204001234\x00"])
def test_another_number_is_not_the_registered_one(stated: str) -> None:
    assert not same_number(stated, "079204001234")


def test_where_the_registry_has_no_number_nothing_matches_it() -> None:
    assert not same_number("", "")
