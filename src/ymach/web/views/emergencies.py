"""Emergency accesses: the worklist of those who review them, and one of them with the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.exchange.reading import emergencies
from ymach.exchange.reading.emergencies import WORDS, Wanted
from ymach.exchange.reading.errors import ReviewedAlready
from ymach.exchange.reading.models import Emergency, EmergencyKind, Verdict
from ymach.facilities.queries import names_of
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_moment
from ymach.web.faults import Faults
from ymach.web.parts import Column, Fact, Hop, Pages, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown.people import UNKNOWN, Person, people
from ymach.web.templatetags.ymach import language

TITLE = Text("Mở khẩn cấp", "Emergency accesses")
PAGE = 50
STATES = (
    ("open", Text("Chờ xem lại", "To review")),
    ("overdue", Text("Quá hạn", "Overdue")),
    ("reviewed", Text("Đã xem lại", "Reviewed")),
    ("wrong", Text("Không chính đáng", "Not justified")),
)
HEADS = (
    *(Text("Người bệnh", "Patient"), Text("Lý do", "Reason"), Text("Người mở", "Opened by")),
    *(Text("Mở lúc", "Opened"), Text("Hạn xem lại", "Review due"), Text("Kết luận", "Verdict")),
)
COLUMNS = [Column(head) for head in HEADS]
VERDICTS = {
    Verdict.NONE: ("waiting", Text("Chờ xem lại", "To review")),
    Verdict.JUSTIFIED: ("accepted", Text("Có lý do chính đáng", "Justified")),
    Verdict.NOT_JUSTIFIED: ("rejected", Text("Không chính đáng", "Not justified")),
}
PARTS = {
    "summary": Text("trang tóm tắt người bệnh", "the patient's summary"),
    "records": Text("danh sách hồ sơ", "the list of records"),
    "dossier": Text("một hồ sơ đầy đủ", "a whole dossier"),
}
DONE = Text("Đã ghi kết luận. Người bệnh xem được.", "The verdict is written. The patient can see it.")


@dataclass(frozen=True, slots=True)
class Line:
    """One access as a line of the list."""

    row: Emergency
    person: Person
    facility: str
    kind: Text
    badge: str
    word: Text
    is_overdue: bool


@needs(Permission.EMERGENCY_REVIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a review, what is due first on top; what was reviewed."""
    actor, at = actor_of_request(request), now()
    wanted = _wanted(request.GET, at)
    sheet = Sheet(HEADS, lambda: _rows(_lines(emergencies.listed(actor, wanted, limit=LIMIT), at)))
    return page_or_sheet(
        request, "pages/emergencies/index.html", lambda: _list(actor, wanted, at), {"emergencies": sheet}
    )


@needs(Permission.EMERGENCY_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, emergency_id: UUID) -> HttpResponse:
    """One access: who, why, what was read, and the verdict by somebody else."""
    actor, at = actor_of_request(request), now()
    found = Faults()
    if request.method == "POST":
        verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
        try:
            emergencies.review(emergency_id=emergency_id, verdict=verdict, note=note, by=actor, at=at)
        except (Invalid, ReviewedAlready) as refused:
            found.add(refused, *emergencies.review_faults(verdict=verdict, note=note))
        else:
            messages.success(request, DONE.to(language()))
            return redirect("emergency", emergency_id)
    row = emergencies.get_emergency(actor, emergency_id)
    (line,) = _lines([row], at)
    context = {
        "line": line,
        "facts": _facts(line),
        "read": _read(row),
        "is_own": row.opened_by == str(actor),
        "errors": found.errors,
        "typed": request.POST,
        "verdicts": [(key.value, words) for key, (_, words) in VERDICTS.items() if key],
        "crumbs": [(TITLE, reverse("emergencies"))],
    }
    return render(request, "pages/emergencies/one.html", context, status=found.status)


def _wanted(query: QueryDict, at: datetime) -> Wanted:
    state = query.get("state", "")
    return Wanted(state if state in dict(STATES) else "open", at, read_moment(query.get("before", "")))


def _list(actor: Actor, wanted: Wanted, at: datetime) -> dict[str, object]:
    found = emergencies.listed(actor, wanted, limit=PAGE + 1)
    rows = found[:PAGE]
    is_history = wanted.state in {"reviewed", "wrong"}
    older = urlencode({"state": wanted.state, "before": rows[-1].opened_at.isoformat()}) if is_history and rows else ""
    return {
        "unit": lookups.unit_of(actor),
        "lines": _lines(rows, at),
        "columns": COLUMNS,
        "tabs": [Tab(words, f"?state={key}", wanted.state == key) for key, words in STATES],
        "pages": Pages(older=f"?{older}" if len(found) > PAGE and older else ""),
        "more": len(found) > PAGE,
    }


def _lines(rows: Sequence[Emergency], at: datetime) -> list[Line]:
    who, where = people(row.citizen_id for row in rows), names_of([row.facility_id for row in rows])
    return [
        Line(
            row,
            who.get(row.citizen_id, UNKNOWN),
            where.get(row.facility_id, row.facility_code),
            WORDS[EmergencyKind(row.kind)],
            *VERDICTS[Verdict(row.verdict)],
            is_overdue=not row.verdict and row.review_due_at < at,
        )
        for row in rows
    ]


def _rows(lines: Iterable[Line]) -> Iterable[Sequence[object]]:
    for line in lines:
        row, reason = line.row, f"{line.kind.to(language())}: {line.row.reason}"
        yield (line.person.name, reason, f"{row.label}, {line.facility}", row.opened_at, row.review_due_at, line.word)


def _facts(line: Line) -> list[Fact]:
    row = line.row
    reviewed = [
        Fact(Text("Người xem lại", "Reviewed by"), row.reviewer_label, formatting.moment(row.reviewed_at)),
        Fact(Text("Nhận xét", "Remark"), row.review_note),
    ]
    return [
        Fact(Text("Tình huống", "What it was"), line.kind),
        Fact(Text("Lý do đã ghi", "Reason given"), row.reason),
        Fact(Text("Người mở", "Opened by"), row.label, line.facility),
        Fact(Text("Mở lúc", "Opened"), formatting.moment(row.opened_at)),
        Fact(Text("Mở đến", "Open until"), formatting.moment(row.ends_at)),
        Fact(
            Text("Hạn xem lại", "Review due"),
            formatting.moment(row.review_due_at),
            tone="bad" if line.is_overdue else "",
        ),
        *(reviewed if row.verdict else ()),
    ]


def _read(row: Emergency) -> list[Hop]:
    """What was opened on this ground, with a look at each dossier."""
    found = []
    for event in emergencies.what_was_read(row):
        part = event.detail.get("part", "")
        found.append(Hop("eye", PARTS.get(part, Text(part, part)), event.detail.get("code", ""), at=event.at))
    return found
