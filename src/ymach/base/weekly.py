"""Weekly hours: minutes of the week in Viet Nam time, Monday 00:00 = 0, up to 10,080 (not included).

People write them as `T2: 07:00 đến 16:30; T7, CN: 07:00 đến 11:00`; PostgreSQL keeps them as an int4multirange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ymach.base.clock import VIETNAM
from ymach.base.errors import Invalid
from ymach.base.text import Text

DAY = 24 * 60
WEEK = 7 * DAY
DAY_NAMES = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_TO = r"(?:đến|den|to|->|→|–|-)"
_HOURS = re.compile(rf"(\d{{1,2}})[:hg](\d{{2}})\s*{_TO}\s*(\d{{1,2}})[:hg](\d{{2}})")
_DAY = r"(?:T(?:hứ\s*)?[2-7]|CN|Chủ nhật)"
_DAYS = re.compile(rf"{_DAY}(?:\s*{_TO}\s*{_DAY})?", re.IGNORECASE)
_PART = re.compile(
    rf"\s*(?P<days>{_DAYS.pattern}(?:\s*,\s*{_DAYS.pattern})*)\s*:\s*"
    rf"(?P<hours>{_HOURS.pattern}(?:\s*,\s*{_HOURS.pattern})*)\s*",
    re.IGNORECASE,
)


class NotASchedule(Invalid):
    """The text is not weekly hours; `part` is the piece that could not be read."""

    code = "YM-SCHEDULE-UNREADABLE"
    sentence = Text(
        "Không đọc được giờ hành nghề “{part}”. Ghi như: T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:00.",
        "Working hours “{part}” cannot be read. Write them like: T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:00.",
    )

    def __init__(self, part: str) -> None:
        super().__init__(field="schedule", part=part)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Minutes from `start` (included) to `end` (not included), 0 ≤ start < end ≤ 10,080."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= WEEK:
            raise NotASchedule(f"[{self.start},{self.end})")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Slots in order, apart from each other (as PostgreSQL normalises a multirange). No slot: no fixed hours."""

    slots: tuple[Slot, ...] = ()

    @classmethod
    def of(cls, slots: Iterable[Slot]) -> Schedule:
        """The schedule that covers the same minutes as `slots`, in any order, overlapping or touching."""
        merged: list[Slot] = []
        for slot in sorted(slots):
            if merged and slot.start <= merged[-1].end:
                merged[-1] = Slot(merged[-1].start, max(merged[-1].end, slot.end))
            else:
                merged.append(slot)
        return cls(tuple(merged))

    def __bool__(self) -> bool:
        return bool(self.slots)

    def __contains__(self, minute: object) -> bool:
        return isinstance(minute, int) and any(slot.start <= minute < slot.end for slot in self.slots)

    def overlaps(self, other: Schedule) -> bool:
        """Whether the two share at least one minute."""
        return any(mine.start < his.end and his.start < mine.end for mine in self.slots for his in other.slots)

    @property
    def minutes(self) -> int:
        """Minutes a week."""
        return sum(slot.end - slot.start for slot in self.slots)

    def __str__(self) -> str:
        return print_schedule(self)


NO_FIXED_HOURS = Schedule()


def minute_of_week(at: datetime) -> int:
    """The minute of the week, in Viet Nam, at the moment `at` (aware): Monday 00:00 is 0."""
    here = at.astimezone(VIETNAM)
    return here.weekday() * DAY + here.hour * 60 + here.minute


def parse_schedule(text: str) -> Schedule:
    """Read `T2-T6: 07:00 đến 11:30, 13:00 đến 16:30; CN: 19:00 đến 07:00`. Blank text is “no fixed hours”.

    An end at or before its start lies on the next day (Sunday night ends on Monday). Raises NotASchedule.
    """
    slots: list[Slot] = []
    for part in filter(str.strip, re.split(r"[;\n]", text)):
        read = _PART.fullmatch(part)
        if read is None:
            raise NotASchedule(part.strip())
        days = list(_days(read["days"]))
        slots += [slot for hours in _HOURS.findall(read["hours"]) for day in days for slot in _slots(day, hours)]
    return Schedule.of(slots)


def print_schedule(schedule: Schedule) -> str:
    """The schedule as people read it, days with the same hours together; `parse_schedule` reads it back."""
    by_day: list[list[str]] = [[] for _ in DAY_NAMES]
    for start, end in sorted(_pieces(schedule)):
        by_day[start // DAY].append(f"{_clock(start % DAY)} đến {_clock(_end_on_clock(start, end))}")
    hours = [", ".join(day) for day in by_day]
    groups = [(text, [day for day, _ in days]) for text, days in groupby(enumerate(hours), key=lambda pair: pair[1])]
    return "; ".join(f"{_day_span(days)}: {text}" for text, days in groups if text)


def schedule_words(schedule: Schedule) -> Text:
    """Weekly hours in both languages: “T2-T6: 07:00 đến 16:30” or “Mon-Fri: 07:00 to 16:30”."""
    if not schedule:
        return Text("không cố định giờ", "no fixed hours")
    vi = print_schedule(schedule)
    en = vi.replace(" đến ", " to ")
    for name, english in zip(DAY_NAMES, ENGLISH_DAYS, strict=True):
        en = en.replace(name, english)
    return Text(vi, en)


def from_multirange(text: str) -> Schedule:
    """The schedule in PostgreSQL's text form of an int4multirange, `{[420,990),[1860,2430)}`."""
    bounds = [int(number) for number in re.findall(r"\d+", text)]
    return Schedule(tuple(Slot(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)))


def to_multirange(schedule: Schedule) -> str:
    """PostgreSQL's text form of the schedule."""
    return "{" + ",".join(f"[{slot.start},{slot.end})" for slot in schedule.slots) + "}"


def _days(text: str) -> Iterator[int]:
    for span in _DAYS.findall(text):
        ends = [_day_number(name) for name in re.findall(_DAY, span, re.IGNORECASE)]
        yield from range(ends[0], ends[-1] + 1)


def _day_number(name: str) -> int:
    return 6 if name[0] in "Cc" else int(name[-1]) - 2


def _slots(day: int, hours: tuple[str, str, str, str]) -> Iterator[Slot]:
    start, end = _minute(*hours[:2]), _minute(*hours[2:])
    if start == DAY:
        raise NotASchedule(":".join(hours[:2]))
    first, last = day * DAY + start, day * DAY + (end if end > start else end + DAY)
    yield Slot(first, min(last, WEEK))
    if last > WEEK:
        yield Slot(0, last - WEEK)


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > DAY:
        raise NotASchedule(f"{hour}:{minute}")
    return total


def _pieces(schedule: Schedule) -> Iterator[tuple[int, int]]:
    """Slots cut so that each can be written with one day: up to 24 hours, past midnight at most once."""
    slots = [(slot.start, slot.end) for slot in schedule.slots]
    if len(slots) > 1 and slots[0][0] == 0 and slots[-1][1] == WEEK:
        night = (slots[-1][0], WEEK + slots[0][1])
        slots = [*slots[1:-1], night] if _fits_one_line(*night) else slots
    for start, end in slots:
        if _fits_one_line(start, end):
            yield start, end
        else:
            yield from _by_midnight(start, end)


def _fits_one_line(start: int, end: int) -> bool:
    midnight = (start // DAY + 1) * DAY
    return end <= midnight or end - start < DAY


def _by_midnight(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        midnight = (start // DAY + 1) * DAY
        yield start, min(midnight, end)
        start = midnight


def _end_on_clock(start: int, end: int) -> int:
    midnight = (start // DAY + 1) * DAY
    return DAY if end == midnight else end % DAY


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _day_span(days: list[int]) -> str:
    return DAY_NAMES[days[0]] if len(days) == 1 else f"{DAY_NAMES[days[0]]}-{DAY_NAMES[days[-1]]}"
