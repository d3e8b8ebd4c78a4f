"""What every action shares: one attributed transaction that moves the profile's revision on, and periods cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.base.periods import Period
from ymach.base.refusals import refused_as
from ymach.base.revisions import move_on
from ymach.facilities.actions import day_range, period_of
from ymach.practitioners.models import PracticeRegistration, Practitioner

Refusals = Mapping[str, Callable[[], YmachError]]


@contextmanager
def changing(
    practitioner_id: UUID, *, reason: str, by: Actor, at: datetime, seen: int | None, refusals: Refusals | None = None
) -> Iterator[None]:
    """Change a profile, its row locked. refusals: errors by the constraint that refuses. Raises Conflict."""
    with refused_as(refusals or {}), attributed(by=by, reason=reason, at=at):
        move_on(Practitioner, practitioner_id, seen=seen)
        yield


def ending(period: Period, ends_on: date) -> Period:
    """The period, ended on a day unless it ends before."""
    return period if period.end is not None and period.end <= ends_on else replace(period, end=ends_on)


def end_registration(registration: PracticeRegistration, ends_on: date) -> None:
    """Cut a registration short; one that would never begin goes away, and the history keeps it."""
    shorter = ending(period_of(registration.valid), ends_on)
    if shorter.start is not None and shorter.start >= ends_on:
        registration.delete()
        return
    registration.valid = day_range(shorter)
    registration.save(update_fields=["valid"])


def going_on(registration: PracticeRegistration, period: Period) -> PracticeRegistration:
    """A new row like `registration` for another period, not saved yet: rows are closed and opened, never overwritten."""
    kept = {
        field.attname: getattr(registration, field.attname)
        for field in PracticeRegistration._meta.concrete_fields
        if field.attname not in {"id", "valid"}
    }
    return PracticeRegistration(**kept, valid=day_range(period))
