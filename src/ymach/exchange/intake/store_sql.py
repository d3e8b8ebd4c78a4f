"""The statements of step 9, and the rows they take: each a fixed number of round trips for any number of rows."""

from __future__ import annotations

import dataclasses
from collections import Counter as Tally
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from ymach.base import pg
from ymach.exchange import counters

SEPARATOR = "\x1f"
"""Joins lists of codes for `string_to_array`: arrays of arrays cannot be unnested row by row."""

REPLAYS = """
SELECT s.digest, s.id, r.jws FROM exchange_submission s
JOIN exchange_receipt r ON r.facility_id = s.facility_id AND r.submission_id = s.id
WHERE s.facility_id = %s AND s.digest = ANY(%s) AND s.outcome <> 'rejected'
"""
# PostgreSQL 18 returns the row before the change: who held the dossier until now.
NEXT_VERSIONS = """
INSERT INTO exchange_dossier_head (facility_id, kind, code, version, submission_id, citizen_id, changed_at)
SELECT %s, kind, code, 1, submission_id, citizen_id, %s
FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::uuid[]) AS d (kind, code, submission_id, citizen_id)
ON CONFLICT (facility_id, kind, code) DO UPDATE SET version = exchange_dossier_head.version + 1,
  submission_id = excluded.submission_id, citizen_id = excluded.citizen_id, changed_at = excluded.changed_at
RETURNING new.kind, new.code, new.version, old.citizen_id
"""
SUPERSEDE = """
UPDATE exchange_record SET is_current = false
WHERE citizen_id = ANY(%s) AND facility_id = %s AND is_current
  AND (kind = 'check-in', dossier_code) IN (SELECT * FROM unnest(%s::bool[], %s::text[]))
"""
_SUBMISSIONS = """
INSERT INTO exchange_submission (facility_id, facility_code, province_code, sent_by, received_at, format, id, digest, size,
  searchable_at, outcome, finding_codes, dossier_codes, certificate)
SELECT %s, %s, %s, %s, received_at, format, id, digest, size, searchable_at, outcome,
  string_to_array(findings, E'\\x1f'), string_to_array(dossiers, E'\\x1f'), certificate
FROM unnest(%s::timestamptz[], %s::text[], %s::uuid[], %s::bytea[], %s::int[], %s::timestamptz[], %s::text[], %s::text[],
  %s::text[], %s::text[])
  AS s (received_at, format, id, digest, size, searchable_at, outcome, findings, dossiers, certificate)
"""
_CONTENTS = """
INSERT INTO exchange_submission_content (facility_id, submission_id, content)
SELECT %s, * FROM unnest(%s::uuid[], %s::bytea[])
"""
_RECEIPTS = """
INSERT INTO exchange_receipt (facility_id, issued_at, submission_id, jws) SELECT %s, %s, * FROM unnest(%s::uuid[], %s::text[])
"""
_RECORDS = """
INSERT INTO exchange_record (facility_id, facility_code, citizen_id, id, submission_id, dossier_code, kind, version,
  is_current, outcome, happened_at, ended_at, summary, compartment)
SELECT %s, %s, citizen, id, submission, code, kind, version, true, outcome, happened, ended, summary, compartment
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[], %s::timestamptz[],
  %s::timestamptz[], %s::jsonb[], %s::text[])
  AS r (citizen, id, submission, code, kind, version, outcome, happened, ended, summary, compartment)
"""
_DELIVERIES = """
INSERT INTO exchange_delivery (facility_id, facility_code, state, attempts, due_at, deadline_at, created_at, changed_at,
  partner_reference, last_error, id, submission_id, dossier_kind, dossier_code, version, destination)
SELECT %s, %s, 'waiting', 0, %s, %s, %s, %s, '', '', * FROM
  unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[], %s::text[])
"""


@dataclass(slots=True)
class Rows:
    """What one transaction will insert, gathered first so that each table takes one statement."""

    submissions: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    contents: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    receipts: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    records: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    deliveries: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    tally: Tally[counters.Key] = dataclasses.field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Common:
    """The values that all rows of one transaction share, ready as the statements' leading parameters."""

    facility_id: UUID
    facility_code: str
    province_code: str
    submission: tuple[Any, ...]
    receipt: tuple[Any, ...]
    delivery: tuple[Any, ...]


def insert(rows: Rows, common: Common, cursor: psycopg.Cursor[Any]) -> None:
    """Send all inserts; inside a pipeline they take one round trip together."""
    for statement, leading, values in (
        (_SUBMISSIONS, common.submission, rows.submissions),
        (_CONTENTS, (common.facility_id,), rows.contents),
        (_RECEIPTS, common.receipt, rows.receipts),
        (_RECORDS, (common.facility_id, common.facility_code), rows.records),
        (_DELIVERIES, common.delivery, rows.deliveries),
    ):
        if values:
            cursor.execute(statement, [*leading, *pg.columns(values)])
    counters.add(rows.tally, facility_id=common.facility_id, province_code=common.province_code, cursor=cursor)
