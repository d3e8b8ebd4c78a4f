"""Dossiers that facilities sent on days gone by: taken in as the intake takes them, at the moment they would have come."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from ymach.base.clock import from_vietnam, now, vietnam_day
from ymach.exchange.deliveries.delays import BOUNDS
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.intake.pipeline import submit
from ymach.exchange.intake.receive import receive
from ymach.exchange.models import Delivery
from ymach.exchange.operations.models import Delay
from ymach.exchange.platform import issuer
from ymach.exchange.senders import machine_sender

WEEK = (1.25, 1.1, 1.0, 0.95, 1.05, 0.55, 0.3)
"""How busy the days of a week are, Monday first."""
HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 17)
REFUSED = "refused"


def moments(rng: Random, count: int, *, days: int, until: datetime) -> list[datetime]:
    """So many moments of the `days` days before `until`, in order: most on Mondays, few on Sundays, in office hours."""
    today = vietnam_day(until)
    chosen = [today - timedelta(days=ago) for ago in range(1, days)]
    weights = [WEEK[day.weekday()] * rng.uniform(0.8, 1.2) for day in chosen]
    picked = rng.choices(chosen, weights, k=count) if count else []
    walls = [datetime(day.year, day.month, day.day, rng.choice(HOURS), rng.randrange(60)) for day in picked]  # noqa: DTZ001
    return sorted(map(from_vietnam, walls))


def send_then(facility_code: str, files: Sequence[bytes], *, at: datetime) -> list[str]:
    """Take in signed files of one facility as if they had come at the moment `at`; the outcome of each.

    The certificate must have been registered by then. They are delivered now.
    """
    received = [receive(one, at=at) for one in files]
    with delivered_now(at):
        answers = submit(received, sender=machine_sender(facility_code), at=at, issuer=issuer())
    return [str(one.body.get("outcome", REFUSED)) for one in answers]


@contextlib.contextmanager
def delivered_now(then: datetime) -> Iterator[None]:
    """One transaction of something done at a moment gone by. What it lets be delivered has its time from now on:
    otherwise nothing of the past would reach anybody."""
    with transaction.atomic():
        yield
        Delivery.objects.filter(created_at=then, state="waiting").update(deadline_at=now() + DEADLINE)


def forget_delays() -> None:
    """Take the past out of the figures of how long deliveries take: it was made in a minute, and tells days."""
    Delay.objects.filter(bucket__gt=BOUNDS.index(3600.0)).delete()
