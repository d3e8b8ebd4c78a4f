"""From a signed-in user, or a machine's token, to the actor that everything else understands; and who manages whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ymach.accounts.models import Invitation, Membership, User
from ymach.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from ymach.accounts.rules import MANAGES, Limits
from ymach.base import pg
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.notices.recipients import Recipient

Ids = Iterable[UUID] | QuerySet[Any, Any]
_NONE = Q(pk__in=[])
_SOME_DAY, _SOMEBODY = date.min, UUID(int=0)


class Held(NamedTuple):
    """What a grant is made of: these columns of a membership."""

    role: str
    words: list[str] | None
    province_code: str | None
    facility_id: UUID | None
    practitioner_id: UUID | None
    citizen_id: UUID | None
    delegated_from_id: UUID | None


def actor_of(user: User, *, on: date) -> Actor:
    """The actor behind `user`, with the grants of the memberships in force on the day `on` (Viet Nam).

    A suspended account has no grant. Asked anew with every request, so that what is taken away is gone at once.
    """
    held = _held(user, on) if user.is_active else ()
    return Actor(ActorKind.USER, str(user.pk), user.full_name or user.username, tuple(map(grant_of, held)))


def in_force(on: date) -> QuerySet[Membership]:
    """Memberships that count on the day `on`; one that was lent counts only while the lender's does."""
    lender = Q(delegated_from=None) | (_holds(on, "delegated_from__") & Q(delegated_from__user__is_active=True))
    return Membership.objects.filter(_holds(on), lender)


def administrators(role: Role, province_code: str | None, *, on: date) -> QuerySet[Membership]:
    """Who administers a unit in their own right on the day `on`: active, and not by delegation."""
    held = in_force(on).filter(role=role.value, province_code=province_code, user__is_active=True)
    return held.filter(delegated_from=None)


def machine_actor(facility_code: str, facility_id: UUID) -> Actor:
    """The actor behind a facility's software, signed in with the key of its certificate."""
    grant = Grant(Role.FACILITY_MACHINE.value, _words(Role.FACILITY_MACHINE), facility_id=facility_id)
    return Actor(ActorKind.MACHINE, facility_code, facility_code, (grant,))


def managed_memberships(by: Actor, *, facility_ids: Ids, practitioner_ids: Ids) -> QuerySet[Membership]:
    """Every membership, past or present, of the units whose accounts `by` manages.

    facility_ids, practitioner_ids: those of the departments that `by` administers; accounts knows no registry.
    """
    return Membership.objects.filter(_managed(by, facility_ids, practitioner_ids))


def managed_users(by: Actor, *, facility_ids: Ids, practitioner_ids: Ids) -> QuerySet[User]:
    """The accounts with such a membership."""
    held = managed_memberships(by, facility_ids=facility_ids, practitioner_ids=practitioner_ids)
    return User.objects.filter(Exists(held.filter(user=OuterRef("pk"))))


def managed_invitations(by: Actor, *, facility_ids: Ids, practitioner_ids: Ids) -> QuerySet[Invitation]:
    """The invitations to the units whose accounts `by` manages, and those `by` sent itself."""
    mine = Q(created_by=str(by))
    return Invitation.objects.filter(mine | _managed(by, facility_ids, practitioner_ids))


def colleagues(by: Actor, *, on: date) -> QuerySet[User]:
    """The other active accounts of the units of `by`: to whom it may lend its role."""
    same = _NONE
    for grant in by.grants:
        if grant.facility_id:
            same |= Q(facility_id=grant.facility_id, role=Role.FACILITY.value)
        elif grant.province_code:
            same |= Q(province_code=grant.province_code, facility_id=None)
        elif grant.role in {Role.MINISTRY.value, Role.AUDITOR.value}:
            same |= Q(role=grant.role)
    near = in_force(on).filter(same, user=OuterRef("pk"))
    return User.objects.filter(Exists(near), is_active=True).exclude(pk=by.key)


def own_memberships(by: Actor, *, on: date) -> QuerySet[Membership]:
    """What `by` holds in its own right on the day `on` and could lend."""
    return in_force(on).filter(user_id=by.key, delegated_from=None)


def delegations_of(by: Actor) -> QuerySet[Membership]:
    """What `by` lent or was lent, past and present, the newest first."""
    lent = Membership.objects.exclude(delegated_from=None).select_related("user", "delegated_from__user")
    return lent.filter(Q(user_id=by.key) | Q(delegated_from__user_id=by.key)).order_by("-valid_from", "-id")


def addresses(to: Recipient, on: date) -> list[str]:
    """The e-mail addresses of the active accounts behind the recipient of a notice, on the day `on`."""
    if to.user_id:
        return list(User.objects.filter(pk=to.user_id, is_active=True).values_list("email", flat=True))
    units = {"facility_id": to.facility_id, "practitioner_id": to.practitioner_id, "province_code": to.province_code}
    limits = {name: value for name, value in units.items() if value}
    held = in_force(on).filter(user__is_active=True, **limits).exclude(role=Role.FACILITY_MACHINE.value)
    return list(held.exclude(user__email="").values_list("user__email", flat=True).distinct())


def limits_of(held: Membership | Invitation) -> Limits:
    """Role and limit of a membership or an invitation."""
    return Limits(
        Role(held.role),
        province_code=held.province_code,
        facility_id=held.facility_id,
        practitioner_id=held.practitioner_id,
        citizen_id=getattr(held, "citizen_id", None),
    )


def grant_of(membership: Membership | Held) -> Grant:
    """What a membership lets its holder do: the words of its role, or the part of them that was lent."""
    role = Role(membership.role)
    words = _words(role)
    return Grant(
        role.value,
        words if membership.words is None else words & frozenset(membership.words),
        province_code=membership.province_code,
        facility_id=membership.facility_id,
        practitioner_id=membership.practitioner_id,
        citizen_id=membership.citizen_id,
        is_lent=membership.delegated_from_id is not None,
    )


def _held(user: User, on: date) -> list[Held]:
    """The memberships of `user` that count on the day `on`. Asked with every page: Django writes the statement once."""
    statement, places = _held_statement()
    given = {_SOME_DAY: on, _SOMEBODY: user.pk}
    return [Held(*row) for row in pg.ask(statement, [given[place] for place in places])()]


@cache
def _held_statement() -> tuple[str, tuple[Any, ...]]:
    held = in_force(_SOME_DAY).filter(user_id=_SOMEBODY).values_list(*Held._fields)
    return held.query.sql_with_params()


def _holds(on: date, prefix: str = "") -> Q:
    begun = Q(**{f"{prefix}valid_from__lte": on, f"{prefix}ended_at": None})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on}))


def _managed(by: Actor, facility_ids: Ids, practitioner_ids: Ids) -> Q:
    seen = _NONE
    for grant in by.grants:
        if Permission.ACCOUNT_MANAGE.value not in grant.permissions:
            continue
        if grant.facility_id:
            seen |= Q(facility_id=grant.facility_id, role=Role.FACILITY.value)
        elif grant.province_code:
            seen |= Q(province_code=grant.province_code, role__in=[Role.DEPARTMENT.value, Role.DEPARTMENT_ADMIN.value])
            seen |= Q(facility_id__in=facility_ids, role=Role.FACILITY.value)
            seen |= Q(practitioner_id__in=practitioner_ids, role=Role.PRACTITIONER.value)
        else:
            seen |= Q(role__in=[role.value for role in MANAGES.get(Role(grant.role), ())])
    return seen


def _words(role: Role) -> frozenset[str]:
    return frozenset(word.value for word in ROLE_PERMISSIONS[role])
