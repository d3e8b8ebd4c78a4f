"""Who wrote what, found again by licence number: authors read from the kept bytes, after the answer was given.

The intake pays nothing for it. What a facility sent stands in its journal of the day, numbered in the order in which
it became visible; reading on from the last number misses nothing, and reading twice adds nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event
from uuid import UUID

import zstandard
from django.db import transaction

from ymach.audit.actions import REGISTRY, day_of
from ymach.audit.models import AuditEvent, AuditHead
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.licence_numbers import authors_in
from ymach.base.rounds import Rounds
from ymach.exchange import kept_bytes
from ymach.exchange.contents import dossiers_of
from ymach.exchange.intake.standing import authorships
from ymach.exchange.models import AuthorMention, MentionCursor, MentionProgress, Submission, SubmissionContent

logger = logging.getLogger(__name__)

BATCH = 100
PAUSE_SECONDS = 30.0
STORED = "submission:stored"
_LONGEST_KEY = 200
"""What is longer is nobody's licence number, and no index could hold it."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of everything new. is_complete: nothing that was answered before it began is left."""

    submissions: int
    is_complete: bool


def catch_up(*, at: datetime, stopping: Event | None = None) -> Pass:
    """Read what was answered before the present moment `at` (aware); any number may run at once.

    A submission that cannot be read stops its facility's day alone, with a line in the log: the index then stays
    incomplete, and says so.
    """
    submissions, left = 0, 0
    for facility_id, day, end in _behind(at):
        if stopping is not None and stopping.is_set():
            return Pass(submissions, is_complete=False)
        try:
            read, number = _read_day(facility_id, day, end)
        except (YmachError, zstandard.ZstdError):
            logger.exception("authors of facility %s on %s cannot be read", facility_id, day)
            read, number = 0, -1
        submissions += read
        left += number < end
    if not left:
        _complete(at)
    return Pass(submissions, is_complete=not left)


def complete_until() -> datetime | None:
    """The moment up to which every answered submission has been read; None before the first whole pass."""
    return MentionProgress.objects.values_list("complete_until", flat=True).first()


def mentions_in(submission: Submission, content: bytes) -> Iterator[AuthorMention]:
    """The authors named in the content of a submission, one row a dossier, author and day (Viet Nam)."""
    for dossier in dossiers_of(content):
        begun = (dossier.visit.started_at if dossier.visit else None) or submission.received_at
        acts: dict[tuple[str, date], set[str]] = defaultdict(set)
        for entry in authorships(dossier):
            for author in authors_in(entry.author):
                acts[author.key, vietnam_day(entry.at or begun)].add(entry.act.value)
        for (key, day), done in acts.items():
            if len(key) <= _LONGEST_KEY:
                yield _mention(submission, dossier.code, key, day, done)


class Reader(Rounds):
    """The worker's part: a pass, a pause."""

    name = "mentions"

    def turn(self) -> float:
        self.tally["read"] += catch_up(at=self.clock(), stopping=self.stopping).submissions
        return PAUSE_SECONDS


def _behind(at: datetime) -> list[tuple[UUID, date, int]]:
    """The facilities' days whose journal has grown since it was read, with its present end."""
    known = complete_until()
    heads = AuditHead.objects.exclude(facility_id=REGISTRY)
    if known is not None:
        # A transaction that began before midnight may end after it, under the day before.
        heads = heads.filter(day__gte=day_of(known) - timedelta(days=1))
    days = list(heads.order_by("day", "facility_id").values_list("facility_id", "day", "number"))
    first = days[0][1] if days else day_of(at)
    cursors = MentionCursor.objects.filter(day__gte=first).values_list("facility_id", "day", "number")
    read = {(facility_id, day): number for facility_id, day, number in cursors}
    return [(key, day, end) for key, day, end in days if end > read.get((key, day), 0)]


def _read_day(facility_id: UUID, day: date, end: int) -> tuple[int, int]:
    """Read a facility's day up to the event `end`: how many submissions, and up to which event it is read now."""
    total, number = 0, 0
    while number < end:
        read, reached = _read_some(facility_id, day)
        if reached <= number:
            break  # another process has it
        total, number = total + read, reached
    return total, number


def _read_some(facility_id: UUID, day: date) -> tuple[int, int]:
    with transaction.atomic():
        MentionCursor.objects.bulk_create(
            [MentionCursor(facility_id=facility_id, day=day, number=0)], ignore_conflicts=True
        )
        mine = MentionCursor.objects.filter(facility_id=facility_id, day=day)
        number = mine.select_for_update(skip_locked=True).values_list("number", flat=True).first()
        if number is None:
            return 0, -1
        events = AuditEvent.objects.filter(facility_id=facility_id, day=day, number__gt=number).order_by("number")
        found = list(events.values_list("number", "action", "subject")[:BATCH])
        ids = {UUID(subject.removeprefix("submission:")) for _, action, subject in found if action == STORED}
        _read(facility_id, ids)
        reached: int = found[-1][0] if found else number
        mine.update(number=reached)
    return len(ids), reached


def _read(facility_id: UUID, ids: set[UUID]) -> None:
    submissions = Submission.objects.filter(facility_id=facility_id, id__in=ids)
    needed = ("facility_id", "id", "facility_code", "province_code", "size", "received_at")
    known = {one.id: one for one in submissions.only(*needed)}
    contents = SubmissionContent.objects.filter(facility_id=facility_id, submission_id__in=ids)
    for key, content in contents.values_list("submission_id", "content").iterator(chunk_size=10):
        submission = known[key]
        opened = kept_bytes.opened(key, bytes(content), submission.size)
        AuthorMention.objects.bulk_create(mentions_in(submission, opened), ignore_conflicts=True)


def _mention(submission: Submission, code: str, key: str, day: date, acts: set[str]) -> AuthorMention:
    return AuthorMention(
        facility_id=submission.facility_id,
        submission_id=submission.id,
        dossier_code=code,
        number_key=key,
        happened_on=day,
        facility_code=submission.facility_code,
        province_code=submission.province_code,
        acts=sorted(acts),
    )


def _complete(at: datetime) -> None:
    """Nothing answered before `at` is left; a slower pass never takes back what a later one has said."""
    with transaction.atomic():
        MentionProgress.objects.bulk_create([MentionProgress(complete_until=at)], ignore_conflicts=True)
        MentionProgress.objects.filter(complete_until__lt=at).update(complete_until=at)
