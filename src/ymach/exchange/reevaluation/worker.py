"""The worker's part: a pass, a pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event

from ymach.base.actors import Actor, command
from ymach.base.clock import now
from ymach.base.rounds import Rounds
from ymach.exchange.reevaluation.actions import catch_up

PAUSE_SECONDS, SOON = 30.0, 1.0


class Reevaluator(Rounds):
    """Judges again what the registry has changed with a back date. by: who is said to have amended."""

    name = "re-evaluation"

    def __init__(self, *, stopping: Event, clock: Callable[[], datetime] = now, by: Actor | None = None) -> None:
        super().__init__(stopping=stopping, clock=clock)
        self._by = by or command("worker")

    def turn(self) -> float:
        done = catch_up(by=self._by, at=self.clock(), stopping=self.stopping)
        self.tally["judged"] += done.judged
        self.tally["amended"] += done.amended
        return PAUSE_SECONDS if done.is_complete else SOON
