"""What people see of themselves: a practitioner their licence, a citizen their records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.catalogues.queries import lookup
from ymach.citizens.models import Citizen
from ymach.exchange.models import Record
from ymach.exchange.queries import records_of_citizen
from ymach.facilities.models import Facility
from ymach.practitioners.models import Licence, Practitioner
from ymach.practitioners.queries import visible_to
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column, Fact
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.words import record_words

PLACES = [
    Column(Text("Nơi đăng ký hành nghề", "Place of practice")),
    Column(Text("Vị trí", "Position")),
    Column(Text("Từ ngày", "From")),
]
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
    """A practitioner's own licences and registrations, as the registry has them today."""
    actor, today = actor_of_request(request), vietnam_day(now())
    ids = [grant.practitioner_id for grant in actor.grants if grant.practitioner_id]
    practitioner = visible_to(actor).filter(pk__in=ids).first()
    if practitioner is None:
        raise NotFound
    registrations = practitioner.registrations.select_related("facility").filter(valid__contains=today)
    context = {
        "practitioner": practitioner,
        "licences": [_licence(one, practitioner, today) for one in practitioner.licences.order_by("-issued_on")],
        "registrations": registrations,
        "columns": PLACES,
    }
    return render(request, "pages/profile.html", context)


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


def _licence(licence: Licence, practitioner: Practitioner, today: date) -> dict[str, object]:
    suspension = licence.suspensions.filter(period__contains=today).first()
    is_valid = today in licence.valid
    state = "rejected" if suspension else "accepted" if is_valid else "waiting"
    words = {
        "accepted": Text("Được phép hành nghề", "May practise"),
        "rejected": Text("Đang bị đình chỉ", "Suspended"),
        "waiting": Text("Hết hiệu lực", "No longer valid"),
    }
    title = lookup("professional_title", licence.title, today)
    return {
        "id": f"licence-{licence.id}",
        "key": licence.id,
        "name": practitioner.full_name,
        "title": title.name_vi if title else licence.title,
        "state": state,
        "word": words[state],
        "ban": Text("Đang bị đình chỉ hành nghề.", "Suspended from practice.") if suspension else "",
        "ban_text": f"{suspension.decision} · {suspension.reason}" if suspension else "",
        "facts": _licence_facts(licence, today),
    }


def _licence_facts(licence: Licence, today: date) -> list[Fact]:
    issued = formatting.day(licence.issued_on)
    return [
        Fact(
            Text("Số giấy phép", "Licence number"),
            licence.number,
            Text(f"{licence.issuer} cấp {issued}", f"{licence.issuer}, {issued}"),
        ),
        Fact(Text("Hiệu lực", "Valid"), formatting.period(licence.valid.lower, licence.valid.upper)),
        Fact(Text("Phạm vi", "Scope"), _scopes(licence, today)),
    ]


def _scopes(licence: Licence, today: date) -> Text | str:
    names = lookups.catalogue_names("practice_scope", licence.scopes, today)
    vi = "; ".join(names[code].vi for code in licence.scopes)
    en = "; ".join(names[code].en for code in licence.scopes)
    return Text(vi, en) if vi else formatting.EMPTY


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
