"""One facility: all that the registry holds about it, who works there, what it sent in a fortnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.changes.kinds.facility_departments import COUNTS
from ymach.changes.models import OPEN
from ymach.changes.queries import visible_to as changes_visible_to
from ymach.exchange.queries import counts
from ymach.facilities import lists
from ymach.facilities.models import Facility
from ymach.facilities.oxygen.queries import OxygenOverview, oxygen_overview
from ymach.facilities.profile.queries import FacilityProfile, profile
from ymach.places.map import country_map
from ymach.places.queries import commune, province
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import visible_to as practitioners_visible_to
from ymach.web import formatting, lookups, maps
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.facility.rights import Rights, rights_of
from ymach.web.parts import Alert, Column, Fact, Stat, Words, numbered
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import facilities as shown
from ymach.web.shown import registry
from ymach.web.shown import submissions as shown_words
from ymach.web.shown.changes import shown as request_lines
from ymach.web.shown.facilities import equipment_lines
from ymach.web.templatetags.ymach import language

PAGE = 50
CHART_WIDTH = 700
EQUIPMENT_SHOWN = 8
CATALOGUES = {
    "form": "facility_form",
    "level": "facility_level",
    "route": "facility_route_legacy",
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
BED_COLUMNS = [
    Column(Text("Khoa", "Department")),
    *(
        Column(words, is_number=True)
        for words in (
            Text("Kế hoạch", "Planned"),
            Text("Thực kê", "Actual"),
            Text("Hồi sức", "Intensive"),
            Text("Cấp cứu", "Emergency"),
        )
    ),
]
ASKED = {"identity": "facility-identity", "legal-person": "facility-legal-person", "department": "facility-department"}


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
    held, overview = profile(facility.pk, on=today), oxygen_overview(facility.pk, on=today)
    rights, place = rights_of(actor, facility), _place(facility, today)
    licences = list(facility.operating_licences.prefetch_related("suspensions").order_by("-valid"))
    certificates = sorted(facility.certificates.defer("der"), key=lambda one: (at not in one.valid, one.not_after))
    head = _head(facility, held, today)
    return {
        "facility": facility,
        "profile": held,
        "rights": rights,
        "place": place,
        "status": registry.status(facility, licences, today),
        "alerts": shown.alerts(held, _no_head(head, held), overview),
        "head": head,
        "stats": _stats(facility, held, overview),
        "facts": _facts(facility, held, place, today),
        "links": _links(facility, rights),
        "licences": [fact for one in licences for fact in registry.licence_facts(one, today)],
        "suspensions": _lasting(held) if rights.decides else [],
        "certificates": [registry.certificate_fact(one, at) for one in certificates],
        "crumbs": [(Text("Cơ sở", "Facilities"), reverse("facilities"))],
        "is_counter": lookups.is_counter(facility),
        "listing": _listing(actor, facility),
        "requests": _requests(actor, facility, today),
        **_resources(held, overview, today),
        **_where(held, facility),
        **_contacts(held, rights),
        **_figures(actor, facility, today),
        **_practitioners(actor, facility, today, page),
    }


def _place(facility: Facility, today: date) -> Words:
    units = [commune(facility.commune_code, today), province(facility.province_code, today)]
    return ", ".join(unit.name(language()) for unit in units if unit) or facility.province_code


def _facts(facility: Facility, held: FacilityProfile, place: Words, today: date) -> list[Fact]:
    owner = held.legal_person.facts if held.legal_person else None
    numbers = [number for number in (owner.enterprise_number, owner.representative) if number] if owner else []
    names = _class_names(facility, today)
    found = registry.code_facts(facility, names, place)
    more = [
        Fact(Text("Tuyến cũ", "Former route"), names.get("route", "")),
        Fact(Text("Pháp nhân", "Legal person"), owner.name if owner else "", "; ".join(numbers)),
        Fact(Text("Thành lập", "Founded"), str(held.founded_year or "")),
        Fact(Text("Trang web", "Web site"), held.website, href=held.website),
        *(
            [Fact(Text("Cơ sở chính", "Main facility"), held.main.name, href=_href(held.main.code))]
            if held.main
            else []
        ),
        *(Fact(Text("Địa điểm", "Site"), one.name, one.address, href=_href(one.code)) for one in held.sites),
    ]
    return [*found, *(fact for fact in more if fact.value)]


def _href(code: str) -> str:
    return reverse("facility", args=[code])


def _class_names(facility: Facility, today: date) -> dict[str, Words]:
    codes = {column: getattr(facility, column) for column in CATALOGUES}
    return {
        column: lookups.catalogue_names(CATALOGUES[column], [code], today)[code]
        for column, code in codes.items()
        if code
    }


@dataclass(frozen=True, slots=True)
class Head:
    """The technical head on the day; without one since when there is none (None: never known)."""

    name: str = ""
    position: str = ""
    since: date | None = None


def _head(facility: Facility, held: FacilityProfile, today: date) -> Head:
    rows = PracticeRegistration.objects.filter(facility=facility, is_technical_head=True)
    present = rows.filter(valid__contains=today).select_related("practitioner").first()
    if present is not None:
        return Head(present.practitioner.full_name, present.position, present.valid.lower)
    last = (
        rows.filter(Q(valid__endswith__lte=today)).order_by("-valid__endswith").values_list("valid", flat=True).first()
    )
    return Head(since=last.upper if last else held.valid.start)


def _no_head(head: Head, held: FacilityProfile) -> Alert | None:
    if head.name or held.on not in held.valid:
        return None
    since = formatting.day(head.since)
    return Alert(
        "bad",
        "stuck",
        Text(f"Không có người chịu trách nhiệm chuyên môn từ {since}", f"No technical head since {since}"),
        Text(
            "Gửi đề nghị phân công; thiếu người này cơ sở không được hoạt động.",
            "Ask for an appointment; without one the facility may not operate.",
        ),
    )


def _stats(facility: Facility, held: FacilityProfile, overview: OxygenOverview) -> list[Stat]:
    devices = [one.facts for one in held.equipment if one.facts.state != "retired"]
    broken = sum(one.quantity for one in devices if one.state in {"broken", "in_repair"})
    lasts, tone = shown.days_of(overview)
    note = Text(f"{broken} hỏng hoặc đang sửa", f"{broken} broken or in repair") if broken else ""
    supply: Words = Text("ngày oxy còn dùng được", "days of oxygen") if overview.autonomy_days is not None else lasts
    address = {
        name: reverse(f"facility-{name}", args=[facility.code]) for name in ("techniques", "equipment", "oxygen")
    }
    return [
        Stat(
            Text("Giường thực kê", "Actual beds"),
            held.beds.actual,
            Text(f"{len(held.departments)} khoa", f"{len(held.departments)} departments"),
            "bed",
            href="#departments",
        ),
        Stat(Text("Kỹ thuật được duyệt", "Techniques"), held.technique_count, "", "list", href=address["techniques"]),
        Stat(
            Text("Thiết bị", "Equipment"),
            sum(one.quantity for one in devices),
            note,
            "fix",
            "bad" if broken else "",
            address["equipment"],
        ),
        Stat(Text("Oxy y tế", "Oxygen"), overview.autonomy_days, supply, "oxygen", tone, address["oxygen"]),
    ]


def _links(facility: Facility, rights: Rights) -> dict[str, str]:
    """Where each section is changed: a form for who may write it, a request for who may ask."""
    found = {}
    if rights.states:
        for form in ("hours", "reach", "place", "offer", "contact", "equipment", "oxygen-source", "oxygen-use"):
            found[form.replace("-", "_")] = reverse("facility-edit", args=[facility.code, form])
    for form, kind in ASKED.items():
        if rights.decides:
            found[form.replace("-", "_")] = reverse("facility-edit", args=[facility.code, form])
        elif rights.asks:
            found[form.replace("-", "_")] = _request_address(kind, facility)
    if rights.asks and not rights.decides:
        found["head"] = _request_address("technical-head", facility)
        found["licence"] = _request_address("operating-licence", facility)
    if rights.decides:
        for form in ("suspend", "revoke", "close", "lift"):
            found[form] = reverse("facility-edit", args=[facility.code, form])
        found["grant"] = reverse("facility-edit", args=[facility.code, "licence"])
    if rights.any:
        found["techniques"] = reverse("facility-techniques-new", args=[facility.code])
    return found


def _request_address(kind: str, facility: Facility) -> str:
    return f"{reverse('change-new', args=[kind])}?{urlencode({'subject': facility.pk})}"


def _lasting(held: FacilityProfile) -> list[tuple[str, Words]]:
    """Suspensions that have not ended: their id, and their days."""
    return [
        (f"?item={one.id}", formatting.period(one.period.start or licence.issued_on, one.period.end))
        for licence in held.licences
        for one in licence.suspensions
        if one.period.end is None or one.period.end > held.on
    ]


def _resources(held: FacilityProfile, overview: OxygenOverview, today: date) -> dict[str, object]:
    here = [one for one in held.equipment if one.facts.state != "retired"]
    troubled = sorted(here, key=lambda one: (one.facts.state == "working", one.facts.name))
    return {
        "bed_bars": shown.bed_bars(held.beds, language()),
        "bed_columns": BED_COLUMNS,
        "departments": [
            {"facts": one.facts, "counts": [(name, getattr(one.facts, name)) for name in COUNTS]}
            for one in held.departments
        ],
        "techniques": held.technique_decisions,
        "equipment_bars": shown.equipment_bars(here, language()),
        "equipment": equipment_lines(troubled[:EQUIPMENT_SHOWN]),
        "equipment_count": len(here),
        "oxygen": overview if overview.sources or overview.consumption else None,
        "oxygen_facts": shown.oxygen_facts(overview),
        "sources": shown.sources(overview),
        "week": shown.week(held.opening_hours.facts.schedule, today) if held.opening_hours else [],
        "has_hours": bool(held.opening_hours and held.opening_hours.facts.schedule),
        "hours_note": held.opening_hours.facts.note if held.opening_hours else "",
        "services": [lists.services().get(code, Text(code, code)) for code in held.services],
        "languages": [lists.languages().get(code, Text(code, code)) for code in held.languages],
    }


def _where(held: FacilityProfile, facility: Facility) -> dict[str, object]:
    country = country_map()
    spot = shown.spot(country, held.latitude, held.longitude, facility.province_code)
    filled = maps.fill(country, {facility.province_code: 1.0}, (), lambda value: "")
    pins = (maps.Pin(*spot),) if spot else ()
    here = replace(filled, pins=pins, labels=())
    coordinates = (
        f"{held.latitude.normalize():f}, {held.longitude.normalize():f}" if held.latitude and held.longitude else ""
    )
    return {"map": here, "coordinates": coordinates}


def _contacts(held: FacilityProfile, rights: Rights) -> dict[str, object]:
    seen = [one for one in held.contacts if one.facts.is_public or rights.any]
    lines = [(one.thing, lists.contact_roles().get(one.facts.role, Text("", "")), one.facts) for one in seen]
    return {"contacts": lines}


def _requests(actor: Actor, facility: Facility, today: date) -> list[object]:
    waiting = changes_visible_to(actor).filter(facility_id=facility.pk, state__in=OPEN).order_by("-changed_at")[:10]
    return list(request_lines(list(waiting), today))


def _listing(actor: Actor, facility: Facility) -> str:
    sees = may(actor, Permission.SUBMISSION_SEE, facility=facility)
    return f"{reverse('submissions')}?facility={facility.code}" if sees else ""


def _figures(actor: Actor, facility: Facility, today: date) -> dict[str, object]:
    if not may(actor, Permission.COUNTER_SEE, facility=facility):
        return {}
    days = shown_words.last_days(today)
    found = counts(actor, days=days, subject="submission", facility=facility)
    return {"bars": shown_words.outcome_bars(found, days, width=CHART_WIDTH), "keys": shown_words.OUTCOME_KEYS}


def _practitioners(actor: Actor, facility: Facility, today: date, page: int) -> dict[str, object]:
    if not may(actor, Permission.PRACTITIONER_SEE, facility=facility):
        return {}
    count = _registrations(actor, facility, today).count()
    return {
        "sees_practitioners": True,
        "columns": COLUMNS,
        "count": count,
        "staff": _staff(actor, facility, today, page, PAGE),
        "pages": numbered(page, count, PAGE, lambda number: f"?page={number}#practitioners"),
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
