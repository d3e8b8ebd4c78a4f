"""Making accounts and giving roles. Both are recorded in the history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Role
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.history.attribution import attributed


def create_user(*, username: str, full_name: str, password: str | None, by: Actor, at: datetime) -> User:
    """A new account without any role. Without a password it cannot sign in with one."""
    user = User(username=username.strip().casefold(), full_name=full_name, created_at=at)
    user.set_password(password)
    with attributed(by=by, reason="account created", at=at):
        user.save(force_insert=True)
    return user


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
) -> Membership:
    """Give `user` a role from today (Viet Nam) on, limited as the role demands; the database checks the limit."""
    with attributed(by=by, reason=f"role {role.value} granted", at=at):
        return Membership.objects.create(
            user=user,
            role=role.value,
            province_code=province_code,
            facility_id=facility_id,
            practitioner_id=practitioner_id,
            citizen_id=citizen_id,
            valid_from=vietnam_day(at),
        )
