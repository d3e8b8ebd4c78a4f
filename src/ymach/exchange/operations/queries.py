"""Looking at the running system: workers, destinations, queues, outages, delays, the database. Nothing is counted here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum

from ymach.base import pg
from ymach.exchange.deliveries.delays import median
from ymach.exchange.deliveries.names import PARTNERS
from ymach.exchange.models import Counter
from ymach.exchange.operations import rules
from ymach.exchange.operations.models import Delay, Outage, Sample, WorkerSeen
from ymach.exchange.operations.rules import Database, Destination, Way

FRESH = timedelta(minutes=3)
"""How old the newest sample may be before nobody is taken to watch."""

_OLDEST = """
SELECT name, least(
  (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination = name AND d.state = 'waiting'),
  (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination = name AND d.state = 'sending'))
FROM unnest(%s::text[]) AS each (name)
"""
_DATABASE = """
SELECT pg_database_size(current_database()),
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  current_setting('max_connections')::int,
  (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()),
  (SELECT max(greatest(extract(epoch FROM replay_lag), 0)) FROM pg_stat_replication),
  (SELECT count(*) FROM pg_stat_replication)
"""


def workers(*, at: datetime, within: timedelta = timedelta(days=1)) -> list[rules.Worker]:
    """The workers heard of within a day, those that live first."""
    rows = WorkerSeen.objects.filter(alive_at__gte=at - within).order_by("stopped_at", "-alive_at")
    seen = [_worker(row) for row in rows]
    return sorted(seen, key=lambda one: (not one.is_alive(at), one.stopped_at is not None))


def tallies() -> list[tuple[str, int, Mapping[str, Mapping[str, int]], datetime]]:
    """What each worker says it has done since it started: host, process, results, when it said so."""
    rows = WorkerSeen.objects.filter(stopped_at=None)
    return [(row.host, row.pid, row.tallies, row.alive_at) for row in rows]


def destinations(names: Collection[str], *, at: datetime, used: Collection[str]) -> list[Destination]:
    """How each of `names` stands. used: those that have an address in this installation."""
    seen, newest = workers(at=at), _newest_samples(at)
    away = {one.destination: one.began_at for one in outages(since=at, at=at)}
    delays, oldest = median_delays(since=at - timedelta(days=1)), oldest_waiting(names)
    found = []
    for name in names:
        row = newest.get(name)
        since = oldest.get(name) or (row.oldest_at if row and name not in PARTNERS else None)
        standing = rules.standing_of(name, seen, at=at, is_used=name in used, waits=since is not None)
        found.append(
            Destination(
                name=name,
                standing=standing,
                away_since=away.get(name),
                next_try=rules.next_try(name, seen, at=at),
                failures=max((one.ways[name].failures for one in seen if name in one.ways), default=0),
                waiting=row.waiting if row else None,
                by_hand=row.by_hand if row else None,
                oldest=at - since if since else None,
                delay=delays.get(name),
            )
        )
    return found


def away_now() -> dict[str, datetime]:
    """The partners that do not answer, and since when; for the pages of those who wait for them."""
    return dict(Outage.objects.filter(ended_at=None, destination__in=PARTNERS).values_list("destination", "began_at"))


def outages(*, since: datetime, at: datetime, names: Collection[str] | None = None) -> list[rules.Outage]:
    """The outages that were not over at `since`, the newest first; of the destinations `names` alone if given."""
    rows = Outage.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), began_at__lte=at).order_by("-began_at")
    if names is not None:
        rows = rows.filter(destination__in=list(names))
    return [rules.Outage(*row) for row in rows.values_list("destination", "began_at", "ended_at")]


def oldest_waiting(names: Collection[str]) -> dict[str, datetime]:
    """Since when the longest waiting delivery to each destination waits, found along an index."""
    return {name: since for name, since in pg.ask(_OLDEST, [list(names)])() if since is not None}


def ages(*, since: datetime) -> dict[str, list[tuple[datetime, float]]]:
    """How old the longest waiting of each destination was, in seconds, every five minutes from `since` on, oldest first."""
    rows = Sample.objects.filter(at__gte=since, at__minute__in=range(0, 60, 5)).order_by("at")
    found: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    for destination, at, oldest_at in rows.values_list("destination", "at", "oldest_at"):
        found[destination].append((at, (at - oldest_at).total_seconds() if oldest_at else 0.0))
    return dict(found)


def median_delays(*, since: datetime) -> dict[str, float]:
    """The median delay from receipt to destination, in seconds, by family, of the hours from `since` on."""
    rows = Delay.objects.filter(hour__gt=since - timedelta(hours=1)).values("destination", "bucket")
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows.annotate(total=Sum("number")):
        found[row["destination"]][row["bucket"]] = row["total"]
    return {name: middle for name, buckets in found.items() if (middle := median(buckets)) is not None}


def day_counts(day: Any) -> dict[tuple[str, str, str], int]:
    """The counters of a day (Viet Nam) of the whole country by (subject, name, state): figures without any person.

    For the public page; what a single unit sent is not in them.
    """
    rows = Counter.objects.filter(day=day, subject__in=["submission", "delivery"])
    grouped = rows.values("subject", "name", "state").annotate(total=Sum("number"))
    return {(row["subject"], row["name"], row["state"]): row["total"] for row in grouped}


def is_watched(*, at: datetime) -> bool:
    """Whether some worker has looked at the queues lately."""
    return Sample.objects.filter(at__gte=at - FRESH).exists()


def database(*, at: datetime) -> Database:
    """How the store is: size, connections, the oldest transaction, its standbys."""
    size, connections, most, oldest, lag, standbys = pg.ask(_DATABASE, [])()[0]
    open_for = at - oldest if oldest else None
    return Database(size, connections, most, open_for, None if lag is None else float(lag), standbys)


def _newest_samples(at: datetime) -> dict[str, Sample]:
    rows = Sample.objects.filter(at__gte=at - FRESH).order_by("destination", "-at").distinct("destination")
    return {row.destination: row for row in rows}


def _worker(row: WorkerSeen) -> rules.Worker:
    ways = {name: _way(said) for name, said in row.ways.items()}
    parts: Sequence[str] = row.parts
    return rules.Worker(row.host, row.pid, tuple(parts), ways, row.started_at, row.alive_at, row.stopped_at)


def _way(said: Mapping[str, Any]) -> Way:
    until = said.get("open_until")
    return Way(int(said["failures"]), datetime.fromisoformat(until) if until else None)
