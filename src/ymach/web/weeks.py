"""A person's week as a small figure: seven columns, every facility in its own colour and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ymach.base.text import Text
from ymach.base.weekly import DAY, DAY_NAMES, ENGLISH_DAYS, WEEK, Schedule

TONES = ("good", "wait", "hold", "note")
WIDTH, LEFT, TOP, HOUR = 364, 30, 22, 11
COLUMN = (WIDTH - LEFT) / 7
GAP = 2
FIRST_HOUR, LAST_HOUR = 6, 18


@dataclass(frozen=True, slots=True)
class Block:
    """Hours of one day at one place. number: of the place, from 1; label_x, label_y: the middle."""

    number: int
    tone: str
    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place of the figure: a day above, an hour at the left. y also carries the line of an hour."""

    x: str
    y: str
    text: Text | str


@dataclass(frozen=True, slots=True)
class Week:
    """The figure. now: where the present minute lies, None when it lies outside the hours shown."""

    width: int
    height: str
    blocks: Sequence[Block]
    days: Sequence[Mark]
    hours: Sequence[Mark]
    now: Mark | None


def tone_of(number: int) -> str:
    """The colour of the place with that number, from 1; the fifth begins anew."""
    return TONES[(number - 1) % len(TONES)]


def week(schedules: Sequence[Schedule], *, minute: int) -> Week | None:
    """The schedules drawn one over the other, in their order; None when none has fixed hours.

    minute: the present one, of the week (Monday 00:00 is 0), in Viet Nam.
    """
    pieces = [(number, *piece) for number, one in enumerate(schedules, 1) for piece in _by_day(one)]
    if not pieces:
        return None
    first = min(FIRST_HOUR * 60, *(start % DAY // 120 * 120 for _, start, _ in pieces))
    last = max(LAST_HOUR * 60, *(-(-_in_day(start, end) // 120) * 120 for _, start, end in pieces))
    return Week(
        width=WIDTH,
        height=_print(_y(last, first) + 6),
        blocks=[_block(number, start, end, first) for number, start, end in pieces],
        days=[_day(day) for day in range(7)],
        hours=[Mark(_print(LEFT - 6), _print(_y(at, first)), f"{at // 60}") for at in range(first, last + 1, 120)],
        now=_now(minute, first, last),
    )


def _by_day(schedule: Schedule) -> list[tuple[int, int]]:
    """Slots cut at midnight."""
    cut = []
    for slot in schedule.slots:
        for day in range(0, WEEK, DAY):
            start, end = max(slot.start, day), min(slot.end, day + DAY)
            if start < end:
                cut.append((start, end))
    return cut


def _in_day(start: int, end: int) -> int:
    return end - start // DAY * DAY


def _block(number: int, start: int, end: int, first: int) -> Block:
    x, y = LEFT + start // DAY * COLUMN + GAP / 2, _y(start % DAY, first)
    width, height = COLUMN - GAP, _y(_in_day(start, end), first) - y
    middle = (_print(x + width / 2), _print(y + height / 2))
    return Block(number, tone_of(number), _print(x), _print(y), _print(width), _print(height), *middle)


def _day(day: int) -> Mark:
    return Mark(_print(LEFT + (day + 0.5) * COLUMN), _print(TOP - 8), Text(DAY_NAMES[day], ENGLISH_DAYS[day]))


def _now(minute: int, first: int, last: int) -> Mark | None:
    day, in_day = divmod(minute, DAY)
    if not first <= in_day <= last:
        return None
    return Mark(_print(LEFT + day * COLUMN), _print(_y(in_day, first)), _print(COLUMN))


def _y(minute: float, first: int) -> float:
    return TOP + (minute - first) / 60 * HOUR


def _print(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
