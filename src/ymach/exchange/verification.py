"""Proofs: counters against the rows they count, receipts against their signatures, the stream of events against the journals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from ymach.audit.actions import REGISTRY
from ymach.base import pg
from ymach.exchange.events.rules import kinds
from ymach.exchange.receipts.claims import submission_of
from ymach.trust.errors import ReceiptRefused
from ymach.trust.jws import verify_receipt

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
  SELECT facility_id, day, subject, name, state, number, province_code FROM exchange_counter
  WHERE number <> 0 AND (%(day)s::date IS NULL OR day = %(day)s)
), differing AS (
  SELECT facility_id, day, subject, name, state, coalesce(kept.number, 0) AS counted, coalesce(recount.number, 0) AS actual
  FROM recount FULL JOIN kept USING (facility_id, day, subject, name, state)
  WHERE kept.number IS DISTINCT FROM recount.number
  UNION ALL
  -- A province's sum is the sum of its facilities: no counter stands under a province in which nothing was sent that day.
  SELECT facility_id, day, 'province', province_code, subject, sum(number)::bigint, 0 FROM kept
  WHERE NOT EXISTS (
    SELECT FROM exchange_submission s
    WHERE s.facility_id = kept.facility_id AND s.province_code = kept.province_code
      AND (s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= kept.day)
  GROUP BY 1, 2, 4, 5
)
SELECT (SELECT coalesce(sum(number), 0)::bigint FROM kept WHERE subject = 'submission'), (SELECT count(*) FROM claims),
  (SELECT count(*) FROM exchange_submission
   WHERE %(day)s::date IS NULL OR (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s),
  (SELECT json_agg(json_build_array(facility_id, day, subject, name, state, counted, actual)
     ORDER BY day, facility_id, subject, name, state)::text FROM differing),
  (SELECT count(*) FROM kept), (SELECT count(DISTINCT province_code) FROM kept),
  (SELECT count(DISTINCT name) FROM kept WHERE subject = 'delivery')
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
    """Country = sum of the facilities' counters = number of receipts = number of submissions, or what differs.

    lanes: counters that were recounted one by one (facility, day, kind or destination, state), in how many provinces and
    to how many destinations.
    """

    counted: int
    receipts: int
    submissions: int
    differences: tuple[Difference, ...]
    lanes: int = 0
    provinces: int = 0
    destinations: int = 0

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
    counted, receipts, submissions, differing, *lanes = row
    return Proof(counted, receipts, submissions, tuple(map(_difference, orjson.loads(differing or "[]"))), *lanes)


def _difference(row: list[Any]) -> Difference:
    facility_id, day, *rest = row
    return Difference(UUID(facility_id), date.fromisoformat(day), *rest)


# Every receipt with its submission, the amended ones and those of cancellations too.
_RECEIPTS = """
SELECT s.id, s.facility_code, encode(s.digest, 'hex'), r.jws
FROM exchange_submission s LEFT JOIN (
  SELECT facility_id, submission_id, jws FROM exchange_receipt
  UNION ALL SELECT facility_id, submission_id, jws FROM exchange_amended_receipt
  UNION ALL SELECT facility_id, submission_id, jws FROM exchange_cancellation
) r ON r.facility_id = s.facility_id AND r.submission_id = s.id
WHERE %(day)s::date IS NULL OR (s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s
"""


@dataclass(frozen=True, slots=True)
class WrongReceipt:
    """A receipt that does not say what was said. code: `YM-RCP-…`, or which claim differs from its submission."""

    submission: UUID
    code: str


def wrong_receipts(keys: Mapping[str, Any], *, day: date | None = None) -> Iterator[WrongReceipt | None]:
    """One entry a receipt, in no order: None where its signature holds and it is about its submission.

    keys: the JWKS of the platform. A submission without a receipt is wrong too. Reads row by row.
    """
    with pg.cursor() as cursor:
        for key, code, digest, jws in cursor.stream(_RECEIPTS, {"day": day}):
            yield _wrong(key, code, digest, jws, keys)


def _wrong(key: UUID, facility: str, digest: str, jws: str | None, keys: Mapping[str, Any]) -> WrongReceipt | None:
    if jws is None:
        return WrongReceipt(key, "missing")
    try:
        claims = verify_receipt(jws, keys)
    except ReceiptRefused as refused:
        return WrongReceipt(key, refused.finding.code)
    said = {"sub": facility, "digest": {"alg": "sha-256", "value": digest}}
    differing = [name for name, value in said.items() if claims.get(name) != value]
    if submission_of(claims) != str(key):
        differing.append("submission")
    return WrongReceipt(key, ", ".join(differing)) if differing else None


# What the journals tell up to where they were read, against the stream; a repeated event is told once.
_STREAM = """
WITH told AS (
  SELECT e.facility_id, e.action, e.subject FROM audit_event e
  JOIN events_cursor c ON c.facility_id = e.facility_id AND c.day = e.day AND e.number <= c.number
  LEFT JOIN audit_event p ON p.facility_id = e.facility_id AND p.day = e.day AND p.number = e.number - 1
  WHERE e.action = ANY (%(kinds)s) AND e.facility_id <> %(registry)s
    AND NOT coalesce(p.action = e.action AND p.subject = e.subject AND p.at = e.at, false)
), journal AS (SELECT facility_id, action, subject, count(*) AS number FROM told GROUP BY 1, 2, 3),
stream AS (
  SELECT facility_id, kind AS action, subject, count(*) AS number FROM events_event WHERE kind = ANY (%(kinds)s) GROUP BY 1, 2, 3
)
SELECT (SELECT count(*) FROM events_event), (SELECT coalesce(max(position), 0) FROM events_event),
  (SELECT coalesce(max(position), 0) FROM events_stream),
  (SELECT count(*) FROM journal FULL JOIN stream USING (facility_id, action, subject)
   WHERE journal.number IS DISTINCT FROM stream.number)
"""


@dataclass(frozen=True, slots=True)
class StreamProof:
    """Positions run from 1 to the last without a gap, and each event of the journals is there, once."""

    events: int
    last: int
    head: int
    differing: int

    @property
    def holds(self) -> bool:
        return self.events == self.last == self.head and not self.differing


def verify_stream() -> StreamProof:
    """Compare the stream with the journals, as far as they have been read. One statement; slow by nature."""
    ((events, last, head, differing),) = pg.ask(_STREAM, {"kinds": sorted(kinds()), "registry": REGISTRY})()
    return StreamProof(events, last, head, differing)
