"""The turn of the thread that runs: taken at the door, and given back by whoever only waits.

Without an open gate (a command, a test, another server) everything here does nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from django.db import connections
from django.http import HttpResponse, StreamingHttpResponse

from ymach.exchange.lanes.board import Board
from ymach.exchange.lanes.gate import Gate, Place
from ymach.exchange.lanes.seats import Seats

FALSE_CLAIM_SECONDS = 600.0

_here = threading.local()
_opened: dict[str, tuple[Board, int]] = {}
_gates: dict[int, Gate] = {}
_making = threading.Lock()


def open_gate(turns: int, processes: int) -> None:
    """Before the server's processes are forked: each works on `turns` requests at a time, with a connection each."""
    _opened["gate"] = (Board(processes, turns * processes), turns)


def board() -> Board | None:
    """What the processes tell each other; None outside a server."""
    opened = _opened.get("gate")
    return opened[0] if opened else None


def gate() -> Gate | None:
    """The gate of this process; None outside a server."""
    if not _opened:
        return None
    process = os.getpid()
    with _making:
        if process not in _gates:
            shared, turns = _opened["gate"]
            _gates[process] = Gate(turns, shared, seats=Seats(turns))
        return _gates[process]


def arrive(place: Place) -> None:
    """This thread now works for `place`, until `depart`."""
    _here.place = place


def begin() -> None:
    """Wait for the first turn of this thread's place. Raises LaneFull."""
    _here.place.take_first()


def over(response: HttpResponse | None) -> None:
    """The answer is made (None: there is none). One that comes in pieces keeps its place until the last of them, and
    waits for a turn for each that needs one (`at_work`)."""
    if not isinstance(response, StreamingHttpResponse):
        depart()
        return
    _here.place.give_back()
    response.streaming_content = _Departing(cast("Iterable[bytes]", response.streaming_content))


def depart() -> None:
    """The answer is over: turn and place are given back."""
    place: Place | None = getattr(_here, "place", None)
    _here.place = None
    if place is not None:
        place.leave()
        if place.has_seats:
            connections.close_all()  # what was asked without a turn had a connection of its own


class _Departing:
    """An answer in pieces; the place is given back when it is over, however it ended."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        depart()


@contextmanager
def aside() -> Iterator[None]:
    """While this block runs, somebody else may work. Not inside a transaction."""
    place: Place | None = getattr(_here, "place", None)
    if place is None or not place.is_at_work:
        yield
        return
    place.give_back()
    try:
        yield
    finally:
        place.take()


@contextmanager
def at_work() -> Iterator[None]:
    """A turn for this block, for an answer that is made piece by piece; waits in line for it."""
    place: Place | None = getattr(_here, "place", None)
    if place is None or place.is_at_work:
        yield
        return
    place.take()
    try:
        yield
    finally:
        place.give_back()


def rest(seconds: float) -> None:
    """Sleep, and let others work meanwhile."""
    with aside():
        time.sleep(seconds)
