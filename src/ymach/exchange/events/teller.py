"""The worker's part: writing the stream, and sending it to who subscribed. One thread does all bookkeeping."""

from __future__ import annotations

import logging
import time
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any, Protocol

from django.db import connection

from ymach.base.actors import Actor, command
from ymach.base.clock import now
from ymach.base.rounds import DATABASE_AWAY
from ymach.exchange.channels.contract import ChannelError, NotSent, PartnerAnswer
from ymach.exchange.events import pushing, sequencing
from ymach.exchange.events.pushing import Told, Turn
from ymach.exchange.events.queries import as_json
from ymach.exchange.models import Subscription

logger = logging.getLogger(__name__)
MOST = 12
"""Subscriptions that are told at a time."""
TURN_SECONDS = 10.0
"""After so long a turn begins no other event, and the next subscription has its own."""

_PAUSE, _WHILE_SENDING = 0.5, 0.02
_BATCHES = 3
"""Of the journals in one go: a stream that is far behind must not keep what was told from being written down."""
_OUR_FAULT = (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)


class Listener(Protocol):
    """The way to one subscription. Safe under threads."""

    def tell(self, event: dict[str, Any], number: str) -> PartnerAnswer: ...


class Listeners(Protocol):
    """Where the subscriptions are."""

    def listener(self, subscription: Subscription) -> Listener: ...
    def close(self) -> None: ...


class Teller:
    """Works until told to stop. issuer: the platform's address. clock: gives the present moment."""

    def __init__(
        self,
        listeners: Listeners,
        *,
        issuer: str,
        stopping: Event,
        by: Actor | None = None,
        clock: Callable[[], datetime] = now,
        seconds: float = TURN_SECONDS,
    ) -> None:
        self._listeners, self._issuer, self._stopping = listeners, issuer, stopping
        self._by, self._clock, self._seconds = by or command("worker"), clock, seconds
        self._running: list[Future[Told]] = []
        self._unwritten: list[Told] = []
        self._looked_at = 0.0
        self.tally: Tally[str] = Tally()

    def run(self, *, once: bool = False) -> Tally[str]:
        """Work until `stopping` is set, or with `once` until there is nothing to tell that can be told now."""
        with ThreadPoolExecutor(MOST, thread_name_prefix="teller") as pool:
            try:
                while self._turn(pool, once=once):
                    pass
            finally:
                self._listeners.close()
                connection.close()
        return self.tally

    def _turn(self, pool: ThreadPoolExecutor, *, once: bool) -> bool:
        try:
            self._settle()
            begun = 0 if self._stopping.is_set() else self._begin(pool, once=once)
        except DATABASE_AWAY:
            logger.warning("events: the database is away", exc_info=True)
            connection.close()
            self._stopping.wait(1)
            return not self._stopping.is_set()
        if self._running or self._unwritten:
            time.sleep(_WHILE_SENDING)
            return True
        if self._stopping.is_set() or (once and not begun):
            return False
        if not begun:
            self._stopping.wait(_PAUSE)
        return True

    def _begin(self, pool: ThreadPoolExecutor, *, once: bool) -> int:
        """Write what is new into the stream, and begin turns; how much there was to do."""
        moment = time.monotonic()
        if once or moment - self._looked_at >= _PAUSE:
            self._looked_at = moment
            written = sequencing.catch_up(at=self._clock(), batches=_BATCHES)
            self.tally["written"] += written
            free = MOST - len(self._running)
            turns = pushing.hold(at=self._clock(), most=free) if free else []
            self._running += [pool.submit(self._tell, one, self._listeners.listener(one.subscription)) for one in turns]
            return len(turns) + written
        return 0

    def _tell(self, turn: Turn, listener: Listener) -> Told:
        """One turn, in a thread of its own; it never touches the database."""
        end = time.monotonic() + self._seconds
        for taken, event in enumerate(turn.events):
            if taken and (self._stopping.is_set() or time.monotonic() > end):
                return Told(turn, taken)
            try:
                listener.tell(as_json(event, issuer=self._issuer), str(event.id))
            except ChannelError as error:
                return Told(turn, taken, error)
            except _OUR_FAULT:
                logger.exception("events: subscription %s", turn.subscription.id)
                return Told(turn, taken, NotSent())
        return Told(turn, len(turn.events))

    def _settle(self) -> None:
        """Write what came in; it is kept and tried again while the database is away."""
        done = [one for one in self._running if one.done()]
        self._running = [one for one in self._running if one not in done]
        self._unwritten += [one.result() for one in done]
        while self._unwritten:
            told = self._unwritten[0]
            if pushing.settle(told, by=self._by, at=self._clock()):
                self.tally["told"] += told.taken
                self.tally["failed"] += told.error is not None
            self._unwritten.pop(0)
