"""Writing the journal: the head is locked first, so that a facility's events of a day have one order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from ymach.audit.chain import ORIGIN, Event, Link, extend
from ymach.base import pg
from ymach.base.clock import vietnam_day

_LOCK = """
INSERT INTO audit_head (facility_id, day, number, hash) VALUES (%s, %s, 0, %s)
ON CONFLICT (facility_id, day) DO UPDATE SET number = audit_head.number
RETURNING number, hash
"""
_ADD = """
INSERT INTO audit_event
  (facility_id, day, number, at, actor, action, subject, citizen_id, basis, detail, previous_hash, hash)
SELECT * FROM unnest(%s::uuid[], %s::date[], %s::int[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::uuid[],
  %s::text[], %s::jsonb[], %s::bytea[], %s::bytea[])
"""
_MOVE = "UPDATE audit_head SET number = %s, hash = %s WHERE facility_id = %s AND day = %s"


class Journal:
    """The journal of one facility's day, held open inside the caller's transaction.

    Opening it locks the chain: everything else the transaction does for this facility is then in order too.
    """

    def __init__(self, cursor: Cursor[Any], facility_id: UUID, day: date) -> None:
        self._cursor, self._facility_id, self._day = cursor, facility_id, day
        cursor.execute(_LOCK, [facility_id, day, ORIGIN])
        row = cursor.fetchone()
        if row is None:
            raise RuntimeError("the head of the journal was not returned")
        self._number, self._head = row[0], bytes(row[1])

    def add(self, events: Iterable[Event]) -> None:
        """Append events. May be called several times before the transaction ends; sends two statements."""
        links = list(extend(self._facility_id, self._day, number=self._number, head=self._head, events=events))
        if not links:
            return
        self._cursor.execute(_ADD, _columns(links))
        self._number, self._head = links[-1].number, links[-1].hash
        self._cursor.execute(_MOVE, [self._number, self._head, self._facility_id, self._day])


def record(event: Event, *, facility_id: UUID) -> None:
    """Append one event in the caller's transaction; for the paths that are not hot."""
    with pg.cursor() as cursor:
        Journal(cursor, facility_id, day_of(event.at)).add([event])


def day_of(at: datetime) -> date:
    """The journal's day: the calendar day in Viet Nam."""
    return vietnam_day(at)


def _columns(links: list[Link]) -> list[list[Any]]:
    return pg.columns(
        (
            *(link.facility_id, link.day, link.number, link.event.at, link.event.actor, link.event.action),
            *(link.event.subject, link.event.citizen_id, link.event.basis, pg.as_json(link.event.detail or {})),
            *(link.previous_hash, link.hash),
        )
        for link in links
    )
