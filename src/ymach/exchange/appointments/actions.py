"""Moving, cancelling and keeping appointments. Every write is one transaction with an event in the facility's journal.

Locks are taken in this order: head of the journal, the appointment. Doing again what is done changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.exchange.appointments import queries, rules
from ymach.exchange.appointments.errors import AppointmentOver, DayMissing, ReasonMissing, TooLong
from ymach.exchange.appointments.models import Appointment, State
from ymach.facilities.models import Facility

BASIS = "Law 15/2023/QH15 art. 69; Decision 3176/QĐ-BYT 2024, XML14"
LONGEST = 1000
FURTHEST = timedelta(days=10 * 366)
REJECTED, HELD = "rejected", "held"

Change = Callable[[Appointment], None]


def came(*, appointment_id: UUID, by: Actor, at: datetime) -> Appointment:
    """Somebody of the facility says that the patient came. Raises AppointmentNotFound, NotAllowed, AppointmentOver."""

    def change(row: Appointment) -> None:
        row.state, row.came_at, row.check_at = State.CAME, at, None

    return _by_facility(appointment_id, "came", change, by=by, at=at, unless=State.CAME)


def move(*, appointment_id: UUID, on_day: date | None, reason: str, by: Actor, at: datetime) -> Appointment:
    """Another day, from today (Viet Nam) until FURTHEST from it, and why.

    Raises as `came` does, DayMissing, ReasonMissing, TooLong.
    """
    for fault in move_faults(on_day=on_day, reason=reason, at=at):
        raise fault
    to, why = cast("date", on_day), reason.strip()

    def change(row: Appointment) -> None:
        row.moved_from, row.on_day, row.at, row.note = row.moved_from or row.on_day, to, None, why
        row.check_at, row.reminded_for = rules.first_check(to), None

    return _by_facility(appointment_id, "moved", change, by=by, at=at)


def move_faults(*, on_day: date | None, reason: str, at: datetime) -> Iterator[YmachError]:
    """Everything in a form that `move` would refuse: DayMissing, ReasonMissing, TooLong."""
    if on_day is None or not vietnam_day(at) <= on_day <= vietnam_day(at) + FURTHEST:
        yield DayMissing(field="on_day")
    yield from _reason_faults(reason)


def cancel(*, appointment_id: UUID, reason: str, by: Actor, at: datetime) -> Appointment:
    """It will not be, and why. Raises as `came` does, ReasonMissing, TooLong."""
    for fault in _reason_faults(reason):
        raise fault

    def change(row: Appointment) -> None:
        row.state, row.note, row.check_at = State.CANCELLED, reason.strip(), None

    return _by_facility(appointment_id, "cancelled", change, by=by, at=at, unless=State.CANCELLED)


def cancel_of_dossier(facility_id: UUID, dossier_code: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """Cancel the appointment of a dossier that its facility cancels, in the caller's transaction; whether there was one
    that nobody had kept yet."""
    found = Appointment.objects.filter(facility_id=facility_id, dossier_code=dossier_code, state=State.PLANNED).first()
    if found is None:
        return False

    def change(row: Appointment) -> None:
        row.state, row.note, row.check_at = State.CANCELLED, reason[:LONGEST], None

    _change(found, "cancelled", change, by=by, at=at, unless=State.CANCELLED)
    return True


def settle_outcomes(facility_id: UUID, outcomes: Mapping[UUID, str], *, by: Actor, at: datetime) -> None:
    """A department decided on records that were held (record id → outcome): released slips stand in the calendar, rejected
    ones are cancelled. In the caller's transaction."""
    rows = Appointment.objects.filter(facility_id=facility_id, record_id__in=list(outcomes), state=State.PLANNED)
    for row in rows.order_by("id"):
        outcome = outcomes[row.record_id]
        if outcome == REJECTED:
            cancel_of_dossier(facility_id, row.dossier_code, reason="Sở Y tế không duyệt hồ sơ.", by=by, at=at)
        elif outcome != HELD:
            Appointment.objects.filter(facility_id=facility_id, id=row.id).update(is_held=False, changed_at=at)


def note_visit(
    facility_id: UUID, appointment_id: UUID, submission_id: UUID, came_at: datetime, *, by: Actor, at: datetime
) -> bool:
    """A dossier of the same person near the day kept the appointment; whether that was news."""
    found = Appointment.objects.get(facility_id=facility_id, id=appointment_id)
    if found.state != State.PLANNED:
        return False

    def change(row: Appointment) -> None:
        row.state, row.came_at, row.came_submission_id, row.check_at = State.CAME, came_at, submission_id, None

    _change(found, "came", change, by=by, at=at, unless=State.CAME)
    return True


def _by_facility(
    appointment_id: UUID, act: str, change: Change, *, by: Actor, at: datetime, unless: str = ""
) -> Appointment:
    found = queries.get_appointment(by, appointment_id)
    # A facility's people reach their own facility alone: the province is not asked.
    require(by, Permission.APPOINTMENT_MANAGE, facility=Facility(id=found.facility_id, province_code=""))
    return _change(found, act, change, by=by, at=at, unless=unless)


def _change(found: Appointment, act: str, change: Change, *, by: Actor, at: datetime, unless: str = "") -> Appointment:
    with transaction.atomic():
        journal = Journal(found.facility_id, day_of(at))
        row = Appointment.objects.select_for_update().get(facility_id=found.facility_id, id=found.id)
        if unless and row.state == unless:
            return row
        if row.state != State.PLANNED:
            raise AppointmentOver
        change(row)
        row.changed_at, row.changed_by = at, str(by)
        row.save(force_update=True)
        journal.add([event_of(row, act, by=str(by), at=at)])
    return row


def event_of(row: Appointment, act: str, *, by: str, at: datetime) -> Event:
    """The journal's event of something that became of an appointment."""
    return Event(
        at=at,
        actor=by,
        action=f"appointment:{act}",
        subject=f"submission:{row.submission_id}",
        basis=BASIS,
        citizen_id=row.citizen_id,
        detail={"appointment": str(row.id), "day": row.on_day.isoformat()},
    )


def _reason_faults(text: str) -> Iterator[YmachError]:
    kept = text.strip()
    if not kept:
        yield ReasonMissing(field="reason")
    if len(kept) > LONGEST:
        yield TooLong(field="reason", limit=LONGEST)
