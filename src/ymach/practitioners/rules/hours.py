"""Weekly hours of one person over all places: totals of the Labour Code, time to travel. These warn; they never refuse.

That hours never overlap is a rule the database holds. Duty shifts over midnight count on the day their minutes lie on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from ymach.base.findings import Finding, FindingKind
from ymach.base.weekly import DAY, DAY_NAMES, WEEK, Schedule, Slot
from ymach.practitioners.rules import findings
from ymach.practitioners.rules.tables import read_text

WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes a day (usual, and where hours are arranged by week), minutes a week, hours of overtime a year; minutes to
    travel between two places of one commune, of one province, and elsewhere."""

    day: int
    longest_day: int
    week: int
    overtime_year: int
    same_commune: int
    same_province: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Workplace:
    """Hours at one facility, and where it lies."""

    facility_id: UUID
    name: str
    province_code: str
    commune_code: str
    schedule: Schedule
    is_full_time: bool = False


@cache
def limits() -> Limits:
    """As shipped in `data/hours.toml`."""
    read = tomllib.loads(read_text("hours.toml"))
    travel = read["travel_minutes"]
    return Limits(
        day=read["day_minutes"],
        longest_day=read["longest_day_minutes"],
        week=read["week_minutes"],
        overtime_year=read["overtime_year_hours"],
        same_commune=travel["same_commune"],
        same_province=travel["same_province"],
        elsewhere=travel["elsewhere"],
    )


def findings_of(places: Sequence[Workplace], allowed: Limits) -> tuple[Finding, ...]:
    """All that is worth saying about one person's week."""
    twice = len({place.facility_id for place in places if place.is_full_time})
    full_time = [findings.FULL_TIME_TWICE.at(field="is_full_time", count=twice)] if twice > 1 else []
    labour = labour_findings([place.schedule for place in places], allowed)
    return (*full_time, *labour, *travel_findings(places, allowed))


def labour_findings(schedules: Iterable[Schedule], allowed: Limits) -> tuple[Finding, ...]:
    """Totals of a week and of its days against the Labour Code (48 h a week, 8 to 10 h a day, overtime a year)."""
    slots = [slot for schedule in schedules for slot in schedule.slots]
    return (*_week(sum(slot.end - slot.start for slot in slots), allowed), *_days(slots, allowed))


def travel_findings(places: Sequence[Workplace], allowed: Limits) -> tuple[Finding, ...]:
    """Between the end of hours at one place and the next hours at another there is time to travel."""
    stays = sorted(((slot.start, slot.end, place) for place in places for slot in place.schedule.slots), key=_start)
    nexts = [*stays[1:], *stays[:1]]
    return tuple(found for here, there in zip(stays, nexts, strict=True) for found in _travel(here, there, allowed))


def minutes_between(here: Workplace, there: Workplace, allowed: Limits) -> int:
    """How long the way takes: by same commune, same province, or else."""
    if here.province_code != there.province_code:
        return allowed.elsewhere
    same = here.commune_code and here.commune_code == there.commune_code
    return allowed.same_commune if same else allowed.same_province


def minutes_by_day(slots: Iterable[Slot]) -> tuple[int, ...]:
    """Minutes on each day of the week, Monday first; a shift over midnight is shared out."""
    held = list(slots)
    return tuple(
        sum(max(min(slot.end, day + DAY) - max(slot.start, day), 0) for slot in held) for day in range(0, WEEK, DAY)
    )


_Stay = tuple[int, int, Workplace]


def _start(stay: _Stay) -> tuple[int, int]:
    return stay[:2]


def _week(minutes: int, allowed: Limits) -> Iterator[Finding]:
    over = minutes - allowed.week
    if over <= 0:
        return
    yield findings.WEEK_OVER_HOURS.at(field="schedule", hours=_hours(minutes), limit=_hours(allowed.week))
    if over * WEEKS_A_YEAR > allowed.overtime_year * 60:
        year = over * WEEKS_A_YEAR // 60
        yield findings.OVERTIME_OVER_YEAR.at(field="schedule", hours=year, limit=allowed.overtime_year)


def _days(slots: list[Slot], allowed: Limits) -> Iterator[Finding]:
    for name, minutes in zip(DAY_NAMES, minutes_by_day(slots), strict=True):
        if minutes > allowed.longest_day:
            yield _day(findings.DAY_FAR_OVER_HOURS, name, minutes, allowed.longest_day)
        elif minutes > allowed.day:
            yield _day(findings.DAY_OVER_HOURS, name, minutes, allowed.day)


def _day(kind: FindingKind, name: str, minutes: int, limit: int) -> Finding:
    return kind.at(field="schedule", day=name, hours=_hours(minutes), limit=_hours(limit))


def _travel(here: _Stay, there: _Stay, allowed: Limits) -> Iterator[Finding]:
    _, ends, place = here
    starts, _, other = there
    gap = (starts - ends) % WEEK
    needed = minutes_between(place, other, allowed)
    if place.facility_id != other.facility_id and gap < needed:
        yield findings.TRAVEL_TOO_SHORT.at(
            field="schedule",
            day=DAY_NAMES[starts // DAY],
            here=place.name,
            there=other.name,
            ends=_clock(ends),
            starts=_clock(starts),
            gap=gap,
            needed=needed,
        )


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole}" if not rest else f"{whole}:{rest:02d}"


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02d}:{minute % 60:02d}"
