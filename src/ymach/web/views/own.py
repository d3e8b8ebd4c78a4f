"""What people see of themselves: a practitioner their licence, a citizen their records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.citizens.models import Citizen
from ymach.exchange.appointments import queries as appointments
from ymach.exchange.health_books import allergies_of
from ymach.exchange.models import Record
from ymach.exchange.queries import records_of_citizen
from ymach.facilities.models import Facility
from ymach.practitioners.queries import visible_to
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import clinical
from ymach.web.views import practitioner
from ymach.web.words import record_words

RECORDS = [
    Column(Text("Ngày", "Day")),
    Column(Text("Loại", "Kind")),
    Column(Text("Nội dung", "Contents")),
    Column(Text("Nơi", "Place")),
]
SHOWN = 100


@needs(Permission.PROFILE_SEE_OWN)
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """A practitioner's own profile, what waits for them first."""
    actor = actor_of_request(request)
    ids = [grant.practitioner_id for grant in actor.grants if grant.practitioner_id]
    person = visible_to(actor).filter(pk__in=ids).first()
    if person is None:
        raise NotFound
    return practitioner.page(request, person)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """A citizen's own records, the newest first."""
    actor = actor_of_request(request)
    ids = [grant.citizen_id for grant in actor.grants if grant.citizen_id]
    citizen = Citizen.objects.filter(pk__in=ids).first()
    if citizen is None:
        raise NotFound
    found = records_of_citizen(citizen.citizen_id)

    def context() -> dict[str, object]:
        return {
            "citizen": citizen,
            "lines": _lines(found[:SHOWN]),
            "columns": RECORDS,
            "alerts": clinical.known_allergies(allergies_of([citizen.citizen_id])),
            "appointments": _appointments(citizen.citizen_id),
        }

    sheet = Sheet([head.label for head in RECORDS], lambda: (list(line.values()) for line in _lines(found[:LIMIT])))
    return page_or_sheet(request, "pages/own_records.html", context, {"records": sheet})


def _appointments(citizen_id: UUID) -> list[dict[str, object]]:
    """What the person is expected to, the nearest first; those they have been reminded of say so."""
    today = vietnam_day(now())
    found = appointments.of_citizens([citizen_id], since=today)
    names = dict(Facility.objects.filter(pk__in={one.facility_id for one in found}).values_list("id", "name"))
    reminded = {(one.appointment_id, one.for_day) for one in appointments.reminders_of([citizen_id], since=today)}
    return [
        {
            "day": one.on_day,
            "hour": one.at,
            "when": _until(one.on_day, today),
            "place": names.get(one.facility_id, one.facility_code),
            "why": one.diagnosis_text,
            "moved_from": one.moved_from,
            "is_near": (one.id, one.on_day) in reminded,
        }
        for one in found
    ]


def _until(day: date, today: date) -> Text:
    left = (day - today).days
    if left <= 1:
        return Text("ngày mai", "tomorrow") if left else Text("hôm nay", "today")
    return Text(f"còn {left} ngày", f"in {left} days")


def _lines(records: Iterable[Record]) -> list[dict[str, object]]:
    shown = list(records)
    ids = {record.facility_id for record in shown}
    # To the person concerned the places of their own care are no secret.
    names = dict(Facility.objects.filter(pk__in=ids).values_list("id", "name"))
    return [_line(record, names.get(record.facility_id, record.facility_code)) for record in shown]


def _line(record: Record, facility: str) -> dict[str, object]:
    summary = record.summary
    text = summary.get("diagnosis_text") or summary.get("reason") or summary.get("service") or ""
    names = [
        *(line.get("name") or "" for line in summary.get("lines", [])),
        *(one.get("substance") or "" for one in summary.get("allergies", [])),
        *(one.get("vaccine") or "" for one in summary.get("vaccinations", [])),
        *(one.get("name") or "" for one in summary.get("measures", [])),
    ]
    return {
        "at": record.happened_at,
        "kind": record_words(record.kind),
        "text": "; ".join(names) if names else text,
        "facility": facility,
    }
