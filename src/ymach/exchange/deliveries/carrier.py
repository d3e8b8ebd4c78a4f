"""One destination's share of a worker: its own threads, its own breaker, so that a slow partner slows nobody else.

One thread (`Carrier.run`) does all bookkeeping, in batches; the senders only hand files to the channel.

    outbox --claim--> held --> senders --> channel --> results --settle--> outbox

A kill at any instruction loses nothing: what was claimed and not settled is claimed again when its lease ends, and the
partner recognises a file that it has.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread

import zstandard
from django.db import DatabaseError, connection

from ymach.base.actors import Actor
from ymach.base.rounds import DATABASE_AWAY
from ymach.base.sealing import KeyMissing, SealBroken
from ymach.exchange.channels.contract import Channel, ChannelError, NotSent
from ymach.exchange.deliveries import actions
from ymach.exchange.deliveries.breaker import Breaker, after_failure, after_success, allowance
from ymach.exchange.deliveries.delays import Delays
from ymach.exchange.deliveries.parcels import Held, Settled, delivered, failed, given_back

logger = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between looks into an outbox that had nothing due. A NOTIFY
as the last statement of the intake could replace it; half a second is short enough."""

LINGER = 0.02
"""Seconds that a result waits for others, so that one transaction settles many."""

_EXPIRE_EVERY = timedelta(seconds=15)
PAUSE_WITHOUT_DATABASE = 1.0
_PAUSE = timedelta(seconds=PAUSE_WITHOUT_DATABASE)
_OUR_FAULT = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError),
    *(zstandard.ZstdError, SealBroken, KeyMissing, DatabaseError),
)
_MARGIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Result:
    """What one sender found out. blames: whether it tells that the partner failed; None if it tells nothing."""

    settled: Settled
    blames: bool | None


@dataclass(slots=True)
class Carrier:
    """Deliveries of one destination through `channel`, `senders` at a time.

    clock: gives the present moment. stopping: set from outside; the carrier then claims no more, sends what is under way,
    gives back what is not, and returns. once: return as soon as nothing is due. ends_at: `time.monotonic()` after which
    no more is claimed. breaker: as an earlier carrier to the same destination left it. delays: where it notes how long
    deliveries took.
    """

    destination: str
    channel: Channel
    by: Actor
    clock: Callable[[], datetime]
    stopping: Event
    senders: int = 16
    once: bool = False
    ends_at: float = math.inf
    breaker: Breaker = field(default_factory=Breaker)
    delays: Delays = field(default_factory=Delays)
    tally: Tally[str] = field(default_factory=Tally, init=False)
    _inbox: SimpleQueue[Held | None] = field(default_factory=SimpleQueue, init=False)
    _results: SimpleQueue[_Result] = field(default_factory=SimpleQueue, init=False)
    _unwritten: list[Settled] = field(default_factory=list, init=False)
    _under_way: int = field(default=0, init=False)
    _expired_at: datetime | None = field(default=None, init=False)

    def run(self) -> None:
        """Work until `stopping` is set, or with `once` until nothing is due.

        A database that is away is waited for. Any other error of the bookkeeping ends the carrier.
        """
        threads = [Thread(target=self._send_all, name=f"{self.destination}-{n}") for n in range(self.senders)]
        for thread in threads:
            thread.start()
        try:
            while self._turn():
                pass
        finally:
            for _ in threads:
                self._inbox.put(None)
            for thread in threads:
                thread.join()
            connection.close()

    def _turn(self) -> bool:
        """One round of bookkeeping; whether there is another."""
        try:
            if self.stopping.is_set():
                self._give_back_unsent(due_at=self.clock())
            self._write_results()
            is_idle = not self._claim()
        except DATABASE_AWAY:
            logger.warning("%s: the database is away", self.destination, exc_info=True)
            connection.close()
            time.sleep(PAUSE_WITHOUT_DATABASE)
            # Told to stop, do not wait for the database: when the leases end, somebody takes these up.
            return self._under_way > 0 or not self.stopping.is_set()
        if self._under_way or self._unwritten:
            self._gather()
            return True
        if self.stopping.is_set() or (self.once and is_idle):
            return False
        if is_idle:
            self.stopping.wait(POLL)
        return True

    def _claim(self) -> bool:
        """Claim as many as may be under way now; whether any were."""
        at = self.clock()
        if self.stopping.is_set() or time.monotonic() > self.ends_at:
            return False
        self._expire(at)
        # Twice the senders: while one batch is sent, the next is at hand. More would only wait under a running lease.
        room = allowance(self.breaker, at=at, most=2 * self.senders) - self._under_way
        if room <= 0 or (self._under_way and room < self.senders // 2):
            return False
        held = actions.claim(self.destination, most=room, at=at, with_content=self.channel.needs_content)
        for one in held:
            self._inbox.put(one)
        self._under_way += len(held)
        return bool(held)

    def _expire(self, at: datetime) -> None:
        if self._expired_at is not None and at - self._expired_at < _EXPIRE_EVERY:
            return
        while expired := actions.expire(self.destination, by=self.by, at=at):
            self.tally["stuck"] += expired
        self._expired_at = at

    def _gather(self) -> None:
        """Wait for a result, and a moment longer for its neighbours."""
        wait, end = POLL, None
        while self._under_way and len(self._unwritten) < 2 * self.senders:
            try:
                self._take(self._results.get(timeout=wait))
            except Empty:
                return
            end = end or time.monotonic() + LINGER
            wait = max(end - time.monotonic(), 0)

    def _take(self, result: _Result) -> None:
        self._under_way -= 1
        self._unwritten.append(result.settled)
        if result.blames is None:
            return
        before = self.breaker
        self.breaker = after_failure(before, at=self.clock()) if result.blames else after_success(before)
        if self.breaker.open_until and self.breaker.open_until != before.open_until:
            logger.warning(
                "%s: the partner does not get through, pause until %s", self.destination, self.breaker.open_until
            )
            self._give_back_unsent(due_at=self.breaker.open_until)

    def _give_back_unsent(self, *, due_at: datetime) -> None:
        while True:
            try:
                held = self._inbox.get_nowait()
            except Empty:
                return
            if held is not None:
                self._under_way -= 1
                self._unwritten.append(given_back(held, due_at=due_at))

    def _write_results(self) -> None:
        """Settle what came in; it is kept and tried again while the database is away."""
        if not self._unwritten:
            return
        batch, at = list(self._unwritten), self.clock()
        ours = actions.settle(batch, by=self.by, at=at)
        del self._unwritten[: len(batch)]
        for one in batch:
            self.tally[one.state if one.held.id in ours else "lost"] += not one.is_given_back
            if one.state == "delivered" and one.held.id in ours:
                self.delays.note(self.destination, (at - one.held.created_at).total_seconds())

    def _send_all(self) -> None:
        """A sender's life: one parcel after the other. It asks no database itself; a channel may."""
        while (held := self._inbox.get()) is not None:
            self._results.put(self._attempt(held))

    def _attempt(self, held: Held) -> _Result:
        # Started later, the answer could come after the lease, when somebody else is already sending the same file.
        if self.clock() + self.channel.patience > held.lease_ends - _MARGIN:
            return _Result(given_back(held, due_at=self.clock()), None)
        try:
            answer = self.channel.send(held.parcel())
        except ChannelError as error:
            return _Result(failed(held, error, at=self.clock()), error.blames_partner)
        except DATABASE_AWAY:
            # Some channels ask it what they send. A sender that ended here would leave its destination one sender less.
            logger.warning("%s: the database is away, delivery %s waits", self.destination, held.id, exc_info=True)
            return _Result(given_back(held, due_at=self.clock() + _PAUSE), None)
        except _OUR_FAULT:
            # One file that trips over a fault of ours must not stop all others: it waits, with a code and a stack.
            logger.exception("%s: delivery %s", self.destination, held.id)
            return _Result(failed(held, NotSent(), at=self.clock()), None)
        return _Result(delivered(held, answer, at=self.clock()), blames=False)
