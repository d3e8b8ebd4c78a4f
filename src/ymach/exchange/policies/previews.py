"""Reckoning what a change would have done last week, facility by facility, in steps that a page can wait for.

Where it stands is kept with the change: it can be left, found again, and goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum

from ymach.base.clock import start_of_day, vietnam_day
from ymach.exchange.models import Counter, Receipt, Submission
from ymach.exchange.policies.errors import PolicyNotFound
from ymach.exchange.policies.models import PolicyChange, State
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.reckoning import Claims, Move, Reckoning, is_outright, moves_of
from ymach.exchange.receipts.claims import claims_of

DAYS = 7
CHUNK = 200
"""Facilities asked for at once: most have nothing to look at."""
MOST_OF_ONE = 2000
"""Receipts read of one facility; the newest stand for the others."""
PATIENCE = 1.0
"""Seconds that one step takes."""


def begin(change: PolicyChange, *, at: datetime) -> None:
    """Set a change to be reckoned over the seven whole days before the day of `at` (aware)."""
    reckoning = _begun(at)
    change.preview, change.is_reckoned, change.stops = reckoning.as_json(), not reckoning.total, 0


def advance(change_id: UUID, *, at: datetime, patience: float = PATIENCE) -> PolicyChange:
    """One step further: as many facilities as `patience` seconds allow, at least one chunk. Nothing when it is done."""
    with transaction.atomic():
        change = PolicyChange.objects.select_for_update().filter(pk=change_id).first()
        if change is None:
            raise PolicyNotFound
        if change.is_reckoned or change.state != State.DRAFT:
            return change
        reckoning = Reckoning.of(change.preview)
        change.is_reckoned = _run(reckoning, change, time.monotonic() + patience)
        change.preview, change.stops = reckoning.as_json(), reckoning.stops
        change.save(update_fields=["preview", "is_reckoned", "stops"])
    return change


def reckon(change: PolicyChange, *, at: datetime) -> Iterator[Reckoning]:
    """The same for a change that nobody has asked for, without a trace: the sums after each step, the last are all."""
    reckoning = _begun(at)
    while not _run(reckoning, change, time.monotonic() + PATIENCE):
        yield reckoning
    yield reckoning


def counts_of(reckoning: Reckoning) -> dict[str, int]:
    """Records by outcome in the days looked at, from the counters."""
    rows = Counter.objects.filter(day__gte=reckoning.first, day__lte=reckoning.last, subject="record", number__gt=0)
    return dict(rows.values_list("state").annotate(total=Sum("number")).order_by())


def _begun(at: datetime) -> Reckoning:
    last = vietnam_day(at) - timedelta(days=1)
    reckoning = Reckoning(last - timedelta(days=DAYS - 1), last)
    reckoning.total = _senders(reckoning).count()
    return reckoning


def _run(reckoning: Reckoning, change: PolicyChange, until: float) -> bool:
    """Go on until everything is done or the time is up; whether everything is done."""
    code = change.finding_code
    # By the policy that will hold when the change begins: what is confirmed already is no effect of it.
    before = policy_on(change.starts_on)
    after = before.changed(code, change.record_kind, change.outcome)
    while True:
        senders = [key for key, _ in _senders(reckoning)[:CHUNK]]
        found = _submissions(reckoning, senders, code)
        touched = {one.facility_id: one for one in _touched(found)}
        for key in senders:
            if key in touched:
                _look(reckoning, found, touched[key], lambda claims: list(moves_of(claims, before, after)))
            reckoning.cursor, reckoning.done = key.hex, reckoning.done + 1
            if time.monotonic() > until and key != senders[-1]:
                return False
        if len(senders) < CHUNK:
            return True
        if time.monotonic() > until:
            return False


def _senders(reckoning: Reckoning) -> QuerySet[Counter, tuple[UUID, str]]:
    """The facilities that sent something in these days, after the cursor."""
    rows = Counter.objects.filter(day__gte=reckoning.first, day__lte=reckoning.last, subject="submission")
    if reckoning.cursor:
        rows = rows.filter(facility_id__gt=UUID(reckoning.cursor))
    return rows.values_list("facility_id").annotate(province=Min("province_code")).order_by("facility_id")


@dataclass(frozen=True, slots=True)
class _Touched:
    """A facility with submissions that hold the finding."""

    facility_id: UUID
    facility_code: str
    province_code: str
    total: int


def _touched(found: QuerySet[Submission]) -> Iterator[_Touched]:
    rows = found.values_list("facility_id", "facility_code", "province_code").annotate(total=Count("id")).order_by()
    return (_Touched(*row) for row in rows)


def _look(
    reckoning: Reckoning, found: QuerySet[Submission], here: _Touched, judged: Callable[[Claims], list[Move]]
) -> None:
    newest = found.filter(facility_id=here.facility_id).order_by("-received_at").values_list("id", flat=True)
    ids = list(newest[:MOST_OF_ONE])
    moves: list[Move] = []
    receipts = Receipt.objects.filter(facility_id=here.facility_id, submission_id__in=ids).values_list("jws", flat=True)
    for jws in receipts.iterator(chunk_size=200):
        claims = claims_of(jws)
        reckoning.outright += is_outright(claims)
        moves += judged(claims)
    reckoning.looked += here.total
    reckoning.is_estimated |= here.total > len(ids)
    reckoning.add(here.facility_code, here.province_code, moves, factor=here.total / max(len(ids), 1))


def _submissions(reckoning: Reckoning, senders: Iterable[UUID], code: str) -> QuerySet[Submission]:
    start, end = start_of_day(reckoning.first), start_of_day(reckoning.last + timedelta(days=1))
    return Submission.objects.filter(
        facility_id__in=list(senders), received_at__gte=start, received_at__lt=end, finding_codes__contains=[code]
    )
