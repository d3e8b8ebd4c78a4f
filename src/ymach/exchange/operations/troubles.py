"""What an operator must look at, from a picture of the system; the gravest first. Plain functions.

Each kind has a section of the runbook (`data/runbook.toml`, and in docs/operators.md under the same name).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ymach.exchange.operations.rules import Database, Destination, Standing, Worker

LONG_AWAY, LONG_QUEUE, LONG_TRANSACTION = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=10)
BEHIND, LAG_SECONDS = timedelta(hours=1), 30.0
FULL, CONNECTED = 0.9, 0.8


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk under the folder of this machine, in bytes."""

    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The running system at the moment `at`. mentions_until: up to when authors have been read; None: never.

    is_watched: somebody has looked at the queues lately. settling: lists that lag behind a load. letters: on their way.
    ending: certificates of our own and of authorities that end within 30 days; expiring: of facilities, within 7.
    """

    at: datetime
    destinations: Sequence[Destination]
    workers: Sequence[Worker]
    database: Database
    disk: Disk
    is_watched: bool
    mentions_until: datetime | None
    settling: Sequence[str] = ()
    letters: int = 0
    ending: int = 0
    expiring: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to look at. code: its section of the runbook. destination: which; empty where it is none's.

    number: how many; length: for how long. is_grave: it waits for a hand now.
    """

    code: str
    is_grave: bool
    destination: str = ""
    number: int = 0
    length: timedelta = field(default=timedelta(0))


def troubles(seen: Picture) -> list[Trouble]:
    """All of them, those that wait for a hand first, then in the order in which they are told."""
    found = [*_of_workers(seen), *_of_destinations(seen), *_of_the_store(seen), *_of_backlogs(seen)]
    return sorted(found, key=lambda one: not one.is_grave)


def _of_workers(seen: Picture) -> Iterator[Trouble]:
    alive = sum(one.is_alive(seen.at) for one in seen.workers)
    lost = [one for one in seen.workers if one.is_lost(seen.at)]
    if not alive:
        yield Trouble("nobody-works", is_grave=True)
        return
    if lost:
        silent = max(seen.at - one.alive_at for one in lost)
        yield Trouble("worker-lost", is_grave=False, number=len(lost), length=silent)
    if not seen.is_watched:
        yield Trouble("nobody-watches", is_grave=True)


def _of_destinations(seen: Picture) -> Iterator[Trouble]:
    for one in seen.destinations:
        if one.standing is Standing.AWAY:
            away = seen.at - one.away_since if one.away_since else timedelta(0)
            yield Trouble("destination-away", away >= LONG_AWAY, one.name, one.waiting or 0, away)
        elif one.standing is Standing.UNSERVED and any(worker.is_alive(seen.at) for worker in seen.workers):
            yield Trouble("destination-unserved", one.oldest is not None, one.name, one.waiting or 0)
        elif one.oldest is not None and one.oldest >= LONG_QUEUE:
            yield Trouble("queue-old", is_grave=False, destination=one.name, number=one.waiting or 0, length=one.oldest)
        if one.by_hand:
            yield Trouble("deliveries-stuck", is_grave=True, destination=one.name, number=one.by_hand)


def _of_the_store(seen: Picture) -> Iterator[Trouble]:
    store = seen.database
    if store.connections >= CONNECTED * store.most_connections:
        yield Trouble("database-connections", is_grave=True, number=store.connections)
    if store.oldest is not None and store.oldest >= LONG_TRANSACTION:
        yield Trouble("database-transaction", is_grave=False, length=store.oldest)
    if store.lag is not None and store.lag >= LAG_SECONDS:
        yield Trouble("database-lag", is_grave=False, length=timedelta(seconds=store.lag))
    if seen.disk.total - seen.disk.free >= FULL * seen.disk.total:
        yield Trouble("disk-full", is_grave=True, number=round(100 * seen.disk.free / seen.disk.total))


def _of_backlogs(seen: Picture) -> Iterator[Trouble]:
    if seen.ending:
        yield Trouble("platform-certificate", is_grave=True, number=seen.ending)
    if seen.expiring:
        yield Trouble("facility-certificates", is_grave=False, number=seen.expiring)
    if seen.mentions_until is not None and seen.at - seen.mentions_until >= BEHIND:
        yield Trouble("mentions-behind", is_grave=False, length=seen.at - seen.mentions_until)
