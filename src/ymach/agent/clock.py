"""Is this machine's clock right? Asked of the server before signing; without a line, judged by what was learnt last.

A wrong clock makes signatures that a verifier must refuse, and nobody sees it until the dossiers come back.
Offline the clock is compared with a steady count that nobody can set: as long as the machine was not restarted, the
clock must have moved as far as the count. After a restart it must at least not stand before the last moment seen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from ymach.agent import durable
from ymach.agent.errors import ClockOff, ClockTurnedBack
from ymach.agent.keys import moment
from ymach.base.clock import now
from ymach.base.ids import new_id

TELL_FROM = timedelta(minutes=1)
REFUSE_ABOVE = timedelta(minutes=5)
FILE_NAME = "clock.json"
_THIS_PROCESS = f"process {new_id()}"


@dataclass(frozen=True, slots=True)
class Offset:
    """How far the server's clock is ahead of ours. known: from the server just now, from before, or not at all."""

    ahead: timedelta
    known: str

    @property
    def to_tell(self) -> bool:
        return abs(self.ahead) > TELL_FROM

    @property
    def too_far(self) -> bool:
        return abs(self.ahead) > REFUSE_ABOVE


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was learnt: the offset in seconds, and what both clocks of this machine said at that moment."""

    ahead: float
    wall: datetime
    steady: float
    boot: str


def steady_seconds() -> float:
    """Seconds since some fixed moment, sleep of the machine included, unmoved by whoever sets the clock."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def boot_of(file: Path = Path("/proc/sys/kernel/random/boot_id")) -> str:
    """What tells one start of the machine from the next; where a system does not say, only this process is trusted."""
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return _THIS_PROCESS


@dataclass(slots=True)
class Clock:
    """This machine's clock beside the server's. folder: where what was learnt is kept. wall, steady: our two clocks."""

    folder: Path
    wall: Callable[[], datetime] = now
    steady: Callable[[], float] = steady_seconds
    boot: str = field(default_factory=boot_of)
    _fresh: bool = False

    def learn(self, ahead: timedelta) -> Offset:
        """Keep what an answer of the server told. ahead: its time minus ours."""
        seen = {
            "ahead": ahead.total_seconds(),
            "wall": self.wall().isoformat(),
            "steady": self.steady(),
            "boot": self.boot,
        }
        durable.write(self.folder / FILE_NAME, orjson.dumps(seen, option=orjson.OPT_INDENT_2))
        self._fresh = True
        return self.offset()

    def offset(self) -> Offset:
        """The best that is known now. Raises ClockTurnedBack when the clock stands before the last moment seen."""
        seen = self._read()
        if seen is None:
            return Offset(timedelta(), "unknown")
        moved = (self.wall() - seen.wall).total_seconds()
        ahead = timedelta(seconds=seen.ahead)
        if seen.boot == self.boot:
            # The clock should have moved as the steady count did; what it moved more, somebody set it ahead.
            ahead -= timedelta(seconds=moved - (self.steady() - seen.steady))
        elif moved < -TELL_FROM.total_seconds():
            raise ClockTurnedBack(last=moment(seen.wall))
        return Offset(ahead, "now" if self._fresh else "before")

    def check_before_signing(self) -> Offset:
        """Raises ClockOff when the clock is more than 5 minutes off, ClockTurnedBack."""
        offset = self.offset()
        if offset.too_far:
            raise ClockOff(seconds=round(abs(offset.ahead.total_seconds())))
        return offset

    def _read(self) -> _Seen | None:
        try:
            kept = orjson.loads((self.folder / FILE_NAME).read_bytes())
            return _Seen(
                float(kept["ahead"]), datetime.fromisoformat(kept["wall"]), float(kept["steady"]), str(kept["boot"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # nothing learnt yet, or a file that somebody edited: the next answer makes it new
