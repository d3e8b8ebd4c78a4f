"""Referrals: who is sent to us, whom we sent, one of them with what there is to do, and the records under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import Invalid, YmachError
from ymach.base.text import Text
from ymach.exchange.referrals import actions, queries, reading, rules
from ymach.exchange.referrals.errors import ActUnknown, NotInThisState
from ymach.exchange.referrals.models import Referral, State
from ymach.exchange.referrals.words import STATE_WORDS
from ymach.facilities.models import Facility
from ymach.facilities.queries import names_of
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_moment
from ymach.web.faults import Faults
from ymach.web.parts import Column, Pages, Tab
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import clinical
from ymach.web.shown import dossiers as dossier_shown
from ymach.web.shown import referrals as referral_shown
from ymach.web.shown.people import UNKNOWN, people
from ymach.web.templatetags.ymach import language

LIST = Text("Giấy chuyển cơ sở", "Referrals")
ANY = Text("Tất cả", "All")
STATES = (
    ("", ANY),
    ("open", Text("Còn việc phải làm", "Something to do")),
    *((one.value, STATE_WORDS[one]) for one in State),
)
HEADS = (
    *(Text("Người bệnh", "Patient"), Text("Chẩn đoán", "Diagnosis"), Text("Cơ sở", "Facility")),
    *(Text("Gửi lúc", "Sent"), Text("Hạn", "Due"), Text("Trạng thái", "State")),
)
COLUMNS = [Column(head) for head in HEADS]
DONE = {
    "accept": Text("Đã báo nơi gửi: cơ sở nhận người bệnh.", "The sender has been told that you take the patient."),
    "decline": Text("Đã báo nơi gửi kèm lý do.", "The sender has been told, with the reason."),
    "arrive": Text("Đã ghi: người bệnh đã đến.", "Written: the patient has arrived."),
    "answer": Text("Đã gửi phản hồi cho nơi chuyển.", "The feedback has been sent."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address, as typed."""

    way: str = queries.IN
    state: str = ""
    urgent: str = ""
    late: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        state = query.get("state", "")
        return cls(
            way=queries.OUT if query.get("way") == queries.OUT else queries.IN,
            state=state if state in dict(STATES) else "",
            urgent="1" if query.get("urgent") == "1" else "",
            late="1" if query.get("late") == "1" else "",
            before=read_moment(query.get("before", "")),
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page further back is forgotten unless it is given."""
        values = {"way": self.way, "state": self.state, "urgent": self.urgent, "late": self.late, **changes}
        values["way"] = "" if values["way"] == queries.IN else values["way"]
        return query_of(values)

    def wanted(self, at: datetime) -> queries.Wanted:
        urgent = True if self.urgent else None
        return queries.Wanted(self.state, urgent, at if self.late else None, self.before)


@needs(Permission.RECORD_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One side's referrals, narrowed by the address."""
    actor, asked, at = actor_of_request(request), Asked.of(request.GET), now()
    sheet = Sheet([*HEADS], lambda: _rows(actor, asked, at))
    return page_or_sheet(request, "pages/referrals/index.html", lambda: _list(actor, asked, at), {"referrals": sheet})


@needs(Permission.RECORD_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral: where it is, the paper, and what this account can do with it. The first look is a step."""
    actor, at = actor_of_request(request), now()
    if request.method == "POST":
        return _act(request, referral_id, actor, at)
    actions.see(referral_id=referral_id, by=actor, at=at)
    actions.close(referral_id=referral_id, by=actor, at=at)
    return render(request, "pages/referrals/one.html", _context(referral_id, actor, at))


@needs(Permission.RECORD_READ)
@require_safe
def records(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The referring dossier for who receives, the receiver's visit for who referred; the reading is in the journal."""
    actor, at = actor_of_request(request), now()
    _, side = queries.get_referral(actor, referral_id)
    if side == queries.IN:
        opened = reading.open_for_receiver(referral_id, part=reading.RECORDS, by=actor, at=at)
    else:
        opened = reading.open_for_sender(referral_id, by=actor, at=at)
    crumbs = [(LIST, reverse("referrals")), (Text("Giấy chuyển", "Referral"), reverse("referral", args=[referral_id]))]
    shared: dict[str, object] = {"crumbs": crumbs, "side": side, "is_withheld": opened.is_withheld}
    if opened.dossier is None:
        return render(request, "pages/referrals/records.html", shared)
    shown = dossier_shown.context_of(opened.dossier)
    alerts = [*clinical.known_allergies(opened.allergies), *_alerts(shown)]
    context = {**shown, **shared, "alerts": alerts}
    return page_or_sheet(request, "pages/referrals/records.html", lambda: context, dossier_shown.sheets(opened.dossier))


def _list(actor: Actor, asked: Asked, at: datetime) -> dict[str, object]:
    found = queries.listed(actor, asked.way, asked.wanted(at), limit=queries.PAGE + 1)
    rows = found[: queries.PAGE]
    older = asked.address(before=rows[-1].sent_at.isoformat()) if len(found) > queries.PAGE else ""
    return {
        "unit": lookups.unit_of(actor),
        "asked": asked,
        "is_in": asked.way == queries.IN,
        "lines": referral_shown.lines(rows, asked.way, at),
        "columns": COLUMNS,
        "states": STATES,
        "tabs": [
            Tab(Text("Chuyển đến", "Sent to us"), Asked().address() or "?", asked.way == queries.IN),
            Tab(Text("Chuyển đi", "Sent by us"), Asked(queries.OUT).address(), asked.way == queries.OUT),
        ],
        "chips": _chips(asked),
        "pages": Pages(older=older),
    }


def _rows(actor: Actor, asked: Asked, at: datetime) -> Iterable[Sequence[object]]:
    rows = queries.listed(actor, asked.way, asked.wanted(at), limit=LIMIT)
    for line in referral_shown.lines(rows, asked.way, at):
        place = f"{line.other_code} {line.other}".strip()
        yield (line.person.name, line.diagnosis, place, line.row.sent_at, line.row.due_at, line.word)


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.state:
        chips.append((dict(STATES)[asked.state], asked.address(state="")))
    if asked.urgent:
        chips.append((Text("Cấp cứu", "Emergency"), asked.address(urgent="")))
    if asked.late:
        chips.append((Text("Quá hạn", "Overdue"), asked.address(late="")))
    return chips


def _act(request: HttpRequest, referral_id: UUID, actor: Actor, at: datetime) -> HttpResponse:
    act, form = request.POST.get("do", ""), request.POST
    try:
        _do(act, form, referral_id, actor, at)
    except (Invalid, NotInThisState) as error:
        found = Faults(*_faults(act, form, at), error)
        told = {"faults": found, "errors": found.errors, "typed": form, "tried": act}
        context = {**_context(referral_id, actor, at), **told}
        return render(request, "pages/referrals/one.html", context, status=found.status)
    messages.success(request, DONE[act].to(language()))
    return redirect("referral", referral_id)


def _faults(act: str, form: QueryDict, at: datetime) -> Iterable[YmachError]:
    """What is wrong with a form of several fields."""
    if act != "decline":
        return ()
    return actions.decline_faults(reason=form.get("reason", ""), suggested_code=form.get("suggested_code", ""), at=at)


def _do(act: str, form: QueryDict, key: UUID, by: Actor, at: datetime) -> None:
    if act == "accept":
        actions.accept(referral_id=key, by=by, at=at, note=form.get("note", ""))
    elif act == "decline":
        code = form.get("suggested_code", "")
        actions.decline(referral_id=key, reason=form.get("reason", ""), suggested_code=code, by=by, at=at)
    elif act == "arrive":
        actions.arrive(referral_id=key, by=by, at=at)
    elif act == "answer":
        may_read = form.get("may_read_visit") == "1"
        actions.answer(referral_id=key, text=form.get("text", ""), may_read_visit=may_read, by=by, at=at)
    else:
        raise ActUnknown


def _context(referral_id: UUID, actor: Actor, at: datetime) -> dict[str, object]:
    row, side = queries.get_referral(actor, referral_id)
    opened = _opened(row, side, actor, at)
    names = names_of([row.facility_id, row.receiver_id])
    term = referral_shown.term_of(row, at)
    return {
        "row": row,
        "is_in": side == queries.IN,
        "person": people([row.citizen_id]).get(row.citizen_id, UNKNOWN),
        "sender": names.get(row.facility_id, row.facility_code),
        "receiver": names.get(row.receiver_id, "") or referral_shown.UNKNOWN_PLACE,
        "badge": referral_shown.badge_of(row),
        "word": referral_shown.word_of(row),
        "term": term,
        "is_overdue": referral_shown.is_overdue(row, at),
        "facts": referral_shown.facts(row, opened.dossier if opened else None, is_own=side == queries.OUT),
        "alerts": clinical.known_allergies(opened.allergies) if opened else [],
        "is_withheld": bool(row.compartment),
        "can_read": opened is not None,
        "can_read_visit": side == queries.OUT and row.may_read_visit and row.arrival_submission_id is not None,
        "acts": _acts(row, side, actor),
        "hops": referral_shown.hops(row, queries.steps_of(row), names),
        "suggested": _suggested(row),
        "crumbs": [(LIST, reverse("referrals") + ("" if side == queries.IN else "?way=out"))],
        "typed": {},
    }


def _opened(row: Referral, side: str, actor: Actor, at: datetime) -> reading.Opened | None:
    """The paper for the receiver, journaled; the sender reads its own dossier on the dossier's page."""
    if side != queries.IN or not rules.may_read(row, at):
        return None
    return reading.open_for_receiver(row.id, part=reading.PAPER, by=actor, at=at)


def _acts(row: Referral, side: str, actor: Actor) -> list[str]:
    if side != queries.IN or row.receiver_id is None:
        return []
    here = Facility(id=row.receiver_id, province_code=row.receiver_province_code)
    if not may(actor, Permission.REFERRAL_ANSWER, facility=here):
        return []
    moves = (
        ("accept", rules.ACCEPTED),
        ("arrive", rules.ARRIVED),
        ("answer", rules.ANSWERED),
        ("decline", rules.DECLINED),
    )
    return [act for act, state in moves if rules.may_move(row.state, state)]


def _suggested(row: Referral) -> str:
    found = Facility.objects.filter(code=row.suggested_code).order_by("-valid").first() if row.suggested_code else None
    return f"{row.suggested_code} {found.name}" if found else row.suggested_code


def _alerts(shown: dict[str, object]) -> list[object]:
    found = shown["alerts"]
    return list(found) if isinstance(found, list) else []
