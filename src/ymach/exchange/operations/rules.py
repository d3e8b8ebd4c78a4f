"""What follows from what workers say: whether somebody works, and how a destination stands. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ymach.base.clock import start_of_day, vietnam_day

BEAT = timedelta(seconds=4)
"""How often a worker says that it lives."""

SILENT_AFTER = timedelta(seconds=30)
"""After so long without a word a worker counts as dead."""


class Standing(StrEnum):
    """How a destination stands, the gravest first."""

    AWAY = "away"
    UNSERVED = "unserved"
    FAILING = "failing"
    ANSWERING = "answering"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Way:
    """What one worker says of one destination: failures in a row, and until when it pauses (aware), None if it does not."""

    failures: int = 0
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's process as last heard of. parts: the destinations it serves; ways: those that are not at rest."""

    host: str
    pid: int
    parts: tuple[str, ...]
    ways: Mapping[str, Way]
    started_at: datetime
    alive_at: datetime
    stopped_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Whether it works at the moment `at`: it has said so lately, and not that it stops."""
        return self.stopped_at is None and at - self.alive_at <= SILENT_AFTER

    def is_lost(self, at: datetime) -> bool:
        """Whether it ended without a word."""
        return self.stopped_at is None and not self.is_alive(at)


@dataclass(frozen=True, slots=True)
class Outage:
    """From when to when (None: still) nobody got through to a destination."""

    destination: str
    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination of this installation: how it stands, since when it is away, when it is tried again, what waits.

    waiting, by_hand: as of the newest sample, None without one. oldest: how long the longest waiting one has waited.
    delay: the median of the last 24 hours, in seconds; None when nothing arrived.
    """

    name: str
    standing: Standing
    away_since: datetime | None
    next_try: datetime | None
    failures: int
    waiting: int | None
    by_hand: int | None
    oldest: timedelta | None
    delay: float | None


@dataclass(frozen=True, slots=True)
class Database:
    """The store as PostgreSQL tells it. size: bytes. oldest: the longest open transaction that may be seen.

    lag: of the slowest standby, in seconds; None without one.
    """

    size: int
    connections: int
    most_connections: int
    oldest: timedelta | None
    lag: float | None
    standbys: int


def standing_of(destination: str, workers: Iterable[Worker], *, at: datetime, is_used: bool, waits: bool) -> Standing:
    """How a destination stands: as the worst of the workers that live says of it.

    Of a family of receivers, each with an address of its own, some of which are away, is told that it fails.
    is_used: whether it has an address here. waits: whether something is on its way there.
    """
    serving = [one for one in workers if one.is_alive(at) and destination in one.parts]
    if not serving:
        return Standing.UNSERVED if is_used or waits else Standing.UNUSED
    ways = [way for one in serving if (way := one.ways.get(destination))]
    if any(way.open_until is not None for way in ways):
        return Standing.AWAY
    receivers = f"{destination}:"
    is_failing = any(way.failures for way in ways) or any(
        name.startswith(receivers) for one in serving for name in one.ways
    )
    return Standing.FAILING if is_failing else Standing.ANSWERING


def next_try(destination: str, workers: Iterable[Worker], *, at: datetime) -> datetime | None:
    """When the first worker tries a destination that is away; None where nobody pauses."""
    pauses = [way.open_until for one in workers if one.is_alive(at) and (way := one.ways.get(destination))]
    return min((until for until in pauses if until is not None), default=None)


def may_end(destination: str, workers: Iterable[Worker], *, at: datetime) -> bool:
    """Whether an outage is over once somebody got an answer: no worker that lives pauses any more."""
    return next_try(destination, workers, at=at) is None


def time_away(outages: Iterable[Outage], day: date, *, at: datetime) -> timedelta:
    """For how long of a day (Viet Nam), up to `at`, a destination was away; overlapping outages count once."""
    start = start_of_day(day)
    end = min(start + timedelta(days=1), at)
    spans = sorted((max(one.began_at, start), min(one.ended_at or at, end)) for one in outages)
    total, reached = timedelta(0), start
    for first, last in spans:
        first = max(first, reached)
        if last > first:
            total += last - first
            reached = last
    return total


def days_up_to(at: datetime, number: int) -> Sequence[date]:
    """The last `number` days (Viet Nam) up to that of `at`, oldest first."""
    today = vietnam_day(at)
    return [today - timedelta(days=back) for back in range(number - 1, -1, -1)]


def mark_of(not_after: datetime, *, at: datetime, marks: Iterable[int]) -> int | None:
    """The nearest of `marks` (days before the end) within which a certificate's end has come; None before and after."""
    left = not_after - at
    if left <= timedelta(0):
        return None
    return min((mark for mark in marks if left <= timedelta(days=mark)), default=None)
