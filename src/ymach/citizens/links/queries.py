"""Reading links: who is joined with whom, on what evidence, and how sure we are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ymach.base import pg, sealing
from ymach.citizens.links.evidence import Kind
from ymach.citizens.links.levels import Level, read_level, surest
from ymach.citizens.links.models import Assurance, Link
from ymach.citizens.models import Citizen

# UNION, not UNION ALL: whom the walk has met it does not walk from again.
_JOINED = """
WITH RECURSIVE joined (citizen_id) AS (
  SELECT unnest(%s::uuid[])
  UNION
  SELECT side.citizen_id FROM joined CROSS JOIN LATERAL (
    SELECT to_citizen_id FROM citizens_link WHERE citizen_id = joined.citizen_id AND undone_at IS NULL
    UNION ALL
    SELECT citizen_id FROM citizens_link WHERE to_citizen_id = joined.citizen_id AND undone_at IS NULL
  ) AS side (citizen_id)
)
SELECT citizen_id FROM joined
"""

_JOINED_EACH = """
WITH RECURSIVE joined (asked, citizen_id) AS (
  SELECT one, one FROM unnest(%s::uuid[]) AS one
  UNION
  SELECT joined.asked, side.citizen_id FROM joined CROSS JOIN LATERAL (
    SELECT to_citizen_id FROM citizens_link WHERE citizen_id = joined.citizen_id AND undone_at IS NULL
    UNION ALL
    SELECT citizen_id FROM citizens_link WHERE to_citizen_id = joined.citizen_id AND undone_at IS NULL
  ) AS side (citizen_id)
)
SELECT asked, citizen_id FROM joined
"""


@dataclass(frozen=True, slots=True)
class LinkStory:
    """One link as people read it. reference: opened. Both `undone_*` are None while the link holds."""

    citizen_id: UUID
    id: UUID
    to_citizen_id: UUID
    facility_id: UUID | None
    since: datetime
    by: str
    evidence: Kind
    reference: str = field(repr=False)
    reason: str
    undone_at: datetime | None
    undone_by: str | None
    undone_why: str | None


def identities_of(citizen_ids: Iterable[UUID]) -> list[UUID]:
    """Everybody joined with any of `citizen_ids` by links that hold, transitively, themselves included.

    One statement whatever their number; in no particular order.
    """
    asked = [str(one) for one in dict.fromkeys(citizen_ids)]
    return [citizen for (citizen,) in pg.ask(_JOINED, [asked])()] if asked else []


def joined_with(citizen_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Each of `citizen_ids` with everybody else who is the same person by links that hold; one statement."""
    found: dict[UUID, list[UUID]] = {one: [] for one in citizen_ids}
    for asked, other in pg.ask(_JOINED_EACH, [[str(one) for one in found]])() if found else ():
        if other != asked:
            found[asked].append(other)
    return found


def are_joined(citizen_id: UUID, other: UUID) -> bool:
    """Whether both are one person as links say now."""
    return other in identities_of([citizen_id])


def history_of(citizen_ids: Iterable[UUID]) -> list[LinkStory]:
    """Every link that any of the identities has or had, the newest first."""
    ids = list(citizen_ids)
    rows = Link.objects.filter(Q(citizen_id__in=ids) | Q(to_citizen_id__in=ids)).order_by("-since", "-id")
    return [_story(row) for row in rows]


def holding_link(citizen_id: UUID, other: UUID) -> Link | None:
    """The link between exactly these two, in either direction, that holds now."""
    pair = Q(citizen_id=citizen_id, to_citizen_id=other) | Q(citizen_id=other, to_citizen_id=citizen_id)
    return Link.objects.filter(pair, undone_at=None).first()


def levels_of(citizen_ids: Iterable[UUID]) -> dict[UUID, Level]:
    """How sure we are of each identity: what it began with, or the surest that evidence has given it since."""
    ids = list(citizen_ids)
    found: dict[UUID, list[Level]] = defaultdict(list)
    for citizen, word in Citizen.objects.filter(pk__in=ids).values_list("citizen_id", "assurance"):
        found[citizen].append(read_level(word))
    given = Assurance.objects.filter(citizen_id__in=ids, withdrawn_at=None)
    for citizen, word in given.values_list("citizen_id", "level"):
        found[citizen].append(read_level(word))
    return {citizen: surest(levels) for citizen, levels in found.items()}


def level_of(citizen_id: UUID) -> Level:
    """How sure we are of one identity; provisional for one that nobody knows."""
    return levels_of([citizen_id]).get(citizen_id, Level.PROVISIONAL)


def context_of(kind: type[Link | Assurance], key: UUID) -> str:
    """What the sealed reference of a row is bound to."""
    return f"{kind._meta.db_table}:{key}"


def _story(row: Link) -> LinkStory:
    return LinkStory(
        citizen_id=row.citizen_id,
        id=row.id,
        to_citizen_id=row.to_citizen_id,
        facility_id=row.facility_id,
        since=row.since,
        by=row.by,
        evidence=Kind(row.evidence),
        reference=sealing.unseal_text(bytes(row.reference), context=context_of(Link, row.id)),
        reason=row.reason,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        undone_why=row.undone_why,
    )
