"""Proving the counters: what is counted is counted again from the rows themselves, and compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from ymach.base import pg

# The full truth, from receipts and rows. A rejected record leaves no row, so records are counted from the receipts, each
# as it was amended last.
_RECOUNT = """
WITH claims AS (
  SELECT r.facility_id, (s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, s.format, s.outcome,
    convert_from(decode(rpad(translate(split_part(r.jws, '.', 2), '-_', '+/'),
      (length(split_part(r.jws, '.', 2)) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb AS body
  FROM exchange_present_receipt r JOIN exchange_submission s ON s.facility_id = r.facility_id AND s.id = r.submission_id
  WHERE (%(day)s::date IS NULL OR (s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s)
), recount AS (
  SELECT facility_id, day, 'submission' AS subject, format AS name, body ->> 'outcome' AS state, count(*) AS number
  FROM claims GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT facility_id, day, 'record', entry ->> 'kind', entry ->> 'outcome', count(*)
  FROM claims, jsonb_array_elements(body -> 'records') AS entry GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT facility_id, (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'delivery', split_part(destination, ':', 1), state,
    count(*)
  FROM exchange_delivery
  WHERE (%(day)s::date IS NULL OR (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s) GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT facility_id, (cancelled_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'cancellation', kind, 'cancelled', count(*)
  FROM exchange_cancellation
  WHERE (%(day)s::date IS NULL OR (cancelled_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s) GROUP BY 1, 2, 3, 4, 5
), kept AS (
  SELECT facility_id, day, subject, name, state, number FROM exchange_counter
  WHERE number <> 0 AND (%(day)s::date IS NULL OR day = %(day)s)
), differing AS (
  SELECT facility_id, day, subject, name, state, coalesce(kept.number, 0) AS counted, coalesce(recount.number, 0) AS actual
  FROM recount FULL JOIN kept USING (facility_id, day, subject, name, state)
  WHERE kept.number IS DISTINCT FROM recount.number
)
SELECT (SELECT coalesce(sum(number), 0)::bigint FROM kept WHERE subject = 'submission'), (SELECT count(*) FROM claims),
  (SELECT count(*) FROM exchange_submission
   WHERE %(day)s::date IS NULL OR (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s),
  (SELECT json_agg(json_build_array(facility_id, day, subject, name, state, counted, actual)
     ORDER BY day, facility_id, subject, name, state)::text FROM differing)
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One counter that is not what it should be."""

    facility_id: UUID
    day: date
    subject: str
    name: str
    state: str
    counted: int
    actual: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Country = sum of the facilities' counters = number of receipts = number of submissions, or what differs."""

    counted: int
    receipts: int
    submissions: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        return not self.differences and self.counted == self.receipts == self.submissions


def verify_counters(day: date | None = None) -> Proof:
    """Recount one day (Viet Nam), or everything, and compare. One statement, so one snapshot; slow by nature."""
    with pg.cursor() as cursor:
        cursor.execute(_RECOUNT, {"day": day})
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the recount was not returned")
    counted, receipts, submissions, differing = row
    return Proof(counted, receipts, submissions, tuple(map(_difference, orjson.loads(differing or "[]"))))


def _difference(row: list[Any]) -> Difference:
    facility_id, day, *rest = row
    return Difference(UUID(facility_id), date.fromisoformat(day), *rest)
