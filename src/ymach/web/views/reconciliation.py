"""The day's close: a facility compares its list with ours; a department and the ministry see who did, and what differs."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.exchange.reconciliation import queries
from ymach.exchange.reconciliation.actions import compare_day
from ymach.exchange.reconciliation.errors import DayWrong, FileUnreadable
from ymach.exchange.reconciliation.models import DayCompared
from ymach.exchange.reconciliation.queries import AGREES, DIFFERS, NOT_COMPARED, DayOfFacility
from ymach.exchange.reconciliation.rules import digests_in
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, query_of, read_day, read_moment, read_page
from ymach.web.named import actor_names
from ymach.web.parts import Column, Fact, Stat, numbered
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown.reconciliation import tabs

PAGE = 50
MOST_MB = 8
SHOWN = {
    AGREES: ("accepted", Text("Khớp", "Agrees"), "ok", "good"),
    DIFFERS: ("stuck", Text("Lệch", "Differs"), "stuck", "bad"),
    NOT_COMPARED: ("waiting", Text("Chưa đối soát", "Not compared"), "wait", "wait"),
}
FIGURES = [
    Column(Text("Đã nhận", "Received"), is_number=True),
    Column(Text("Đối soát", "Comparison")),
    Column(Text("Chưa tới", "Missing"), is_number=True),
    Column(Text("Thừa", "Extra"), is_number=True),
    Column(Text("Khác ngày", "Other day"), is_number=True),
    Column(Text("Đối soát lúc", "Compared at")),
]
DAY_COLUMNS = [Column(Text("Ngày", "Day")), *FIGURES]
COLUMNS = [Column(Text("Cơ sở", "Facility")), *FIGURES]
FILE_COLUMNS = [
    Column(Text("Mã băm SHA-256 của tệp", "SHA-256 of the file")),
    Column(Text("Biên nhận", "Receipt")),
    Column(Text("Nhận lúc", "Received")),
]
MISSING_COLUMNS = [Column(Text("Mã băm SHA-256 của tệp", "SHA-256 of the file"))]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list of facilities. day: as typed; empty: yesterday."""

    q: str
    day: str
    state: str
    page: int

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        query = request.GET
        state = query.get("state", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            day=query.get("day", "").strip()[:10],
            state=state if state in SHOWN else "",
            page=read_page(query.get("page", "")),
        )

    def on(self, today: date) -> date:
        return read_day(self.day) or today - timedelta(days=1)

    def address(self, **changes: str) -> str:
        values = {"q": self.q, "day": self.day, "state": self.state, **changes}
        return query_of(values)


@needs(Permission.COUNTER_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """A facility's days with the form for its list, or the facilities of a day."""
    actor = actor_of_request(request)
    facility = lookups.own_facility(actor) if lookups.is_of_one_facility(actor) else None
    if facility is None:
        return _facilities(request, actor)
    return _compare(request, actor, facility) if request.method == "POST" else _own(request, actor, facility)


@needs(Permission.COUNTER_SEE)
@require_safe
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One comparison: what is missing, what is extra, what came on another day."""
    actor = actor_of_request(request)
    kept = queries.get_compared(actor, key)
    found: dict[str, Any] = kept.found
    sheets = {
        "missing": Sheet([one.label for one in MISSING_COLUMNS], lambda: ([digest] for digest in found["missing"])),
        **{name: _files_sheet(found[name]) for name in ("extra", "different")},
    }
    return page_or_sheet(request, "pages/reconciliation/day.html", lambda: _one_context(actor, kept), sheets)


def _compare(request: HttpRequest, actor: Actor, facility: Facility) -> HttpResponse:
    at = now()
    try:
        day = read_day(request.POST.get("day", "").strip())
        if day is None or day > vietnam_day(at):
            raise DayWrong(field="day", day=request.POST.get("day", "")[:20])
        kept, _ = compare_day(facility=facility, day=day, digests=digests_in(_given(request)), by=actor, at=at)
    except YmachError as refused:
        if refused.field is None:
            raise
        return _own(request, actor, facility, refused=refused)
    return HttpResponseRedirect(reverse("reconciled", args=[kept.id]))


def _given(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("lines", "")
    if (file.size or 0) > MOST_MB * 1024**2:
        raise FileUnreadable(field="lines", megabytes=MOST_MB)
    content: bytes = file.read()
    return content.decode("utf-8", "replace")


def _own(request: HttpRequest, actor: Actor, facility: Facility, *, refused: YmachError | None = None) -> HttpResponse:
    today = vietnam_day(now())
    days = [one for one in queries.days_of_facility(facility, until=today) if one.held or one.last]
    yesterday = formatting.day(today - timedelta(days=1))

    def context() -> dict[str, object]:
        return {
            "tabs": tabs(actor, "days"),
            "columns": DAY_COLUMNS,
            "rows": [
                (one, SHOWN[one.state], f"{reverse('submissions')}?day={formatting.day(one.day)}") for one in days
            ],
            "typed": {"day": request.POST.get("day", yesterday), "lines": request.POST.get("lines", "")},
            "errors": {refused.field: refused.text} if refused else {},
            "may_compare": may(actor, Permission.SUBMISSION_SEND, facility=facility),
        }

    if refused is not None:
        return render(request, "pages/reconciliation/own.html", context(), status=refused.status)
    sheet = Sheet([one.label for one in DAY_COLUMNS], lambda: ([one.day, *_figures(one)] for one in days))
    return page_or_sheet(request, "pages/reconciliation/own.html", context, {"days": sheet})


def _facilities(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked, today = Asked.of(request), vietnam_day(now())
    day = asked.on(today)
    found = queries.facilities_on(actor, day)
    known = _names(actor, found, asked.q)
    reached = [one for one in found if one.facility_id in known]
    chosen = [one for one in reached if not asked.state or one.state == asked.state]
    chosen.sort(key=lambda one: known[one.facility_id][2])
    page = chosen[(asked.page - 1) * PAGE : asked.page * PAGE]

    def context() -> dict[str, object]:
        return {
            "tabs": tabs(actor, "days"),
            "asked": asked,
            "day": day,
            "day_error": WRONG_DAY if asked.day and read_day(asked.day) is None else "",
            "stats": _stats(reached, asked),
            "columns": COLUMNS,
            "count": len(chosen),
            "rows": [(one, SHOWN[one.state], *known[one.facility_id][:2]) for one in page],
            "sees_facilities": may(actor, Permission.FACILITY_SEE),
            "states": [("", Text("Tất cả", "All")), *((code, words) for code, (_, words, *_) in SHOWN.items())],
            "pages": numbered(asked.page, len(chosen), PAGE, lambda number: asked.address(page=str(number))),
        }

    heads = [Text("Mã cơ sở", "Facility code"), *(one.label for one in COLUMNS)]
    sheet = Sheet(heads, lambda: ([*known[one.facility_id][:2], *_figures(one)] for one in chosen))
    return page_or_sheet(request, "pages/reconciliation/facilities.html", context, {"facilities": sheet})


def _names(actor: Actor, found: list[DayOfFacility], q: str) -> dict[UUID, tuple[str, str, str]]:
    """Code, name and sorting key of the facilities asked for, of those found."""
    rows = Facility.objects.all() if not may(actor, Permission.FACILITY_SEE) else visible_to(actor)
    rows = rows.filter(id__in=[one.facility_id for one in found])
    if q:
        rows = rows.filter(code=q.upper()) if q[0].isdigit() else rows.filter(name_folded__contains=fold(q))
    return {key: (code, name, order) for key, code, name, order in rows.values_list("id", "code", "name", "sort_key")}


def _stats(found: list[DayOfFacility], asked: Asked) -> list[Stat]:
    states = Tally(one.state for one in found)
    sent = Stat(
        Text("Cơ sở có gửi", "Facilities that sent"),
        len(found),
        Text(
            f"{formatting.number(sum(one.held for one in found), 'vi')} hồ sơ",
            f"{sum(one.held for one in found):,} files",
        ),
        icon="house",
        href=asked.address(state=""),
    )
    rest = [
        Stat(words, states[code], icon=icon, tone=tone if states[code] else "", href=asked.address(state=code))
        for code, (_, words, icon, tone) in SHOWN.items()
    ]
    return [sent, *rest]


def _figures(one: DayOfFacility) -> list[Cell]:
    last, words = one.last, SHOWN[one.state][1]
    if last is None:
        return [one.held, words, None, None, None, None]
    return [one.held, words, last.missing, last.extra, last.different, last.compared_at]


def _one_context(actor: Actor, kept: DayCompared) -> dict[str, object]:
    facts = [
        Fact(Text("Cơ sở", "Facility"), kept.facility_code),
        Fact(Text("Đối soát lúc", "Compared at"), formatting.moment(kept.compared_at, seconds=True)),
        Fact(Text("Người đối soát", "Compared by"), _who(kept)),
    ]
    figures = (
        (Text("Khớp", "Matched"), kept.matched, "ok", "good"),
        (Text("Chưa tới hệ thống", "Missing here"), kept.missing, "stuck", "bad"),
        (Text("Ngoài danh sách", "Not in the list"), kept.extra, "note", "note"),
        (Text("Nhận ngày khác", "Another day"), kept.different, "wait", "note"),
    )
    is_of_one = lookups.is_of_one_facility(actor)
    return {
        "kept": kept,
        "facts": facts[is_of_one:],
        "stats": [Stat(words, value, icon=icon, tone=tone if value else "") for words, value, icon, tone in figures],
        "crumbs": [(Text("Đối soát ngày", "Comparison of days"), reverse("reconciliation"))],
        "missing_columns": MISSING_COLUMNS,
        "file_columns": FILE_COLUMNS,
        "missing": kept.found["missing"][:PAGE],
        **{name: [_file(one) for one in kept.found[name][:PAGE]] for name in ("extra", "different")},
        "may_open": may(actor, Permission.SUBMISSION_SEE),
        "agrees": not (kept.missing or kept.extra or kept.different),
    }


def _who(kept: DayCompared) -> Text | str:
    names = actor_names([kept.compared_by], vietnam_day(kept.compared_at))
    return names.get(kept.compared_by, kept.compared_by)


def _file(one: dict[str, Any]) -> tuple[str, str, object]:
    return one["digest"], one["submission"], read_moment(one["received_at"])


def _files_sheet(files: list[dict[str, Any]]) -> Sheet:
    return Sheet([one.label for one in FILE_COLUMNS], lambda: map(_file, files))
