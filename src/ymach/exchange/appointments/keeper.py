"""The rows of appointments, written in the transaction that stores the record (`exchange.living`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ymach.base import pg
from ymach.base.ids import new_id
from ymach.exchange.appointments import rules
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed

KIND, CHECK_IN, HELD = "appointment", "check-in", "held"
NEWER_WITHOUT = "Bản mới của hồ sơ không còn giấy hẹn."

_TAKEN = ("submission_id", "version", "record_id", "citizen_id", "compartment", "number", "diagnosis_text", "is_held")
_ANEW = (
    *("on_day", "at", "state", "given_at", "changed_at", "changed_by", "moved_from", "note", "came_at"),
    *("came_submission_id", "check_at", "reminded_for"),
)
# A slip that says the same day as the version before keeps what became of it; another day, or a slip that was cancelled,
# is a new plan.
_IS_ANEW = "coalesce(a.moved_from, a.on_day) <> excluded.on_day OR a.state = 'cancelled'"
_KEEP = """
INSERT INTO exchange_appointment AS a (facility_id, facility_code, id, submission_id, dossier_code, version, record_id,
  citizen_id, compartment, number, diagnosis_text, on_day, at, given_at, is_held, state, changed_at, changed_by, check_at)
SELECT %(facility_id)s, %(facility_code)s, id, submission_id, code, version, record_id, citizen_id, compartment, number,
  diagnosis_text, on_day, g.at, %(at)s, is_held, 'planned', %(at)s, %(sent_by)s, check_at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS g (id uuid, submission_id uuid, code text, version int, record_id uuid,
  citizen_id uuid, compartment text, number text, diagnosis_text text, on_day date, at timestamptz, is_held bool,
  check_at timestamptz)
ON CONFLICT (facility_id, dossier_code) DO UPDATE SET {taken}, {anew}
""".format(
    taken=", ".join(f"{name} = excluded.{name}" for name in _TAKEN),
    anew=", ".join(f"{name} = CASE WHEN {_IS_ANEW} THEN excluded.{name} ELSE a.{name} END" for name in _ANEW),
)
_CANCEL = """
UPDATE exchange_appointment SET state = 'cancelled', changed_at = %(at)s, changed_by = %(sent_by)s, note = %(note)s,
  check_at = NULL
WHERE facility_id = %(facility_id)s AND dossier_code = ANY(%(codes)s) AND state = 'planned'
"""


def keep_appointments(placed: Sequence[Placed], common: Common) -> None:
    """Ask for the rows of the appointments among `placed`; of dossiers that hold none any more, theirs are cancelled."""
    rows = [row for one in placed if (row := _row(one)) is not None]
    shared = {"facility_id": common.facility_id, "sent_by": common.sent_by, "at": common.at}
    if rows:
        pg.ask(_KEEP, {**shared, "facility_code": common.facility_code, "rows": pg.as_json(rows)})
    codes = sorted(_without(placed, {row["code"] for row in rows}))
    if codes:
        pg.ask(_CANCEL, {**shared, "codes": codes, "note": NEWER_WITHOUT})


def _without(placed: Sequence[Placed], holding: set[str]) -> Iterator[str]:
    """Later versions of visits that hold no appointment."""
    for one in placed:
        if one.version > 1 and one.draft.kind != CHECK_IN and one.dossier.code not in holding:
            yield one.dossier.code


def _row(one: Placed) -> dict[str, Any] | None:
    slip = one.dossier.appointment
    if one.draft.kind != KIND or slip is None or slip.appointed_on is None:
        return None
    return {
        "id": new_id(),
        "submission_id": one.submission_id,
        "code": one.dossier.code,
        "version": one.version,
        "record_id": one.record_id,
        "citizen_id": one.citizen_id,
        "compartment": one.draft.compartment,
        "number": slip.number or "",
        "diagnosis_text": slip.diagnosis_text or "",
        "on_day": slip.appointed_on,
        "at": rules.hour_of(slip.appointed),
        "is_held": one.outcome == HELD,
        "check_at": rules.first_check(slip.appointed_on),
    }
