"""The worker's part for records that go on living: rounds of small chores, a pause, until it is told to stop."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.exchange.appointments import following as appointments
from ymach.exchange.referrals import following as referrals

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 15.0
REMIND_EVERY = timedelta(minutes=30)


class Chore(Protocol):
    """Does what is due at `at` (aware), in bounded pieces; tells how many of what."""

    def __call__(self, *, at: datetime) -> Mapping[str, int]: ...


def remind(*, at: datetime) -> Mapping[str, int]:
    """Reminders of appointments, as many days before as the settings say."""
    return appointments.remind(at=at, days_before=settings.ENVIRONMENT.appointment_reminder_days)


class Seldom:
    """A chore done at most once in a while: it looks at more than what is due."""

    def __init__(self, chore: Chore, every: timedelta) -> None:
        self._chore, self._every = chore, every
        self._last: datetime | None = None

    def __call__(self, *, at: datetime) -> Mapping[str, int]:
        if self._last is not None and at - self._last < self._every:
            return {}
        done = self._chore(at=at)
        self._last = at
        return done


def usual_chores() -> tuple[Chore, ...]:
    return (referrals.follow, appointments.follow, Seldom(remind, REMIND_EVERY))


class Follower:
    """Rounds of `chores` until `stopping` is set. Any number may run at once. clock: the present."""

    def __init__(
        self, *, stopping: Event, chores: Sequence[Chore] | None = None, clock: Callable[[], datetime] = now
    ) -> None:
        self._stopping, self._clock = stopping, clock
        self._chores = usual_chores() if chores is None else chores
        self.tally: Tally[str] = Tally()

    def run(self, *, once: bool = False) -> Tally[str]:
        """Work until `stopping` is set, or one round with `once`."""
        try:
            while not self._stopping.is_set():
                self._round()
                if once:
                    break
                self._stopping.wait(PAUSE_SECONDS)
        finally:
            connection.close()
        return self.tally

    def _round(self) -> None:
        for chore in self._chores:
            try:
                self.tally.update(chore(at=self._clock()))
            except (OperationalError, InterfaceError):
                logger.warning("follow-ups: the database is away", exc_info=True)
                connection.close()
                return
            except YmachError as moved:
                logger.info("follow-ups: %s; looked at again in the next round", moved.code)
