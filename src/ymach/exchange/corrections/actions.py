"""Amending: another outcome for records that were stored, with everything that follows, in one transaction.

Locks are taken in the order of the intake: the journal of the facility's day, the submission, its records, deliveries,
counters.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.exchange import counters, platform, queries
from ymach.exchange.corrections import ways
from ymach.exchange.corrections.errors import ReasonMissing
from ymach.exchange.corrections.recalling import recall_rejected
from ymach.exchange.corrections.rules import Amendment, Change, amended_claims, changes_of, finding_codes
from ymach.exchange.living import kinds as living
from ymach.exchange.living.contract import Amended
from ymach.exchange.models import AmendedReceipt, Submission
from ymach.exchange.policies.rules import HELD, REJECTED
from ymach.exchange.receipts.issuer import Issuer
from ymach.trust.jws import sign_receipt

BASIS = "Law 15/2023/QH15 art. 19, 30; Decree 102/2025/NĐ-CP art. 10"
_CLOSED = frozenset({HELD, REJECTED})

# A rejected record is in no list; one that comes back to life does so in the version that holds.
_RECORDS = """
UPDATE exchange_record r SET outcome = c.outcome, is_current = c.outcome <> 'rejected' AND EXISTS (
  SELECT FROM exchange_dossier_head h
  WHERE h.facility_id = r.facility_id AND h.code = r.dossier_code AND h.submission_id = r.submission_id
    AND h.kind = CASE r.kind WHEN 'check-in' THEN 'check-in' ELSE 'visit' END AND h.cancelled_at IS NULL)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS c (id uuid, outcome text)
WHERE r.facility_id = %(facility_id)s AND r.submission_id = %(submission_id)s AND r.id = c.id
RETURNING r.id, r.citizen_id
"""


def amend(
    submission: Submission,
    outcomes: Mapping[UUID, str],
    *,
    cause: str,
    reason: Text | str,
    by: Actor,
    at: datetime,
    was: str = "",
    findings: Mapping[UUID, Sequence[Mapping[str, Any]]] | None = None,
    registry_version: int | None = None,
    entry_id: int | None = None,
    issuer: Issuer | None = None,
) -> AmendedReceipt:
    """Give records of a submission other outcomes, with a new signed receipt beside the first.

    outcomes: by record id. cause: `causes.Cause`, the journal's word after `submission:`. reason: what people are told.
    at: aware. was: the outcome that every record must have now. findings: by record, in place of those in the receipt.
    registry_version, entry_id: of the registry, where it is the cause. Deliveries are made when the submission is no
    longer held, what has not gone out is withdrawn when it is held or rejected, and whoever may have what is rejected hears
    of it. Permission is the caller's matter.
    Raises ReasonMissing, RecordUnknown, AlreadyDecided, RejectedStays, NothingToAmend.
    """
    said = reason if isinstance(reason, Text) else Text(reason.strip(), reason.strip())
    if not said.vi:
        raise ReasonMissing(field="reason")
    with transaction.atomic():
        journal = Journal(submission.facility_id, day_of(at))
        locked = Submission.objects.select_for_update().get(facility_id=submission.facility_id, id=submission.id)
        before = queries.claims(locked)
        changes = changes_of(before, outcomes, findings, was=was)
        number = AmendedReceipt.objects.filter(facility_id=locked.facility_id, submission_id=locked.id).count() + 1
        amendment = Amendment(new_id(), number, at, cause, said)
        citizens = _move_records(locked, changes)
        claims = amended_claims(before, changes, amendment, submission_id=locked.id, registry_version=registry_version)
        claims["destinations"] += _move_deliveries(locked, before, claims, cause=f"{cause}:{number}", at=at)
        recalled = recall_rejected(locked, before, claims, changes, number=number, at=at)
        if recalled:
            claims["amends"]["destinations"] = recalled
        _move_submission(locked, before, claims, changes)
        made = _keep(locked, before, claims, amendment, by=by, entry_id=entry_id, issuer=issuer or platform.issuer())
        # Before those who follow: they may open the same journal again.
        names = [one["destination"] for one in recalled]
        journal.add([_event(made, changes, names, by=by, citizen_id=citizen) for citizen in citizens])
        living.settle(Amended(locked.facility_id, locked.id, changes, by, at))
    return made


def _move_records(submission: Submission, changes: Sequence[Change]) -> list[UUID]:
    """The persons whose records they are."""
    rows = [{"id": one.record_id, "outcome": one.after} for one in changes]
    key = {"facility_id": submission.facility_id, "submission_id": submission.id, "rows": pg.as_json(rows)}
    moved = pg.ask(_RECORDS, key)()
    if len(moved) != len(changes):
        raise RuntimeError("a receipt names records that are not there")
    return sorted({citizen for _, citizen in moved})


def _move_deliveries(
    submission: Submission, before: Mapping[str, Any], claims: Mapping[str, Any], *, cause: str, at: datetime
) -> list[dict[str, str]]:
    """Open or close its ways; the entries that its receipt gets for new ones."""
    if claims["outcome"] in _CLOSED:
        ways.withdraw(submission, cause=cause, at=at)
        return []
    if before["outcome"] not in _CLOSED:
        return []
    names = ways.open_ways(submission, claims, cause=cause, at=at)
    known = {one["destination"] for one in claims["destinations"]}
    return [{"destination": name, "state": "waiting"} for name in names if name not in known]


def _move_submission(
    submission: Submission, before: Mapping[str, Any], claims: Mapping[str, Any], changes: Sequence[Change]
) -> None:
    tally: Tally[tuple[UUID, str, counters.Key]] = Tally()
    day, where = vietnam_day(submission.received_at), (submission.facility_id, submission.province_code)
    tally[*where, (day, "submission", submission.format, str(before["outcome"]))] -= 1
    tally[*where, (day, "submission", submission.format, str(claims["outcome"]))] += 1
    for one in changes:
        tally[*where, (day, "record", one.kind, one.before)] -= 1
        tally[*where, (day, "record", one.kind, one.after)] += 1
    submission.outcome, submission.finding_codes = claims["outcome"], finding_codes(claims)
    mine = Submission.objects.filter(facility_id=submission.facility_id, id=submission.id)
    mine.update(outcome=submission.outcome, finding_codes=submission.finding_codes)
    counters.add_all(tally)


def _keep(
    submission: Submission,
    before: Mapping[str, Any],
    claims: Mapping[str, Any],
    amendment: Amendment,
    *,
    by: Actor,
    entry_id: int | None,
    issuer: Issuer,
) -> AmendedReceipt:
    return AmendedReceipt.objects.create(
        facility_id=submission.facility_id,
        submission_id=submission.id,
        number=amendment.number,
        facility_code=submission.facility_code,
        province_code=submission.province_code,
        cause=amendment.cause,
        vi=amendment.reason.vi,
        en=amendment.reason.en,
        entry_id=entry_id,
        outcome_before=before["outcome"],
        outcome_after=claims["outcome"],
        amended_by=str(by),
        issued_at=amendment.at,
        jws=sign_receipt(claims, issuer.key),
    )


def _event(
    made: AmendedReceipt, changes: Sequence[Change], recalled: Sequence[str], *, by: Actor, citizen_id: UUID
) -> Event:
    detail = {"outcome": made.outcome_after, "number": made.number, "kinds": sorted({one.kind for one in changes})}
    return Event(
        at=made.issued_at,
        actor=str(by),
        action=f"submission:{made.cause}",
        subject=f"submission:{made.submission_id}",
        basis=BASIS,
        citizen_id=citizen_id,
        detail={**detail, "recalled": list(recalled)} if recalled else detail,
    )
