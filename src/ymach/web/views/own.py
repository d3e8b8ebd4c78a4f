"""What people see of themselves: a practitioner their licence, a citizen their records."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.citizens.models import Citizen
from ymach.exchange.models import Record
from ymach.exchange.queries import records_of_citizen
from ymach.facilities.models import Facility
from ymach.practitioners.queries import visible_to
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
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
        lines = _lines(found[:SHOWN])
        return {"citizen": citizen, "lines": lines, "columns": RECORDS}

    sheet = Sheet([head.label for head in RECORDS], lambda: (list(line.values()) for line in _lines(found[:LIMIT])))
    return page_or_sheet(request, "pages/own_records.html", context, {"records": sheet})


def _lines(records: Iterable[Record]) -> list[dict[str, object]]:
    shown = list(records)
    ids = {record.facility_id for record in shown}
    # To the person concerned the places of their own care are no secret.
    names = dict(Facility.objects.filter(pk__in=ids).values_list("id", "name"))
    return [_line(record, names.get(record.facility_id, record.facility_code)) for record in shown]


def _line(record: Record, facility: str) -> dict[str, object]:
    summary = record.summary
    text = summary.get("diagnosis_text") or summary.get("reason") or summary.get("service") or ""
    names = [line.get("name") or "" for line in summary.get("lines", [])]
    return {
        "at": record.happened_at,
        "kind": record_words(record.kind),
        "text": "; ".join(names) if names else text,
        "facility": facility,
    }
