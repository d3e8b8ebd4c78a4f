"""Who works at a facility, and which of them are there together: the authors of its dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from ymach.base.clock import VIETNAM, start_of_day
from ymach.base.weekly import DAY, Schedule, Slot

SHORTEST_TOGETHER = 80
"""Minutes that a team must have together, for a visit to fit in."""

MOST_TEAMS = 40
_LOOK_BACK = 15
_PHYSICIAN_SCOPES = frozenset({"V", "VI", "VII", "VIII", "IX"})


class Place(Protocol):
    """What a dossier says of the facility that writes it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def province_code(self) -> str: ...
    @property
    def tax_code(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody registered at the facility, with a licence in force, not suspended. An empty schedule: no fixed hours."""

    number: str
    name: str
    title: str
    scopes: frozenset[str]
    schedule: Schedule
    is_head: bool = False

    @property
    def may_prescribe(self) -> bool:
        """Physicians, and assistant physicians (Law 15/2023/QH15 Art. 26; Circular 32/2023/TT-BYT)."""
        return self.title == "b" or (self.title == "a" and not self.scopes.isdisjoint(_PHYSICIAN_SCOPES))

    @property
    def may_read(self) -> bool:
        """Who may conclude on a test or an image."""
        return (self.title == "a" and self.may_prescribe) or (self.title == "đ" and "XIV" in self.scopes)


@dataclass(frozen=True, slots=True)
class Team:
    """People who are there at the same time. reader: None where nobody reads tests. slots: when all of them are there."""

    doctor: Author
    reader: Author | None
    nurse: Author
    head: Author
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of one facility, and the teams they make."""

    authors: tuple[Author, ...]
    teams: tuple[Team, ...]

    @classmethod
    def of(cls, authors: Iterable[Author]) -> Staff:
        """The staff made of these people, in the order of their numbers."""
        everybody = tuple(sorted(authors, key=lambda one: one.number))
        return cls(everybody, tuple(_teams(everybody)))

    @property
    def can_write(self) -> bool:
        """Whether somebody here can write a dossier."""
        return bool(self.teams)

    def somebody(self, title: str) -> Author | None:
        """The first with this title."""
        return next((one for one in self.authors if one.title == title), None)


def latest_moment(rng: Random, team: Team, *, minutes: int, before: datetime) -> datetime:
    """A start, by chance within the team's latest time together, of something that takes `minutes` and ends before
    `before` (aware). Raises LookupError when the team was not together for two weeks."""
    for day in range(_LOOK_BACK):
        starts = list(_starts(team, before, minutes, days_back=day))
        if starts:
            first, last = rng.choice(starts)
            return first + timedelta(minutes=rng.randint(0, last))
    raise LookupError("never together")


def moment_on(team: Team, day: datetime, *, minutes: int) -> datetime | None:
    """The team's first moment together on the Vietnam day of `day`, with `minutes` to come; None if there is none."""
    starts = list(_starts(team, day + timedelta(days=1), minutes, days_back=1))
    return starts[0][0] if starts else None


def _starts(team: Team, before: datetime, minutes: int, *, days_back: int) -> Iterator[tuple[datetime, int]]:
    """First start, and minutes by which it may be later, of every slot that begins on that day."""
    day = before.astimezone(VIETNAM).date() - timedelta(days=days_back)
    midnight = start_of_day(day)
    for slot in team.slots:
        if slot.start // DAY != day.weekday():
            continue
        start = midnight + timedelta(minutes=slot.start % DAY)
        end = min(start + timedelta(minutes=slot.end - slot.start), before)
        spare = int((end - start).total_seconds()) // 60 - minutes - 1
        if spare >= 0:
            yield start, spare


def _teams(everybody: tuple[Author, ...]) -> Iterator[Team]:
    doctors = [one for one in everybody if one.may_prescribe]
    head = next((one for one in everybody if one.is_head), None)
    readers = sorted((one for one in everybody if one.may_read), key=lambda one: one.title != "đ")
    nurses = [one for one in everybody if one.title in "cd"]
    for place, doctor in enumerate(doctors[:MOST_TEAMS]):
        reader = _beside(doctor, readers, place)
        members = [doctor, reader or doctor, _beside(doctor, nurses, place) or doctor]
        leader = head if head and _together(doctor, head) else doctor
        slots = tuple(_common([*members, leader]))
        if slots:
            yield Team(doctor, reader, members[2], leader, slots)


def _beside(doctor: Author, others: list[Author], place: int) -> Author | None:
    """One of `others` who is there whenever the doctor is; another for each doctor, where there are several."""
    turned = others[place % len(others) :] + others[: place % len(others)] if others else []
    return next((one for one in turned if _together(doctor, one)), None)


def _together(doctor: Author, other: Author) -> bool:
    return not other.schedule or all(_covers(other.schedule, slot) for slot in doctor.schedule.slots)


def _covers(schedule: Schedule, slot: Slot) -> bool:
    return any(one.start <= slot.start and slot.end <= one.end for one in schedule.slots)


def _common(members: list[Author]) -> Iterator[Slot]:
    """Slots in which everybody is there long enough, cut at midnight so that each lies in one day."""
    for slot in members[0].schedule.slots:
        for start in range(slot.start - slot.start % DAY, slot.end, DAY):
            piece = (max(slot.start, start), min(slot.end, start + DAY))
            if piece[1] - piece[0] >= SHORTEST_TOGETHER:
                yield Slot(*piece)
