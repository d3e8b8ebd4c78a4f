"""The circuit breaker of one destination, as values: when nobody gets through, one parcel in a while tries the way.

Its state lives in the memory of each worker: a fresh worker finds out for itself, at the price of a few attempts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OPENS_AFTER = 5
"""This many failures in a row, of different parcels, that are the partner's and not the parcel's."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Breaker:
    """failures: in a row until now. pauses: how often in a row it has opened. open_until: aware; None while closed."""

    failures: int = 0
    pauses: int = 0
    open_until: datetime | None = None


def allowance(breaker: Breaker, *, at: datetime, most: int) -> int:
    """How many parcels may be under way at the moment `at`: `most`, one to try the way, or none."""
    if breaker.open_until is None:
        return most
    return 1 if at >= breaker.open_until else 0


def after_success(breaker: Breaker) -> Breaker:
    """The partner answered, if only to refuse a parcel: the way is free."""
    return Breaker() if breaker != Breaker() else breaker


def after_failure(breaker: Breaker, *, at: datetime) -> Breaker:
    """The partner failed at `at`. Opens after OPENS_AFTER in a row; each failed try doubles the pause, up to 2 minutes."""
    if breaker.open_until is not None and at < breaker.open_until:
        return breaker  # a parcel that was already under way tells nothing new
    failed = replace(breaker, failures=breaker.failures + 1)
    if failed.failures < OPENS_AFTER:
        return failed
    pause = min(_FIRST_PAUSE * 2 ** min(failed.pauses, 10), _LONGEST_PAUSE)
    return replace(failed, pauses=failed.pauses + 1, open_until=at + pause)
