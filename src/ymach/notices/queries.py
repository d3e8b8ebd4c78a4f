"""What waits for an actor. Everything begins with what the actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.base.actors import Actor, ActorKind
from ymach.notices.models import Notice

MOST_COUNTED = 99
"""More than these are shown as “99+”: the masthead's count reads no more rows than that."""


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """The notices for the account itself and for the units its grants are limited to. Machines have none."""
    if actor.kind is not ActorKind.USER:
        return Notice.objects.none()
    own = _own_id(actor)
    mine = Q(user_id=own) if own else Q(pk__in=[])
    for grant in actor.grants:
        if grant.facility_id:
            mine |= Q(facility_id=grant.facility_id)
        elif grant.practitioner_id:
            mine |= Q(practitioner_id=grant.practitioner_id)
        elif grant.province_code:
            mine |= Q(province_code=grant.province_code)
    return Notice.objects.filter(mine)


def unread_count(actor: Actor) -> int:
    """How many notices wait for `actor`, counted up to MOST_COUNTED + 1."""
    return visible_to(actor).filter(read_at=None)[: MOST_COUNTED + 1].count()


def _own_id(actor: Actor) -> UUID | None:
    try:
        return UUID(actor.key)
    except ValueError:
        return None
