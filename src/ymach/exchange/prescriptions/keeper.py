"""Prescriptions as rows, in the transaction that stores their record.

A later version of a dossier is mostly the same care told again: a prescription that stands in it unchanged keeps its
code, one that was changed or left out is replaced and no longer served (Circular 26/2025/TT-BYT art. 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ymach.base import pg
from ymach.clinical.prescription_code import draw_code
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.prescriptions.rules import expires_at
from ymach.exchange.prescriptions.sheets import Sheet, body_of, digest_of, named_before, sheets_of

_COLUMNS = """code text, citizen_id uuid, submission_id uuid, record_id uuid, dossier_code text, version int, part int,
  kind text, prescriber text, issued_at timestamptz, expires_at timestamptz, compartment text, body jsonb, digest text,
  replaces text[]"""
_INSERT = """
INSERT INTO exchange_prescription (facility_id, facility_code, province_code, state, changed_at, code, citizen_id,
  submission_id, record_id, dossier_code, version, part, kind, prescriber, issued_at, expires_at, compartment, body, digest)
SELECT %(facility_id)s, %(facility_code)s, %(province_code)s, 'issued', %(at)s, code, citizen_id, submission_id, record_id,
  dossier_code, version, part, kind, prescriber, issued_at, expires_at, compartment, body, digest
"""
_FIRST = f"{_INSERT} FROM jsonb_to_recordset(%(sheets)s::jsonb) AS s ({_COLUMNS})"
# Every part of the statement sees the rows as they were before it: those that hold still, and what is new beside them.
_AGAIN = f"""
WITH sheet AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(sheets)s::jsonb) AS s ({_COLUMNS})),
holding AS MATERIALIZED (
  SELECT p.code, p.dossier_code, p.part, s.code AS same FROM exchange_prescription p
  LEFT JOIN sheet s ON s.dossier_code = p.dossier_code AND s.digest = p.digest AND s.citizen_id = p.citizen_id
  WHERE p.facility_id = %(facility_id)s AND p.state IN ('issued', 'partly-dispensed', 'dispensed')
    AND (p.dossier_code = ANY (%(dossiers)s) OR p.code = ANY (%(replaces)s))
), fresh AS MATERIALIZED (
  SELECT * FROM sheet WHERE code NOT IN (SELECT same FROM holding WHERE same IS NOT NULL)
), moved AS (
  UPDATE exchange_prescription p
  SET submission_id = s.submission_id, record_id = s.record_id, version = s.version
  FROM holding h JOIN sheet s ON s.code = h.same WHERE p.code = h.code
), replaced AS (
  UPDATE exchange_prescription p SET state = 'replaced', changed_at = %(at)s, replaced_by = coalesce((
    SELECT f.code FROM fresh f WHERE f.dossier_code = h.dossier_code OR h.code = ANY (f.replaces)
    ORDER BY f.part = h.part DESC, f.part LIMIT 1), '')
  FROM holding h WHERE p.code = h.code AND h.same IS NULL
)
{_INSERT} FROM fresh
"""  # noqa: S608 - no value in it


def keep_prescriptions(placed: Sequence[Placed], common: Common) -> None:
    """Ask for the prescriptions of these records, and for the end of those they replace."""
    rows = [row for one in placed if one.draft.kind == "prescription" for row in _rows(one, common)]
    again = [one.dossier.code for one in placed if one.draft.kind == "visit" and one.version > 1]
    named = [code for row in rows for code in row["replaces"]]
    if not rows and not again:
        return
    given = {name: getattr(common, name) for name in ("facility_id", "facility_code", "province_code", "at")}
    given["sheets"] = pg.as_json(rows)
    if again or named:
        pg.ask(_AGAIN, {**given, "dossiers": again, "replaces": named})
    else:
        pg.ask(_FIRST, given)


def _rows(one: Placed, common: Common) -> Iterator[dict[str, Any]]:
    replaces = named_before(one.dossier)
    for sheet in sheets_of(one.dossier):
        yield {**_row(one, sheet, common), "replaces": list(replaces)}


def _row(one: Placed, sheet: Sheet, common: Common) -> dict[str, Any]:
    issued_at = sheet.ordered_at or one.draft.happened_at
    body = body_of(one.dossier, sheet, issued_at=issued_at)
    return {
        "code": draw_code(common.facility_code, sheet.kind),  # one that is taken fails, and the intake tries again
        "citizen_id": one.citizen_id,
        "submission_id": one.submission_id,
        "record_id": one.record_id,
        "dossier_code": one.dossier.code,
        "version": one.version,
        "part": sheet.part,
        "kind": sheet.kind,
        "prescriber": sheet.prescriber,
        "issued_at": issued_at,
        "expires_at": expires_at(sheet.kind, issued_at),
        "compartment": one.draft.compartment,
        "body": body,
        "digest": digest_of(sheet, body, issued_at),
    }
