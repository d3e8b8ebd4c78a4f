"""When the server wants what: hours of the day for each lane, in Vietnam time, as `GET /api/v1/sending` tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ymach.agent.lanes import lane_at_server
from ymach.agent.queue import Lane
from ymach.base.sending_hours import Window, hour, is_open, opens_at


@dataclass(frozen=True, slots=True)
class Windows:
    """All windows of a server. retry_after: seconds it asked everybody to wait, or None."""

    windows: Sequence[Window] = ()
    retry_after: float | None = None

    def open_now(self, lane: Lane, *, at: datetime) -> bool:
        """Whether the queue's lane may be sent at the moment `at` (aware)."""
        return is_open(self.windows, lane_at_server(lane), at=at)

    def opens_at(self, lane: Lane, *, at: datetime) -> datetime:
        """The next moment the lane may be sent, not before `at`; in Vietnam time."""
        return opens_at(self.windows, lane_at_server(lane), at=at)


def read(told: Mapping[str, Any]) -> Windows:
    """What the server told. A window that is not understood is left out: the server refuses what it does not want."""
    listed = told.get("windows")
    found = [_window(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    wait = told.get("retry_after")
    seconds = float(wait) if isinstance(wait, int | float) and not isinstance(wait, bool) and wait > 0 else None
    return Windows(tuple(one for one in found if one is not None), seconds)


def _window(told: Mapping[str, Any]) -> Window | None:
    try:
        return Window(str(told.get("lane") or ""), hour(told["from"]), hour(told["to"]))
    except (KeyError, ValueError):
        return None
