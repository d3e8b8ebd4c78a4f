"""Who manages whose accounts, who may be invited, what may be lent. Plain functions.

ministry                 → ministry, auditors, departments
department administrator → its department; facilities and practitioners of its province
facility                 → its own accounts; it also invites the practitioners registered with it

Whoever holds the management of accounts by delegation manages colleagues with it, never administrators; whom they invite
manages no accounts. What is lent for a time makes no power that stays when the time is over, and is not lent further.
"""

from __future__ import annotations

import calendar
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from ymach.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from ymach.base.actors import Actor, ActorKind, Grant

INVITATION_LENGTH_BYTES = 32
MOST_WRONG_NUMBERS = 5
MOST_SENDS = 10
LONGEST_DELEGATION_MONTHS = 12

DEPARTMENTS = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_ADMIN})
MANAGES: dict[Role, frozenset[Role]] = {
    Role.MINISTRY: frozenset({Role.MINISTRY, Role.AUDITOR, *DEPARTMENTS}),
    Role.DEPARTMENT_ADMIN: frozenset({*DEPARTMENTS, Role.FACILITY, Role.PRACTITIONER}),
    Role.FACILITY: frozenset({Role.FACILITY}),
}
LIMITED_BY: dict[Role, str] = {
    Role.MINISTRY: "",
    Role.AUDITOR: "",
    Role.DEPARTMENT: "province_code",
    Role.DEPARTMENT_ADMIN: "province_code",
    Role.FACILITY: "facility_id",
    Role.FACILITY_MACHINE: "facility_id",
    Role.PRACTITIONER: "practitioner_id",
    Role.CITIZEN: "citizen_id",
}
ADMINISTRATORS = frozenset({Role.MINISTRY, Role.DEPARTMENT_ADMIN})
"""Roles of those who administer a unit: given, suspended and ended only by who manages in their own right."""
LENDABLE = frozenset({Role.MINISTRY, Role.AUDITOR, *DEPARTMENTS, Role.FACILITY})
"""A practitioner's and a citizen's role is their own person; it cannot be lent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A role and what it is limited to: just what the role demands. Raises ValueError otherwise."""

    role: Role
    province_code: str | None = None
    facility_id: UUID | None = None
    practitioner_id: UUID | None = None
    citizen_id: UUID | None = None

    def __post_init__(self) -> None:
        given = {name for name in LIMITED_BY.values() if name and getattr(self, name)}
        if given != {LIMITED_BY[self.role]} - {""}:
            message = f"the role {self.role.value} is limited by {LIMITED_BY[self.role] or 'nothing'}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the facility or practitioner of a role belongs: its province, and (practitioners) the facilities it is
    registered with. What is not known belongs nowhere, so nobody but the ministry's kind reaches it."""

    province_code: str | None = None
    facility_ids: frozenset[UUID] = field(default=frozenset())


NOWHERE = Home()


def manages(by: Actor, limits: Limits, home: Home = NOWHERE) -> bool:
    """Whether `by` may suspend, restore and end accounts with the role `limits`. Operators' commands may everything."""
    if by.kind is ActorKind.COMMAND:
        return True
    return any(limits.role in _managed_by(grant) and _reaches(grant, limits, home) for grant in by.grants)


def may_invite(by: Actor, limits: Limits, home: Home = NOWHERE) -> bool:
    """Whether `by` may offer the role `limits`: what it manages, and a facility also its registered practitioners."""
    if manages(by, limits, home):
        return True
    return limits.role is Role.PRACTITIONER and any(
        Role.FACILITY in _managed_by(grant) and grant.facility_id in home.facility_ids for grant in by.grants
    )


def words_given(by: Actor, limits: Limits, home: Home = NOWHERE) -> frozenset[str] | None:
    """The words of the role that an invitation by `by` carries; None: all of them.

    By delegation alone nobody makes another who manages accounts.
    """
    in_own_right = replace(by, grants=tuple(grant for grant in by.grants if not grant.is_lent))
    held = frozenset(word.value for word in ROLE_PERMISSIONS[limits.role])
    manage = Permission.ACCOUNT_MANAGE.value
    return None if manage not in held or may_invite(in_own_right, limits, home) else held - {manage}


def invitable_roles(by: Actor) -> list[Role]:
    """The roles `by` may offer to somebody, in the order of Role."""
    found = set[Role]().union(*(_managed_by(grant) for grant in by.grants))
    if Role.FACILITY in found:
        found.add(Role.PRACTITIONER)
    return [role for role in Role if role in found]


def lendable_words(role: Role, words: Iterable[str] | None) -> frozenset[str]:
    """The words a membership lets its holder lend; none for roles that are a person's own."""
    held = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    if role not in LENDABLE:
        return frozenset()
    return held if words is None else held & frozenset(words)


def longest_end(start: date) -> date:
    """The last day on which a delegation from `start` may end: the same day twelve months later."""
    year, month = divmod(start.month - 1 + LONGEST_DELEGATION_MONTHS, 12)
    last = calendar.monthrange(start.year + year, month + 1)[1]
    return date(start.year + year, month + 1, min(start.day, last))


def is_term_allowed(start: date, end: date, *, today: date) -> bool:
    """Whether a role may be lent from `start` until (not including) `end`."""
    return today <= start < end <= longest_end(start) and start - today <= timedelta(days=366)


def same_number(stated: str, registered: str) -> bool:
    """Whether the number stated is the one registered, compared in constant time. An empty registered number never is."""
    mine = re.sub(r"[\s.\-]", "", stated).upper().encode()
    return bool(registered) and hmac.compare_digest(mine, registered.upper().encode())


def _managed_by(grant: Grant) -> frozenset[Role]:
    if Permission.ACCOUNT_MANAGE.value not in grant.permissions:
        return frozenset()
    managed = MANAGES.get(Role(grant.role), frozenset())
    return managed - ADMINISTRATORS if grant.is_lent else managed


def _reaches(grant: Grant, limits: Limits, home: Home) -> bool:
    if grant.facility_id is not None:
        return limits.facility_id == grant.facility_id
    if grant.province_code is not None:
        place = limits.province_code if limits.role in DEPARTMENTS else home.province_code
        return place == grant.province_code
    return Role(grant.role) is Role.MINISTRY
