"""The hours of the lanes, as the operator sets them (`YMACH_SENDING_WINDOWS`)."""

from __future__ import annotations

import math
import random
from datetime import datetime
from functools import cache
from typing import Any

from ymach.base.sending_hours import Window, is_open, opens_at, read_windows
from ymach.exchange.lanes.errors import LaneClosed
from ymach.exchange.lanes.rules import Lane

SPREAD_SECONDS = 300
"""Those who were sent away come back within so long after the hours begin, not all at once."""
_random = random.SystemRandom()


def check_window(text: str, lane: Lane, *, at: datetime) -> None:
    """Refuse a lane outside its hours. text: the setting. Raises LaneClosed."""
    windows = _read(text)
    if not is_open(windows, lane.value, at=at):
        opens = opens_at(windows, lane.value, at=at)
        wait = math.ceil((opens - at).total_seconds() + _random.uniform(0, SPREAD_SECONDS))
        raise LaneClosed(lane=lane.value, opens=opens.strftime("%H:%M %d/%m"), retry_after=wait)


def windows_told(text: str) -> list[dict[str, Any]]:
    """The hours as `GET /api/v1/sending` tells them, in Vietnam time."""
    return [{"lane": one.lane, "from": f"{one.opens:%H:%M}", "to": f"{one.closes:%H:%M}"} for one in _read(text)]


@cache
def _read(text: str) -> tuple[Window, ...]:
    return read_windows(text)
