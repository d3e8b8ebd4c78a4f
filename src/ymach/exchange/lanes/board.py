"""What all server processes of this machine have on their hands, in memory they share: made before they are forked.

Each process writes its own row only. Nothing here is kept: a new start begins with an empty board.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import math
import mmap
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ymach.exchange.lanes.rules import PLACES, RANK, Lane

STEPS, STEP_SECONDS = 6, 10
"""The last minute is counted in steps."""
_STEP = 3  # numbers: which step, served, refused
_LANE = 2 + STEPS * _STEP  # inside, at work, then the steps
_ROW = 3 + len(Lane) * _LANE  # the process's number, its urgent work and when that was noted, then the lanes
_MEMORY_SECONDS = 1.0
"""The work of the urgent lanes is an average over about so long."""
_FINE = 1_000_000
_BANS = 256
_BAN = 2  # whose, until when


@dataclass(frozen=True, slots=True)
class LaneState:
    """One lane over all processes. places: how many requests fit inside; inside: how many are, at_work: of those being
    worked on; served, refused: in the last minute."""

    lane: Lane
    places: int
    inside: int
    at_work: int
    served: int
    refused: int


class Board:
    """The shared memory. turns: of all processes together. clock: seconds since 1970, the same for all of them."""

    def __init__(self, processes: int, turns: int, *, clock: Callable[[], float] = time.time) -> None:
        self.turns, self._processes, self._clock = turns, processes, clock
        self._file = os.memfd_create("ymach-lanes")
        size = 8 * (processes * _ROW + _BANS * _BAN)
        os.ftruncate(self._file, size)
        self._cells = memoryview(mmap.mmap(self._file, size)).cast("q")

    def row(self) -> Row:
        """The row of this process: its own, or one that nobody living holds. With too many processes the last is shared."""
        own = os.getpid()
        with self._alone():
            numbers = [self._cells[one * _ROW] for one in range(self._processes)]
            free = [place for place, number in enumerate(numbers) if number == own or not _is_alive(number)]
            start = (free[0] if free else self._processes - 1) * _ROW
            for cell in range(start, start + _ROW):
                self._cells[cell] = 0
            self._cells[start] = own
        return Row(self._cells, start, self._clock)

    def states(self) -> list[LaneState]:
        """Every lane now, summed over the processes that live."""
        rows = self._living()
        return [_sum(lane, [row.state(lane) for row in rows]) for lane in Lane]

    def urgent(self) -> float:
        """How many turns all processes together use for lanes more urgent than history, on average just now."""
        return sum(row.urgent() for row in self._living())

    def history(self) -> tuple[int, int]:
        """How many old visits are at work in all processes, and how many wait."""
        states = [row.state(Lane.HISTORY) for row in self._living()]
        at_work = sum(state.at_work for state in states)
        return at_work, sum(state.inside for state in states) - at_work

    def _living(self) -> list[Row]:
        starts = [one * _ROW for one in range(self._processes) if _is_alive(self._cells[one * _ROW])]
        return [Row(self._cells, start, self._clock) for start in starts]

    def ban(self, key: str, seconds: float) -> None:
        """Take the right to claim a lane from `key` for so long."""
        until, name = int(self._clock() + seconds), _hashed(key)
        with self._alone():
            ends = {self._cells[cell + 1]: cell for cell in self._bans()}
            place = next((cell for cell in self._bans() if self._cells[cell] == name), ends[min(ends)])
            self._cells[place], self._cells[place + 1] = name, until

    def is_banned(self, key: str) -> bool:
        name = _hashed(key)
        return any(self._cells[cell] == name and self._cells[cell + 1] > self._clock() for cell in self._bans())

    def _bans(self) -> range:
        start = self._processes * _ROW
        return range(start, start + _BANS * _BAN, _BAN)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time; a process that dies gives the lock back."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


class Row:
    """What one process has on its hands. Only the process itself writes here, one thread at a time."""

    def __init__(self, cells: memoryview[int], start: int, clock: Callable[[], float]) -> None:
        self._cells, self._start, self._clock = cells, start + 3, clock

    def tell(self, lane: Lane, *, inside: int, at_work: int) -> None:
        start = self._of(lane)
        self._cells[start], self._cells[start + 1] = inside, at_work

    def worked(self, seconds: float) -> None:
        """A turn of a lane more urgent than history lasted so long."""
        load = self.urgent() + seconds / _MEMORY_SECONDS
        self._cells[self._start - 2], self._cells[self._start - 1] = int(load * _FINE), int(self._clock() * 1000)

    def urgent(self) -> float:
        """Turns of this process used by lanes more urgent than history, on average just now."""
        since = self._clock() - self._cells[self._start - 1] / 1000
        return self._cells[self._start - 2] / _FINE * math.exp(-max(since, 0) / _MEMORY_SECONDS)

    def served(self, lane: Lane) -> None:
        self._count(lane, 1)

    def refused(self, lane: Lane) -> None:
        self._count(lane, 2)

    def state(self, lane: Lane) -> LaneState:
        start, oldest = self._of(lane), self._step() - STEPS
        steps = [self._cells[cell : cell + _STEP] for cell in range(start + 2, start + _LANE, _STEP)]
        lately = [step for step in steps if step[0] > oldest]
        served, refused = (sum(step[what] for step in lately) for what in (1, 2))
        return LaneState(lane, PLACES[lane], self._cells[start], self._cells[start + 1], served, refused)

    def _count(self, lane: Lane, what: int) -> None:
        step = self._step()
        cell = self._of(lane) + 2 + step % STEPS * _STEP
        if self._cells[cell] != step:
            self._cells[cell], self._cells[cell + 1], self._cells[cell + 2] = step, 0, 0
        self._cells[cell + what] += 1

    def _of(self, lane: Lane) -> int:
        return self._start + RANK[lane] * _LANE

    def _step(self) -> int:
        return int(self._clock()) // STEP_SECONDS


def _sum(lane: Lane, states: list[LaneState]) -> LaneState:
    added = [[one.places, one.inside, one.at_work, one.served, one.refused] for one in states]
    return LaneState(lane, *[sum(column) for column in zip(*added, strict=True)] or [0] * 5)


def _hashed(key: str) -> int:
    """A number for a name, never 0."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=7).digest()) + 1


def _is_alive(number: int) -> bool:
    if not number:
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
