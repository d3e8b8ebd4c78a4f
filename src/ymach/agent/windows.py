"""When the server wants what: hours of the day for each lane, in Vietnam time, as `GET /api/v1/sending` tells.

A lane without hours may be sent at any time. Hours may pass midnight ("20:00" to "05:00").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows of a server. retry_after: seconds it asked everybody to wait, or None."""

    windows: Sequence[Window] = ()
    retry_after: float | None = None

    def open_now(self, lane: str, *, at: datetime) -> bool:
        """Whether the lane may be sent at the moment `at` (aware)."""
        own = self._of(lane)
        return not own or any(one.holds(at.astimezone(VIETNAM).time()) for one in own)

    def opens_at(self, lane: str, *, at: datetime) -> datetime:
        """The next moment the lane may be sent, not before `at`; in Vietnam time."""
        here = at.astimezone(VIETNAM)
        if self.open_now(lane, at=at):
            return here
        starts = (datetime.combine(here.date(), one.opens, VIETNAM) for one in self._of(lane))
        return min(start if start > here else start + timedelta(days=1) for start in starts)

    def _of(self, lane: str) -> list[Window]:
        return [one for one in self.windows if one.lane == lane or one.lane in EVERY_LANE]


def read(told: Mapping[str, Any]) -> Windows:
    """What the server told. A window that is not understood is left out: the server refuses what it does not want."""
    listed = told.get("windows")
    found = [_window(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    wait = told.get("retry_after")
    seconds = float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) and wait > 0 else None
    return Windows(tuple(one for one in found if one is not None), seconds)


def _window(told: Mapping[str, Any]) -> Window | None:
    try:
        return Window(str(told.get("lane") or ""), _hour(told["from"]), _hour(told["to"]))
    except (KeyError, ValueError):
        return None


def _hour(told: object) -> time:
    """ "HH:MM"; the end of the day is written "24:00" by many."""
    return time.fromisoformat("00:00" if told == "24:00" else str(told)).replace(tzinfo=None)
