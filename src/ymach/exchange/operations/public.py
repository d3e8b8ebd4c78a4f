"""The state of the platform for everybody: the same figures as everywhere, without a facility and without a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from ymach.base.clock import now, vietnam_day
from ymach.base.kept import Kept
from ymach.exchange.channels.registry import installed
from ymach.exchange.deliveries.names import PARTNERS
from ymach.exchange.operations import queries
from ymach.exchange.operations.rules import Outage, Standing, days_up_to, time_away

DAYS = 7
KEPT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PublicDestination:
    """One partner: how it stands, what was delivered today, what waits, half of it within how many seconds.

    days: for how long it was away on each of the last DAYS days, oldest first. Others as for `rules.Destination`.
    """

    name: str
    standing: Standing
    away_since: datetime | None
    next_try: datetime | None
    delivered: int
    waiting: int | None
    delay: float | None
    days: Sequence[tuple[date, timedelta]]


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """The platform at the moment `at`. outcomes: submissions of the day (Viet Nam) by outcome."""

    at: datetime
    day: date
    outcomes: Mapping[str, int]
    destinations: Sequence[PublicDestination]
    outages: Sequence[Outage]

    @property
    def is_fine(self) -> bool:
        """Whether every destination answers."""
        return all(one.standing in {Standing.ANSWERING, Standing.UNUSED} for one in self.destinations)


def status(*, at: datetime) -> PublicStatus:
    """The state at `at`, read from counters, outages and samples: nothing is counted."""
    day, days = vietnam_day(at), days_up_to(at, DAYS)
    counts = queries.day_counts(day)
    past = queries.outages(since=at - timedelta(days=DAYS), at=at, names=PARTNERS)
    used = installed(settings.ENVIRONMENT)
    found = [
        PublicDestination(
            name=one.name,
            standing=one.standing,
            away_since=one.away_since,
            next_try=one.next_try,
            delivered=counts.get(("delivery", one.name, "delivered"), 0),
            waiting=one.waiting,
            delay=one.delay,
            days=[(each, time_away([i for i in past if i.destination == one.name], each, at=at)) for each in days],
        )
        for one in queries.destinations(PARTNERS, at=at, used=used)
        if one.standing is not Standing.UNUSED
    ]
    outcomes: dict[str, int] = {}
    for (subject, _, state), number in counts.items():
        if subject == "submission":
            outcomes[state] = outcomes.get(state, 0) + number
    return PublicStatus(at, day, outcomes, found, past)


def present() -> PublicStatus:
    """The present state, at most KEPT_SECONDS old, however many ask."""
    return _kept("")


_kept: Kept[str, PublicStatus] = Kept(lambda _: status(at=now()), seconds=KEPT_SECONDS, size=1)
