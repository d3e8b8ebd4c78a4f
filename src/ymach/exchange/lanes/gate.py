"""The gate of one process: who is inside, who is at work, and whose turn is next. Knows no request and no database."""

from __future__ import annotations

import math
import random
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from ymach.exchange.lanes import rules
from ymach.exchange.lanes.board import Board
from ymach.exchange.lanes.errors import LaneFull
from ymach.exchange.lanes.rules import HELD_BACK, LOOK_AGAIN, PATIENCE, PLACES, Lane

_random = random.SystemRandom()


class Seats(Protocol):
    """What comes with a turn, by its number: the connection to the database."""

    def sit(self, number: int) -> None: ...

    def rise(self, number: int) -> None: ...


class Gate:
    """Lets requests in, or tells them to come later, and gives out the turns. Safe under threads.

    turns: requests worked on at a time. board: where the processes see what is going on. clock: seconds.
    """

    def __init__(
        self, turns: int, board: Board, *, seats: Seats | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.turns, self.seats, self._board, self._row, self._clock = turns, seats, board, board.row(), clock
        self._lock = Lock()
        self._free = list(range(turns))
        self._lines = {lane: _Line() for lane in Lane}
        self._inside: Counter[Lane] = Counter()
        self._own: Counter[tuple[Lane, str]] = Counter()
        self._at_work: Counter[Lane] = Counter()
        self._spent = dict.fromkeys(Lane, 0.0)
        self._present = 0.0
        self._urgent_at = self._history_at = float("-inf")

    def enter(self, lane: Lane, key: str) -> Place:
        """A place for a request of the sender `key`. Raises LaneFull."""
        with self._lock:
            inside, own = self._inside[lane], self._own[lane, key]
            if not rules.may_enter(inside=inside, own=own, places=PLACES[lane]):
                raise self._full(lane)
            if not inside:  # a lane that did nothing saved nothing up
                self._spent[lane] = max(self._spent[lane], self._present)
            if lane is not Lane.HISTORY:
                self._urgent_at = self._clock()
            self._inside[lane] += 1
            self._own[lane, key] += 1
            self._tell(lane)
        return Place(self, lane, key)

    def leave(self, place: Place) -> None:
        with self._lock:
            self._inside[place.lane] -= 1
            self._own[place.lane, place.key] -= 1
            if not self._own[place.lane, place.key]:
                del self._own[place.lane, place.key]
            self._row.served(place.lane)
            self._tell(place.lane)

    def take(self, lane: Lane, key: str, patience: float | None) -> int:
        """Wait for a turn of the lane, at most `patience` seconds (None: as long as it takes). Raises LaneFull."""
        waiter, until = _Waiter(key), self._clock() + (math.inf if patience is None else patience)
        with self._lock:
            self._lines[lane].add(waiter)
            self._give_out()
        while not waiter.called.acquire(timeout=self._step(lane, until)):
            with self._lock:
                self._give_out()  # another process may have ended what held this one back
                if waiter.turn is None and self._clock() >= until:
                    self._lines[lane].remove(waiter)
                    raise self._full(lane)
        if waiter.turn is None:
            raise RuntimeError("called without a turn")
        return waiter.turn

    def _step(self, lane: Lane, until: float) -> float:
        """Seconds to wait before looking again; -1 for as long as it takes."""
        left = max(until - self._clock(), 0)
        if lane is Lane.HISTORY:
            return min(left, LOOK_AGAIN)
        return -1 if left == math.inf else left

    def give_back(self, lane: Lane, turn: int, seconds: float) -> None:
        """The turn is over; the lane had `seconds` of it."""
        with self._lock:
            self._spent[lane] = rules.spent_after(self._spent[lane], seconds, lane)
            self._at_work[lane] -= 1
            if lane is Lane.HISTORY:
                self._history_at = self._clock()
            else:
                self._row.worked(seconds)
            self._free.append(turn)
            self._tell(lane)
            self._give_out()

    def clock(self) -> float:
        return self._clock()

    def _give_out(self) -> None:
        while self._free:
            lanes = [lane for lane, line in self._lines.items() if line]
            if Lane.HISTORY in lanes and not self._may_history():
                lanes.remove(Lane.HISTORY)
            lane = rules.next_lane(lanes, self._spent)
            if lane is None:
                return
            self._present = self._spent[lane]
            self._at_work[lane] += 1
            self._lines[lane].call(self._free.pop())
            self._tell(lane)

    def _may_history(self) -> bool:
        """Whether an old visit may have a turn now, seen from all processes."""
        now = self._clock()
        working, lately = self.turns - len(self._free), now - self._urgent_at < HELD_BACK
        if not rules.may_work(working=working, turns=self.turns, urgent_lately=lately):
            return False
        most = rules.turns_for_history(self._board.turns, self._board.urgent())
        if most >= self._board.turns:
            return True
        at_work, waiting = self._board.history()
        own = self._inside[Lane.HISTORY] - self._at_work[Lane.HISTORY]
        if waiting > own and now - self._history_at < LOOK_AGAIN:
            return False  # whoever waits in another process looks again meanwhile
        return at_work < most

    def _full(self, lane: Lane) -> LaneFull:
        self._row.refused(lane)
        state = self._row.state(lane)
        seconds = rules.come_back_after(lane, served=state.served, refused=state.refused, spread=_random.random())
        return LaneFull(lane=lane.value, retry_after=seconds)

    def _tell(self, lane: Lane) -> None:
        self._row.tell(lane, inside=self._inside[lane], at_work=self._at_work[lane])


class Place:
    """A request that was let in. It works only while it has a turn; close it when the answer is over."""

    def __init__(self, gate: Gate, lane: Lane, key: str) -> None:
        self.lane, self.key = lane, key
        self._gate, self._turn, self._since, self._is_left = gate, -1, 0.0, False

    @property
    def is_at_work(self) -> bool:
        return self._turn >= 0

    @property
    def has_seats(self) -> bool:
        return self._gate.seats is not None

    def take(self, *, patience: float | None = None) -> None:
        """Wait for a turn. Raises LaneFull when patience ends."""
        self._turn = self._gate.take(self.lane, self.key, patience)
        self._since = self._gate.clock()
        if self._gate.seats is not None:
            self._gate.seats.sit(self._turn)

    def take_first(self) -> None:
        """Wait for the first turn, as long as the lane has patience. Raises LaneFull."""
        self.take(patience=PATIENCE[self.lane])

    def give_back(self) -> None:
        """End the turn, if there is one."""
        if not self.is_at_work:
            return
        turn, self._turn = self._turn, -1
        try:
            if self._gate.seats is not None:
                self._gate.seats.rise(turn)
        finally:
            self._gate.give_back(self.lane, turn, self._gate.clock() - self._since)

    def leave(self) -> None:
        """Give back turn and place; a second time changes nothing."""
        self.give_back()
        if not self._is_left:
            self._is_left = True
            self._gate.leave(self)


class _Waiter:
    __slots__ = ("called", "key", "turn")

    def __init__(self, key: str) -> None:
        self.key, self.called = key, Lock()
        self.turn: int | None = None
        self.called.acquire()


class _Line:
    """Who waits in a lane: the senders take turns, and each sender's requests come in their order."""

    def __init__(self) -> None:
        self._senders: OrderedDict[str, deque[_Waiter]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._senders)

    def add(self, waiter: _Waiter) -> None:
        self._senders.setdefault(waiter.key, deque()).append(waiter)

    def remove(self, waiter: _Waiter) -> None:
        own = self._senders[waiter.key]
        own.remove(waiter)
        if not own:
            del self._senders[waiter.key]

    def call(self, turn: int) -> None:
        """Give the turn to the first of the sender whose turn it is."""
        key, own = next(iter(self._senders.items()))
        waiter = own.popleft()
        del self._senders[key]
        if own:
            self._senders[key] = own  # at the end
        waiter.turn = turn
        waiter.called.release()
