"""What waits for an actor. Everything begins with what the actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.base import pg
from ymach.base.actors import Actor, ActorKind
from ymach.notices.models import Notice

MOST_COUNTED = 99
"""More than these are shown as “99+”: the masthead's count reads no more rows than that."""


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """The notices for the account itself and for the units its grants are limited to. Machines have none."""
    mine = Q(pk__in=[])
    for column, key in _recipients(actor):
        mine |= Q(**{column: key})
    return Notice.objects.filter(mine)


def unread_count(actor: Actor) -> int:
    """How many notices wait for `actor`, counted up to MOST_COUNTED + 1; every page asks."""
    to = _recipients(actor)
    if not to:
        return 0
    mine = " OR ".join(f"{column} = %s" for column, _ in to)
    waiting = f"SELECT 1 FROM {Notice._meta.db_table} WHERE read_at IS NULL AND ({mine}) LIMIT {MOST_COUNTED + 1}"  # noqa: S608 - our own names
    ((count,),) = pg.ask(f"SELECT count(*) FROM ({waiting}) AS waiting", [key for _, key in to])()  # noqa: S608 - our own names
    return int(count)


def _recipients(actor: Actor) -> list[tuple[str, UUID | str]]:
    """By which columns a notice is for `actor`: the account itself, and the units its grants are limited to."""
    if actor.kind is not ActorKind.USER:
        return []
    own = _own_id(actor)
    found: list[tuple[str, UUID | str]] = [("user_id", own)] if own else []
    for grant in actor.grants:
        if grant.facility_id:
            found.append(("facility_id", grant.facility_id))
        elif grant.practitioner_id:
            found.append(("practitioner_id", grant.practitioner_id))
        elif grant.province_code:
            found.append(("province_code", grant.province_code))
    return found


def _own_id(actor: Actor) -> UUID | None:
    try:
        return UUID(actor.key)
    except ValueError:
        return None
