"""Making identities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.ids import new_id
from ymach.citizens.identify import How, Identity, Key, Known, kept_name, resolve
from ymach.citizens.models import Assurance
from ymach.citizens.queries import known_under

_TAKE_KEYS = """
INSERT INTO citizens_identifier (kind, value, citizen_id, since)
SELECT kind, value, citizen_id, %s FROM unnest(%s::text[], %s::text[], %s::uuid[]) AS k (kind, value, citizen_id)
ON CONFLICT DO NOTHING RETURNING kind, value
"""
_MAKE = """
INSERT INTO citizens_citizen
  (citizen_id, full_name, name_folded, birth_year, birth_month, birth_day, sex, assurance, created_at)
SELECT *, %s::timestamptz FROM
  unnest(%s::uuid[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::text[], %s::text[])
"""


def settle(identities: Sequence[Identity], *, at: datetime) -> list[UUID]:
    """The person behind each identity, made now if nobody was known; inside the caller's transaction.

    The unique index on (kind, value) decides between two who make the same person at once: the loser takes the
    winner's, unless it is a stranger. Returns the citizens' ids, in the same order.
    """
    wanted: dict[Key, tuple[UUID, Identity]] = {}
    for identity in identities:
        if identity.citizen_id is None:
            wanted.setdefault(identity.keys[0], (new_id(), identity))
    made = _make(wanted, at) if wanted else {}
    return [identity.citizen_id or made[identity.keys[0]] for identity in identities]


def _make(wanted: dict[Key, tuple[UUID, Identity]], at: datetime) -> dict[Key, UUID]:
    # Sorted, so that two transactions that make the same persons wait for each other in one order.
    rows = sorted({key: citizen for citizen, identity in wanted.values() for key in identity.keys}.items())
    won = set(pg.ask(_TAKE_KEYS, [at, *pg.columns((kind, value, citizen) for (kind, value), citizen in rows)])())
    missed = [key for key in wanted if key not in won]
    lost = known_under(missed) if missed else {}
    fresh = [(citizen, identity) for key, (citizen, identity) in wanted.items() if key not in lost]
    if fresh:
        pg.ask(_MAKE, [at, *pg.columns(_row(citizen, identity) for citizen, identity in fresh)])
    made = {key: citizen for key, (citizen, _) in wanted.items() if key not in lost}
    for key in lost:
        made[key] = _beside_the_winner(wanted[key], lost, at)
    return made


def _beside_the_winner(loser: tuple[UUID, Identity], lost: Mapping[Key, Known], at: datetime) -> UUID:
    """Somebody else took the number a moment ago: the same person, or a stranger with whom nothing is shared."""
    citizen, identity = loser
    again = resolve(identity.claim, lost)
    if again.citizen_id is not None:
        return again.citizen_id
    return _make({again.keys[0]: (citizen, again)}, at)[again.keys[0]]


def _row(citizen: UUID, identity: Identity) -> tuple[Any, ...]:
    claim, birth = identity.claim, identity.claim.birth
    assurance = Assurance.STATED if identity.how is How.NEW else Assurance.PROVISIONAL
    return (
        *(citizen, kept_name(claim), claim.folded),
        *(birth.year if birth else None, birth.month if birth else None, birth.day if birth else None),
        *(claim.sex[:1] if claim.sex else None, assurance.value),
    )
