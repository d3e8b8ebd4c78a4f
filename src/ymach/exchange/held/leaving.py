"""Out of the queue, and back into it: the items follow decisions, cancellations and judgements made elsewhere.

Each in the caller's transaction, the tally with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.exchange import contents, queries
from ymach.exchange.corrections.rules import Change
from ymach.exchange.findings import by_code
from ymach.exchange.held.keeping import Place, put, row_of
from ymach.exchange.held.models import State
from ymach.exchange.living.contract import Amended, Cancelled
from ymach.exchange.models import Record, Submission
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.rules import HELD

# What leaves a state is taken off the tally of its day, and what goes into a state that is still open is added there.
_MOVE = """
WITH moved AS (
  UPDATE exchange_held_item SET state = %(state)s, changed_at = %(at)s, decided_by = %(by)s,
    decided_by_label = %(label)s, note = %(note)s
  WHERE facility_id = %(facility_id)s AND state IN ('waiting', 'returned') AND {which}
  RETURNING old.state AS before, new.state AS after, due_on, province_code
), steps AS (
  SELECT before AS state, due_on, province_code, -1 AS step FROM moved
  UNION ALL SELECT after, due_on, province_code, 1 FROM moved WHERE after IN ('waiting', 'returned')
), summed AS (
  SELECT state, due_on, min(province_code) AS province_code, sum(step)::int AS step FROM steps GROUP BY state, due_on
)
INSERT INTO exchange_held_tally AS t (facility_id, state, due_on, province_code, number)
SELECT %(facility_id)s, state, due_on, province_code, step FROM summed WHERE step <> 0 ORDER BY state, due_on
ON CONFLICT (facility_id, state, due_on) DO UPDATE SET number = t.number + excluded.number
"""
_ONE = _MOVE.format(which="id = %(id)s")
_OF_RECORDS = _MOVE.format(which="submission_id = %(submission_id)s AND record_ids <@ %(records)s::uuid[]")
_OF_DOSSIER = _MOVE.format(which="dossier_kind = %(kind)s AND dossier_code = %(code)s")


def settle(facility_id: UUID, item_id: UUID, *, state: str, note: str, by: Actor, at: datetime) -> None:
    """Move one open item to the `state` that somebody decided."""
    _move(_ONE, facility_id, {"id": item_id}, state, note, by, at)


def follow_cancellation(cancelled: Cancelled) -> None:
    """A dossier that its facility has cancelled leaves the queue."""
    which = {"kind": cancelled.kind, "code": cancelled.code}
    _move(_OF_DOSSIER, cancelled.facility_id, which, State.WITHDRAWN, cancelled.reason, cancelled.by, cancelled.at)


def follow_amendment(amended: Amended) -> None:
    """What is held no longer leaves the queue, what is held anew comes in."""
    left = [one.record_id for one in amended.changes if one.before == HELD != one.after]
    if left:
        which = {"submission_id": amended.submission_id, "records": left}
        _move(_OF_RECORDS, amended.facility_id, which, State.SETTLED, "", amended.by, amended.at)
    held = [one for one in amended.changes if one.before != HELD == one.after]
    if held:
        _come_back(amended, held)


def _come_back(amended: Amended, held: Sequence[Change]) -> None:
    submission = Submission.objects.get(facility_id=amended.facility_id, id=amended.submission_id)
    place = Place(submission.facility_id, submission.facility_code, submission.province_code, amended.at)
    items = list(_items(submission, held))
    for one in items:
        key = {"kind": one["kind"], "code": one["code"]}
        _move(_OF_DOSSIER, amended.facility_id, key, State.REPLACED, "", amended.by, amended.at)
    put(items, place)


def _items(submission: Submission, held: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """What the queue shows of each dossier: all its records that are held now."""
    changes = {one.record_id: one for one in held}
    dossiers = {(one.kind, one.code): one for one in contents.dossiers_of(queries.content_of(submission))}
    records = queries.records_of_submission(submission).filter(outcome=HELD, is_current=True).order_by("dossier_code")
    by_dossier = groupby(sorted(records, key=_dossier_of), key=_dossier_of)
    for key, some in by_dossier:
        mine = list(some)
        causes = _causes(submission, [changes[one.id] for one in mine if one.id in changes])
        if causes:
            yield _item(submission, dossiers[key], mine, causes)


def _item(
    submission: Submission, dossier: Dossier, records: Sequence[Record], causes: Sequence[Finding]
) -> dict[str, Any]:
    first = records[0]
    held = [(one.id, one.kind) for one in records]
    row = row_of(dossier, held, causes, received_at=submission.received_at)
    day = vietnam_day(first.happened_at)
    return {**row, "submission_id": submission.id, "version": first.version, "happened_on": day}


def _causes(submission: Submission, changes: Sequence[Change]) -> list[Finding]:
    """The findings, as receipts carry them, by which these records are held."""
    policy, kinds = policy_on(vietnam_day(submission.received_at)), by_code()
    found = [
        (_finding(kinds, one), change.kind) for change in changes for one in change.findings if one["code"] in kinds
    ]
    return [finding for finding, kind in found if policy.outcome_of(finding, kind) == HELD]


def _finding(kinds: Mapping[str, Any], said: Mapping[str, Any]) -> Finding:
    return Finding(kinds[said["code"]], said["table"], said["row"], said["field"], said["value"])


def _dossier_of(record: Record) -> tuple[str, str]:
    return ("check-in" if record.kind == "check-in" else "visit", record.dossier_code)


def _move(
    statement: str, facility_id: UUID, which: dict[str, Any], state: str, note: str, by: Actor, at: datetime
) -> None:
    given = {"facility_id": facility_id, "state": state, "note": note, "at": at, "by": str(by), "label": by.label}
    pg.ask(statement, {**given, **which})
