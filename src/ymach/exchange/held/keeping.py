"""The queue follows what is stored: in the same transaction, in one statement, and nothing for what is not held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.base.ids import new_id
from ymach.clinical.dossier import Dossier
from ymach.exchange.held.asking import questions_of
from ymach.exchange.held.rules import due_on
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.policies.rules import HELD

# An earlier version leaves the queue, the new one comes in, the tally follows both. What the registry brings back comes
# in again as the item it was.
_KEEP = """
WITH gone AS (
  UPDATE exchange_held_item h SET state = 'replaced', changed_at = %(at)s
  FROM unnest(%(kinds)s::text[], %(codes)s::text[]) AS e (kind, code)
  WHERE h.facility_id = %(facility_id)s AND h.dossier_kind = e.kind AND h.dossier_code = e.code
    AND h.state IN ('waiting', 'returned')
  RETURNING old.state, old.due_on
), come AS (
  INSERT INTO exchange_held_item (facility_id, facility_code, province_code, received_at, changed_at, due_on, state, id,
    submission_id, dossier_kind, dossier_code, version, record_ids, record_kinds, causes, authors, happened_on,
    decided_by, decided_by_label, note)
  SELECT %(facility_id)s, %(facility_code)s, %(province_code)s, %(at)s, %(at)s, %(due_on)s, 'waiting', id,
    submission_id, kind, code, version, record_ids, record_kinds, causes, authors, happened_on, '', '', ''
  FROM jsonb_to_recordset(%(items)s::jsonb) AS i (id uuid, submission_id uuid, kind text, code text, version int,
    record_ids uuid[], record_kinds text[], causes text[], authors jsonb, happened_on date)
  ON CONFLICT (facility_id, submission_id, dossier_kind, dossier_code) DO UPDATE SET state = 'waiting',
    received_at = excluded.received_at, changed_at = excluded.changed_at, due_on = excluded.due_on,
    record_ids = excluded.record_ids, record_kinds = excluded.record_kinds, causes = excluded.causes,
    authors = excluded.authors
  RETURNING state, due_on
), moved AS (
  SELECT state, due_on, sum(step)::int AS step
  FROM (SELECT state, due_on, -1 AS step FROM gone UNION ALL SELECT state, due_on, 1 FROM come) AS steps
  GROUP BY state, due_on
)
INSERT INTO exchange_held_tally AS t (facility_id, state, due_on, province_code, number)
SELECT %(facility_id)s, state, due_on, %(province_code)s, step FROM moved WHERE step <> 0 ORDER BY state, due_on
ON CONFLICT (facility_id, state, due_on) DO UPDATE SET number = t.number + excluded.number
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose items they are, and when they come into the queue (aware)."""

    facility_id: UUID
    facility_code: str
    province_code: str
    at: datetime


def keep_held(placed: Sequence[Placed], common: Common) -> None:
    """Ask for the rows of what is held, and for the end of what a later version replaces."""
    items = [_item(records, common) for records in _dossiers(one for one in placed if one.outcome == HELD)]
    earlier = sorted({(one.dossier.kind, one.dossier.code) for one in placed if one.version > 1})
    if items or earlier:
        put(items, Place(common.facility_id, common.facility_code, common.province_code, common.at), earlier=earlier)


def put(items: Sequence[dict[str, Any]], place: Place, *, earlier: Sequence[tuple[str, str]] = ()) -> None:
    """Ask for the rows of `items`, and for the end of the open ones of `earlier` dossiers (kind, code)."""
    kinds, codes = pg.columns(earlier) if earlier else ([], [])
    due = due_on(vietnam_day(place.at))
    given = {**asdict(place), "due_on": due, "kinds": kinds, "codes": codes, "items": pg.as_json(items)}
    pg.ask(_KEEP, given)


def _dossiers(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    """The records of one dossier together; they come one after the other."""
    for _, records in groupby(placed, key=lambda one: (one.submission_id, id(one.dossier))):
        yield list(records)


def _item(records: Sequence[Placed], common: Common) -> dict[str, Any]:
    first = records[0]
    causes = [cause for one in records for cause in one.causes]
    held = [(one.record_id, one.draft.kind) for one in records]
    row = row_of(first.dossier, held, causes, received_at=common.at)
    day = vietnam_day(first.draft.happened_at)
    return {**row, "submission_id": first.submission_id, "version": first.version, "happened_on": day}


def row_of(
    dossier: Dossier, records: Sequence[tuple[UUID, str]], causes: Iterable[Finding], *, received_at: datetime
) -> dict[str, Any]:
    """What the queue says of the held records (id, kind) of one dossier, and of the findings that hold them."""
    found = list(causes)
    return {
        "id": new_id(),
        "kind": dossier.kind,
        "code": dossier.code,
        "record_ids": [key for key, _ in records],
        "record_kinds": [kind for _, kind in records],
        "causes": sorted({one.code for one in found}),
        "authors": [one.as_json() for one in questions_of(dossier, found, received_at=received_at)],
    }
