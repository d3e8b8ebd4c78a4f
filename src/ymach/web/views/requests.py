"""What people ask of who keeps their data: the worklist of a facility or a department, and one with its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Invalid, YmachError
from ymach.base.text import Text
from ymach.citizens.proxies.models import ProxyRow
from ymach.citizens.requests import actions, queries, rules
from ymach.citizens.requests.errors import StepNotOpen
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.rules import Act, Ground, Kind, State
from ymach.citizens.requests.words import GROUNDS, KINDS, STATES
from ymach.consent.models import Consent
from ymach.exchange.models import Record
from ymach.facilities.models import Facility
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_moment
from ymach.web.faults import Faults
from ymach.web.parts import Column, Fact, Pages, Stat, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import requests as shown
from ymach.web.shown.people import UNKNOWN, people

LIST = Text("Yêu cầu của người dân", "Requests of people")
ANY = Text("Tất cả", "All")
HEADS = (
    *(Text("Yêu cầu", "Request"), Text("Về", "About"), Text("Gửi lúc", "Sent"), Text("Trả lời trước", "Answer by")),
    *(Text("Xong trước", "Done by"), Text("Trạng thái", "State")),
)
COLUMNS = [
    Column(Text("Yêu cầu", "Request")),
    Column(Text("Gửi lúc", "Sent")),
    Column(Text("Hạn", "Due")),
    Column(Text("Trạng thái", "State")),
]
OPEN, OVERDUE = "open", queries.OVERDUE
TABS: tuple[tuple[str, Text], ...] = (
    (OPEN, Text("Chờ giải quyết", "Open")),
    (OVERDUE, Text("Quá hạn", "Overdue")),
    (State.DONE, STATES[State.DONE]),
    (State.REFUSED, STATES[State.REFUSED]),
    ("", ANY),
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OFFICERS = (Act.TAKE, Act.DONE, Act.EXTEND, Act.REFUSE)
ADVICE = {
    Kind.CORRECT: Text(
        "Nếu đúng là sai: sửa trong phần mềm, gửi lại hồ sơ với cùng mã. Bản cũ được giữ cạnh bản mới.",
        "If it is wrong: correct it in your software and send the dossier again under its code. The old version is kept.",
    ),
    Kind.DELETE: Text(
        "Hồ sơ khám chữa bệnh không được xóa (Luật 91/2025/QH15 điều 14). Từ chối kèm lý do; người dân được mời hạn chế "
        "người xem. Chỉ xóa thông tin liên hệ và những gì người dân tự thêm.",
        "Medical records are not deleted (Law 91/2025/QH15 art. 14). Refuse with the ground; the person is offered a "
        "restriction. Only contact details and what the person added are deleted.",
    ),
    Kind.READER: Text(
        "Hỏi cơ sở căn cứ của lần xem, đối chiếu với nhật ký, rồi trả lời.",
        "Ask the facility for the ground of the reading, compare it with the journal, then answer.",
    ),
    Kind.UNSIGNED: Text(
        "Giấy đã hết hiệu lực. Xin cơ sở bản gốc, hỏi người đã ghi, đối chiếu chữ ký rồi trả lời. Nếu có người ký thay, báo "
        "sự cố dữ liệu và xử lý người ghi.",
        "The paper is without force already. Ask the facility for the original and whoever recorded it, compare the "
        "signature, then answer. If somebody else signed, report a data incident.",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as typed."""

    state: str = OPEN
    kind: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state, kind = query.get("state", OPEN), query.get("kind", "")
        state = "" if state == "all" else state
        return cls(
            state if state in dict(TABS) else OPEN,
            kind if kind in set(Kind) else "",
            read_moment(query.get("before", "")),
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page further back is forgotten unless it is given."""
        values = {"state": self.state, "kind": self.kind, **changes}
        values["state"] = {OPEN: "", "": "all"}.get(values["state"], values["state"])
        return query_of(values)

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(self.state, self.kind, self.before)


@needs(Permission.REQUEST_ANSWER)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The worklist, what is due first on top, narrowed by the address. It names nobody."""
    actor, asked, today = actor_of_request(request), Asked.of(request.GET), vietnam_day(now())
    sheet = Sheet(HEADS, lambda: _rows(queries.worklist(actor, asked.wanted(), on=today, limit=LIMIT), today))
    return page_or_sheet(request, "pages/requests/index.html", lambda: _list(actor, asked, today), {"requests": sheet})


@needs(Permission.REQUEST_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request with what there is to do; opening it is in the journal."""
    actor, at = actor_of_request(request), now()
    if request.method == "POST":
        return _act(request, request_id, actor, at)
    row = actions.open_to_answer(request_id=request_id, by=actor, at=at)
    return render(request, "pages/requests/one.html", _context(row, at))


def _act(request: HttpRequest, request_id: UUID, actor: Actor, at: datetime) -> HttpResponse:
    act, ground = request.POST.get("do", ""), request.POST.get("ground", "")
    typed = {"words": request.POST.get("words", "")[: rules.LONGEST + 1], "ground": ground}
    said: Any = {"words": typed["words"], "ground": Ground(ground) if ground in set(Ground) else None}
    try:
        if act not in set(OFFICERS):
            raise StepNotOpen
        actions.answer(request_id=request_id, act=Act(act), **said, by=actor, at=at)
    except YmachError as error:
        row, found = queries.get_answerable(actor, request_id), Faults()
        if isinstance(error, Invalid):
            found.add(*actions.answer_faults(kind=Kind(row.kind), act=Act(act), **said), at={"words": f"words_{act}"})
        found.add(error, at={"words": f"words_{act}"})
        refused = {"faults": found, "errors": found.errors, "typed": typed, "tried": act}
        return render(request, "pages/requests/one.html", {**_context(row, at), **refused}, status=found.status)
    return redirect("request", request_id)


def _list(actor: Actor, asked: Asked, today: date) -> dict[str, object]:
    found = queries.worklist(actor, asked.wanted(), on=today, limit=queries.PAGE + 1)
    rows, figures = found[: queries.PAGE], queries.figures(actor, on=today)
    older = asked.address(before=rows[-1].asked_at.isoformat()) if len(found) > queries.PAGE else ""
    counts = {OPEN: figures["open"], OVERDUE: figures[OVERDUE]}
    tabs = [Tab(word, asked.address(state=key), asked.state == key, counts.get(key)) for key, word in TABS]
    return {
        "unit": lookups.unit_of(actor),
        "asked": asked,
        "today": today,
        "lines": shown.lines(rows, today=today, is_own=False),
        "columns": COLUMNS,
        "stats": _stats(figures),
        "tabs": tabs,
        "kinds": [("", ANY), *((one.value, KINDS[one]) for one in Kind)],
        "chips": [(KINDS[Kind(asked.kind)], asked.address(kind=""))] if asked.kind else [],
        "pages": Pages(older=older),
    }


def _stats(figures: dict[str, int]) -> list[Stat]:
    late = figures[OVERDUE]
    return [
        Stat(Text("Chờ giải quyết", "Open"), figures["open"], icon="list", href=Asked().address() or "?"),
        Stat(Text("Hạn hôm nay", "Due today"), figures["today"], icon="wait", tone="note" if figures["today"] else ""),
        Stat(Text("Quá hạn", "Overdue"), late, icon="stuck", tone="bad" if late else "", href=Asked(OVERDUE).address()),
    ]


def _rows(rows: Iterable[Request], today: date) -> Iterable[Sequence[object]]:
    for line in shown.lines(rows, today=today, is_own=False):
        row = line.row
        yield (line.kind, line.about, row.asked_at, row.answer_due_on, row.act_due_on, line.word)


def _context(row: Request, at: datetime) -> dict[str, object]:
    (line,) = shown.lines([row], today=vietnam_day(at), is_own=False)
    found = people([row.citizen_id, *([row.proxy_id] if row.proxy_id else [])])
    person = found.get(row.citizen_id, UNKNOWN)
    facts = [Fact(Text("Người dân", "Person"), person.name, person.note), *shown.facts(line)]
    if row.proxy_id is not None:
        proxy = found.get(row.proxy_id, UNKNOWN)
        facts.insert(1, Fact(Text("Người gửi thay", "Asked on their behalf by"), proxy.name, proxy.note))
    facts += [*_dossier(row), *_recorded(row)]
    acts = [act.value for act in OFFICERS if rules.may(act, row.state, is_extended=row.extended)]
    return {
        "line": line,
        "lede": person.name,
        "crumbs": [(LIST, reverse("requests"))],
        "facts": facts,
        "words": queries.words_of(row),
        "advice": ADVICE.get(Kind(row.kind)),
        "hops": shown.steps(queries.steps_of(row), row),
        "acts": acts,
        "terms": rules.terms()[Kind(row.kind)],
        "grounds": [(one.value, GROUNDS[one]) for one in rules.GROUNDS[Kind(row.kind)]],
        "typed": {},
    }


def _recorded(row: Request) -> list[Fact]:
    """Whose desk recorded what the person denies, and who did."""
    what, _, key = row.about.partition(":")
    if row.kind != Kind.UNSIGNED or not _UUID.fullmatch(key):
        return []
    kept: Consent | ProxyRow | None
    if what == "proxy":
        kept = ProxyRow.objects.filter(citizen_id=row.citizen_id, id=key).first()
        said = (kept.appointed_by_label, kept.appointed_at) if kept else ("", None)
    else:
        kept = Consent.objects.filter(citizen_id=row.citizen_id, id=key).first()
        said = (kept.given_by_label, kept.given_at) if kept else ("", None)
    desk = Facility.objects.filter(pk=kept.facility_id).first() if kept and kept.facility_id else None
    label, moment = said
    where = f"{desk.code}, {desk.name}" if desk else formatting.EMPTY
    note = f"{label}, {formatting.moment(moment)}" if moment else ""
    return [Fact(Text("Quầy đã ghi", "Recorded at"), where, note)]


def _dossier(row: Request) -> list[Fact]:
    """The dossier that is said to be wrong, and whether a later version has come since."""
    key = row.about.removeprefix("record:")
    if row.kind != Kind.CORRECT or not _UUID.fullmatch(key):
        return []
    found = Record.objects.filter(citizen_id=row.citizen_id, id=key).first()
    if found is None or found.facility_id != row.facility_id:
        return []
    href = reverse("submission", args=[found.submission_id])
    later = Text("chưa có phiên bản mới", "no later version yet")
    if not found.is_current:
        later = Text("đã có phiên bản mới hơn", "a later version has come")
    return [Fact(Text("Hồ sơ", "Dossier"), found.dossier_code, later, is_code=True, href=href)]
