"""Which visits kept which appointments, and reminding citizens of those that are near. A part of the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from ymach.accounts.queries import in_force
from ymach.base.actors import command
from ymach.base.clock import print_day, vietnam_day
from ymach.base.rounds import Stopped, never
from ymach.base.text import Text
from ymach.exchange.appointments import actions, rules
from ymach.exchange.appointments.models import Appointment, AppointmentReminder, State
from ymach.facilities.queries import names_of
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BY = command("worker")
EVERY = timedelta(minutes=10)
MOST = 500
REMINDER = Text(
    "Bạn có lịch hẹn khám lại ngày {day} tại {facility}.", "You have an appointment on {day} at {facility}."
)

# Another dossier of the same person at the same facility, begun near the day: people come when they can.
_FIND = """
SELECT a.facility_id, a.id, a.on_day, a.state, v.submission_id, v.happened_at
FROM (SELECT * FROM exchange_appointment WHERE check_at <= %(at)s ORDER BY check_at LIMIT %(most)s) a
LEFT JOIN LATERAL (
  SELECT e.submission_id, e.happened_at FROM exchange_record e
  WHERE e.citizen_id = a.citizen_id AND e.facility_id = a.facility_id AND e.is_current
    AND e.kind IN ('visit', 'check-in') AND e.dossier_code <> a.dossier_code
    AND (e.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN a.on_day - %(early)s AND a.on_day + %(late)s
    AND e.happened_at > a.given_at - interval '1 day'
  ORDER BY e.happened_at LIMIT 1
) v ON true
"""


def follow(*, at: datetime, stopped: Stopped = never) -> dict[str, int]:
    """One round at `at` (aware) over the appointments whose moment has come; how many were kept."""
    kept, looked = 0, MOST
    while looked == MOST and not stopped():
        rows = _due(at)
        looked = len(rows)
        later: dict[datetime | None, list[UUID]] = {}
        for facility_id, key, on_day, state, submission_id, came_at in rows:
            if submission_id is not None:
                kept += actions.note_visit(facility_id, key, submission_id, came_at, by=BY, at=at)
            is_over = submission_id or state != State.PLANNED or vietnam_day(at) > on_day + rules.GIVEN_UP
            later.setdefault(None if is_over else at + EVERY, []).append(key)
        for moment, keys in later.items():
            Appointment.objects.filter(id__in=keys).update(check_at=moment)
    return {"appointments kept": kept} if kept else {}


def remind(*, at: datetime, days_before: int, stopped: Stopped = never) -> dict[str, int]:
    """Remind of the appointments of the next days, once for a day: a line on the citizen's page, and a letter. at: aware."""
    first, last = rules.reminded_days(vietnam_day(at), days_before)
    near = Appointment.objects.filter(state=State.PLANNED, on_day__gte=first, on_day__lte=last, is_held=False)
    told, looked = 0, MOST
    while looked == MOST and not stopped():
        rows = list(near.filter(reminded_for=None).order_by("on_day", "id")[:MOST])
        with transaction.atomic():
            told += _remind(rows, at)
            Appointment.objects.filter(id__in=[row.id for row in rows]).update(reminded_for=F("on_day"))
        looked = len(rows)
    return {"reminders": told} if told else {}


def _remind(rows: list[Appointment], at: datetime) -> int:
    AppointmentReminder.objects.bulk_create(
        [
            AppointmentReminder(
                facility_id=row.facility_id,
                appointment_id=row.id,
                citizen_id=row.citizen_id,
                for_day=row.on_day,
                made_at=at,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )
    citizens = {row.citizen_id for row in rows}
    accounts = in_force(vietnam_day(at)).filter(citizen_id__in=citizens, user__is_active=True)
    users = dict(accounts.values_list("citizen_id", "user_id"))
    names = names_of(row.facility_id for row in rows)
    for row in rows:
        user = users.get(row.citizen_id)
        if user is not None:
            place = names.get(row.facility_id, row.facility_code)
            text = REMINDER.format(day=print_day(row.on_day), facility=place)
            book: Any = {"link": "/records", "citizen_id": row.citizen_id}
            tell(to=Recipient(user_id=user), text=text, **book, by=BY, at=at, letter=True)
    return len(rows)


def _due(at: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"at": at, "most": MOST, "early": rules.EARLY.days, "late": rules.LATE.days})
        return list(cursor.fetchall())
