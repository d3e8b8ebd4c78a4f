"""Journals for tests: chains written by the actions, many at once by one statement a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from ymach.audit.actions import day_of, record
from ymach.audit.chain import Event
from ymach.base.clock import start_of_day

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
HOSPITAL, CLINIC = UUID(int=7), UUID(int=8)
PERSON, OTHER = UUID(int=101), UUID(int=102)
DOCTOR = "user:01900000-0000-7000-8000-000000000001"


def event(
    number: int = 0,
    *,
    at: datetime = AT,
    actor: str = DOCTOR,
    action: str = "dossier:read",
    citizen: UUID | None = PERSON,
    basis: str = "own-record",
    **detail: object,
) -> Event:
    """One reading, `number` seconds after `at`."""
    moment = at + timedelta(seconds=number)
    return Event(moment, actor, action, f"submission:{UUID(int=number)}", basis, citizen, detail)


def written(events: Iterable[Event], *, facility: UUID = HOSPITAL) -> None:
    for one in events:
        record(one, facility_id=facility)


def day_of_events(day: date, count: int = 3, *, facility: UUID = HOSPITAL) -> None:
    """`count` events of one facility's day, in its chain."""
    begin = start_of_day(day) + timedelta(hours=9)
    assert day_of(begin) == day
    written([event(number, at=begin) for number in range(count)], facility=facility)
