"""Who reached whom: the readings of a person's data, and the persons an account reached between two moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ymach.audit.actions import REGISTRY
from ymach.audit.streams import stream
from ymach.base import pg

READING = (
    *("read", "looked-up", "opened", "handed-out", "printed", "exported", "paper-read", "previewed"),
    "refused",
)
"""The second word of an action that showed somebody a person's data, or was to; a third word "refused" says that it did not."""

_READINGS = """
SELECT at, actor, action, facility_id, subject, basis, detail FROM audit_event
WHERE citizen_id = ANY (%(citizens)s::uuid[]) AND at >= coalesce(%(since)s, '-infinity'::timestamptz)
  AND at < coalesce(%(before)s, 'infinity'::timestamptz) AND split_part(action, ':', 2) = ANY (%(reading)s)
ORDER BY at DESC, facility_id, number DESC LIMIT %(limit)s
"""
_ACTS = """
SELECT action, coalesce(detail ->> 'part', ''), count(*), count(DISTINCT citizen_id), min(at), max(at),
  array_agg(DISTINCT facility_id)
FROM audit_event WHERE actor = %(actor)s AND at >= %(start)s AND at < %(end)s
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
_COUNT = """
SELECT count(DISTINCT citizen_id) FROM audit_event
WHERE actor = %(actor)s AND at >= %(start)s AND at < %(end)s AND citizen_id IS NOT NULL
"""
_PERSONS = """
SELECT citizen_id, count(*), min(at), max(at), array_agg(DISTINCT action ORDER BY action) FROM audit_event
WHERE actor = %(actor)s AND at >= %(start)s AND at < %(end)s AND citizen_id IS NOT NULL
GROUP BY 1 ORDER BY 3, 1
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One time a person's data were shown, or asked for: who, when (aware UTC), where, on which basis, which part.

    facility_id: whose journal tells it; None where it is the registry's own. part: of the record, as the reader asked for
    it ("" for the whole). reason: what the reader said, where a reason is asked. is_refused: nothing was shown.
    """

    at: datetime
    actor: str
    action: str
    facility_id: UUID | None
    subject: str
    basis: str
    part: str
    reason: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What an account did between two moments, of one kind. persons: how many different ones; times are aware UTC."""

    action: str
    part: str
    events: int
    persons: int
    first_at: datetime
    last_at: datetime
    facilities: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """All that an account did between two moments, by kind, and how many persons it reached in all."""

    acts: tuple[Act, ...]
    persons: int

    @property
    def events(self) -> int:
        return sum(one.events for one in self.acts)


@dataclass(frozen=True, slots=True)
class AffectedPerson:
    """One person reached: how often, from when to when (aware UTC), by which actions."""

    citizen_id: UUID
    events: int
    first_at: datetime
    last_at: datetime
    actions: tuple[str, ...]


def readings_of(
    citizen_ids: Iterable[UUID], *, since: datetime | None = None, before: datetime | None = None, limit: int = 100
) -> list[Reading]:
    """Who was shown data of these identities of one person, or was refused them; the newest first (Law 91/2025/QH15 art. 4).

    since, before: aware moments, the first included. One statement over the index of persons.
    """
    bounds = {"since": since, "before": before, "reading": list(READING), "limit": limit}
    rows = pg.ask(_READINGS, {"citizens": list(citizen_ids), **bounds})()
    return [_reading(row) for row in rows]


def affected_by(actor: str, *, start: datetime, end: datetime) -> Affected:
    """What `actor` ("user:<id>", "machine:<facility code>") did from `start` (included) to `end` (not included), by kind."""
    asked = {"actor": actor, "start": start, "end": end}
    ((persons,),) = pg.ask(_COUNT, asked)()
    return Affected(tuple(_act(row) for row in pg.ask(_ACTS, asked)()), persons)


def affected_persons(
    actor: str, *, start: datetime, end: datetime, limit: int | None = None
) -> Iterator[AffectedPerson]:
    """The persons whom `actor` reached in that time, in the order in which it first did; row by row, however many."""
    statement = _PERSONS if limit is None else f"{_PERSONS} LIMIT %(limit)s"
    for citizen_id, events, first, last, actions in stream(
        statement, {"actor": actor, "start": start, "end": end, "limit": limit}
    ):
        yield AffectedPerson(citizen_id, events, first, last, tuple(actions))


def _act(row: Sequence[Any]) -> Act:
    action, part, events, persons, first, last, facilities = row
    return Act(action, part, events, persons, first, last, tuple(facilities))


def _reading(row: Sequence[Any]) -> Reading:
    at, actor, action, facility_id, subject, basis, detail = row
    facts = orjson.loads(detail)
    return Reading(
        at=at,
        actor=actor,
        action=action,
        facility_id=None if facility_id == REGISTRY else facility_id,
        subject=subject,
        basis=basis,
        part=str(facts.get("part", "")),
        reason=str(facts.get("reason", "")),
        is_refused=action.endswith(":refused"),
    )
