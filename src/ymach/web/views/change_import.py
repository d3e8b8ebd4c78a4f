"""A staff list as many requests: uploaded, checked line by line with progress, looked at, sent in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import Invalid, NotAllowed
from ymach.base.text import Text
from ymach.changes import staff_lists
from ymach.changes.models import StaffLine, StaffList
from ymach.changes.staff_lists import COLUMNS, MOST_LINES, NEEDED
from ymach.facilities.models import Facility
from ymach.publication.lists import MOST_BYTES, ListRefused, ListTooBig, read_rows
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_page
from ymach.web.parts import Column, Stat, Tab, numbered
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.templatetags.ymach import language

PAGE = 100
SENT = Text("Đã gửi các dòng không có lỗi.", "Lines without errors were sent.")
State = StaffLine.State
WORDS = {
    State.NEW: (Text("Chờ kiểm tra", "Not checked yet"), "waiting"),
    State.WRONG: (Text("Cần sửa", "To be mended"), "rejected"),
    State.READY: (Text("Gửi được", "Ready to send"), "accepted"),
    State.SENT: (Text("Đã gửi", "Sent"), "accepted"),
}
HEADS = (
    *(Text("Dòng", "Line"), Text("Người hành nghề", "Practitioner"), Text("Vị trí, giờ", "Position, hours")),
    Text("Kết quả", "Result"),
)
EXAMPLE = (
    *("000123/BYT-GPHN", "", "Nguyễn Văn An", "Bác sĩ khoa Nội", "Khoa Nội", "T2-T6: 07:00 đến 16:30"),
    *("Toàn thời gian", "", "01/12/2026", ""),
)
CRUMBS = (
    (Text("Yêu cầu thay đổi", "Change requests"), "changes"),
    (Text("Đăng ký theo danh sách", "Register a staff list"), "change-import"),
)


@needs(Permission.CHANGE_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form, and the facility's lists of the last month. A list that cannot be read answers 422 with the reason."""
    actor = actor_of_request(request)
    facility = lookups.own_facility(actor)
    if facility is None:
        raise NotAllowed(permission=Permission.CHANGE_PROPOSE.value)
    if request.method == "POST":
        try:
            kept = _take(request, facility, actor)
        except Invalid as refused:
            return render(request, "pages/changes/import.html", _form(actor, refused.text), status=422)
        return redirect("change-import-list", list_id=kept.pk)
    example = Sheet([*COLUMNS.values()], lambda: [EXAMPLE])
    return page_or_sheet(request, "pages/changes/import.html", lambda: _form(actor), {"staff": example})


@needs(Permission.CHANGE_PROPOSE)
@require_safe
def one(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The lines of a list with what is wrong in each; how far checking or sending is."""
    kept = staff_lists.get(actor_of_request(request), list_id)
    sheet = Sheet([*HEADS, Text("Cần sửa", "To be mended")], lambda: _rows(kept))
    return page_or_sheet(request, "pages/changes/import_list.html", lambda: _context(request, kept), {"lines": sheet})


@needs(Permission.CHANGE_PROPOSE)
@require_POST
def go_on(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Work on the next lines, then show the list again; “send” begins to send what has no error."""
    actor = actor_of_request(request)
    kept = staff_lists.get(actor, list_id)
    if request.POST.get("do") == "send":
        staff_lists.begin_sending(kept)
    left = staff_lists.go_on(kept, by=actor, at=now())
    if request.headers.get("HX-Request"):
        context = {"progress": _progress(kept), "kept": kept}
        answer = render(request, "pages/changes/import_progress.html", context)
        if not left:
            answer["HX-Refresh"] = "true"
        return answer
    if kept.is_sending and not left:
        messages.success(request, SENT.to(language()))
    return redirect("change-import-list", list_id=kept.pk)


def _take(request: HttpRequest, facility: Facility, actor: Actor) -> StaffList:
    file = request.FILES.get("file")
    if file is None:
        raise ListRefused
    if (file.size or 0) > MOST_BYTES:
        raise ListTooBig(most=MOST_LINES)
    rows = read_rows(file.read())
    return staff_lists.take(rows, facility=facility, name=file.name or "", by=actor, at=now())


def _form(actor: Actor, error: Text | None = None) -> dict[str, object]:
    kept = staff_lists.lists_of(actor)
    rows = StaffLine.objects.filter(staff_list__in=kept).values_list("staff_list").annotate(Count("id"))
    numbers: dict[UUID, int] = dict(rows.values_list("staff_list", "id__count"))
    return {
        "error": error,
        "kept": [(one, numbers.get(one.pk, 0)) for one in kept],
        "columns": [(words, name in NEEDED) for name, words in COLUMNS.items()],
        "most": MOST_LINES,
        "crumbs": [(words, reverse(name)) for words, name in CRUMBS[:1]],
    }


def _context(request: HttpRequest, kept: StaffList) -> dict[str, object]:
    counts = _counts(kept)
    wanted = request.GET.get("state", "")
    lines = StaffLine.objects.filter(staff_list=kept, **({"state": wanted} if wanted in WORDS else {}))
    page = read_page(request.GET.get("page", ""))
    number = counts.get(wanted, 0) if wanted in WORDS else sum(counts.values())
    shown = lines.order_by("number")[(page - 1) * PAGE : page * PAGE]
    return {
        "kept": kept,
        "progress": _progress(kept),
        "is_working": bool(counts.get(State.READY if kept.is_sending else State.NEW, 0)),
        "ready": counts.get(State.READY, 0),
        "wrong": counts.get(State.WRONG, 0),
        "stats": [_stat(state, counts) for state in (State.READY, State.WRONG, State.SENT)],
        "tabs": [Tab(Text("Tất cả", "All"), "?", wanted not in WORDS), *(_tab(one, wanted) for one in WORDS)],
        "columns": [Column(head) for head in HEADS],
        "lines": [(one, *WORDS[State(one.state)], _texts(one.errors), _warnings(one)) for one in shown],
        "pages": numbered(page, number, PAGE, lambda at: f"?state={wanted}&page={at}"),
        "crumbs": [(words, reverse(name)) for words, name in CRUMBS],
    }


def _tab(state: StaffLine.State, wanted: str) -> Tab:
    return Tab(WORDS[state][0], f"?state={state.value}", state == wanted)


def _stat(state: StaffLine.State, counts: dict[str, int]) -> Stat:
    icon, tone = {State.READY: ("ok", "good"), State.WRONG: ("stuck", "bad"), State.SENT: ("send", "")}[state]
    number = counts.get(state, 0)
    return Stat(WORDS[state][0], number, icon=icon, tone=tone if number else "", href=f"?state={state.value}")


def _counts(kept: StaffList) -> dict[str, int]:
    rows = StaffLine.objects.filter(staff_list=kept).values_list("state").annotate(Count("id"))
    return dict(rows.values_list("state", "id__count"))


def _progress(kept: StaffList) -> tuple[int, int]:
    """How many lines are done, of how many."""
    counts = _counts(kept)
    if kept.is_sending:
        return counts.get(State.SENT, 0), counts.get(State.SENT, 0) + counts.get(State.READY, 0)
    whole = sum(counts.values())
    return whole - counts.get(State.NEW, 0), whole


def _texts(errors: Sequence[Sequence[str]]) -> list[tuple[Text | str, Text]]:
    return [(COLUMNS.get(name, ""), Text(vi, en)) for name, vi, en in errors]


def _warnings(line: StaffLine) -> list[Text]:
    return [Text(one["vi"], one["en"]) for one in line.warnings]


def _rows(kept: StaffList) -> Iterable[Sequence[object]]:
    for line in StaffLine.objects.filter(staff_list=kept).order_by("number"):
        cells = line.cells
        wrong = Text("; ".join(vi for _, vi, _ in line.errors), "; ".join(en for _, _, en in line.errors))
        who = line.who or f"{cells.get('licence', '')} {cells.get('name', '')}".strip()
        what = f"{cells.get('position', '')}; {cells.get('schedule', '')}".strip("; ")
        yield (line.number, who, what, WORDS[State(line.state)][0], wrong)
