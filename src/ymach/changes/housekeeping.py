"""The worker's part for changes: reminders, and forgetting what nobody needs any more. Any number may run at once."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from django.db import InterfaceError, OperationalError, connection

from ymach.base.clock import now
from ymach.changes.evidence.actions import forget_loose
from ymach.changes.models import Answered, StaffList
from ymach.changes.reminders import Stopped, remind

logger = logging.getLogger(__name__)

EVERY = 15 * 60.0
"""Seconds between two rounds."""
_AFTER_A_LOSS = 30.0
ANSWERS_KEPT = timedelta(days=7)
LISTS_KEPT = timedelta(days=30)
_MOST = 1000


def tidy_up(*, at: datetime, stopped: Stopped = lambda: False) -> Tally[str]:
    """One round at `at`: reminders sent, loose papers, old answers and old staff lists forgotten; how many of each."""
    tally = remind(at=at, stopped=stopped)
    tally["papers forgotten"] = _until_none(lambda: forget_loose(at=at), stopped)
    tally["answers forgotten"] = _until_none(lambda: _forget_answers(at), stopped)
    tally["lists forgotten"] = _until_none(lambda: _forget_lists(at), stopped)
    return +tally


class Chore(Protocol):
    """What is done in each round; tells how many of what."""

    def __call__(self, *, at: datetime, stopped: Stopped) -> Tally[str]: ...


class Housekeeper:
    """Rounds of `chores` until `stopping` is set. clock: the present."""

    def __init__(
        self, *, stopping: Event, chores: Sequence[Chore] = (tidy_up,), clock: Callable[[], datetime] = now
    ) -> None:
        self._stopping, self._chores, self._clock = stopping, chores, clock
        self.tally: Tally[str] = Tally()

    def run(self, *, once: bool = False) -> Tally[str]:
        """Work until `stopping` is set, or with `once` one round."""
        try:
            while not self._stopping.is_set():
                wait = self._round()
                if once:
                    break
                self._stopping.wait(wait)
        finally:
            connection.close()
        return self.tally

    def _round(self) -> float:
        try:
            for chore in self._chores:
                self.tally += chore(at=self._clock(), stopped=self._stopping.is_set)
        except (OperationalError, InterfaceError):
            logger.warning("reminders: the database is away", exc_info=True)
            connection.close()
            return _AFTER_A_LOSS
        return EVERY


def _until_none(forget: Callable[[], int], stopped: Stopped) -> int:
    forgotten = 0
    while not stopped() and (number := forget()):
        forgotten += number
    return forgotten


def _forget_answers(at: datetime) -> int:
    old = Answered.objects.filter(at__lt=at - ANSWERS_KEPT).values_list("pk", flat=True)[:_MOST]
    return Answered.objects.filter(pk__in=list(old)).delete()[0]


def _forget_lists(at: datetime) -> int:
    old = StaffList.objects.filter(made_at__lt=at - LISTS_KEPT).values_list("pk", flat=True)[:1]
    return StaffList.objects.filter(pk__in=list(old)).delete()[0]
