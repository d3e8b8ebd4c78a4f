"""Making accounts, giving and ending roles, suspending and restoring. All are recorded in the history.

Arguments that repeat: `by`, the actor; `at`, aware; `homes`, where the facilities and practitioners of the memberships
concerned belong, by their id (this part knows no registry; a missing one belongs nowhere).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from ymach.accounts import errors
from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Role
from ymach.accounts.queries import administrators, in_force, limits_of
from ymach.accounts.rules import DEPARTMENTS, NOWHERE, Home, is_term_allowed, lendable_words, manages
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id

Homes = Mapping[UUID, Home]


def create_user(
    *,
    username: str,
    full_name: str,
    password: str | None,
    by: Actor,
    at: datetime,
    email: str = "",
    key: UUID | None = None,
    hashed: str = "",
) -> User:
    """A new account without any role. Without a password it cannot sign in with one. key: its id, if it is known.

    hashed: its password as it is kept, for who makes many accounts with the same one and hashes it once.
    """
    user = User(
        id=key or new_id(), username=username.strip().casefold(), full_name=full_name, email=email, created_at=at
    )
    if hashed:
        user.password = hashed
    else:
        user.set_password(password)
    with attributed(by=by, reason="account created", at=at):
        user.save(force_insert=True)
    return user


def check_password_strength(password: str, user: User | None = None) -> None:
    """Raise PasswordWeak unless the password may be used."""
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise errors.PasswordWeak(field="password") from refusal


def grant_role(
    *,
    user: User,
    role: Role,
    by: Actor,
    at: datetime,
    province_code: str | None = None,
    facility_id: UUID | None = None,
    practitioner_id: UUID | None = None,
    citizen_id: UUID | None = None,
    given_by: str = "",
    words: Collection[str] | None = None,
) -> Membership:
    """Give `user` a role from today (Viet Nam) on, limited as the role demands; the database checks the limit.

    given_by: who decided it, where that is not `by` (an invitation accepted). words: the part of the role; None: all.
    """
    with attributed(by=by, reason=f"role {role.value} granted", at=at):
        return Membership.objects.create(
            user=user,
            role=role.value,
            province_code=province_code,
            facility_id=facility_id,
            practitioner_id=practitioner_id,
            citizen_id=citizen_id,
            valid_from=vietnam_day(at),
            given_by=given_by or str(by),
            words=sorted(words) if words is not None else None,
        )


def suspend(*, user: User, reason: str, by: Actor, at: datetime, homes: Homes) -> None:
    """Stop an account at once: no sign-in, no session, nothing it lent counts. `reason` is kept and shown.

    Raises OutsideReach, HasOtherRoles (it also works for a unit that `by` does not manage), NotYourself, ReasonMissing,
    or LastAdministrator: a department, and the ministry, keep one administrator of their own.
    """
    why = _reason(reason)
    _not_oneself(user, by)
    with attributed(by=by, reason=f"account suspended: {why}", at=at):
        held = _locked_memberships(user, vietnam_day(at))
        _require_all(by, held, homes)
        for membership in held:
            _keep_an_administrator(membership, vietnam_day(at))
        _change(user, is_active=False, suspended_at=at, suspended_by=str(by), suspended_why=why, ends_sessions=True)


def restore(*, user: User, by: Actor, at: datetime, homes: Homes) -> None:
    """Let a suspended account sign in again. Sessions from before stay over.

    Raises OutsideReach, HasOtherRoles, or NotYourself.
    """
    _not_oneself(user, by)
    with attributed(by=by, reason="account restored", at=at):
        _require_all(by, _locked_memberships(user, vietnam_day(at)), homes)
        _change(user, is_active=True, suspended_at=None, suspended_by="", suspended_why="", ends_sessions=False)


def require_management(*, user: User, by: Actor, at: datetime, homes: Homes) -> None:
    """Raise unless `by` manages everything that the account `user` works for: OutsideReach, HasOtherRoles, NotYourself."""
    _not_oneself(user, by)
    _require_all(by, list(in_force(vietnam_day(at)).filter(user=user, delegated_from=None)), homes)


def end_membership(*, membership: Membership, reason: str, by: Actor, at: datetime, homes: Homes) -> None:
    """End one role at once; what was lent from it ends with it. A delegation may also be ended by who lent it.

    Raises OutsideReach, NotYourself, ReasonMissing, LastAdministrator.
    """
    why = _reason(reason)
    lender = membership.delegated_from.user_id if membership.delegated_from else None
    if str(lender) != by.key:
        _not_oneself(membership.user, by)
        if not manages(by, limits_of(membership), home_of(membership, homes)):
            raise errors.OutsideReach
    with attributed(by=by, reason=f"role ended: {why}", at=at):
        _lock_units([membership])
        _keep_an_administrator(membership, vietnam_day(at))
        chain = Membership.objects.filter(ended_at=None)
        for lent in (chain.filter(pk=membership.pk), chain.filter(delegated_from=membership)):
            lent.update(ended_at=at, ended_by=str(by), ended_why=why)


def delegate(
    *,
    membership: Membership,
    to: User,
    words: Collection[str] | None,
    start: date,
    end: date,
    by: Actor,
    at: datetime,
) -> Membership:
    """Lend a role that `by` holds, or the part of it that `words` names, from `start` until (not including) `end`.

    Days are those of Viet Nam. Raises DelegationTooMuch (not one's own, more than one holds, longer than one holds),
    DelegationAgain, DelegationTerm (over 12 months, in the past), NotColleagues.
    """
    today = vietnam_day(at)
    with attributed(by=by, reason="role lent", at=at):
        own = in_force(today).select_for_update(of=("self",)).filter(pk=membership.pk, user_id=by.key).first()
        if own is None:
            raise errors.DelegationTooMuch
        lent = _lendable(own, words)
        if not is_term_allowed(start, end, today=today):
            raise errors.DelegationTerm(field="end")
        if own.valid_to is not None and end > own.valid_to:
            raise errors.DelegationTooMuch(field="end")
        _require_colleague(own, to, today)
        return _lend(own, to, lent, start, end, by)


def home_of(membership: Membership, homes: Homes) -> Home:
    """Where a membership's facility or practitioner belongs."""
    key = membership.facility_id or membership.practitioner_id
    return homes.get(key, NOWHERE) if key else NOWHERE


def _lendable(own: Membership, words: Collection[str] | None) -> list[str] | None:
    if own.delegated_from_id is not None:
        raise errors.DelegationAgain
    held = lendable_words(Role(own.role), own.words)
    wanted = held if words is None else frozenset(words)
    if not wanted or not wanted <= held:
        raise errors.DelegationTooMuch(field="words")
    return None if words is None and own.words is None else sorted(wanted)


def _lend(own: Membership, to: User, words: list[str] | None, start: date, end: date, by: Actor) -> Membership:
    return Membership.objects.create(
        user=to,
        role=own.role,
        province_code=own.province_code,
        facility_id=own.facility_id,
        valid_from=start,
        valid_to=end,
        words=words,
        delegated_from=own,
        given_by=str(by),
    )


def _require_colleague(own: Membership, to: User, today: date) -> None:
    near = in_force(today).filter(user=to, province_code=own.province_code, facility_id=own.facility_id)
    if own.province_code is None and own.facility_id is None:
        near = near.filter(role=own.role)
    if not to.is_active or to.pk == own.user_id or not near.filter(delegated_from=None).exists():
        raise errors.NotColleagues(field="to")


def _require_all(by: Actor, held: Collection[Membership], homes: Homes) -> None:
    reached = [manages(by, limits_of(one), home_of(one, homes)) for one in held]
    if not any(reached):
        raise errors.OutsideReach
    if not all(reached):
        raise errors.HasOtherRoles


def _locked_memberships(user: User, today: date) -> list[Membership]:
    """What the user holds today in their own right, with everything that could make somebody the last administrator."""
    held = list(in_force(today).filter(user=user, delegated_from=None))
    _lock_units(held)
    User.objects.select_for_update().get(pk=user.pk)
    return held


def _lock_units(held: Collection[Membership]) -> None:
    """Two administrators who suspend each other at the same moment wait for each other here."""
    for one in sorted(held, key=lambda one: (one.role, one.province_code or "")):
        if one.role in {Role.DEPARTMENT_ADMIN.value, Role.MINISTRY.value}:
            rows = Membership.objects.filter(role=one.role, province_code=one.province_code).order_by("pk")
            list(rows.select_for_update().values_list("pk"))


def _keep_an_administrator(membership: Membership, today: date) -> None:
    role = Role(membership.role)
    if role not in {Role.DEPARTMENT_ADMIN, Role.MINISTRY} or membership.delegated_from_id:
        return
    unit = membership.province_code if role in DEPARTMENTS else None
    present = administrators(role, unit, on=today)
    if present.filter(pk=membership.pk).exists() and not present.exclude(user=membership.user).exists():
        raise errors.LastAdministrator


def _change(user: User, *, ends_sessions: bool, **values: object) -> None:
    for name, value in values.items():
        setattr(user, name, value)
    user.session_generation += ends_sessions
    with transaction.atomic():
        user.save(update_fields=[*values, "session_generation"])


def _reason(text: str) -> str:
    why = " ".join(text.split())[:500]
    if not why:
        raise errors.ReasonMissing(field="reason")
    return why


def _not_oneself(user: User, by: Actor) -> None:
    if str(user.pk) == by.key:
        raise errors.NotYourself
