"""The frame of every change of a profile: asked whether it is allowed, attributed, in one transaction, revision moved on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from ymach.accounts.permissions import Permission
from ymach.base import revisions
from ymach.base.actors import Actor
from ymach.base.history.attribution import attributed
from ymach.facilities import access
from ymach.facilities.models import Facility


@contextmanager
def own_word(facility: Facility, *, reason: str, by: Actor, at: datetime, seen: int | None) -> Iterator[Facility]:
    """A fact the facility states itself. Raises NotAllowed, Conflict."""
    access.require_own_word(by, facility=facility)
    with _changing(facility.pk, reason=reason, by=by, at=at, seen=seen) as fresh:
        yield fresh


@contextmanager
def verified(facility: Facility, *, reason: str, by: Actor, at: datetime, seen: int | None) -> Iterator[Facility]:
    """A fact only the department of the facility's province writes. Raises NotAllowed, Conflict."""
    access.require_decider(by, Permission.FACILITY_MANAGE, where=facility)
    with _changing(facility.pk, reason=reason, by=by, at=at, seen=seen) as fresh:
        yield fresh


@contextmanager
def confirmed(facility: Facility, *, reason: str, by: Actor, at: datetime, seen: int | None) -> Iterator[Facility]:
    """The facility's own confirmation. Raises NotAllowed, Conflict."""
    access.require_confirmer(by, facility=facility)
    with _changing(facility.pk, reason=reason, by=by, at=at, seen=seen) as fresh:
        yield fresh


@contextmanager
def _changing(key: UUID, *, reason: str, by: Actor, at: datetime, seen: int | None) -> Iterator[Facility]:
    """The facility's row, locked and read afresh."""
    with attributed(by=by, reason=reason, at=at):
        revisions.move_on(Facility, key, seen=seen)
        yield Facility.objects.get(pk=key)
