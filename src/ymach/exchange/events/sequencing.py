"""Writing the stream: the journals of all facilities, read on from where they were read, numbered in one order.

The intake pays nothing for it, as for `exchange.mentions`. A journal numbers its events in the order in which they
became visible, and its head moves in their transaction: reading up to the head misses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

import orjson
from django.db import transaction

from ymach.audit.actions import REGISTRY, day_of
from ymach.base import pg
from ymach.exchange.deliveries.routes import RESTRICTED_KINDS
from ymach.exchange.events.models import JournalCursor, Stream, StreamEvent
from ymach.exchange.events.rules import Entry, detail_told, in_order, is_told
from ymach.exchange.models import Delivery, Record
from ymach.facilities.models import Facility

BATCH = 2000
_FOREVER_AGO = date(2000, 1, 1)

_FRESH = """
WITH behind AS MATERIALIZED (
  SELECT h.facility_id, h.day, coalesce(c.number, 0) AS number, h.number AS until
  FROM audit_head h LEFT JOIN events_cursor c ON c.facility_id = h.facility_id AND c.day = h.day
  WHERE h.day >= %(since)s AND h.facility_id <> %(registry)s AND h.number > coalesce(c.number, 0)
  ORDER BY h.day, h.facility_id LIMIT %(most)s
)
SELECT e.facility_id, e.day, e.number, e.at, e.action, e.subject, e.detail::text,
  coalesce(p.action = e.action AND p.subject = e.subject AND p.at = e.at, false)
FROM behind b CROSS JOIN LATERAL (
  SELECT * FROM audit_event e
  WHERE e.facility_id = b.facility_id AND e.day = b.day AND e.number > b.number AND e.number <= b.until
  ORDER BY e.number LIMIT %(most)s
) e LEFT JOIN audit_event p ON p.facility_id = e.facility_id AND p.day = e.day AND p.number = e.number - 1
ORDER BY e.day, e.facility_id, e.number LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the exchange knows of a submission: kinds that may be named, the version of its dossier."""

    kinds: Sequence[str] = ()
    version: int | None = None


def catch_up(*, at: datetime, batches: int | None = None) -> int:
    """Read everything that was written before the present moment `at` (aware); how many events were added.

    batches: at most so many of BATCH events of the journals; None: all. Any number of processes may: one of them writes,
    the others find nothing to do.
    """
    added = 0
    for number in count(1):
        more, new = _read_some(at)
        added += new
        if not more or number == batches:
            break
    return added


def _read_some(at: datetime) -> tuple[bool, int]:
    with transaction.atomic():
        stream = _held_stream()
        if stream is None:
            return False, 0
        # A transaction that began before midnight may end after it, under the day before.
        since = day_of(stream.complete_until) - timedelta(days=1) if stream.complete_until else _FOREVER_AGO
        rows = pg.ask(_FRESH, {"since": since, "registry": REGISTRY, "most": BATCH})()
        entries = [_entry(*row) for row in rows]
        told = in_order(one for one in entries if is_told(one))
        StreamEvent.objects.bulk_create(_events(told, after=stream.position))
        _move_cursors(entries)
        stream.position += len(told)
        if len(rows) < BATCH:
            # A machine whose clock runs ahead must not let what others write now be passed over.
            stream.complete_until = min(at, _database_time())
        if told or _is_old(stream, at):
            stream.save()
    return len(rows) == BATCH, len(told)


def _entry(
    facility_id: UUID, day: date, number: int, at: datetime, action: str, subject: str, detail: str, repeated: bool
) -> Entry:
    return Entry(facility_id, day, number, at, action, subject, orjson.loads(detail), repeated)


def _database_time() -> datetime:
    found: datetime = pg.ask("SELECT now()", [])()[0][0]
    return found


def _is_old(stream: Stream, at: datetime) -> bool:
    """Not a write every second of a quiet night."""
    kept = Stream.objects.values_list("complete_until", flat=True).get()
    return stream.complete_until is not None and (kept is None or at - kept > timedelta(minutes=1))


def _held_stream() -> Stream | None:
    """The stream, ours until the transaction ends; None while another process writes it."""
    free = Stream.objects.select_for_update(skip_locked=True)
    found = free.first()
    if found is None and not Stream.objects.exists():
        Stream.objects.bulk_create([Stream()], ignore_conflicts=True)
        found = free.first()
    return found


def _move_cursors(entries: Iterable[Entry]) -> None:
    ends = {(one.facility_id, one.day): one.number for one in entries}
    JournalCursor.objects.bulk_create(
        [JournalCursor(facility_id=facility, day=day, number=number) for (facility, day), number in ends.items()],
        update_conflicts=True,
        unique_fields=["facility_id", "day"],
        update_fields=["number"],
    )


def _events(told: Sequence[Entry], *, after: int) -> list[StreamEvent]:
    submissions = _submissions(told)
    known = _known(told, submissions.values())
    places = Facility.objects.filter(id__in={one.facility_id for one in told}).values_list(
        "id", "code", "province_code"
    )
    where = {key: (code, province) for key, code, province in places}
    made = []
    for position, one in enumerate(told, after + 1):
        submission = submissions.get(one.id)
        said = known.get(submission, _Known()) if submission else _Known()
        code, province = where.get(one.facility_id, ("", ""))
        made.append(
            StreamEvent(
                position=position,
                id=one.id,
                facility_id=one.facility_id,
                facility_code=code,
                province_code=province,
                kind=one.action,
                at=one.at,
                subject=one.subject,
                submission_id=submission,
                record_kinds=list(said.kinds),
                version=said.version,
                detail=detail_told(one.detail),
            )
        )
    return made


def _submissions(told: Sequence[Entry]) -> dict[UUID, UUID]:
    """The submission that each event is about, where it is about one."""
    found, of_delivery = {}, {}
    for one in told:
        kind, _, key = one.subject.partition(":")
        if kind == "submission":
            found[one.id] = UUID(key)
        elif kind == "delivery":
            of_delivery[one.id] = UUID(key)
        elif "submission" in one.detail:
            found[one.id] = UUID(str(one.detail["submission"]))
    facilities = {one.facility_id for one in told if one.id in of_delivery}
    rows = Delivery.objects.filter(facility_id__in=facilities, id__in=set(of_delivery.values()))
    sent = dict(rows.values_list("id", "submission_id"))
    return found | {event: sent[key] for event, key in of_delivery.items() if key in sent}


def _known(told: Sequence[Entry], submissions: Iterable[UUID]) -> dict[UUID, _Known]:
    facilities = {one.facility_id for one in told}
    rows = Record.objects.filter(facility_id__in=facilities, submission_id__in=set(submissions))
    kinds: dict[UUID, set[str]] = defaultdict(set)
    versions: dict[UUID, int] = defaultdict(int)
    for submission, kind, version in rows.values_list("submission_id", "kind", "version"):
        kinds[submission].add(kind)
        versions[submission] = max(versions[submission], version)
    return {key: _Known(sorted(kinds[key] - RESTRICTED_KINDS), versions[key]) for key in kinds}
