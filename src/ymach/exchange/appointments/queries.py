"""Looking at appointments: a facility's calendar, and what a citizen is to remember."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.exchange.appointments.errors import AppointmentNotFound
from ymach.exchange.appointments.models import Appointment, AppointmentReminder, State
from ymach.facilities.queries import grants_with

MOST = 2000
"""Of one month at one facility that a page shows; more is for the file."""


def visible_to(actor: Actor) -> QuerySet[Appointment]:
    """The appointments of the facilities whose records the actor reads; what a department holds is not among them."""
    mine = [grant.facility_id for grant in grants_with(actor, Permission.RECORD_READ) if grant.facility_id is not None]
    return Appointment.objects.filter(facility_id__in=mine, is_held=False)


def between(actor: Actor, first: date, last: date, *, limit: int = MOST) -> list[Appointment]:
    """Those on the days from `first` to `last`, both included, in order."""
    rows = visible_to(actor).filter(on_day__gte=first, on_day__lte=last)
    return list(rows.order_by("on_day", "at", "id")[:limit])


def get_appointment(by: Actor, appointment_id: UUID) -> Appointment:
    """One appointment of the actor's facility. Raises AppointmentNotFound."""
    found = visible_to(by).filter(id=appointment_id).first()
    if found is None:
        raise AppointmentNotFound
    return found


def of_citizens(citizens: Iterable[UUID], *, since: date) -> list[Appointment]:
    """What the persons are expected to, from a day on, the nearest first; for their own page."""
    rows = Appointment.objects.filter(citizen_id__in=list(citizens), on_day__gte=since, is_held=False)
    return list(rows.filter(state=State.PLANNED).order_by("on_day", "at")[:20])


def reminders_of(citizens: Iterable[UUID], *, since: date) -> list[AppointmentReminder]:
    """The reminders of days from `since` on, for the person's own page."""
    return list(AppointmentReminder.objects.filter(citizen_id__in=list(citizens), for_day__gte=since)[:20])
