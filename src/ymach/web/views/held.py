"""What is held: the department's queue and one item opened, the ministry's figures, the facility's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, print_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.exchange.findings import by_code
from ymach.exchange.held import bulk, queries
from ymach.exchange.held.errors import DecisionUnknown, NothingChosen, ReasonMissing
from ymach.exchange.held.models import HeldItem, State
from ymach.exchange.held.queries import OVERDUE, TODAY, Figures, Wanted
from ymach.exchange.held.rules import DECISION_WORDS, WORKING_DAYS, Decision
from ymach.exchange.records import RECORD_KINDS
from ymach.places.queries import provinces
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of
from ymach.web.parts import Column, Fact, Pages, Stat, Tab
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import held as held_shown
from ymach.web.shown.findings import named
from ymach.web.shown.held import STATES, Line
from ymach.web.templatetags.ymach import language
from ymach.web.words import record_words

ANY = Text("Tất cả", "All")
HEADS = (
    *(
        Text("Mã hồ sơ", "Dossier"),
        Text("Gồm", "Records"),
        Text("Mã cơ sở", "Facility code"),
        Text("Cơ sở", "Facility"),
    ),
    *(Text("Ngày khám", "Day of the visit"), Text("Vì sao giữ", "Why held"), Text("Sổ bộ bây giờ", "The registry now")),
    *(Text("Nhận lúc", "Received"), Text("Hạn", "Due"), Text("Trạng thái", "State"), Text("Ghi chú", "Note")),
)
PROVINCE_HEADS = (
    *(Text("Tỉnh, thành phố", "Province"), Text("Chờ quyết định", "To decide"), Text("Quá hạn", "Overdue")),
    *(Text("Hạn hôm nay", "Due today"), Text("Đã trả lại cơ sở", "Returned")),
)
LONGEST = 2000
"""Characters of a reason, which goes into a signed receipt; its field takes fewer."""
CAUSES = ("YM-STA-AUTHOR-UNKNOWN", "YM-STA-AUTHOR-NO-LICENCE", "YM-STA-AUTHOR-SUSPENDED", "YM-STA-AUTHOR-REVOKED")
DUES = (("", ANY), (OVERDUE, Text("Quá hạn", "Overdue")), (TODAY, Text("Hạn hôm nay", "Due today")))


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as typed."""

    state: str = State.WAITING
    facility: str = ""
    kind: str = ""
    cause: str = ""
    due: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state, kind, due = query.get("state", ""), query.get("kind", ""), query.get("due", "")
        return cls(
            state=state if state in State else State.WAITING,
            facility=query.get("facility", "").strip().upper()[:5],
            kind=kind if kind in RECORD_KINDS else "",
            cause=query.get("cause", "").strip().upper()[:60],
            due=due if due in dict(DUES) else "",
            after=query.get("after", "")[:80],
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page further on is forgotten unless it is given."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | {"after": ""} | changes
        values["state"] = "" if values["state"] == State.WAITING else values["state"]
        return query_of(values)

    def wanted(self) -> Wanted:
        return Wanted(self.state, self.facility, self.kind, self.cause, self.due, _after(self.after))


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form that was refused: nothing of it is lost."""

    reason: str = ""
    chosen: frozenset[str] = frozenset()
    error: YmachError | None = None

    @property
    def at_reason(self) -> Text | str:
        """The error that belongs beside the reason."""
        return self.error.text if isinstance(self.error, ReasonMissing) else ""


@needs(Permission.HELD_DECIDE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The queue of the province, the oldest first, narrowed by the address."""
    actor, asked, today = actor_of_request(request), Asked.of(request.GET), vietnam_day(now())
    sheet = Sheet(HEADS, lambda: _rows(queries.queue(actor, asked.wanted(), on=today, limit=LIMIT), today))
    return page_or_sheet(request, "pages/held/queue.html", lambda: _context(actor, asked, today), {"held": sheet})


@needs(Permission.HELD_DECIDE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide the chosen ones alike; where that is refused, the list again with everything typed."""
    actor, at, asked = actor_of_request(request), now(), Asked.of(request.GET)
    typed = Typed(request.POST.get("reason", "")[:LONGEST], frozenset(request.POST.getlist("chosen")))
    try:
        rows = bulk.decide_many(
            map(_key, typed.chosen), decision=_decision(request), reason=typed.reason, by=actor, at=at
        )
    except (ReasonMissing, DecisionUnknown, NothingChosen) as error:
        context = _context(actor, asked, vietnam_day(at), Typed(typed.reason, typed.chosen, error))
        return render(request, "pages/held/queue.html", context, status=422)
    context = {
        "rows": [(row, STATES[row.item.state] if row.item else None) for row in rows],
        "good": sum(row.error is None for row in rows),
        "bad": sum(row.error is not None for row in rows),
        "crumbs": [(Text("Hồ sơ đang giữ", "Held dossiers"), reverse("held") + asked.address())],
    }
    return render(request, "pages/held/decided.html", context)


@needs(Permission.HELD_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, facility_id: UUID, item_id: UUID) -> HttpResponse:
    """One held dossier: why, how the registry stood and stands, and the decision. Nothing clinical is shown."""
    actor, at = actor_of_request(request), now()
    item = queries.get_item(actor, facility_id, item_id)
    typed = Typed()
    if request.method == "POST":
        typed = Typed(request.POST.get("reason", "")[:LONGEST])
        try:
            (row,) = bulk.decide_many(
                [(facility_id, item_id)], decision=_decision(request), reason=typed.reason, by=actor, at=at
            )
            error = row.error
        except (ReasonMissing, DecisionUnknown) as refused:
            error = refused
        if error is None:
            return HttpResponseRedirect(reverse("held-one", args=[facility_id, item_id]))
        item, typed = queries.get_item(actor, facility_id, item_id), Typed(typed.reason, error=error)
    (line,) = held_shown.lines([item], today=vietnam_day(at))
    context = {
        "line": line,
        "typed": typed,
        "facts": _facts(line),
        "crumbs": [(Text("Hồ sơ đang giữ", "Held dossiers"), reverse("held"))],
        "submission": reverse("submission", args=[item.submission_id]),
    }
    return render(request, "pages/held/one.html", context, status=typed.error.status if typed.error else 200)


@needs(Permission.COUNTER_SEE_COUNTRY)
@require_safe
def by_province(request: HttpRequest) -> HttpResponse:
    """How many wait in each province, the most overdue first."""
    actor, today = actor_of_request(request), vietnam_day(now())
    found = queries.figures_by_province(actor, on=today)
    names = {unit.code: unit.name(language()) for unit in provinces(today)}
    rows = sorted(found.items(), key=lambda row: (-row[1].overdue, -row[1].waiting, row[0]))
    shown = [(names.get(code, code), figures) for code, figures in rows]
    sheet = Sheet(
        PROVINCE_HEADS, lambda: ((name, one.waiting, one.overdue, one.today, one.returned) for name, one in shown)
    )
    context = {
        "rows": shown,
        "stats": _stats(_sum(found.values()), Asked(), is_link=False),
        "columns": [Column(head, is_number=place > 0) for place, head in enumerate(PROVINCE_HEADS)],
        "today": today,
    }
    return page_or_sheet(request, "pages/held/provinces.html", lambda: context, {"provinces": sheet})


@needs(Permission.SUBMISSION_SEND)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What of the own facility is held or returned: why, until when, what to do."""
    actor, today = actor_of_request(request), vietnam_day(now())
    word = Permission.SUBMISSION_SEND
    asked = Asked.of(request.GET)
    found = queries.queue(actor, asked.wanted(), on=today, limit=queries.PAGE + 1, word=word)
    context = {
        "lines": held_shown.lines(found[: queries.PAGE], today=today, is_asked=False),
        "asked": asked,
        "tabs": _tabs(asked, queries.figures(actor, on=today, word=word)),
        "pages": _pages(found, asked),
        "days": WORKING_DAYS,
        "unit": lookups.unit_of(actor),
    }
    sheet = Sheet(HEADS, lambda: _rows(queries.queue(actor, asked.wanted(), on=today, limit=LIMIT, word=word), today))
    return page_or_sheet(request, "pages/held/own.html", lambda: context, {"held": sheet})


def _context(actor: Actor, asked: Asked, today: date, typed: Typed | None = None) -> dict[str, object]:
    found = queries.queue(actor, asked.wanted(), on=today, limit=queries.PAGE + 1)
    figures = queries.figures(actor, on=today)
    return {
        "unit": lookups.unit_of(actor),
        "asked": asked,
        "address": asked.address(after=asked.after),
        "typed": typed or Typed(),
        "lines": held_shown.lines(found[: queries.PAGE], today=today),
        "today": today,
        "stats": _stats(figures, asked),
        "tabs": _tabs(asked, figures),
        "kinds": [("", ANY), *((kind, record_words(kind)) for kind in RECORD_KINDS)],
        "causes": _causes(asked.cause),
        "dues": DUES,
        "decisions": [(one.value, DECISION_WORDS[one]) for one in Decision],
        "can_decide": asked.state == State.WAITING and bool(found),
        "pages": _pages(found, asked),
        "chips": _chips(asked),
    }


def _stats(figures: Figures, asked: Asked, *, is_link: bool = True) -> list[Stat]:
    def stat(label: Text, number: int, icon: str, tone: str, **filters: str) -> Stat:
        href = Asked(**filters).address() if is_link else ""
        return Stat(label, number, "", icon, tone if number else "", href)

    return [
        stat(Text("Chờ quyết định", "To decide"), figures.waiting, "hold", "hold"),
        stat(Text("Quá hạn", "Overdue"), figures.overdue, "stuck", "bad", due=OVERDUE),
        stat(Text("Hạn hôm nay", "Due today"), figures.today, "wait", "note", due=TODAY),
        stat(Text("Đã trả lại cơ sở", "Returned"), figures.returned, "fix", "", state=State.RETURNED),
    ]


def _tabs(asked: Asked, figures: Figures) -> list[Tab]:
    counts = {State.WAITING: figures.waiting, State.RETURNED: figures.returned}
    return [
        Tab(word, Asked(state=state).address(), asked.state == state, counts.get(State(state)), "hold")
        for state, (_, word) in STATES.items()
        if state != State.WITHDRAWN or asked.state == state
    ]


def _pages(found: Sequence[HeldItem], asked: Asked) -> Pages:
    if len(found) <= queries.PAGE:
        return Pages()
    last = found[queries.PAGE - 1]
    after = f"{queries.moment_of(last).isoformat()}_{last.id}"
    return Pages(older=asked.address(after=after), older_label=Text("Tiếp theo", "Next"))


def _causes(chosen: str) -> list[tuple[str, Text]]:
    """Why things are held mostly, and whatever the address asks for."""
    kinds = by_code()
    codes = [*CAUSES, *([chosen] if chosen in kinds and chosen not in CAUSES else [])]
    return [("", ANY), *((code, named(kinds[code].text)) for code in codes)]


def _chips(asked: Asked) -> list[tuple[object, str]]:
    shown: list[tuple[object, str]] = [
        (asked.facility, asked.address(facility="")),
        (asked.cause, asked.address(cause="")),
    ]
    chips = [chip for chip in shown if chip[0]]
    if asked.kind:
        chips.append((record_words(asked.kind), asked.address(kind="")))
    if asked.due:
        chips.append((dict(DUES)[asked.due], asked.address(due="")))
    return chips


def _rows(items: Sequence[HeldItem], today: date) -> Iterable[Sequence[Cell]]:
    for line in held_shown.lines(items, today=today):
        item = line.item
        why = "; ".join(str(one.text.to(language())) for one in line.why if isinstance(one.text, Text))
        kinds = "; ".join(kind.to(language()) for kind in line.kinds)
        yield (
            *(item.dossier_code, kinds, item.facility_code, line.facility, item.happened_on, why, line.now[0]),
            *(item.received_at, item.due_on, line.word, item.note),
        )


def _facts(line: Line) -> list[Fact]:
    item = line.item
    kinds = Text(", ".join(one.vi for one in line.kinds), ", ".join(one.en for one in line.kinds))
    return [
        Fact(
            Text("Cơ sở", "Facility"),
            line.facility,
            item.facility_code,
            href=reverse("facility", args=[item.facility_code]),
        ),
        Fact(Text("Gồm", "Records"), kinds),
        Fact(Text("Ngày khám", "Day of the visit"), print_day(item.happened_on)),
        Fact(Text("Bản", "Version"), str(item.version)),
        Fact(
            Text("Nội dung khám, chữa bệnh", "Clinical content"),
            Text("Không hiện ra với Sở", "Not shown to the department"),
            Text(
                "Quyết định này chỉ cần sổ bộ và biên nhận.", "This decision needs the registry and the receipt alone."
            ),
        ),
    ]


def _sum(found: Iterable[Figures]) -> Figures:
    some = list(found)
    return Figures(*(sum(getattr(one, name.name) for one in some) for name in fields(Figures)))


def _decision(request: HttpRequest) -> Decision:
    try:
        return Decision(request.POST.get("do", ""))
    except ValueError as error:
        raise DecisionUnknown from error


def _key(text: str) -> bulk.Key:
    facility_id, _, item_id = text.partition(":")
    try:
        return UUID(facility_id), UUID(item_id)
    except ValueError:
        return UUID(int=0), UUID(int=0)


def _after(text: str) -> tuple[datetime, UUID] | None:
    moment, _, key = text.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo is not None else None
    except ValueError:
        return None
