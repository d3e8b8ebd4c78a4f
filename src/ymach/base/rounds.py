"""Parts of a worker: turn after turn with pauses between, until it is told to stop. A database that is away is waited for."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

import psycopg
from django.db import InterfaceError, OperationalError, connection

from ymach.base.clock import now
from ymach.base.errors import YmachError

logger = logging.getLogger(__name__)
DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError)
Stopped = Callable[[], bool]
"""Whether the work is to end: asked between pieces of what takes long."""


def never() -> bool:
    """For who is not told to stop."""
    return False


class Rounds(ABC):
    """One part of a worker, in a thread of its own; any number of processes may run the same part.

    stopping: set from outside. clock: the present (aware). tally: how many of what were done.
    """

    name: str
    """As the log calls it."""
    after_a_loss = 5.0
    """Seconds until a database that was away is asked again."""

    def __init__(self, *, stopping: Event, clock: Callable[[], datetime] = now) -> None:
        self.stopping, self.clock = stopping, clock
        self.tally: Tally[str] = Tally()

    @abstractmethod
    def turn(self) -> float:
        """Do what is due; after how many seconds there is another turn, 0 while more is due now."""

    def last_word(self) -> None:  # noqa: B027 - most parts have none
        """What is left to say when the work ends."""

    def run(self, *, once: bool = False) -> Tally[str]:
        """Work until `stopping` is set, or with `once` until nothing more is due now."""
        try:
            while not self.stopping.is_set():
                pause = self._patiently(self.turn)
                if once and pause:
                    break
                self.stopping.wait(pause)
            self._patiently(self.last_word)
        finally:
            connection.close()
        return self.tally

    def _patiently(self, act: Callable[[], float | None]) -> float:
        try:
            return act() or 0
        except DATABASE_AWAY:
            logger.warning("%s: the database is away", self.name, exc_info=True)
            connection.close()
            return self.after_a_loss


class Chore(Protocol):
    """Does what is due at `at` (aware) in bounded pieces, and asks `stopped` between them; how many of what."""

    def __call__(self, *, at: datetime, stopped: Stopped) -> Mapping[str, int]: ...


class Seldom:
    """A chore done at most once in a while: it looks at more than what is due."""

    def __init__(self, chore: Chore, every: timedelta) -> None:
        self._chore, self._every = chore, every
        self._last: datetime | None = None

    def __call__(self, *, at: datetime, stopped: Stopped) -> Mapping[str, int]:
        if self._last is not None and at - self._last < self._every:
            return {}
        done = self._chore(at=at, stopped=stopped)
        self._last = at
        return done


class Chores(Rounds):
    """All of `chores`, every `pause` seconds. One that is refused is tried again in the next round."""

    def __init__(
        self,
        name: str,
        chores: Sequence[Chore],
        *,
        pause: float,
        stopping: Event,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(stopping=stopping, clock=clock)
        self.name, self._chores, self._pause = name, chores, pause

    def turn(self) -> float:
        for chore in self._chores:
            if self.stopping.is_set():
                break
            try:
                self.tally += Tally(chore(at=self.clock(), stopped=self.stopping.is_set))
            except YmachError as refused:
                logger.warning("%s: %s; tried again in the next round", self.name, refused.code)
        return self._pause
