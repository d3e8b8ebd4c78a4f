"""Being ended by somebody: at once, but never half-way."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from threading import Event
from types import FrameType


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C, or the signal that both make and its group pass on, must not end the stopping half-way: what was
    not stopped yet would go on for ever."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextlib.contextmanager
def signals_as_interrupts() -> Iterator[Event]:
    """SIGTERM ends the demonstration as Ctrl-C does. The event says so too: an interrupt that comes while an object is
    being finalised is only printed by the interpreter, and would be lost."""
    ended = Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        ended.set()
        raise KeyboardInterrupt

    # A program started in the background ignores Ctrl-C, and goes on doing so.
    heard = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, interrupt) for one in heard}
    try:
        yield ended
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
