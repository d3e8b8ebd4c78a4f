"""From a signed-in user, or a machine's token, to the actor that everything else understands."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q

from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant


def actor_of(user: User, *, on: date) -> Actor:
    """The actor behind `user`, with the grants of the memberships in force on the day `on` (Viet Nam)."""
    held = Membership.objects.filter(user=user, valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gt=on))
    return Actor(ActorKind.USER, str(user.pk), user.full_name or user.username, tuple(map(_grant, held)))


def machine_actor(facility_code: str, facility_id: UUID) -> Actor:
    """The actor behind a facility's software, signed in with the key of its certificate."""
    grant = Grant(Role.FACILITY_MACHINE.value, _words(Role.FACILITY_MACHINE), facility_id=facility_id)
    return Actor(ActorKind.MACHINE, facility_code, facility_code, (grant,))


def _grant(membership: Membership) -> Grant:
    role = Role(membership.role)
    return Grant(
        role.value,
        _words(role),
        province_code=membership.province_code,
        facility_id=membership.facility_id,
        practitioner_id=membership.practitioner_id,
        citizen_id=membership.citizen_id,
    )


def _words(role: Role) -> frozenset[str]:
    return frozenset(word.value for word in ROLE_PERMISSIONS[role])
