"""Looking for the receiver's own dossier of a person who was referred to it: the person has arrived, and what became of
them can be read. A part of the worker; the intake pays nothing for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from ymach.base.actors import command
from ymach.base.rounds import Stopped, never
from ymach.exchange.referrals import actions, rules
from ymach.exchange.referrals.models import Referral

BY = command("worker")
EVERY = timedelta(minutes=2)
FOR = timedelta(days=60)
"""How long after it was sent a referral's patient is looked for."""
MOST = 500
# Clocks and papers differ: a visit may seem to begin some hours before its referral was written.
# Those whose moment has come, each with the receiver's first dossier of the person since: the visit before the check-in.
_FIND = """
SELECT r.facility_id, r.id, r.state, r.sent_at, v.submission_id, v.dossier_code, v.kind
FROM (
  SELECT * FROM exchange_referral WHERE check_at <= %s ORDER BY check_at LIMIT %s
) r LEFT JOIN LATERAL (
  SELECT e.submission_id, e.dossier_code, e.kind FROM exchange_record e
  WHERE e.citizen_id = r.citizen_id AND e.facility_id = r.receiver_id AND e.is_current
    AND e.kind IN ('visit', 'check-in') AND e.happened_at >= r.referred_at - interval '6 hours' AND e.outcome <> 'held'
  ORDER BY e.kind DESC, e.happened_at LIMIT 1
) v ON true
"""


def follow(*, at: datetime, stopped: Stopped = never) -> dict[str, int]:
    """One round over everything whose moment has come at `at` (aware); how many arrivals were found, by kind."""
    tally = {"arrivals": 0, "visits linked": 0}
    while not stopped() and _some(at, tally) == MOST:
        pass
    return {name: number for name, number in tally.items() if number}


def _some(at: datetime, tally: dict[str, int]) -> int:
    # No lock is held from row to row: a move takes the journal first, as the intake does. Two rounds at once do no harm.
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [at, MOST])
        rows = cursor.fetchall()
    later: dict[datetime | None, list[UUID]] = {}
    for facility_id, key, state, sent_at, submission_id, code, kind in rows:
        ends = kind == "visit" or sent_at + FOR <= at or state in {rules.DECLINED, rules.WITHDRAWN}
        later.setdefault(None if ends else at + EVERY, []).append(key)
        if submission_id is not None:
            _note(facility_id, key, (submission_id, code), kind, at, tally)
    for moment, keys in later.items():
        Referral.objects.filter(id__in=keys).update(check_at=moment)
    return len(rows)


def _note(
    facility_id: UUID, key: UUID, dossier: tuple[UUID, str], kind: str, at: datetime, tally: dict[str, int]
) -> None:
    mine = Referral.objects.filter(facility_id=facility_id, id=key)
    if kind == "visit":
        tally["visits linked"] += mine.update(arrival_submission_id=dossier[0], arrival_dossier_code=dossier[1])
    if actions.note_arrival(mine.get(), by=BY, at=at):
        tally["arrivals"] += 1
