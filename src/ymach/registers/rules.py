"""When an incident has to be told, and when the impact assessment has to be sent again. Plain functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ymach.base.text import Text

TO_TELL = timedelta(hours=72)
"""From the detection of a breach to the notice to the authority (Law 91/2025/QH15 art. 23)."""
FIRST_FILE, MINOR_CHANGE, MAJOR_CHANGE = timedelta(days=60), timedelta(days=183), timedelta(days=10)
"""The impact assessment: after processing began (art. 21), after a change, after a big one (Decree 356/2025/NĐ-CP art. 20)."""


class Standing(StrEnum):
    """How an incident stands towards its 72 hours."""

    RUNNING = "running"
    OVERDUE = "overdue"
    TOLD = "told"
    TOLD_LATE = "told-late"


@dataclass(frozen=True, slots=True)
class Clock:
    """due_at: the last moment for the notice. left: time until then, negative when it is over; zero once told."""

    standing: Standing
    due_at: datetime
    left: timedelta

    @property
    def is_late(self) -> bool:
        return self.standing in {Standing.OVERDUE, Standing.TOLD_LATE}


def clock_of(detected_at: datetime, told_at: datetime | None, at: datetime) -> Clock:
    """The 72 hours of an incident detected at `detected_at`, told to the authority at `told_at`, seen at `at` (all aware)."""
    due_at = detected_at + TO_TELL
    if told_at is not None:
        return Clock(Standing.TOLD if told_at <= due_at else Standing.TOLD_LATE, due_at, timedelta(0))
    return Clock(Standing.RUNNING if at <= due_at else Standing.OVERDUE, due_at, due_at - at)


class Weight(StrEnum):
    """How much a change of the register weighs; a big one has ten days, any other six months."""

    BIG = "big"
    OTHER = "other"


BIG_FIELDS = frozenset({"purpose", "kinds", "bases", "recipients"})
"""What is done with data, with which, why, and who gets them; measures and terms weigh less."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of the register. activity: its code; field: "" where it is all new, or gone."""

    activity: str
    title: Text
    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def weight(self) -> Weight:
        return Weight.BIG if not self.field or self.field in BIG_FIELDS else Weight.OTHER


def send_by(kept_on: date, changes: tuple[Change, ...], noticed_on: date) -> date | None:
    """By when the assessment is to be sent again; None while nothing has changed since the version of `kept_on`.

    noticed_on: the day on which the changes are seen; they count from the day after the version was kept at the earliest.
    """
    if not changes:
        return None
    big = any(one.weight is Weight.BIG for one in changes)
    return (noticed_on + MAJOR_CHANGE) if big else max(kept_on + MINOR_CHANGE, noticed_on)
