"""Hours of the day, in Vietnam time, in which a lane may be sent. A lane without hours may be sent at any time.

Hours may pass midnight ("20:00" to "05:00"). Server and agent read them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ymach.base.clock import VIETNAM

EVERY_LANE = ("", "*")


@dataclass(frozen=True, slots=True)
class Window:
    """Hours in which a lane may be sent: from `opens`, until before `closes`; equal means all day."""

    lane: str
    opens: time
    closes: time

    def holds(self, at: time) -> bool:
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= at < self.closes
        return at >= self.opens or at < self.closes


def is_open(windows: Iterable[Window], lane: str, *, at: datetime) -> bool:
    """Whether the lane may be sent at the moment `at` (aware)."""
    own = _of(windows, lane)
    return not own or any(one.holds(at.astimezone(VIETNAM).time()) for one in own)


def opens_at(windows: Sequence[Window], lane: str, *, at: datetime) -> datetime:
    """The next moment the lane may be sent, not before `at`; in Vietnam time."""
    here = at.astimezone(VIETNAM)
    if is_open(windows, lane, at=at):
        return here
    starts = (datetime.combine(here.date(), one.opens, VIETNAM) for one in _of(windows, lane))
    return min(start if start > here else start + timedelta(days=1) for start in starts)


def hour(told: object) -> time:
    """ "HH:MM"; the end of the day is written "24:00" by many. Raises ValueError."""
    return time.fromisoformat("00:00" if told == "24:00" else str(told)).replace(tzinfo=None)


def read_windows(text: str) -> tuple[Window, ...]:
    """Windows as an operator writes them: "history 19:00-05:00, history 12:00-13:00". Raises ValueError."""
    return tuple(_read(part) for part in text.split(",") if part.strip())


def _read(part: str) -> Window:
    lane, _, hours = part.strip().partition(" ")
    opens, dash, closes = hours.strip().partition("-")
    if not dash:
        raise ValueError(part)
    return Window(lane, hour(opens.strip()), hour(closes.strip()))


def _of(windows: Iterable[Window], lane: str) -> list[Window]:
    return [one for one in windows if one.lane == lane or one.lane in EVERY_LANE]
