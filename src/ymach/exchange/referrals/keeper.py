"""The rows of referrals, written in the transaction that stores the record (`exchange.living`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.referrals import rules
from ymach.exchange.referrals.telling import WITHDRAWN, incoming

KIND, CHECK_IN, HELD = "referral", "check-in", "held"
NEWER_WITHOUT = "Bản mới của hồ sơ không còn giấy chuyển."
"""Why a referral was withdrawn when a later version of its dossier no longer holds it."""

_TAKEN = (
    *("submission_id", "version", "record_id", "citizen_id", "compartment", "receiver_code", "receiver_id"),
    *("receiver_province_code", "number", "diagnosis_code", "diagnosis_text", "reason", "is_urgent", "referred_at"),
    *("is_held", "changed_at"),
)
_ANEW = (
    *("state", "sent_at", "due_at", "declined_why", "suggested_code", "answer", "answered_at", "arrived_at"),
    *("arrival_submission_id", "arrival_dossier_code", "may_read_visit", "check_at"),
)
_IS_ANEW = "r.receiver_code <> excluded.receiver_code OR r.state IN ('declined', 'withdrawn')"
# The receiver is who held the code on the day of the paper. A paper that goes to somebody else, or that was declined or
# withdrawn before, begins anew; any other keeps its state under the newer version. PostgreSQL 18 returns the row before.
_KEEP = """
WITH given AS (
  SELECT g.*, f.id AS receiver_id, f.province_code AS receiver_province
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS g (id uuid, step_id uuid, notice_id uuid, submission_id uuid, code text,
    version int, record_id uuid, citizen_id uuid, compartment text, receiver_code text, number text,
    diagnosis text, diagnosis_text text, reason text, is_urgent bool, referred_at timestamptz, day date, is_held bool,
    due_at timestamptz, vi text, en text)
  LEFT JOIN facilities_facility f ON f.code = g.receiver_code AND f.valid @> g.day AND g.receiver_code <> %(facility_code)s
), kept AS (
  INSERT INTO exchange_referral AS r (facility_id, facility_code, province_code, id, submission_id, dossier_code, version,
    record_id, citizen_id, compartment, receiver_code, receiver_id, receiver_province_code, number, diagnosis_code,
    diagnosis_text, reason, is_urgent, referred_at, sent_at, is_held, state, changed_at, due_at, check_at)
  SELECT %(facility_id)s, %(facility_code)s, %(province_code)s, id, submission_id, code, version, record_id, citizen_id,
    compartment, receiver_code, receiver_id, coalesce(receiver_province, ''), number, diagnosis, diagnosis_text, reason,
    is_urgent, referred_at, %(at)s, is_held, 'sent', %(at)s,
    CASE WHEN receiver_id IS NOT NULL THEN due_at END, CASE WHEN receiver_id IS NOT NULL THEN %(at)s END
  FROM given
  ON CONFLICT (facility_id, dossier_code) DO UPDATE SET {taken}, {anew}
  RETURNING new.id, new.record_id, new.receiver_id, new.is_held,
    old.id IS NULL OR old.receiver_code <> new.receiver_code OR old.state IN ('declined', 'withdrawn') AS is_new,
    CASE WHEN old.receiver_code <> new.receiver_code AND NOT old.is_held AND old.state NOT IN ('declined', 'withdrawn')
      THEN old.receiver_id END AS before
), step AS (
  INSERT INTO exchange_referral_step (facility_id, id, referral_id, at, state, by, label)
  SELECT %(facility_id)s, g.step_id, k.id, %(at)s, 'sent', %(sent_by)s, %(facility_code)s
  FROM kept k JOIN given g ON g.record_id = k.record_id WHERE k.is_new
)
INSERT INTO notices_notice (id, facility_id, vi, en, link, told_by, at, read_by)
SELECT g.notice_id, k.receiver_id, g.vi, g.en, '/referrals/' || k.id, %(sent_by)s, %(at)s, ''
FROM kept k JOIN given g ON g.record_id = k.record_id WHERE k.is_new AND NOT k.is_held AND k.receiver_id IS NOT NULL
UNION ALL
SELECT uuidv7(), k.before, %(vi)s, %(en)s, '/referrals/' || k.id, %(sent_by)s, %(at)s, ''
FROM kept k WHERE k.before IS NOT NULL
""".format(  # noqa: S608 - the names are ours
    taken=", ".join(f"{name} = excluded.{name}" for name in _TAKEN),
    anew=", ".join(f"{name} = CASE WHEN {_IS_ANEW} THEN excluded.{name} ELSE r.{name} END" for name in _ANEW),
)
_WITHDRAW = """
WITH gone AS (
  UPDATE exchange_referral SET state = 'withdrawn', due_at = NULL, check_at = NULL, changed_at = %(at)s
  WHERE facility_id = %(facility_id)s AND dossier_code = ANY(%(codes)s) AND state = ANY(%(from)s)
  RETURNING id, receiver_id, is_held
), told AS (
  INSERT INTO notices_notice (id, facility_id, vi, en, link, told_by, at, read_by)
  SELECT uuidv7(), receiver_id, %(vi)s, %(en)s, '/referrals/' || id, %(sent_by)s, %(at)s, ''
  FROM gone WHERE receiver_id IS NOT NULL AND NOT is_held
)
INSERT INTO exchange_referral_step (facility_id, id, referral_id, at, state, by, label, note)
SELECT %(facility_id)s, uuidv7(), id, %(at)s, 'withdrawn', %(sent_by)s, %(facility_code)s, %(note)s FROM gone
"""


def keep_referrals(placed: Sequence[Placed], common: Common) -> None:
    """Ask for the rows of the referrals among `placed`; of dossiers that hold none any more, theirs are withdrawn."""
    rows = [row for one in placed if (row := _row(one, common)) is not None]
    codes = sorted(_without(placed))
    if not rows and not codes:
        return
    told = WITHDRAWN.format(facility=common.facility_code)
    shared = {**_shared(common), "vi": told.vi, "en": told.en}
    if rows:
        pg.ask(_KEEP, {**shared, "province_code": common.province_code, "rows": pg.as_json(rows)})
    if codes:
        pg.ask(
            _WITHDRAW, {**shared, "codes": codes, "from": sorted(rules.MOVES[rules.WITHDRAWN]), "note": NEWER_WITHOUT}
        )


def _shared(common: Common) -> dict[str, Any]:
    return {name: getattr(common, name) for name in ("facility_id", "facility_code", "sent_by", "at")}


def _without(placed: Sequence[Placed]) -> Iterator[str]:
    """Later versions of visits that hold no referral."""
    holding = {one.dossier.code for one in placed if one.draft.kind == KIND}
    for one in placed:
        if one.version > 1 and one.draft.kind != CHECK_IN and one.dossier.code not in holding:
            yield one.dossier.code


def _row(one: Placed, common: Common) -> dict[str, Any] | None:
    paper = one.dossier.referral
    if one.draft.kind != KIND or paper is None:
        return None
    urgent = rules.is_urgent(one.dossier)
    told = incoming(common.facility_code, is_urgent=urgent)
    referred_at = one.draft.ended_at or one.draft.happened_at
    return {
        "id": new_id(),
        "step_id": new_id(),
        "notice_id": new_id(),
        "submission_id": one.submission_id,
        "code": one.dossier.code,
        "version": one.version,
        "record_id": one.record_id,
        "citizen_id": one.citizen_id,
        "compartment": one.draft.compartment,
        "receiver_code": rules.receiver_of(one.dossier),
        "number": paper.number or "",
        "diagnosis": paper.main_diagnosis or "",
        "diagnosis_text": paper.diagnosis_text or "",
        "reason": paper.reason or "",
        "is_urgent": urgent,
        "referred_at": referred_at,
        "day": vietnam_day(referred_at),
        "is_held": one.outcome == HELD,
        "due_at": rules.due_at(rules.SENT, is_urgent=urgent, since=common.at),
        "vi": told.vi,
        "en": told.en,
    }
