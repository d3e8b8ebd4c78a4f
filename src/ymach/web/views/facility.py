"""One facility: what the registry holds about it, who works there, what it sent in a fortnight."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange.queries import counts
from ymach.facilities.models import Facility
from ymach.places.queries import commune, province
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import visible_to as practitioners_visible_to
from ymach.web import lookups, registry, shown
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.parts import Column, Words, numbered
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.templatetags.ymach import language

PAGE = 50
CHART_WIDTH = 700
CATALOGUES = {
    "form": "facility_form",
    "level": "facility_level",
    "hospital_class": "hospital_class",
    "sector": "provider_sector",
}
NAME, LICENCE = Text("Họ tên", "Name"), Text("Số giấy phép", "Licence number")
TITLE, POSITION, HOURS = Text("Chức danh", "Title"), Text("Vị trí", "Position"), Text("Giờ hành nghề", "Working hours")
COLUMNS = [Column(NAME, order="ascending"), Column(LICENCE), Column(TITLE), Column(POSITION), Column(HOURS)]
HEADS = [
    *(NAME, LICENCE, TITLE, POSITION, Text("Khoa, phòng", "Department"), HOURS),
    *(Text("Phụ trách chuyên môn", "Technical head"), Text("Lưu ý về giấy phép", "About the licence")),
]


@needs(Permission.FACILITY_SEE)
@require_safe
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The present holder of a code, or the last one. Raises FacilityNotFound for one the reader may not see."""
    actor, at = actor_of_request(request), now()
    facility, page = lookups.facility_of(actor, code), read_page(request.GET.get("page", ""))
    sheets = {}
    if may(actor, Permission.PRACTITIONER_SEE, facility=facility):
        sheets["practitioners"] = Sheet(HEADS, lambda: map(_cells, _staff(actor, facility, vietnam_day(at), 1, LIMIT)))
    return page_or_sheet(request, "pages/facility.html", lambda: _context(actor, facility, at, page), sheets)


def _context(actor: Actor, facility: Facility, at: datetime, page: int) -> dict[str, object]:
    today = vietnam_day(at)
    licences = list(facility.operating_licences.prefetch_related("suspensions").order_by("-valid"))
    certificates = sorted(facility.certificates.defer("der"), key=lambda one: (at not in one.valid, one.not_after))
    return {
        "facility": facility,
        "place": _place(facility, today),
        "status": registry.status(facility, licences, today),
        "facts": registry.code_facts(facility, _class_names(facility, today), _place(facility, today)),
        "licences": [fact for one in licences for fact in registry.licence_facts(one, today)],
        "certificates": [registry.certificate_fact(one, at) for one in certificates],
        "crumbs": [(Text("Cơ sở", "Facilities"), reverse("facilities"))],
        "listing": _listing(actor, facility),
        **_figures(actor, facility, today),
        **_practitioners(actor, facility, today, page),
    }


def _place(facility: Facility, today: date) -> Words:
    units = [commune(facility.commune_code, today), province(facility.province_code, today)]
    return ", ".join(unit.name(language()) for unit in units if unit) or facility.province_code


def _class_names(facility: Facility, today: date) -> dict[str, Words]:
    codes = {column: getattr(facility, column) for column in CATALOGUES}
    return {
        column: lookups.catalogue_names(CATALOGUES[column], [code], today)[code]
        for column, code in codes.items()
        if code
    }


def _listing(actor: Actor, facility: Facility) -> str:
    sees = may(actor, Permission.SUBMISSION_SEE, facility=facility)
    return f"{reverse('submissions')}?facility={facility.code}" if sees else ""


def _figures(actor: Actor, facility: Facility, today: date) -> dict[str, object]:
    if not may(actor, Permission.COUNTER_SEE, facility=facility):
        return {}
    days = shown.last_days(today)
    found = counts(actor, days=days, subject="submission", facility=facility)
    return {"bars": shown.outcome_bars(found, days, width=CHART_WIDTH), "keys": shown.OUTCOME_KEYS}


def _practitioners(actor: Actor, facility: Facility, today: date, page: int) -> dict[str, object]:
    if not may(actor, Permission.PRACTITIONER_SEE, facility=facility):
        return {}
    count = _registrations(actor, facility, today).count()
    return {
        "sees_practitioners": True,
        "columns": COLUMNS,
        "count": count,
        "staff": _staff(actor, facility, today, page, PAGE),
        "pages": numbered(page, count, PAGE, lambda number: f"?page={number}"),
    }


def _registrations(actor: Actor, facility: Facility, today: date) -> QuerySet[PracticeRegistration]:
    """The registrations of today, in Vietnamese order of the given names."""
    found = facility.registrations.filter(valid__contains=today, practitioner__in=practitioners_visible_to(actor))
    return found.select_related("practitioner", "licence").order_by("practitioner__sort_key", "id")


def _staff(actor: Actor, facility: Facility, today: date, page: int, size: int) -> list[registry.Staff]:
    rows = _registrations(actor, facility, today).prefetch_related("licence__suspensions")
    found = list(rows[(page - 1) * size : page * size])
    titles = lookups.catalogue_names("professional_title", (one.licence.title for one in found), today)
    return [registry.staff(one, titles, today) for one in found]


def _cells(one: registry.Staff) -> list[Cell]:
    head = Text("có", "yes") if one.is_head else ""
    return [one.name, one.licence, one.title, one.position, one.department, one.hours, head, one.trouble]
