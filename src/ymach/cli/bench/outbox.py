"""An outbox full of deliveries, written as the intake writes it, without an intake: for the benchmark of deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
import psycopg
import zstandard

from ymach.base import sealing
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.cli.bench.ground import Ground, Sample
from ymach.clinical.prescription_code import draw_code
from ymach.exchange import kept_bytes
from ymach.exchange.contents import dossiers_of
from ymach.exchange.prescriptions.sheets import sheets_of

_BATCH = 500
_Made = tuple[UUID, str, bytes, int, bytes]
"""Submission, facility code, digest, size, content as it is kept."""

_SUBMISSIONS = """
WITH given AS (SELECT * FROM unnest(%(submission)s::uuid[], %(facility)s::uuid[], %(code)s::text[], %(digest)s::bytea[],
  %(size)s::int[], %(content)s::bytea[]) AS g (submission_id, facility_id, facility_code, digest, size, content)
), stored AS (
  INSERT INTO exchange_submission (facility_id, id, facility_code, province_code, format, digest, size, received_at,
    searchable_at, outcome, finding_codes, dossier_codes, sent_by)
  SELECT facility_id, submission_id, facility_code, left(facility_code, 2), 'xml130', digest, size, %(at)s, %(at)s,
    'accepted', '{}', ARRAY[submission_id::text], 'command:bench' FROM given
), head AS (
  INSERT INTO exchange_dossier_head (facility_id, kind, code, version, submission_id, citizen_id, changed_at)
  SELECT facility_id, 'visit', submission_id::text, 1, submission_id, gen_random_uuid(), %(at)s FROM given
)
INSERT INTO exchange_submission_content (facility_id, submission_id, content)
SELECT facility_id, submission_id, content FROM given
"""
_PRESCRIPTIONS = """
INSERT INTO exchange_prescription (code, facility_id, facility_code, province_code, citizen_id, submission_id,
  record_id, dossier_code, version, part, kind, prescriber, issued_at, expires_at, compartment, body, digest, state, changed_at)
SELECT code, facility_id, facility_code, left(facility_code, 2), gen_random_uuid(), submission_id, gen_random_uuid(),
  dossier_code, 1, part, kind, prescriber, %(at)s, %(at)s + interval '5 days', '', '{}', '', 'issued', %(at)s
FROM jsonb_to_recordset(%(sheets)s::jsonb) AS s (code text, facility_id uuid, facility_code text, submission_id uuid,
  dossier_code text, part int, kind text, prescriber text)
"""
_DELIVERIES = """
INSERT INTO exchange_delivery (facility_id, id, submission_id, facility_code, dossier_kind, dossier_code, version,
  destination, state, attempts, due_at, deadline_at, created_at, changed_at, partner_reference, last_error)
SELECT s.facility_id, gen_random_uuid(), s.id, s.facility_code, 'visit', s.id::text, 1, d.destination, 'waiting', 0,
  %(at)s, %(at)s + interval '24 hours', %(at)s, %(at)s, '', ''
FROM exchange_submission s, unnest(%(destinations)s::text[]) AS d (destination) WHERE s.received_at = %(at)s
"""
_COUNTERS = """
INSERT INTO exchange_counter (facility_id, province_code, day, subject, name, state, number)
SELECT facility_id, left(facility_code, 2), (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'delivery',
  split_part(destination, ':', 1), 'waiting', count(*)
FROM exchange_delivery WHERE created_at = %(at)s GROUP BY 1, 2, 3, 5
ON CONFLICT (facility_id, day, subject, name, state) DO UPDATE SET number = exchange_counter.number + excluded.number
"""


def fill(here: Ground, files: Sequence[Sample], count: int, destinations: Sequence[str]) -> None:
    """Store `count` different files, made from `files`, each with a delivery to every destination, due now."""
    at = datetime.now(UTC)
    sealing.configure(here.var / "secrets" / "data-keys", made_on=vietnam_day(at))
    facilities = {one.facility_code: new_id() for one in files}
    with psycopg.connect(here.cluster.url(database=here.database)) as link:
        numbers = iter(range(count))
        while batch := list(islice(_made(files, numbers), _BATCH)):
            columns = dict(
                zip(("submission", "code", "digest", "size", "content"), zip(*batch, strict=True), strict=True)
            )
            values = {name: list(column) for name, column in columns.items()}
            places: list[UUID] = [facilities[str(code)] for code in values["code"]]
            link.execute(_SUBMISSIONS, {**values, "facility": places, "at": at})
            sheets = [row for one in batch for row in _prescribed(one, facilities[one[1]])]
            link.execute(_PRESCRIPTIONS, {"sheets": orjson.dumps(sheets).decode(), "at": at})
        link.execute(_DELIVERIES, {"destinations": list(destinations), "at": at})
        link.execute(_COUNTERS, {"at": at})
    here.cluster.sql("VACUUM ANALYZE", database=here.database)


def _made(files: Sequence[Sample], numbers: Iterator[int]) -> Iterator[_Made]:
    """Files that differ by a comment at their end: partners tell files apart by their bytes."""
    for number in numbers:
        one = files[number % len(files)]
        key = new_id()
        content = one.content + f"<!-- {key} -->".encode()
        stored = kept_bytes.sealed(key, zstandard.compress(content, 3))
        yield key, one.facility_code, hashlib.sha256(content).digest(), len(content), stored


def _prescribed(made: _Made, facility_id: UUID) -> Iterator[dict[str, Any]]:
    """The prescriptions of a file, each under a code of its own."""
    submission_id, facility_code, _, size, stored = made
    for dossier in dossiers_of(kept_bytes.opened(submission_id, stored, size)):
        for sheet in sheets_of(dossier):
            yield {
                "code": draw_code(facility_code, sheet.kind),
                "facility_id": facility_id,
                "facility_code": facility_code,
                "submission_id": submission_id,
                "dossier_code": dossier.code,
                "part": sheet.part,
                "kind": sheet.kind,
                "prescriber": sheet.prescriber,
            }
