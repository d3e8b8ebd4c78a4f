"""Time: UTC inside, Vietnam time at the edges. Rules never ask for the time; doors and commands do, once, and pass it on."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ymach.base.text import Text

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def vietnam_day(at: datetime) -> date:
    """The calendar day in Viet Nam at the moment `at` (aware)."""
    return at.astimezone(VIETNAM).date()


def start_of_day(day: date) -> datetime:
    """The moment, in UTC, at which a calendar day begins in Viet Nam."""
    return from_vietnam(datetime.combine(day, time()))


def from_vietnam(naive: datetime) -> datetime:
    """The moment, in UTC, of a wall-clock time of Viet Nam without zone, as the XML 130 family writes it."""
    return naive.replace(tzinfo=VIETNAM).astimezone(UTC)


def iso(at: datetime) -> str:
    """The moment `at` (aware) as programs read it: RFC 3339, in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def print_day(value: date | datetime | None, none: str = "—") -> str:
    """20/11/2026, as people write a day. A moment (aware) counts as the day it has in Viet Nam."""
    if value is None:
        return none
    return (vietnam_day(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def print_moment(at: datetime, *, seconds: bool = False) -> str:
    """14:32 20/11/2026, or 14:32:08 20/11/2026, in the time of Viet Nam; `at` is aware."""
    return at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y" if seconds else "%H:%M %d/%m/%Y")


def print_wait(seconds: float) -> Text:
    """“8 giây”, “10 phút”, “2 giờ”: how long somebody waits, in one unit and never too short."""
    for unit, vi, en in ((3600, "giờ", "hours"), (60, "phút", "minutes")):
        if seconds > 1.5 * unit:
            count = math.ceil(seconds / unit)
            return Text(f"{count} {vi}", f"{count} {en}")
    count = max(math.ceil(seconds), 1)
    return Text(f"{count} giây", "1 second" if count == 1 else f"{count} seconds")
