"""What follows from a finding: the policy that holds, its past and future, and changing it with four eyes."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission, may, require
from ymach.base import small_cells
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.findings import FindingKind
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.exchange.findings import catalogue
from ymach.exchange.models import Outcome
from ymach.exchange.policies import changing, previews, queries
from ymach.exchange.policies.models import PolicyChange, State
from ymach.exchange.policies.queries import policy_on
from ymach.exchange.policies.reckoning import Reckoning, Touched
from ymach.exchange.policies.rules import ANY_KIND, GRAVITY
from ymach.exchange.records import RECORD_KINDS
from ymach.facilities.models import Facility
from ymach.places.queries import provinces
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_day
from ymach.web.parts import Column, Fact, Stat
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown import policies as policy_shown
from ymach.web.shown.findings import AREAS, named
from ymach.web.shown.policies import Line, kind_words
from ymach.web.states import STATES
from ymach.web.templatetags.ymach import language

ANY = Text("Tất cả", "All")
LONGEST = 2000
"""Characters of a reason; its field takes fewer."""
NOT_ABOUT_RECORDS = ("YM-RCP-", "YM-AUT-", "YM-CRL-")
HEADS = (
    *(Text("Mã", "Code"), Text("Nhóm", "Area"), Text("Điều tìm thấy", "What was found")),
    *(Text("Loại bản ghi", "Kind of record"), Text("Kết quả", "Outcome"), Text("Từ ngày", "From")),
    *(Text("Đến hết ngày", "To"), Text("Căn cứ", "Source")),
)
PLACE_HEADS = (
    *(Text("Nơi", "Place"), Text("Bản ghi đổi kết quả", "Records with another outcome")),
    Text("Sẽ bị giữ hoặc không nhận", "Would be held or rejected"),
)
SHIFT_HEADS = (
    *(Text("Kết quả", "Outcome"), Text("Đã là", "Was"), Text("Sẽ là", "Would be"), Text("Thay đổi", "Difference")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as typed."""

    q: str = ""
    outcome: str = ""
    area: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        outcome, area = query.get("outcome", ""), query.get("area", "")
        return cls(
            query.get("q", "").strip()[:100],
            outcome if outcome in Outcome else "",
            area if area in AREAS else "",
        )

    def address(self, **changes: str) -> str:
        values = {"q": self.q, "outcome": self.outcome, "area": self.area, **changes}
        return query_of(values)

    def fits(self, line: Line) -> bool:
        if self.outcome and all(one.outcome != self.outcome for one in [*line.rules, *line.ahead]):
            return False
        if self.area and line.code.split("-")[1] != self.area:
            return False
        return not self.q or fold(self.q) in fold(f"{line.code} {line.text.vi} {line.text.en}")


@needs(Permission.COUNTER_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every finding with what follows from it today, and what is to follow."""
    actor, asked, today = actor_of_request(request), Asked.of(request.GET), vietnam_day(now())
    lines = [line for line in _lines(today) if asked.fits(line)]
    context = {
        "asked": asked,
        "lines": lines,
        "count": len(lines),
        "waiting": list(queries.changes_waiting()),
        "ahead": [(line, one) for line in lines for one in line.ahead],
        "outcomes": [("", ANY), *((code, STATES[code].word) for code in GRAVITY)],
        "areas": [("", ANY), *AREAS.items()],
        "columns": [Column(Text("Lưu ý", "Finding")), Column(Text("Thì", "What follows"))],
        "chips": _chips(asked),
        "stats": _stats(),
        "may_edit": may(actor, Permission.POLICY_EDIT),
    }
    sheet = Sheet(HEADS, lambda: _rows(lines))
    return page_or_sheet(request, "pages/policies/index.html", lambda: context, {"policies": sheet})


@needs(Permission.COUNTER_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The policy about one finding, with its history; the ministry drafts a change here."""
    actor, at = actor_of_request(request), now()
    kind = _kind(code)
    error: YmachError | None = None
    typed = request.POST if request.method == "POST" else QueryDict()
    if request.method == "POST":
        require(actor, Permission.POLICY_EDIT)
        try:
            change = _draft(typed, code, actor)
            return HttpResponseRedirect(reverse("policy-change", args=[change.pk]))
        except YmachError as refused:
            if refused.field is None:
                raise
            error = refused
    context = {
        "kind": kind,
        "title": named(kind.text),
        "action": named(kind.action),
        "now": _line(kind, vietnam_day(at)),
        "history": _history(code, vietnam_day(at)),
        "changes": [(change, policy_shown.badge(change)) for change in queries.changes_of(code)],
        "may_edit": may(actor, Permission.POLICY_EDIT),
        "typed": typed,
        "errors": {error.field: error.text} if error else {},
        "error": error,
        "kinds": [(ANY_KIND, kind_words(ANY_KIND)), *((one, kind_words(one)) for one in RECORD_KINDS)],
        "outcomes": [(one, STATES[one].word) for one in GRAVITY],
        "outcome": typed.get("outcome") or policy_on(vietnam_day(at)).outcome_of_code(code, kind.severity, ANY_KIND),
        "starts_on": typed.get("starts_on") or formatting.day(vietnam_day(at) + timedelta(days=7)),
        "crumbs": [(Text("Chính sách tiếp nhận", "Policy of acceptance"), reverse("policies"))],
    }
    return render(request, "pages/policies/one.html", context, status=error.status if error else 200)


@needs(Permission.COUNTER_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """One change: what it would have done last week, and its next step."""
    actor = actor_of_request(request)
    error: YmachError | None = None
    if request.method == "POST":
        try:
            _act(request, change_id, actor)
            return HttpResponseRedirect(reverse("policy-change", args=[change_id]))
        except NotFound:
            raise
        except YmachError as refused:
            error = refused
    found = queries.get_change(change_id)
    if found.state == State.DRAFT and found.proposed_by != str(actor):
        raise NotFound
    context = {**_change_context(found, actor), "typed": request.POST, "error": error}
    if error is not None:
        return render(request, "pages/policies/change.html", context, status=error.status)
    sheets = {"places": Sheet(PLACE_HEADS, lambda: _place_rows(Reckoning.of(found.preview)))}
    return page_or_sheet(
        request, "pages/policies/change.html", lambda: context, sheets if context["sees_places"] else {}
    )


@needs(Permission.POLICY_EDIT)
@require_POST
def reckon(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """One step of the reckoning; the page asks again by itself, or by its button where there is no script."""
    found = previews.advance(change_id, at=now())
    if request.headers.get("HX-Request"):
        if found.is_reckoned:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "fragments/policy_progress.html", {"change": found, "reckoning": _reckoning(found)})
    return HttpResponseRedirect(reverse("policy-change", args=[change_id]))


def _draft(typed: QueryDict, code: str, actor: Actor) -> PolicyChange:
    return changing.draft(
        finding_code=code,
        record_kind=typed.get("record_kind", ""),
        outcome=typed.get("outcome", ""),
        starts_on=read_day(typed.get("starts_on", "")),
        reason=typed.get("reason", "")[:LONGEST],
        decision_number=typed.get("decision_number", "")[:200],
        by=actor,
        at=now(),
    )


def _act(request: HttpRequest, change_id: UUID, actor: Actor) -> None:
    at, typed = now(), request.POST
    match typed.get("do", ""):
        case "propose":
            changing.propose(change_id, number=typed.get("number", ""), by=actor, at=at)
        case "confirm":
            changing.confirm(change_id, by=actor, at=at)
        case "refuse":
            changing.refuse(change_id, reason=typed.get("reason", "")[:LONGEST], by=actor, at=at)
        case "withdraw":
            changing.withdraw(change_id, by=actor, at=at)
        case _:
            raise NotFound


def _change_context(found: PolicyChange, actor: Actor) -> dict[str, object]:
    reckoning, is_own = _reckoning(found), found.proposed_by == str(actor)
    may_edit = may(actor, Permission.POLICY_EDIT)
    sees_places = may(actor, Permission.COUNTER_SEE_COUNTRY)
    return {
        "change": found,
        "kind": _kind(found.finding_code),
        "title": named(_kind(found.finding_code).text),
        "badge": policy_shown.badge(found),
        "facts": _facts(found),
        "reckoning": reckoning,
        "stats": policy_shown.stats(reckoning),
        "shifts": policy_shown.shifts(reckoning, previews.counts_of(reckoning)),
        # How others send is for who counts the whole country.
        "sees_places": sees_places,
        "provinces": _places(reckoning) if sees_places else [],
        "facilities": _facilities(reckoning) if sees_places else [],
        "shift_columns": [Column(head, is_number=place > 0) for place, head in enumerate(SHIFT_HEADS)],
        "place_columns": [Column(head, is_number=place > 0) for place, head in enumerate(PLACE_HEADS)],
        "may_propose": may_edit and is_own and found.state == State.DRAFT and found.is_reckoned,
        "may_confirm": may_edit and not is_own and found.state == State.PROPOSED,
        "may_withdraw": may_edit and is_own and found.state in {State.DRAFT, State.PROPOSED},
        "waits": is_own and found.state == State.PROPOSED,
        "crumbs": [
            (Text("Chính sách tiếp nhận", "Policy of acceptance"), reverse("policies")),
            (found.finding_code, reverse("policy", args=[found.finding_code])),
        ],
    }


def _reckoning(found: PolicyChange) -> Reckoning:
    return Reckoning.of(found.preview)


def _facts(found: PolicyChange) -> list[Fact]:
    return [
        Fact(Text("Loại bản ghi", "Kind of record"), kind_words(found.record_kind)),
        Fact(Text("Kết quả mới", "New outcome"), STATES[found.outcome].word),
        Fact(Text("Từ ngày", "From"), formatting.day(found.starts_on)),
        Fact(Text("Căn cứ", "Decision"), found.decision_number),
        Fact(Text("Lý do", "Reason"), found.reason),
        Fact(Text("Người đề xuất", "Proposed by"), found.proposed_by_label, formatting.moment(found.proposed_at)),
        *(
            [
                Fact(
                    policy_shown.badge(found)[1],
                    found.decided_by_label,
                    found.note or formatting.moment(found.decided_at),
                )
            ]
            if found.decided_by
            else []
        ),
    ]


Told = small_cells.Cell


def _places(reckoning: Reckoning) -> list[tuple[str, Told, Told]]:
    """Provinces by name, the most touched first; a few records of one place could be told apart by who knows it."""
    names = {unit.code: unit.name(language()) for unit in provinces(reckoning.last)}
    rows = sorted(reckoning.provinces.items(), key=lambda one: (-one[1].moved, one[0]))
    moved, stopped = _told(one for _, one in rows)
    return [(names.get(code, code), one, two) for (code, _), one, two in zip(rows, moved, stopped, strict=True)]


def _facilities(reckoning: Reckoning) -> list[tuple[str, str, Told, Told]]:
    names = dict(
        Facility.objects.filter(code__in=list(reckoning.facilities)).order_by("valid").values_list("code", "name")
    )
    moved, stopped = _told(reckoning.facilities.values())
    return [
        (code, names.get(code, code), one, two)
        for code, one, two in zip(reckoning.facilities, moved, stopped, strict=True)
    ]


def _told(places: Iterable[Touched]) -> tuple[list[Told], list[Told]]:
    """How many records came to another outcome, and how many were stopped, as far as it is told."""
    rows = list(places)
    return small_cells.cells([one.moved for one in rows]), small_cells.cells([one.stopped for one in rows])


def _place_rows(reckoning: Reckoning) -> Iterator[Sequence[Cell]]:
    yield from _places(reckoning)
    for code, name, moved, stopped in _facilities(reckoning):
        yield (f"{code} {name}", moved, stopped)


def _kind(code: str) -> FindingKind:
    found = next((kind for kind in _kinds() if kind.code == code), None)
    if found is None:
        raise NotFound
    return found


def _kinds() -> list[FindingKind]:
    """The findings about records: those of receipts, tokens and lists of certificates come to no outcome."""
    return [kind for kind in catalogue() if not kind.code.startswith(NOT_ABOUT_RECORDS)]


def _lines(today: date) -> list[Line]:
    rows = queries.rows_from(today)
    return [policy_shown.line(kind, rows.get(kind.code, ()), today=today) for kind in _kinds()]


def _line(kind: FindingKind, today: date) -> Line:
    return policy_shown.line(kind, queries.rows_from(today).get(kind.code, ()), today=today)


def _history(code: str, today: date) -> list[policy_shown.Rule]:
    """Every row there ever was, with who confirmed it."""
    confirmed = queries.changes_of(code).filter(state=State.CONFIRMED)
    who = {(one.record_kind, one.starts_on): one.decided_by_label for one in confirmed}
    return [
        policy_shown.rule(row, today=today, by=who.get((row.record_kind, row.valid.lower), ""))
        for row in queries.rows_of(code)
    ]


def _rows(lines: Iterable[Line]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        for one in [*line.rules, *line.ahead]:
            outcome = STATES[one.outcome].word
            yield (line.code, line.area, line.text, one.kind, outcome, one.since, one.until, one.source)


def _stats() -> list[Stat]:
    """How many findings lead to each outcome today, each opening their list."""
    lines = _lines(vietnam_day(now()))
    counted = Tally(outcome for line in lines for outcome in {one.outcome for one in line.rules})
    return [
        Stat(
            STATES[code].word,
            counted[code],
            Text("lưu ý", "findings"),
            STATES[code].icon,
            "",
            Asked(outcome=code).address(),
        )
        for code in GRAVITY
    ]


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.q:
        chips.append((asked.q, asked.address(q="")))
    if asked.outcome:
        chips.append((STATES[asked.outcome].word, asked.address(outcome="")))
    if asked.area:
        chips.append((AREAS[asked.area], asked.address(area="")))
    return chips
