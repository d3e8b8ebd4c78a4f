"""The journals of many facilities at once: one statement to open them, one to write, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from ymach.audit.actions import as_row
from ymach.audit.chain import ORIGIN, Event, Link, extend
from ymach.base import pg

_LOCK = """
INSERT INTO audit_head (facility_id, day, number, hash) SELECT facility_id, %s, 0, %s FROM unnest(%s::uuid[]) AS facility_id
ON CONFLICT (facility_id, day) DO UPDATE SET number = audit_head.number
RETURNING facility_id, number, hash
"""
_ADD = """
WITH given AS (SELECT %(links)s::jsonb AS links, %(heads)s::jsonb AS heads), moved AS (
  UPDATE audit_head h SET number = m.number, hash = decode(m.hash, 'hex')
  FROM given, jsonb_to_recordset(heads) AS m (facility_id uuid, number int, hash text)
  WHERE h.facility_id = m.facility_id AND h.day = %(day)s
)
INSERT INTO audit_event
  (facility_id, day, number, at, actor, action, subject, citizen_id, basis, detail, previous_hash, hash)
SELECT facility_id, %(day)s, number, at, actor, action, subject, citizen_id, basis, detail,
  decode(previous, 'hex'), decode(hash, 'hex')
FROM given, jsonb_to_recordset(links) AS e (facility_id uuid, number int, at timestamptz, actor text, action text,
  subject text, citizen_id uuid, basis text, detail jsonb, previous text, hash text)
"""


class Journals:
    """The journals of these facilities on one day, held open inside the caller's transaction.

    Opening them locks the chains, in the order of the facilities' ids: whoever opens several waits, and never crosswise.
    """

    def __init__(self, facilities: Iterable[UUID], day: date) -> None:
        self._day, wanted = day, sorted(set(facilities))
        self._ends: dict[UUID, tuple[int, bytes]] | None = None if wanted else {}
        if wanted:
            self._locked = pg.ask(_LOCK, [day, ORIGIN, wanted])

    def add(self, events: Iterable[tuple[UUID, Event]]) -> None:
        """Append each event to its facility's chain. Raises KeyError for a facility whose journal was not opened."""
        grouped: dict[UUID, list[Event]] = defaultdict(list)
        for facility_id, event in events:
            grouped[facility_id].append(event)
        if not grouped:
            return
        ends = self._ends = self._ends or {row[0]: (row[1], bytes(row[2])) for row in self._locked()}
        links: list[Link] = []
        for facility_id, mine in grouped.items():
            number, head = ends[facility_id]
            links += extend(facility_id, self._day, number=number, head=head, events=mine)
            ends[facility_id] = (links[-1].number, links[-1].hash)
        heads = [{"facility_id": one, "number": ends[one][0], "hash": ends[one][1].hex()} for one in grouped]
        pg.ask(_ADD, {"links": pg.as_json([_row(one) for one in links]), "heads": pg.as_json(heads), "day": self._day})


def _row(link: Link) -> dict[str, Any]:
    return {"facility_id": link.facility_id, **as_row(link)}
