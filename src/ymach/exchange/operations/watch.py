"""The worker's part of watching: every few seconds its own word, every minute a look at the queues."""

from __future__ import annotations

import os
import socket
from collections import Counter as Tally
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from threading import Event

from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.base.rounds import Rounds
from ymach.exchange.deliveries.breaker import Breaker
from ymach.exchange.deliveries.names import RECEIVERS
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.operations import actions
from ymach.exchange.operations.rules import BEAT, Way

_ANSWERS = ("delivered", "refused")
_MOST_WAYS = 200
_FORGET_EVERY = timedelta(hours=1)


class Watch(Rounds):
    """Says in the database what this process does. Watching never ends the work that is watched.

    worker: who carries the deliveries here, or None. parts: whatever else this process does.
    """

    name = "watch"

    def __init__(
        self,
        worker: Worker | None,
        *,
        parts: Collection[str] = (),
        stopping: Event,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(stopping=stopping, clock=clock)
        self._worker, self._parts = worker, frozenset(parts)
        self._id, self._started_at = new_id(), clock()
        self._answers: dict[str, int] = {}
        self._paused: set[str] = set()
        self._noted: Tally[tuple[str, int]] = Tally()
        self._forgot_at = self._started_at - _FORGET_EVERY

    def turn(self) -> float:
        """One word of this process, and the sample of the minute if nobody has taken it."""
        at, tallies, ways = self.clock(), self._tallies(), self._ways()
        if self._worker is not None:
            self._noted += self._worker.delays.take()
        answers = {name: sum(tally[state] for state in _ANSWERS) for name, tally in tallies.items()}
        paused = {name for name, way in ways.items() if way.open_until is not None}
        actions.beat(
            self._id,
            host=socket.gethostname(),
            pid=os.getpid(),
            parts=self._parts | self._served(),
            ways=ways,
            tallies=tallies,
            answered=self._answered(answers, paused),
            started_at=self._started_at,
            at=at,
        )
        self._answers, self._paused = answers, paused
        self._measure(at)
        return BEAT.total_seconds()

    def _answered(self, answers: Mapping[str, int], paused: set[str]) -> set[str]:
        """The destinations that have answered since the last word, if only to refuse."""
        more = {name for name, number in answers.items() if number > self._answers.get(name, 0)}
        return more | {name for name, _ in self._noted} | (self._paused - paused)

    def _served(self) -> set[str]:
        if self._worker is None:
            return set()
        return {*self._worker.carriers, *(RECEIVERS if self._worker.rota else ())}

    def _measure(self, at: datetime) -> None:
        actions.add_delays(self._noted, at=at)
        self._noted = Tally()
        self.tally["samples"] += actions.sample(at=at)
        if at - self._forgot_at >= _FORGET_EVERY:
            actions.forget(at=at)
            self._forgot_at = at

    def last_word(self) -> None:
        """That it stops."""
        self.turn()
        actions.say_stopped(self._id, at=self.clock())

    def _tallies(self) -> dict[str, Tally[str]]:
        if self._worker is None:
            return {}
        rota = self._worker.rota
        carriers = {name: Tally(carrier.tally) for name, carrier in list(self._worker.carriers.items())}
        return {**carriers, **({name: Tally(one) for name, one in list(rota.tallies.items())} if rota else {})}

    def _ways(self) -> dict[str, Way]:
        """The breakers that are not at rest: of partners, and of receivers that are away."""
        if self._worker is None:
            return {}
        breakers = {
            name: carrier.breaker
            for name, carrier in list(self._worker.carriers.items())
            if carrier.breaker != Breaker()
        }
        rota = self._worker.rota
        for name, one in list(rota.breakers.items())[-_MOST_WAYS:] if rota else ():
            if one.open_until is not None:
                breakers[name] = one
        return {name: Way(one.failures, one.open_until) for name, one in breakers.items()}
