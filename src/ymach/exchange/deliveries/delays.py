"""How long deliveries took from the receipt to the destination: counted in classes, so that millions cost nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Mapping
from threading import Lock

BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 21_600.0, 86_400.0)
"""Upper ends of the classes in seconds; what took longer is in one class more."""


class Delays:
    """Counts since the last look, by destination and class; noted by many threads, taken by one."""

    def __init__(self) -> None:
        self._noted: Tally[tuple[str, int]] = Tally()
        self._lock = Lock()

    def note(self, destination: str, seconds: float) -> None:
        """A delivery arrived so long after its receipt."""
        with self._lock:
            self._noted[destination, bucket_of(seconds)] += 1

    def take(self) -> Tally[tuple[str, int]]:
        """What was noted since the last time."""
        with self._lock:
            taken, self._noted = self._noted, Tally()
        return taken


def bucket_of(seconds: float) -> int:
    """The class of a delay: the first whose upper end it does not pass."""
    return bisect_left(BOUNDS, seconds)


def median(buckets: Mapping[int, int]) -> float | None:
    """The middle of the delays counted, in seconds, taken as spread evenly within their class; None without any.

    Of the class that has no upper end its lower end is told: at least so long.
    """
    total, below = sum(buckets.values()), 0
    for bucket in sorted(buckets):
        if not buckets[bucket] or below + buckets[bucket] < total / 2:
            below += buckets[bucket]
            continue
        start = BOUNDS[bucket - 1] if bucket else 0.0
        if bucket >= len(BOUNDS):
            return start
        return start + (BOUNDS[bucket] - start) * (total / 2 - below) / buckets[bucket]
    return None
