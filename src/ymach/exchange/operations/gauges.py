"""The metrics that the database knows, as Prometheus writes them. Without anything about a person or a single facility."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ymach.base.clock import vietnam_day
from ymach.base.meters import Values, name_of
from ymach.exchange.deliveries.names import DESTINATIONS
from ymach.exchange.operations import queries
from ymach.exchange.operations.rules import SILENT_AFTER, Standing

WORDS = {
    "ymach_database_up": "Whether the database answers.",
    "ymach_database_bytes": "Size of the database.",
    "ymach_database_connections": "Connections of clients to the database server.",
    "ymach_database_connections_most": "Connections it allows.",
    "ymach_database_oldest_transaction_seconds": "Age of the oldest open transaction.",
    "ymach_database_replication_lag_seconds": "Lag of the slowest standby.",
    "ymach_workers_alive": "Workers that have said so within half a minute.",
    "ymach_worker_silent_seconds": "Since when a worker that has not stopped has said nothing.",
    "ymach_worker_deliveries_total": "Deliveries a worker has settled since it started, by destination and result.",
    "ymach_destination_standing": "How a destination stands: 1 for the state it is in.",
    "ymach_breaker_failures": "Failures in a row at a destination, the worst of the workers.",
    "ymach_deliveries_waiting": "Deliveries on their way to a destination, at the last full minute.",
    "ymach_deliveries_by_hand": "Deliveries stuck or refused, at the last full minute.",
    "ymach_delivery_oldest_seconds": "How long the longest waiting delivery has waited.",
    "ymach_delivery_median_seconds": "Median from receipt to destination, last 24 hours.",
    "ymach_submissions_today": "Submissions of the day (Viet Nam) by outcome.",
    "ymach_deliveries_today": "Deliveries of the day's submissions by destination and state.",
}


def gauges(*, at: datetime, used: frozenset[str]) -> Values:
    """All of them at the moment `at`. used: the partners that have an address in this installation."""
    found = {"ymach_database_up": [1.0]}
    for part in (_database(at), _workers(at), _destinations(at, used), _day(at)):
        found.update((name, [value]) for name, value in part)
    return found


def _database(at: datetime) -> Iterator[tuple[str, float]]:
    store = queries.database(at=at)
    yield "ymach_database_bytes", float(store.size)
    yield "ymach_database_connections", float(store.connections)
    yield "ymach_database_connections_most", float(store.most_connections)
    yield "ymach_database_oldest_transaction_seconds", _seconds(store.oldest)
    if store.lag is not None:
        yield "ymach_database_replication_lag_seconds", store.lag


def _workers(at: datetime) -> Iterator[tuple[str, float]]:
    alive = 0
    for host, pid, tallies, alive_at in queries.tallies():
        labels = {"host": host, "pid": str(pid)}
        silent = at - alive_at
        alive += silent <= SILENT_AFTER
        yield name_of("ymach_worker_silent_seconds", **labels), max(_seconds(silent), 0.0)
        for destination, tally in tallies.items():
            for state, number in tally.items():
                name = name_of("ymach_worker_deliveries_total", **labels, destination=destination, state=state)
                yield name, float(number)
    yield "ymach_workers_alive", float(alive)


def _destinations(at: datetime, used: frozenset[str]) -> Iterator[tuple[str, float]]:
    for one in queries.destinations(DESTINATIONS, at=at, used=used):
        for standing in Standing:
            name = name_of("ymach_destination_standing", destination=one.name, state=standing.value)
            yield name, float(one.standing is standing)
        told = {
            "ymach_breaker_failures": one.failures,
            "ymach_deliveries_waiting": one.waiting,
            "ymach_deliveries_by_hand": one.by_hand,
            "ymach_delivery_oldest_seconds": _seconds(one.oldest),
            "ymach_delivery_median_seconds": one.delay,
        }
        for metric, value in told.items():
            if value is not None:
                yield name_of(metric, destination=one.name), float(value)


def _day(at: datetime) -> Iterator[tuple[str, float]]:
    outcomes: dict[str, int] = {}
    for (subject, name, state), number in queries.day_counts(vietnam_day(at)).items():
        if subject == "delivery":
            yield name_of("ymach_deliveries_today", destination=name, state=state), float(number)
        else:
            outcomes[state] = outcomes.get(state, 0) + number
    for outcome, number in outcomes.items():
        yield name_of("ymach_submissions_today", outcome=outcome), float(number)


def _seconds(length: timedelta | None) -> float:
    return round(length.total_seconds(), 3) if length else 0.0
