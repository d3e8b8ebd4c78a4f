"""The department's worklist: what waits for a decision, the most urgent first; one by one or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.changes import bulk, queries
from ymach.changes.bulk import Row
from ymach.changes.errors import ActUnknown
from ymach.changes.kinds import KINDS, kind_named
from ymach.changes.models import State
from ymach.changes.queries import MANY, Wanted
from ymach.facilities.models import Facility
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_ids
from ymach.web.parts import Column, Pages, Stat, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown.changes import shown

PAGE = 50
ANY = Text("Tất cả", "All")
STATES = (
    (State.SUBMITTED, Text("Chờ quyết định", "To decide")),
    (State.RETURNED, Text("Đã trả lại", "Returned")),
    (State.APPROVED, Text("Đã duyệt", "Approved")),
    (State.REJECTED, Text("Không duyệt", "Rejected")),
)
DUE = (
    ("", ANY),
    ("overdue", Text("Quá hạn", "Overdue")),
    ("today", Text("Hạn hôm nay", "Due today")),
    ("soon", Text("Hạn trong 3 ngày", "Due within 3 days")),
)
HEADS = (
    *(Text("Thay đổi", "Change"), Text("Của ai", "Whose"), Text("Cơ sở", "Facility"), Text("Người gửi", "Asked by")),
    *(Text("Gửi lúc", "Sent"), Text("Hạn", "Due"), Text("Trạng thái", "State")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as typed."""

    kind: str = ""
    state: str = State.SUBMITTED
    due: str = ""
    facility: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state = query.get("state", "")
        return cls(
            kind=query.get("kind", "") if query.get("kind", "") in KINDS else "",
            state=state if state in dict(STATES) else State.SUBMITTED,
            due=query.get("due", "") if query.get("due", "") in dict(DUE) else "",
            facility=query.get("facility", "").strip().upper()[:5],
            after=query.get("after", "")[:60],
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page further on is forgotten unless it is given."""
        values = {"kind": self.kind, "state": self.state, "due": self.due, "facility": self.facility, **changes}
        if values["state"] == State.SUBMITTED:
            values["state"] = ""
        return query_of(values)

    def wanted(self, day: date) -> Wanted:
        return Wanted(self.kind, self.state, self.due, _facility_id(self.facility, day), _after(self.after))


@needs(Permission.CHANGE_DECIDE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits, narrowed by the address."""
    actor, asked, today = actor_of_request(request), Asked.of(request.GET), vietnam_day(now())
    sheet = Sheet([*HEADS], lambda: _rows(actor, asked, today))
    return page_or_sheet(
        request, "pages/changes/worklist.html", lambda: _context(actor, asked, today), {"worklist": sheet}
    )


@needs(Permission.CHANGE_DECIDE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or return the chosen ones; each on its own, with its own result."""
    actor, at = actor_of_request(request), now()
    chosen, reason = read_ids(request.POST.getlist("chosen")), request.POST.get("reason", "")
    if request.POST.get("do") == "approve":
        number = request.POST.get("decision_number", "")
        rows = bulk.approve_many(chosen, by=actor, at=at, decision_number=number, note=reason)
    elif request.POST.get("do") == "return":
        rows = bulk.give_back_many(chosen, by=actor, at=at, reason=reason)
    else:
        raise ActUnknown
    context = {
        "rows": [_result(row) for row in rows],
        "good": sum(row.error is None for row in rows),
        "bad": sum(row.error is not None for row in rows),
        "crumbs": [(Text("Việc chờ duyệt", "Worklist"), reverse("worklist"))],
    }
    return render(request, "pages/changes/decided.html", context)


def _context(actor: Actor, asked: Asked, today: date) -> dict[str, object]:
    wanted = asked.wanted(today)
    found = queries.worklist(actor, wanted, on=today, limit=PAGE + 1)
    lines = shown(found[:PAGE], today, actor=actor)
    older = asked.address(after=_key(found[PAGE - 1].due_on, found[PAGE - 1].pk)) if len(found) > PAGE else ""
    return {
        "unit": lookups.unit_of(actor),
        "asked": asked,
        "lines": lines,
        "today": today,
        "stats": _stats(actor, asked, today),
        "tabs": [Tab(words, Asked(state=state).address(), asked.state == state) for state, words in STATES],
        "kinds": [("", ANY), *((kind.word, kind.title) for kind in KINDS.values())],
        "dues": DUE,
        "columns": [Column(head) for head in HEADS],
        "can_decide": asked.state == State.SUBMITTED and bool(lines),
        "pages": Pages(older=older, older_label=Text("Tiếp theo", "Next")),
        "chips": _chips(asked),
    }


def _stats(actor: Actor, asked: Asked, today: date) -> list[Stat]:
    """Counted up to a thousand: a list longer than that is worked from its top."""

    def stat(due: str, label: Text, tone: str, icon: str) -> Stat:
        number = queries.number_of(actor, Wanted(due=due), on=today)
        note = Text("hơn 1.000", "more than 1,000") if number > MANY else ""
        return Stat(label, min(number, MANY), note, icon, tone if number else "", Asked(due=due).address())

    return [
        stat("overdue", Text("Quá hạn", "Overdue"), "bad", "stuck"),
        stat("today", Text("Hạn hôm nay", "Due today"), "note", "wait"),
        stat("soon", Text("Hạn trong 3 ngày", "Due within 3 days"), "note", "wait"),
        stat("", Text("Chờ quyết định", "To decide"), "", "list"),
    ]


def _rows(actor: Actor, asked: Asked, today: date) -> Iterable[Sequence[object]]:
    for line in shown(queries.worklist(actor, asked.wanted(today), on=today, limit=LIMIT), today):
        one = line.request
        yield (line.title, one.subject_label, line.place, one.made_by_label, one.submitted_at, one.due_on, line.word)


def _result(row: Row) -> tuple[Row, Text | str, str]:
    title: Text | str = kind_named(row.request.kind).title if row.request else str(row.request_id)
    return row, title, row.request.subject_label if row.request else ""


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.kind:
        chips.append((KINDS[asked.kind].title, asked.address(kind="")))
    if asked.due:
        chips.append((dict(DUE)[asked.due], asked.address(due="")))
    if asked.facility:
        chips.append((asked.facility, asked.address(facility="")))
    return chips


def _facility_id(code: str, day: date) -> UUID | None:
    if not code:
        return None
    found = Facility.objects.filter(code=code, valid__contains=day).values_list("pk", flat=True).first()
    return found or UUID(int=0)


def _key(due_on: date | None, key: UUID) -> str:
    return f"{due_on.isoformat() if due_on else ''}_{key}"


def _after(text: str) -> tuple[date, UUID] | None:
    day, _, key = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None
