"""Writing the journal: the head is locked first, so that a facility's events of a day have one order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ymach.audit.chain import ORIGIN, Event, Link, extend
from ymach.base import pg
from ymach.base.clock import vietnam_day

REGISTRY = UUID(int=0)
"""In place of a facility, for events of the registry that concern none."""

_LOCK = """
INSERT INTO audit_head (facility_id, day, number, hash) VALUES (%s, %s, 0, %s)
ON CONFLICT (facility_id, day) DO UPDATE SET number = audit_head.number
RETURNING number, hash
"""
_ADD = """
WITH given AS (SELECT %(links)s::jsonb AS links), moved AS (
  UPDATE audit_head SET number = %(number)s, hash = decode(%(hash)s, 'hex')
  WHERE facility_id = %(facility_id)s AND day = %(day)s
)
INSERT INTO audit_event
  (facility_id, day, number, at, actor, action, subject, citizen_id, basis, detail, previous_hash, hash)
SELECT %(facility_id)s, %(day)s, number, at, actor, action, subject, citizen_id, basis, detail,
  decode(previous, 'hex'), decode(hash, 'hex')
FROM given, jsonb_to_recordset(links) AS e (number int, at timestamptz, actor text, action text, subject text,
  citizen_id uuid, basis text, detail jsonb, previous text, hash text)
"""


class Journal:
    """The journal of one facility's day, held open inside the caller's transaction.

    Opening it locks the chain: everything else the transaction does for this facility is then in order too. The end
    of the chain is read when it is first needed, so that opening can share a round trip (`pg.together`).
    """

    def __init__(self, facility_id: UUID, day: date) -> None:
        self._facility_id, self._day = facility_id, day
        self._locked = pg.ask(_LOCK, [facility_id, day, ORIGIN])
        self._end: tuple[int, bytes] | None = None

    def add(self, events: Iterable[Event]) -> None:
        """Append events with one statement. May be called several times before the transaction ends."""
        number, head = self._end or self._read_end()
        links = list(extend(self._facility_id, self._day, number=number, head=head, events=events))
        if not links:
            return
        self._end = (links[-1].number, links[-1].hash)
        parameters = {
            "facility_id": self._facility_id,
            "day": self._day,
            "number": links[-1].number,
            "hash": links[-1].hash.hex(),
            "links": pg.as_json([as_row(link) for link in links]),
        }
        pg.ask(_ADD, parameters)

    def _read_end(self) -> tuple[int, bytes]:
        ((number, head),) = self._locked()
        return number, bytes(head)


def record(event: Event, *, facility_id: UUID) -> None:
    """Append one event in the caller's transaction; for the paths that are not hot."""
    Journal(facility_id, day_of(event.at)).add([event])


def day_of(at: datetime) -> date:
    """The journal's day: the calendar day in Viet Nam."""
    return vietnam_day(at)


def as_row(link: Link) -> dict[str, Any]:
    """A link with the names that the statements use."""
    event = link.event
    return {
        "number": link.number,
        "at": event.at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "citizen_id": event.citizen_id,
        "basis": event.basis,
        "detail": event.detail or {},
        "previous": link.previous_hash.hex(),
        "hash": link.hash.hex(),
    }
