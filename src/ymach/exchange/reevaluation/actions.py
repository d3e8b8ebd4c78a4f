"""Noting changes of the registry that reach into the past, and judging again what was written on those days.

Everything may be stopped at any instruction and done again: a judgement that changes nothing writes nothing, so that
what was judged twice is amended once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from threading import Event
from uuid import UUID

import zstandard
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q

from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.history.following import Cursor, entries_after, present
from ymach.base.history.models import HistoryEntry
from ymach.base.periods import Period
from ymach.exchange import mentions
from ymach.exchange.corrections.actions import amend
from ymach.exchange.corrections.causes import Cause
from ymach.exchange.corrections.errors import NothingToAmend
from ymach.exchange.models import Reevaluation, ReevaluationCursor, Submission
from ymach.exchange.receipts.issuer import Issuer
from ymach.exchange.reevaluation.judging import judge_again
from ymach.exchange.reevaluation.rules import OF_FACILITIES, TABLES, days_reached, reason_of
from ymach.exchange.reevaluation.telling import tell_of
from ymach.practitioners.models import Licence

logger = logging.getLogger(__name__)

PAGE, BATCH = 500, 50
LEASE = timedelta(minutes=5)
SETTLED = timedelta(minutes=2)
"""Whatever was answered before a change, and that much after it, must have been read for its authors."""

# Which of these persons are named as an author on a day of these periods.
_NAMED = """
SELECT DISTINCT a.entry FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[]) AS a (entry, key, first, after)
WHERE EXISTS (
  SELECT FROM exchange_author_mention m
  WHERE m.number_key = a.key AND m.happened_on >= a.first AND m.happened_on < a.after OFFSET 0)
"""
# The submissions of a person's days that hold now, one after the other.
_TOUCHED = """
SELECT DISTINCT m.facility_id, m.submission_id FROM exchange_author_mention m
JOIN exchange_dossier_head h ON h.facility_id = m.facility_id AND h.kind = 'visit' AND h.code = m.dossier_code
  AND h.submission_id = m.submission_id AND h.cancelled_at IS NULL
WHERE m.number_key = ANY(%s) AND m.happened_on >= %s AND m.happened_on < %s
  AND (m.facility_id, m.submission_id) > (%s, %s)
ORDER BY 1, 2 LIMIT %s
"""
# The same of a facility's days, whoever is named: any record of these days brings its submission.
_SENT = """
SELECT DISTINCT r.facility_id, r.submission_id FROM exchange_record r
WHERE r.facility_id = %s AND r.is_current AND (r.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= %s
  AND (r.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < %s AND (r.facility_id, r.submission_id) > (%s, %s)
ORDER BY 1, 2 LIMIT %s
"""
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass: changes noted, submissions judged, receipts amended. is_complete: nothing known is left."""

    noted: int = 0
    judged: int = 0
    amended: int = 0
    is_complete: bool = True


def catch_up(
    *, by: Actor, at: datetime, most: int = 500, stopping: Event | None = None, issuer: Issuer | None = None
) -> Pass:
    """Note what the registry changed with a back date, and judge again up to `most` submissions. at: aware.

    The first pass ever begins at the present end of the history. One process at a time works; another finds nothing to do.
    """
    if not _lease(at):
        return Pass(is_complete=False)
    noted, is_read = note()
    judged, amended = judge_noted(by=by, at=at, most=most, stopping=stopping, issuer=issuer)
    ReevaluationCursor.objects.update(lease_until=None)
    left = Reevaluation.objects.filter(finished_at=None).exists()
    return Pass(noted, judged, amended, is_complete=is_read and not left)


def note() -> tuple[int, bool]:
    """Read on in the history; how many changes reach somebody's written days, and whether everything was read.

    A change is read only when whatever was answered before it is in the index of authors.
    """
    place = ReevaluationCursor.objects.get()
    known = mentions.complete_until()
    page = entries_after(Cursor(place.xact, place.entry_id), limit=PAGE, tables=TABLES)
    ripe = list(takewhile(lambda one: known is not None and one.at + SETTLED <= known, page.entries))
    whole = len(ripe) == len(page.entries)
    cursor = page.cursor if whole else (Cursor(ripe[-1].xact, ripe[-1].id) if ripe else None)
    with transaction.atomic():
        noted = consider(ripe)
        if cursor is not None:
            ReevaluationCursor.objects.update(xact=cursor.xact, entry_id=cursor.id)
    return noted, whole and not page.more


def consider(entries: Sequence[HistoryEntry]) -> int:
    """Keep those entries of the history that reach days on which their person is named as an author, or their facility
    has records; how many."""
    rows = _reaching(entries)
    Reevaluation.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def judge_noted(
    *, by: Actor, at: datetime, most: int = 500, stopping: Event | None = None, issuer: Issuer | None = None
) -> tuple[int, int]:
    """Judge up to `most` submissions that noted changes touch: how many, and how many were amended."""
    judged = amended = 0
    for one in Reevaluation.objects.filter(finished_at=None).order_by("id"):
        is_over = False
        while not is_over and judged < most and not (stopping and stopping.is_set()):
            looked, changed, is_over = _judge_some(one, min(BATCH, most - judged), by=by, at=at, issuer=issuer)
            judged, amended = judged + looked, amended + changed
        if not is_over:
            break
    return judged, amended


def _lease(at: datetime) -> bool:
    start = present()
    first = ReevaluationCursor(xact=start.xact, entry_id=start.id)
    ReevaluationCursor.objects.bulk_create([first], ignore_conflicts=True)
    free = ReevaluationCursor.objects.filter(Q(lease_until=None) | Q(lease_until__lte=at))
    return bool(free.update(lease_until=at + LEASE))


def _reaching(entries: Sequence[HistoryEntry]) -> list[Reevaluation]:
    """The entries that reach days on which the person is named as an author, or of which the facility has records."""
    reached: dict[int, tuple[HistoryEntry, Period]] = {}
    for one in entries:
        days = days_reached(one, vietnam_day(one.at)) if one.table in TABLES else None
        if days is not None:
            reached[one.id] = (one, days)
    keys = _keys([entry for entry, _ in reached.values()])
    first = (_NOBODY, _NOBODY, 1)
    sent = {
        key for key, (entry, days) in reached.items() if entry.table in OF_FACILITIES and _sent(entry, days, *first)
    }
    asked = [
        (key, number, days.start or date.min, days.end)
        for key, (_, days) in reached.items()
        for number in sorted(keys[key])
    ]
    named = {key for (key,) in pg.ask(_NAMED, pg.columns(asked))()} if asked else set()
    return [
        Reevaluation(
            id=key, subject_id=entry.subject or _NOBODY, days=DateRange(days.start, days.end), noted_at=entry.at
        )
        for key, (entry, days) in reached.items()
        if key in named | sent
    ]


def _keys(entries: Collection[HistoryEntry]) -> dict[int, set[str]]:
    """By entry, the licence numbers under which its person may be named, those that were corrected away included."""
    people: dict[UUID | None, set[str]] = defaultdict(set)
    held = Licence.objects.filter(practitioner_id__in={one.subject for one in entries})
    for person, number in held.values_list("practitioner_id", "number_key"):
        people[person].add(number)
    rows = {one.id: [row for row in (one.before, one.after) if row and row.get("number_key")] for one in entries}
    return {one.id: {*people[one.subject], *(str(row["number_key"]) for row in rows[one.id])} for one in entries}


def _judge_some(
    one: Reevaluation, most: int, *, by: Actor, at: datetime, issuer: Issuer | None
) -> tuple[int, int, bool]:
    """Judge the next submissions that a change touches: how many, how many were amended, and whether it is over."""
    entry = HistoryEntry.objects.get(pk=one.id)
    after = (one.resume_facility_id or _NOBODY, one.resume_submission_id or _NOBODY)
    touched = _touched(entry, Period(one.days.lower, one.days.upper), *after, most)
    changed = 0
    for facility_id, submission_id in touched:
        changed += _judge_one(facility_id, submission_id, entry, by=by, at=at, issuer=issuer)
        mine = Reevaluation.objects.filter(pk=one.id)
        mine.update(resume_facility_id=facility_id, resume_submission_id=submission_id, looked=F("looked") + 1)
        one.resume_facility_id, one.resume_submission_id = facility_id, submission_id
    ReevaluationCursor.objects.update(lease_until=at + LEASE)
    is_over = len(touched) < most
    if is_over:
        _finish(one, entry, by=by, at=at)
    return len(touched), changed, is_over


def _touched(entry: HistoryEntry, days: Period, *after_and_most: UUID | int) -> list[tuple[UUID, UUID]]:
    """The next submissions whose standing the change may alter."""
    if entry.table in OF_FACILITIES:
        return _sent(entry, days, *after_and_most)
    return pg.ask(_TOUCHED, [sorted(_keys([entry])[entry.id]), days.start or date.min, days.end, *after_and_most])()


def _sent(entry: HistoryEntry, days: Period, *after_and_most: UUID | int) -> list[tuple[UUID, UUID]]:
    return pg.ask(_SENT, [entry.subject, days.start or date.min, days.end, *after_and_most])()


def _judge_one(
    facility_id: UUID, submission_id: UUID, entry: HistoryEntry, *, by: Actor, at: datetime, issuer: Issuer | None
) -> bool:
    submission = Submission.objects.get(facility_id=facility_id, id=submission_id)
    try:
        found = judge_again(submission)
        if not found.outcomes:
            return False
        amend(
            submission,
            found.outcomes,
            cause=Cause.RE_EVALUATED,
            reason=reason_of(entry.table, vietnam_day(entry.at)),
            by=by,
            at=at,
            findings=found.findings,
            registry_version=found.registry_version,
            entry_id=entry.id,
            issuer=issuer,
        )
    except NothingToAmend:
        return False
    except (YmachError, zstandard.ZstdError):
        logger.exception("submission %s of facility %s cannot be judged again", submission_id, facility_id)
        return False
    return True


def _finish(one: Reevaluation, entry: HistoryEntry, *, by: Actor, at: datetime) -> None:
    """Told once: whoever marks it finished tells."""
    with transaction.atomic():
        if Reevaluation.objects.filter(pk=one.id, finished_at=None).update(finished_at=at):
            told = tell_of(entry, by=by, at=at)
            Reevaluation.objects.filter(pk=one.id).update(changed=told)
