"""The worker's part: a pass, a pause, until it is told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import InterfaceError, OperationalError, connection

from ymach.base.actors import Actor, command
from ymach.base.clock import now
from ymach.exchange.reevaluation.actions import catch_up

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 30.0


class Reevaluator:
    """Judges again what the registry has changed with a back date."""

    def __init__(self, *, stopping: Event, clock: Callable[[], datetime] = now, by: Actor | None = None) -> None:
        self._stopping, self._clock, self._by = stopping, clock, by or command("worker")
        self.tally = {"judged": 0, "amended": 0}

    def run(self, *, once: bool = False) -> dict[str, int]:
        """Work until `stopping` is set, or one pass with `once`."""
        try:
            while not self._stopping.is_set():
                is_complete = self._turn()
                if once:
                    break
                self._stopping.wait(PAUSE_SECONDS if is_complete else 1.0)
        finally:
            connection.close()
        return self.tally

    def _turn(self) -> bool:
        try:
            done = catch_up(by=self._by, at=self._clock(), stopping=self._stopping)
        except (OperationalError, InterfaceError):
            logger.warning("re-evaluation: the database is away", exc_info=True)
            connection.close()
            return True
        self.tally["judged"] += done.judged
        self.tally["amended"] += done.amended
        return done.is_complete
