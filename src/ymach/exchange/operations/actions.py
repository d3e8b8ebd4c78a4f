"""Writes of what is seen: a worker's word, outages, samples of the queues, delays; and forgetting what is old."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.base import pg
from ymach.exchange.deliveries.names import DESTINATIONS, family_of
from ymach.exchange.operations.models import Delay, Outage, Sample, WorkerSeen
from ymach.exchange.operations.queries import workers
from ymach.exchange.operations.rules import Way, may_end

MOST = 100_000
"""Up to so many of a destination are counted; a queue that is longer is told as at least so long."""

SAMPLES_KEPT, OUTAGES_KEPT, WORKERS_KEPT = timedelta(days=8), timedelta(days=100), timedelta(days=2)

# From one destination to the next along the index; of each, no more than MOST are counted.
_QUEUES = """
WITH RECURSIVE each AS (
  (SELECT destination FROM exchange_delivery WHERE state IN ('waiting', 'sending', 'stuck', 'refused')
    ORDER BY destination LIMIT 1)
  UNION ALL
  SELECT (SELECT d.destination FROM exchange_delivery d WHERE d.state IN ('waiting', 'sending', 'stuck', 'refused')
    AND d.destination > each.destination ORDER BY d.destination LIMIT 1)
  FROM each WHERE each.destination IS NOT NULL
)
SELECT destination,
  (SELECT count(*) FROM (SELECT FROM exchange_delivery d WHERE d.destination = each.destination
    AND d.state IN ('waiting', 'sending') LIMIT %(most)s) AS these),
  (SELECT count(*) FROM (SELECT FROM exchange_delivery d WHERE d.destination = each.destination
    AND d.state IN ('stuck', 'refused') LIMIT %(most)s) AS these),
  least(
    (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination = each.destination AND d.state = 'waiting'),
    (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination = each.destination AND d.state = 'sending'))
FROM each WHERE destination IS NOT NULL
"""
_ADD_DELAYS = """
INSERT INTO operations_delay (destination, hour, bucket, number)
SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::smallint[], %s::bigint[])
ON CONFLICT (destination, hour, bucket) DO UPDATE SET number = operations_delay.number + excluded.number
"""


def beat(
    worker_id: UUID,
    *,
    host: str,
    pid: int,
    parts: Collection[str],
    ways: Mapping[str, Way],
    tallies: Mapping[str, Mapping[str, int]],
    answered: Collection[str],
    started_at: datetime,
    at: datetime,
) -> None:
    """A worker says what it does, at the moment `at`; an outage begins with a pause and ends with an answer.

    ways: of the destinations that are not at rest. answered: destinations that have answered since its last word.
    """
    said = {
        "host": host,
        "pid": pid,
        "parts": sorted(parts),
        "ways": {name: _as_json(way) for name, way in ways.items()},
        "tallies": {name: dict(tally) for name, tally in tallies.items()},
        "started_at": started_at,
        "alive_at": at,
    }
    with transaction.atomic():
        WorkerSeen.objects.update_or_create(id=worker_id, defaults=said)
        _open([name for name, way in ways.items() if way.open_until is not None], at)
        _end(answered, at)


def say_stopped(worker_id: UUID, *, at: datetime) -> None:
    """The worker ends in order: nobody need look for it."""
    WorkerSeen.objects.filter(id=worker_id).update(stopped_at=at, alive_at=at, ways={})


def sample(*, at: datetime) -> bool:
    """Write how the queues stand at the full minute of `at`; False when somebody has done so already."""
    minute = at.replace(second=0, microsecond=0)
    if Sample.objects.filter(at=minute).exists():
        return False
    rows = {name: Sample(destination=name, at=minute, waiting=0, by_hand=0) for name in DESTINATIONS}
    for destination, waiting, by_hand, oldest_at in pg.ask(_QUEUES, {"most": MOST})():
        row = rows.setdefault(
            family_of(destination), Sample(destination=family_of(destination), at=minute, waiting=0, by_hand=0)
        )
        row.waiting, row.by_hand = min(row.waiting + waiting, MOST), min(row.by_hand + by_hand, MOST)
        row.oldest_at = min(filter(None, (row.oldest_at, oldest_at)), default=None)
    Sample.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return True


def add_delays(noted: Tally[tuple[str, int]], *, at: datetime) -> None:
    """Add what a worker measured to the hour of `at`, by family of destinations and class of `delays.BOUNDS`."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    tally: Tally[tuple[str, int]] = Tally()
    for (destination, bucket), number in noted.items():
        tally[family_of(destination), bucket] += number
    rows = [(destination, hour, bucket, number) for (destination, bucket), number in sorted(tally.items())]
    if rows:
        pg.ask(_ADD_DELAYS, pg.columns(rows))


def forget(*, at: datetime) -> int:
    """Forget samples and delays after 8 days, outages after 100, workers after 2; how many rows."""
    old = (
        Sample.objects.filter(at__lt=at - SAMPLES_KEPT),
        Delay.objects.filter(hour__lt=at - SAMPLES_KEPT),
        Outage.objects.filter(ended_at__lt=at - OUTAGES_KEPT),
        WorkerSeen.objects.filter(alive_at__lt=at - WORKERS_KEPT),
    )
    return sum(rows.delete()[0] for rows in old)


def _open(destinations: Iterable[str], at: datetime) -> None:
    begun = [Outage(destination=name, began_at=at) for name in destinations]
    if begun:
        Outage.objects.bulk_create(begun, ignore_conflicts=True)


def _end(answered: Collection[str], at: datetime) -> None:
    going_on = Outage.objects.filter(destination__in=list(answered), ended_at=None) if answered else ()
    if not going_on:
        return
    seen = workers(at=at)
    for outage in going_on:
        if may_end(outage.destination, seen, at=at):
            Outage.objects.filter(pk=outage.pk, ended_at=None, began_at__lte=at).update(ended_at=at)


def _as_json(way: Way) -> dict[str, Any]:
    return {"failures": way.failures, "open_until": way.open_until.isoformat() if way.open_until else None}
