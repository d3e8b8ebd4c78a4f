"""Being asked to stop: by the system (SIGTERM, Ctrl-Break on Windows) or by a person (Ctrl-C)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType

_ASKING = ("SIGTERM", "SIGINT", "SIGBREAK")


@contextmanager
def asked_to_stop() -> Iterator[Event]:
    """An event that is set by the first signal; what is under way is then ended in order. A second Ctrl-C ends at once."""
    stop, before = Event(), {}

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    if current_thread() is main_thread():
        before = {one: signal.signal(one, ask) for name in _ASKING if (one := getattr(signal, name, None)) is not None}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
