"""The statements of step 9, and the rows they take: a fixed number of round trips for any number of rows."""

from __future__ import annotations

import dataclasses
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ymach.base import pg
from ymach.exchange.counters import Key

REPLAYS = """
SELECT s.digest, s.id, r.jws, EXISTS (
    SELECT FROM exchange_amended_receipt a WHERE a.facility_id = s.facility_id AND a.submission_id = s.id),
  EXISTS (SELECT FROM exchange_cancellation c JOIN exchange_dossier_head h USING (facility_id, kind, code)
    WHERE c.facility_id = s.facility_id AND c.submission_id = s.id AND h.cancelled_at IS NOT NULL)
FROM exchange_submission s
JOIN exchange_receipt r ON r.facility_id = s.facility_id AND r.submission_id = s.id
WHERE s.facility_id = %s AND s.digest = ANY(%s) AND s.outcome <> 'rejected'
"""
# PostgreSQL 18 returns the row before the change: who held the dossier until now, and which receivers got it. A dossier
# that its facility cancelled comes back only in what was signed after that: of another there is no row.
NEXT_VERSIONS = """
INSERT INTO exchange_dossier_head (facility_id, kind, code, version, submission_id, citizen_id, changed_at)
SELECT %s, kind, code, 1, submission_id, citizen_id, %s
FROM jsonb_to_recordset(%s::jsonb) AS d (kind text, code text, submission_id uuid, citizen_id uuid, signed_at timestamptz)
WHERE NOT EXISTS (
  SELECT FROM exchange_dossier_head h
  WHERE h.facility_id = %s AND h.kind = d.kind AND h.code = d.code AND h.cancelled_at >= d.signed_at OFFSET 0)
ON CONFLICT (facility_id, kind, code) DO UPDATE SET version = exchange_dossier_head.version + 1,
  submission_id = excluded.submission_id, citizen_id = excluded.citizen_id, changed_at = excluded.changed_at,
  cancelled_at = NULL
RETURNING new.kind, new.code, new.version, old.cancelled_at IS NOT NULL, old.citizen_id, old.submission_id,
  CASE WHEN old.submission_id IS NOT NULL THEN ARRAY(
  SELECT d.destination FROM exchange_delivery d
  WHERE d.facility_id = old.facility_id AND d.submission_id = old.submission_id AND strpos(d.destination, ':') > 0
  ORDER BY d.destination) END
"""
# The same, looked at without a trace.
HEADS = """
SELECT kind, code, version, cancelled_at, submission_id FROM exchange_dossier_head
WHERE facility_id = %s AND (kind, code) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
# What a new version is compared with; a file too large for that is only told to be another version.
EARLIER = """
SELECT s.id, s.size, c.content FROM exchange_submission s
JOIN exchange_submission_content c ON c.facility_id = s.facility_id AND c.submission_id = s.id
WHERE s.facility_id = %s AND s.id = ANY(%s) AND s.size <= %s
"""
SUPERSEDE = """
UPDATE exchange_record SET is_current = false
WHERE citizen_id = ANY(%s) AND facility_id = %s AND is_current
  AND (kind = 'check-in', dossier_code) IN (SELECT * FROM unnest(%s::bool[], %s::text[]))
"""
# One statement with one JSON parameter for all tables: most of the cost of many small statements is sending them.
_INSERT = """
WITH given AS (SELECT %(rows)s::jsonb AS d),
submission AS (
  INSERT INTO exchange_submission (facility_id, facility_code, province_code, sent_by, received_at, format, id, digest,
    size, searchable_at, outcome, finding_codes, dossier_codes, certificate)
  SELECT %(facility_id)s, %(facility_code)s, %(province_code)s, %(sent_by)s, received_at, format, id,
    decode(digest, 'hex'), size, searchable_at, outcome, findings, dossiers, certificate
  FROM given, jsonb_to_recordset(d -> 'submissions') AS s (id uuid, received_at timestamptz, format text, digest text,
    size int, searchable_at timestamptz, outcome text, findings text[], dossiers text[], certificate text)
), content AS (
  INSERT INTO exchange_submission_content (facility_id, submission_id, content)
  SELECT %(facility_id)s, id, substring(%(contents)s::bytea FROM start FOR length)
  FROM given, jsonb_to_recordset(d -> 'contents') AS c (id uuid, start int, length int)
), receipt AS (
  INSERT INTO exchange_receipt (facility_id, submission_id, jws, issued_at)
  SELECT %(facility_id)s, id, jws, %(at)s
  FROM given, jsonb_to_recordset(d -> 'submissions') AS s (id uuid, jws text)
), record AS (
  INSERT INTO exchange_record (facility_id, facility_code, citizen_id, id, submission_id, dossier_code, kind, version,
    is_current, outcome, happened_at, ended_at, summary, compartment)
  SELECT %(facility_id)s, %(facility_code)s, citizen_id, id, submission_id, code, kind, version, true, outcome,
    happened_at, ended_at, summary, compartment
  FROM given, jsonb_to_recordset(d -> 'records') AS r (citizen_id uuid, id uuid, submission_id uuid, code text,
    kind text, version int, outcome text, happened_at timestamptz, ended_at timestamptz, summary jsonb, compartment text)
), delivery AS (
  INSERT INTO exchange_delivery (facility_id, facility_code, state, attempts, due_at, deadline_at, created_at,
    changed_at, partner_reference, last_error, id, submission_id, dossier_kind, dossier_code, version, destination)
  SELECT %(facility_id)s, %(facility_code)s, 'waiting', 0, %(at)s, %(deadline)s, %(at)s, %(at)s, '', '', id,
    submission_id, kind, code, version, destination
  FROM given, jsonb_to_recordset(d -> 'deliveries') AS v (id uuid, submission_id uuid, kind text, code text,
    version int, destination text)
)
INSERT INTO exchange_counter (facility_id, province_code, day, subject, name, state, number)
SELECT %(facility_id)s, %(province_code)s, day, subject, name, state, number
FROM given, jsonb_to_recordset(d -> 'counters') AS c (day date, subject text, name text, state text, number bigint)
ON CONFLICT (facility_id, day, subject, name, state) DO UPDATE SET number = exchange_counter.number + excluded.number
"""


@dataclass(slots=True)
class Rows:
    """What one transaction will insert, gathered first. Each row is a mapping with the names used in the statement."""

    submissions: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    records: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    deliveries: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    contents: dict[UUID, bytes] = dataclasses.field(default_factory=dict)
    tally: Tally[Key] = dataclasses.field(default_factory=Tally)

    def as_json(self) -> str:
        """Counters are sorted, so that two transactions lock them in one order."""
        counters = [
            {"day": day, "subject": subject, "name": name, "state": state, "number": number}
            for (day, subject, name, state), number in sorted(self.tally.items())
        ]
        return orjson.dumps(
            {
                "submissions": self.submissions,
                "contents": list(self._places()),
                "records": self.records,
                "deliveries": self.deliveries,
                "counters": counters,
            }
        ).decode()

    def _places(self) -> Iterator[dict[str, Any]]:
        """Where each content lies in all of them joined: one binary parameter, whatever their number."""
        start = 1
        for submission_id, content in self.contents.items():
            yield {"id": submission_id, "start": start, "length": len(content)}
            start += len(content)


@dataclass(frozen=True, slots=True)
class Common:
    """The values that all rows of one transaction share."""

    facility_id: UUID
    facility_code: str
    province_code: str
    sent_by: str
    at: datetime
    deadline: datetime


def insert(rows: Rows, common: Common) -> None:
    """Ask for all inserts: one statement for any number of rows."""
    parameters = {name: getattr(common, name) for name in Common.__slots__}
    contents = b"".join(rows.contents.values())
    pg.ask(_INSERT, {**parameters, "rows": rows.as_json(), "contents": contents})
