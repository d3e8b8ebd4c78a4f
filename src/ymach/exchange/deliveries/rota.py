"""Carriers to receivers of which there may be many and most have nothing: a bounded number at a time, each for a while.

A receiver with nothing due costs nothing. One that is slow holds its carrier for a turn, and then others have theirs; one
that is away is left alone until its breaker lets a parcel try the way.
"""

from __future__ import annotations

import logging
import time
from collections import Counter as Tally
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from django.db import connection

from ymach.base.actors import Actor
from ymach.base.rounds import DATABASE_AWAY
from ymach.exchange.channels.contract import Channel
from ymach.exchange.deliveries import actions
from ymach.exchange.deliveries.breaker import Breaker, allowance
from ymach.exchange.deliveries.carrier import PAUSE_WITHOUT_DATABASE, POLL, Carrier
from ymach.exchange.deliveries.delays import Delays
from ymach.exchange.deliveries.names import RECEIVERS, family_of

logger = logging.getLogger(__name__)
MOST_CARRIERS = 12
SENDERS = 2
TURN_SECONDS = 10.0
"""After so long a carrier claims no more, and the next receiver has its turn."""

_MOST_BREAKERS = 10_000
_EXPIRE_EVERY = timedelta(seconds=15)


class Receivers(Protocol):
    """Where the receivers are."""

    def channel_for(self, destination: str) -> Channel | None:
        """The channel to a receiver; None while it is paused: its deliveries wait."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Rota:
    """Deliveries to all receivers. clock, stopping, once, delays: as for a `Carrier`. tallies: results by family."""

    receivers: Receivers
    by: Actor
    clock: Callable[[], datetime]
    stopping: Event
    most: int = MOST_CARRIERS
    turn: float = TURN_SECONDS
    once: bool = False
    delays: Delays = field(default_factory=Delays)
    tallies: dict[str, Tally[str]] = field(default_factory=dict, init=False)
    breakers: OrderedDict[str, Breaker] = field(default_factory=OrderedDict, init=False)
    _running: dict[str, tuple[Carrier, Future[None]]] = field(default_factory=dict, init=False)
    _served: dict[str, float] = field(default_factory=dict, init=False)
    _expired_at: dict[str, datetime] = field(default_factory=dict, init=False)

    def run(self) -> None:
        """Work until `stopping` is set, or with `once` until no receiver can be served any more.

        Raises the error of a carrier that failed, after the others have finished what they hold.
        """
        with ThreadPoolExecutor(self.most, thread_name_prefix="receiver") as pool:
            try:
                while self._turn(pool):
                    pass
            finally:
                connection.close()
        self._reap()

    def _turn(self, pool: ThreadPoolExecutor) -> bool:
        self._reap()
        if self.stopping.is_set():
            return bool(self._running) and self._pause()
        try:
            started = self._start(pool)
        except DATABASE_AWAY:
            logger.warning("receivers: the database is away", exc_info=True)
            connection.close()
            time.sleep(PAUSE_WITHOUT_DATABASE)
            return True
        if self.once and not started and not self._running:
            return False
        return self._pause()

    def _pause(self) -> bool:
        waits = 0.02 if self._running else POLL
        time.sleep(waits) if self.stopping.is_set() else self.stopping.wait(waits)
        return True

    def _start(self, pool: ThreadPoolExecutor) -> int:
        """Start carriers for receivers that have something due, those first that have waited longest; how many."""
        free, started = self.most - len(self._running), 0
        if free <= 0:
            return 0
        at = self.clock()
        due = [name for name in actions.due_destinations(at=at) if family_of(name) in RECEIVERS]
        for name in sorted(due, key=lambda name: self._served.get(name, 0.0)):
            if started == free:
                break
            if name in self._running or not allowance(self._breaker(name), at=at, most=1):
                continue
            channel = self.receivers.channel_for(name)
            if channel is None:
                self._expire(name, at)
                continue
            self._send(pool, name, channel)
            started += 1
        return started

    def _send(self, pool: ThreadPoolExecutor, name: str, channel: Channel) -> None:
        carrier = Carrier(
            name,
            channel,
            self.by,
            self.clock,
            self.stopping,
            senders=SENDERS,
            once=True,
            ends_at=time.monotonic() + self.turn,
            breaker=self._breaker(name),
            delays=self.delays,
        )
        self._served[name] = time.monotonic()
        self._running[name] = (carrier, pool.submit(carrier.run))

    def _reap(self) -> None:
        for name, (carrier, future) in list(self._running.items()):
            if future.done():
                del self._running[name]
                self._remember(name, carrier)
                future.result()

    def _remember(self, name: str, carrier: Carrier) -> None:
        self.tallies.setdefault(family_of(name), Tally()).update(carrier.tally)
        self.breakers.pop(name, None)
        if carrier.breaker != Breaker():
            self.breakers[name] = carrier.breaker
        while len(self.breakers) > _MOST_BREAKERS:
            self.breakers.popitem(last=False)

    def _breaker(self, name: str) -> Breaker:
        return self.breakers.get(name, Breaker())

    def _expire(self, name: str, at: datetime) -> None:
        """Deadlines run for a paused receiver too."""
        before = self._expired_at.get(name)
        if before is None or at - before >= _EXPIRE_EVERY:
            self._expired_at[name] = at
            expired = actions.expire(name, by=self.by, at=at)
            self.tallies.setdefault(family_of(name), Tally())["stuck"] += expired
