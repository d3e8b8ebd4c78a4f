"""Looking up requests, papers and terms. Every look-up for a person starts from what they may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.changes import access, rules
from ymach.changes.cases import case_of, warnings_of
from ymach.changes.clocks import Term, clocks, term
from ymach.changes.contract import Case
from ymach.changes.errors import ChangeNotFound
from ymach.changes.evidence.actions import content_of
from ymach.changes.fields import EMPTY, Field, Value, show
from ymach.changes.journal import opened
from ymach.changes.models import OPEN, SETTLED, ChangeRequest, Evidence, State
from ymach.facilities.queries import ALL
from ymach.practitioners.models import LicenceSuspension
from ymach.practitioners.queries import visible_to as practitioners_visible_to

MANY = 1000
"""Lists are counted up to here; beyond it they are “more than 1,000”."""

URGENCY = ("due_on", "id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worklist is narrowed to. due: "overdue", "today", "soon" (three days) or ""; after: the key of the line before."""

    kind: str = ""
    state: str = State.SUBMITTED
    due: str = ""
    facility_id: UUID | None = None
    after: tuple[date, UUID] | None = None


def visible_to(actor: Actor) -> QuerySet[ChangeRequest]:
    """The requests an actor may see: its own, of its facility, about itself, of its province."""
    return ChangeRequest.objects.filter(access.visible(actor))


def get(by: Actor, request_id: UUID, *, at: datetime) -> ChangeRequest:
    """One request; an attempt to see somebody else's is recorded. Raises ChangeNotFound."""
    with refusals_recorded("change:see", f"change:{request_id}", by=by, at=at):
        found = visible_to(by).filter(pk=request_id).first()
        if found is None:
            raise ChangeNotFound
    return found


def mine(actor: Actor, *, limit: int, is_open: bool | None = None) -> list[ChangeRequest]:
    """What the actor, or its unit, asked for, the last moved first."""
    states = State.values if is_open is None else OPEN if is_open else SETTLED
    return _newest(actor, states, limit=limit)


def page_of(actor: Actor, *, state: str, before: str, limit: int) -> list[ChangeRequest]:
    """A page of what a program may see, the last moved first. before: `mark_of` the last line of the page before.

    A department's system is given what waits, unless it names a state.
    """
    decides = access.decides_somewhere(actor)
    states = [state or State.SUBMITTED] if state or decides else State.values
    moment, _, key = before.rpartition("_")
    try:
        mark = (datetime.fromisoformat(moment), UUID(key)) if before else None
    except ValueError:
        mark = None
    older = Q(changed_at__lt=mark[0]) | Q(changed_at=mark[0], id__lt=mark[1]) if mark else ALL
    return _newest(actor, states, limit=limit, older=older)


def _newest(actor: Actor, states: Collection[str], *, limit: int, older: Q = ALL) -> list[ChangeRequest]:
    """The first `limit` by last move of every part that the actor sees, then the first of these: each part is read
    along its index, however much the others hold."""
    rows = ChangeRequest.objects.filter(older).order_by("-changed_at", "-id").values_list("changed_at", "id")
    parts = [rows.filter(part, state=state)[:limit] for part in access.parts_visible(actor) for state in states]
    first, *others = parts
    newest = sorted(set(first.union(*others, all=True) if others else first), reverse=True)[:limit]
    found = ChangeRequest.objects.in_bulk([key for _, key in newest])
    return [found[key] for _, key in newest]


def mark_of(request: ChangeRequest) -> str:
    """Where the page after this request begins."""
    return f"{request.changed_at.isoformat()}_{request.pk}"


def to_confirm(actor: Actor, *, limit: int = 20) -> list[ChangeRequest]:
    """Requests that wait for the practitioner behind `actor`."""
    persons = [grant.practitioner_id for grant in actor.grants if grant.practitioner_id is not None]
    rows = ChangeRequest.objects.filter(practitioner_id__in=persons, state=State.SUBMITTED, is_ready=False)
    return list(rows.order_by("-changed_at")[:limit]) if persons else []


def worklist(actor: Actor, wanted: Wanted, *, on: date, limit: int) -> list[ChangeRequest]:
    """What waits for the department, the most urgent first. Only provinces in which the actor decides."""
    rows = _narrowed(actor, wanted, on)
    if wanted.state != State.SUBMITTED:
        return list(rows.order_by("-changed_at")[:limit])
    if wanted.after is not None:
        due_on, key = wanted.after
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, id__gt=key))
    return list(rows.order_by(*URGENCY)[:limit])


def number_of(actor: Actor, wanted: Wanted, *, on: date) -> int:
    """How many a worklist holds, counted up to MANY."""
    return _narrowed(actor, wanted, on).values("id")[: MANY + 1].count()


def _narrowed(actor: Actor, wanted: Wanted, on: date) -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(province_code__in=access.decides_somewhere(actor), state=wanted.state)
    if wanted.state == State.SUBMITTED:
        rows = rows.filter(is_ready=True)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.facility_id is not None:
        rows = rows.filter(facility_id=wanted.facility_id)
    if wanted.due == "overdue":
        rows = rows.filter(due_on__lt=on)
    if wanted.due == "today":
        rows = rows.filter(due_on=on)
    if wanted.due == "soon":
        rows = rows.filter(due_on__gte=on, due_on__lte=on + timedelta(days=3))
    return rows


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a request: as it was when asked, as asked for, and as it is now where that differs."""

    field: Field
    before: Text
    proposed: Text
    now: Text | None
    is_changed: bool
    is_hidden: bool = False

    @property
    def had_value(self) -> bool:
        return self.before.vi != EMPTY


HIDDEN = Text("Chỉ người gửi và Sở Y tế thấy.", "Only the sender and the department see it.")


def lines_of(request: ChangeRequest, case: Case, *, sees_private: bool) -> list[Line]:
    """The fields of a request, the changed ones first in the order of the form; empty new fields are left out."""
    now = case.kind.present(case) if case.subject is not None and request.state in OPEN else {}
    changed = set(rules.changed(request.before, request.proposed))
    fields = {field.name: field for field in case.kind.fields}
    moved = rules.moved(fields, request.before, now, request.proposed)
    found = [
        _line(one, request, case, one.name in changed, now if one.name in moved else None) for one in fields.values()
    ]
    lines = [one if sees_private or not one.field.is_private else _hidden(one) for one in found]
    return [one for one in lines if one.is_changed or request.before.get(one.field.name) not in (None, "", [])]


def _line(field: Field, request: ChangeRequest, case: Case, is_changed: bool, now: Mapping[str, Value] | None) -> Line:
    return Line(
        field,
        show(field, request.before.get(field.name), case),
        show(field, request.proposed.get(field.name), case),
        show(field, now.get(field.name), case) if now is not None else None,
        is_changed,
    )


def _hidden(line: Line) -> Line:
    return Line(line.field, HIDDEN, HIDDEN, None, line.is_changed, is_hidden=True)


def term_of(request: ChangeRequest, *, on: date) -> Term | None:
    """How the department's term stands (or, for what was applied at once, the term for reporting it)."""
    if request.due_on is None or not request.clock:
        return None
    done = request.submitted_at if request.state == State.APPLIED else request.decided_at
    return term(request.clock, request.due_on, on=on, done_on=vietnam_day(done) if done else None)


def reported(request: ChangeRequest, case: Case) -> Term | None:
    """Whether what happened was reported in time, for kinds of which the law says how soon."""
    begins = request.proposed.get(case.kind.begins) if case.kind.reported_within else None
    if not begins or request.state == State.APPLIED:
        return None
    clock = clocks()[case.kind.reported_within]
    told = vietnam_day(request.submitted_at or request.made_at)
    return term(clock.code, clock.due(date.fromisoformat(begins)), on=case.on, done_on=told)


def papers_of(request: ChangeRequest) -> list[Evidence]:
    """The papers of a request, in the order of their arrival."""
    return list(request.evidence.order_by("id"))


def open_paper(by: Actor, evidence_id: UUID, *, at: datetime) -> tuple[Evidence, bytes]:
    """A paper and its bytes: of a request the actor may see, uploaded by the actor, or named by a decision about somebody
    the actor decides about. The opening is recorded.

    Raises ChangeNotFound.
    """
    with refusals_recorded("evidence:open", f"evidence:{evidence_id}", by=by, at=at):
        rows = Evidence.objects.select_related("content", "request").filter(pk=evidence_id)
        own = Q(request__in=visible_to(by)) | Q(request__isnull=True, uploaded_by=str(by))
        found = rows.filter(own | Q(pk__in=_of_decisions(by))).first()
        if found is None:
            raise ChangeNotFound
    facility_id = found.request.facility_id if found.request else None
    opened(f"evidence:{evidence_id}", by=by, at=at, facility_id=facility_id)
    return found, content_of(found)


def _of_decisions(by: Actor) -> QuerySet[Any, Any]:
    """The papers that decisions name, about people whom a department of `by` sees and decides about."""
    deciding = tuple(one for one in by.grants if Permission.PRACTITIONER_MANAGE.value in one.permissions)
    people = practitioners_visible_to(replace(by, grants=deciding))
    named = LicenceSuspension.objects.filter(return_evidence__isnull=False, licence__practitioner__in=people)
    return named.values("return_evidence")


def acts_for(by: Actor, request: ChangeRequest) -> frozenset[str]:
    """What the actor can do with the request as it stands: the words of `rules.ACTS`."""
    decides = request.province_code in access.decides_somewhere(by) and request.made_by != str(by)
    is_maker = access.is_maker(by, request) and not decides
    is_person = access.is_person(by, request.practitioner_id) and not request.is_ready and bool(request.needs)
    may = {
        "approve": decides and request.is_ready,
        "return": decides,
        "reject": decides,
        "withdraw": is_maker,
        "submit": is_maker,
        "confirm": is_person,
        "decline": is_person,
    }
    return frozenset(act for act, allowed in may.items() if allowed and rules.fits(act, request.state))


def sees_private(by: Actor, request: ChangeRequest) -> bool:
    """Whether the actor decides, made the request, or is the person."""
    decides = request.province_code in access.decides_somewhere(by)
    return decides or access.is_maker(by, request) or access.is_person(by, request.practitioner_id)


def warnings_now(request: ChangeRequest, case: Case) -> list[dict[str, str]]:
    """What is worth saying about an open request as the registry stands now; nothing of one that cannot be read any more."""
    if request.state not in OPEN:
        return []
    try:
        return warnings_of(case)
    except YmachError:
        return []  # the registration it names is gone: approving it will say so


def case_for(request: ChangeRequest, *, by: Actor, at: datetime) -> Case:
    """The case of a request, for reading it."""
    return case_of(request, by=by, at=at)
