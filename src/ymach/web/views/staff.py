"""The people of one's own facility: found, narrowed, had as a file; whom to add, to change, to report as leaving."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.models import Invitation, Membership
from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Invalid, NotFound, TooMany
from ymach.base.text import Text
from ymach.changes import queries as changes
from ymach.changes.models import OPEN, ChangeRequest, SubjectKind
from ymach.facilities.models import Facility
from ymach.practitioners.identification import lookup
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import find_practitioner_by_licence, technical_head
from ymach.practitioners.queries import staff as staff_of
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.identified import person_of
from ymach.web.parts import Column, Stat, numbered
from ymach.web.registry_words import catalogue_choices
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown import changes as change_lines
from ymach.web.shown.staff import ACTS, EXPIRES_WITHIN, STATES, StaffAsked, StaffLine, line

PAGE = 50
CHUNK = 500
FILE_ROWS = 20_000
WAITING_SHOWN = 6
ANY = Text("Tất cả", "All")
NAME, LICENCE, TITLE = Text("Họ tên", "Name"), Text("Số giấy phép", "Licence"), Text("Chức danh", "Title")
POSITION, HOURS, ACT = Text("Vị trí, khoa phòng", "Position"), Text("Giờ hành nghề", "Hours"), Text("Việc", "Acts")
COLUMNS = [Column(NAME, order="ascending"), *(Column(one) for one in (LICENCE, TITLE, POSITION, HOURS, ACT))]
HEADS = [
    *(NAME, LICENCE, TITLE, Text("Vị trí", "Position"), Text("Khoa, phòng", "Department"), HOURS),
    *(Text("Giờ một tuần", "Hours a week"), Text("Phụ trách chuyên môn", "Technical head")),
    *(Text("Giấy phép đến hết", "Licence until"), Text("Lưu ý", "Remark"), Text("Sở đã công bố", "Published")),
]


@dataclass(frozen=True, slots=True)
class Listing:
    """The people an address asks for."""

    actor: Actor
    facility: Facility
    asked: StaffAsked
    today: date

    def rows(self) -> QuerySet[PracticeRegistration]:
        found = staff_of(self.facility, on=self.today, only=self.asked.only)
        return found.filter(_expiring(self.today)) if self.asked.state == "expiring" else found

    def lines(self, rows: Sequence[PracticeRegistration]) -> list[StaffLine]:
        titles = catalogue_choices("professional_title", self.today)
        accounts = _accounts({one.practitioner_id for one in rows}, self.today)
        acts = frozenset(ACTS) if may(self.actor, Permission.CHANGE_PROPOSE, facility=self.facility) else frozenset()
        return [line(one, titles, self.today, account=accounts.get(one.practitioner_id, ""), acts=acts) for one in rows]

    def page(self) -> list[StaffLine]:
        start = (self.asked.page - 1) * PAGE
        return self.lines(list(_with_stops(self.rows())[start : start + PAGE]))


@needs(Permission.PRACTITIONER_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The staff of the reader's own facility. Raises NotFound for an account without one."""
    actor = actor_of_request(request)
    listing = Listing(actor, _facility(actor), StaffAsked.of(request.GET), vietnam_day(now()))
    sheet = Sheet(HEADS, lambda: _cells(listing), limit=FILE_ROWS)
    return page_or_sheet(request, "pages/staff/index.html", lambda: _context(listing), {"staff": sheet})


@needs(Permission.PRACTITIONER_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Who holds a licence number, or has a personal number, to register them here; somebody unknown is enrolled first.

    A personal number is sent, never in an address.
    """
    actor, at = actor_of_request(request), now()
    facility = _facility(actor)
    if request.method == "POST":
        context = _by_personal_number(request.POST.get("personal_number", ""), actor, at)
    else:
        context = _by_licence(request.GET.get("licence", "").replace("\x00", "").strip()[:60])
    key = context.pop("key")
    found = person_of(key, facility, actor, at) if isinstance(key, UUID) else None
    context |= {"enrol": reverse("change-new", args=["enrol-practitioner"]), "found": found}
    context["crumbs"] = [(Text("Nhân sự", "Staff"), reverse("staff"))]
    status = 422 if context.get("personal_error") else 404 if context["is_unknown"] else 200
    return render(request, "pages/staff/add.html", context, status=status)


def _by_licence(number: str) -> dict[str, object]:
    person = find_practitioner_by_licence(number) if number else None
    return {"number": number, "is_unknown": bool(number) and person is None, "key": person.pk if person else None}


def _by_personal_number(typed: str, actor: Actor, at: datetime) -> dict[str, object]:
    """Only the registry is asked here: the form for a new person asks further."""
    number = re.sub(r"[\s.\-]", "", typed)
    try:
        found = lookup(number=number, by=actor, purpose="staff", at=at, channel=None)
    except (Invalid, TooMany) as refusal:
        return {"personal_error": refusal.text, "is_unknown": False, "key": None, "personal_number": typed[:20]}
    key = found.practitioner_id
    return {"is_unknown": key is None, "key": key, "personal_number": number}


def _facility(actor: Actor) -> Facility:
    found = lookups.own_facility(actor)
    if found is None or not may(actor, Permission.PRACTITIONER_SEE, facility=found):
        raise NotFound
    return found


def _context(listing: Listing) -> dict[str, object]:
    asked, today, facility = listing.asked, listing.today, listing.facility
    sums = _sums(facility, today)
    count = listing.rows().count() if asked.address() != "?" else sums["everybody"]
    waiting = _waiting(listing.actor, facility)
    may_invite = may(listing.actor, Permission.ACCOUNT_MANAGE, facility=facility)
    return {
        "facility": facility,
        "asked": asked,
        "stats": _stats(sums, asked),
        "head": technical_head(facility, on=today),
        "waiting": change_lines.shown(waiting[:WAITING_SHOWN], today),
        "has_more_waiting": len(waiting) > WAITING_SHOWN,
        "lines": listing.page(),
        "count": count,
        "columns": COLUMNS,
        "titles": [("", ANY), *catalogue_choices("professional_title", today).items()],
        "departments": [("", ANY), *((name, name) for name in _departments(facility, today))],
        "states": list(STATES.items()),
        "chips": _chips(asked, today),
        "pages": numbered(asked.page, count, PAGE, lambda page: asked.address(page=str(page))),
        "may_add": may(listing.actor, Permission.CHANGE_PROPOSE, facility=facility),
        "may_invite": may_invite,
        "file_rows": FILE_ROWS,
    }


def _expiring(today: date) -> Q:
    last = today + EXPIRES_WITHIN
    return Q(licence__valid__endswith__gt=today, licence__valid__endswith__lte=last)


def _sums(facility: Facility, today: date) -> dict[str, int]:
    """How many, in one statement over the facility's own rows."""
    rows = staff_of(facility, on=today).order_by()
    sums: dict[str, int] = rows.aggregate(
        everybody=Count("pk"),
        blocked=Count("pk", filter=Q(is_blocked=True)),
        expiring=Count("pk", filter=_expiring(today)),
        unpublished=Count("pk", filter=Q(published_on__isnull=True)),
    )
    return sums


def _stats(sums: dict[str, int], asked: StaffAsked) -> list[Stat]:
    def stat(state: str, label: Text, icon: str, tone: str) -> Stat:
        number = sums[state or "everybody"]
        return Stat(label, number, "", icon, tone if number else "", StaffAsked(state=state).address())

    return [
        stat("", Text("Đăng ký hành nghề", "Registrations"), "people", ""),
        stat("blocked", Text("Không được hành nghề", "May not practise"), "no", "bad"),
        stat("expiring", Text("Sắp hết hạn giấy phép", "Licence ends soon"), "wait", "note"),
        stat("unpublished", Text("Sở chưa công bố", "Not published"), "hold", "hold"),
    ]


def _waiting(actor: Actor, facility: Facility) -> list[ChangeRequest]:
    """The open requests about people of the facility, one more than is shown."""
    rows = changes.visible_to(actor).filter(facility_id=facility.pk, state__in=OPEN)
    rows = rows.filter(subject_kind=SubjectKind.PRACTITIONER)
    return list(rows.order_by("-changed_at")[: WAITING_SHOWN + 1])


def _departments(facility: Facility, today: date) -> list[str]:
    rows = PracticeRegistration.objects.filter(facility=facility, valid__contains=today).exclude(department="")
    return sorted(set(rows.values_list("department", flat=True)), key=str.casefold)


def _accounts(people: set[UUID], today: date) -> dict[UUID, str]:
    """Who has an account of their own ("has"), or an invitation that still stands ("invited")."""
    at = now()
    invited = Invitation.objects.filter(practitioner_id__in=people, outcome="")
    found: dict[UUID, str] = {
        one.practitioner_id: "invited" for one in invited if one.practitioner_id and one.state_at(at) == "open"
    }
    held = Membership.objects.filter(practitioner_id__in=people).values_list("practitioner_id", flat=True)
    return {**found, **{key: "has" for key in held if key}}


def _with_stops(rows: QuerySet[PracticeRegistration]) -> QuerySet[PracticeRegistration]:
    return rows.prefetch_related("licence__suspensions", "practitioner__bans")


def _chips(asked: StaffAsked, today: date) -> list[tuple[Text | str, str]]:
    chips: list[tuple[Text | str, str]] = []
    if asked.q:
        chips.append((f"“{asked.q}”", asked.address(q="")))
    if asked.title:
        names = catalogue_choices("professional_title", today)
        chips.append((names.get(asked.title, asked.title), asked.address(title="")))
    if asked.department:
        chips.append((asked.department, asked.address(department="")))
    if asked.state:
        chips.append((STATES[asked.state], asked.address(state="")))
    return chips


def _cells(listing: Listing) -> Iterator[Sequence[Cell]]:
    """The rows of the file, fetched in chunks."""
    keys = list(listing.rows().values_list("pk", flat=True)[:FILE_ROWS])
    titles = catalogue_choices("professional_title", listing.today)
    for start in range(0, len(keys), CHUNK):
        rows = _with_stops(listing.rows().filter(pk__in=keys[start : start + CHUNK]))
        for registration in rows:
            one = line(registration, titles, listing.today, account="", acts=())
            head, published = (_yes(flag) for flag in (one.is_head, one.is_published))
            hours = round(registration.schedule.minutes / 60, 1)
            what = (one.name, one.licence, one.title, one.position, one.department, one.hours, hours)
            yield (*what, head, one.until, one.trouble, published)


def _yes(flag: bool) -> Text | str:
    return Text("có", "yes") if flag else ""
