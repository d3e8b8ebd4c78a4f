"""Looking at requests: the person's own, those somebody must answer, and what nobody may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, When

from ymach.accounts.permissions import Permission
from ymach.base import pg, sealing
from ymach.base.actors import Actor
from ymach.citizens.requests.errors import RequestNotFound
from ymach.citizens.requests.models import Request, Restricted, Step
from ymach.citizens.requests.rules import OPEN, Kind, State
from ymach.facilities.queries import grants_with

PAGE = 50
OPEN_STATES = [one.value for one in OPEN]
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a person does not want read: since (aware), until (aware, None while it holds), and by whom, what for, what.

    None stands for every reader, purpose or kind. reference: of the request it follows from.
    """

    since: datetime
    until: datetime | None
    readers: frozenset[UUID] | None
    purposes: frozenset[str] | None
    kinds: frozenset[str] | None
    reference: str
    id: UUID = field(compare=False)
    citizen_id: UUID = field(compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """One step as people read it."""

    act: str
    at: datetime
    by_label: str
    words: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. state: a state, "open", "overdue" or blank; before: asked before (aware)."""

    state: str = "open"
    kind: str = ""
    before: datetime | None = None


def restrictions_of(citizen_ids: Iterable[UUID], *, at: datetime) -> list[Restriction]:
    """What the person (all identities that are theirs) does not want read at the moment `at` (aware); one statement."""
    return ask_restrictions(citizen_ids, at=at)()


def ask_restrictions(citizen_ids: Iterable[UUID], *, at: datetime) -> Callable[[], list[Restriction]]:
    """The same, asked now and read later, so that it can share a round trip (`pg.together`)."""
    rows = pg.ask(_HOLDING, [[str(one) for one in citizen_ids], at, at])
    return lambda: [_restriction(*row) for row in rows()]


def requests_of(citizen_ids: Iterable[UUID]) -> list[Request]:
    """Everything the person has asked for, what is open first, then the newest."""
    mine = Request.objects.filter(citizen_id__in=list(citizen_ids))
    first = Case(When(state__in=OPEN_STATES, then=0), default=1)
    return list(mine.order_by(first, "-asked_at", "-id")[: PAGE * 4])


def own_request(citizen_ids: Iterable[UUID], request_id: UUID) -> Request:
    """One of the person's requests. Raises RequestNotFound."""
    found = Request.objects.filter(citizen_id__in=list(citizen_ids), id=request_id).first()
    if found is None:
        raise RequestNotFound
    return found


def answerable_by(actor: Actor) -> QuerySet[Request]:
    """Those the actor must answer: its facility's; what no facility must act upon, of its province or the country."""
    reach = Q(pk__in=[])
    for grant in grants_with(actor, Permission.REQUEST_ANSWER):
        if grant.facility_id is not None:
            reach |= Q(facility_id=grant.facility_id)
        elif grant.province_code is not None:
            reach |= Q(facility_id=None, province_code=grant.province_code)
        elif grant.practitioner_id is None and grant.citizen_id is None:
            reach |= Q(facility_id=None)
    return Request.objects.filter(reach)


def get_answerable(actor: Actor, request_id: UUID) -> Request:
    """One that the actor must answer. Raises RequestNotFound, whether or not there is one."""
    found = answerable_by(actor).filter(id=request_id).first()
    if found is None:
        raise RequestNotFound
    return found


def worklist(actor: Actor, wanted: Wanted, *, on: date, limit: int) -> list[Request]:
    """What the actor must answer: open ones with the earliest term first, others the newest first. on: today in Viet Nam."""
    rows = _narrowed(answerable_by(actor), wanted, on)
    if wanted.state in {"open", OVERDUE, State.SENT, State.TAKEN}:
        return list(rows.annotate(due=NEXT_DUE).order_by("due", "asked_at", "id")[:limit])
    return list(rows.order_by("-asked_at", "-id")[:limit])


def figures(actor: Actor, *, on: date) -> dict[str, int]:
    """How many of the actor's are open, overdue, and due today."""
    rows = answerable_by(actor).filter(state__in=OPEN_STATES).annotate(due=NEXT_DUE)
    days = list(rows.values_list("due", flat=True))
    return {"open": len(days), OVERDUE: sum(day < on for day in days), "today": days.count(on)}


def steps_of(request: Request) -> list[Said]:
    """Everything said and done about a request, in order."""
    mine = Step.objects.filter(citizen_id=request.citizen_id, request_id=request.id).order_by("number")
    return [Said(one.act, one.at, one.by_label, _opened(one)) for one in mine]


def words_of(request: Request) -> str:
    """What the person wrote; blank where they wrote nothing."""
    if request.words is None:
        return ""
    return sealing.unseal_text(bytes(request.words), context=context_of_request(request.id))


def context_of_request(request_id: UUID) -> str:
    """What the words of a request are sealed for."""
    return f"citizens_request:{request_id}"


def context_of_step(request_id: UUID, number: int) -> str:
    """What the words of a step are sealed for."""
    return f"citizens_request_step:{request_id}:{number}"


def restrictions_by_request(requests: Sequence[Request]) -> dict[UUID, Restriction]:
    """The restriction that follows from each request, lifted ones too."""
    ids = [one.id for one in requests]
    found = Restricted.objects.filter(citizen_id__in={one.citizen_id for one in requests}, request_id__in=ids)
    return {row[2]: _restriction(*row) for row in found.values_list(*_COLUMNS)}


_COLUMNS = ("citizen_id", "id", "request_id", "since", "readers", "purposes", "kinds", "lifted_at")
_HOLDING = f"""
SELECT {", ".join(_COLUMNS)} FROM citizens_restriction
WHERE citizen_id = ANY (%s::uuid[]) AND since <= %s AND (lifted_at IS NULL OR lifted_at > %s) ORDER BY since, id
"""  # noqa: S608 - constants
NEXT_DUE = Case(When(state=State.SENT.value, then=F("answer_due_on")), default=F("act_due_on"))
"""The last day of what comes next of an open request."""


def _narrowed(rows: QuerySet[Request], wanted: Wanted, on: date) -> QuerySet[Request]:
    if wanted.state in {"open", OVERDUE}:
        rows = rows.filter(state__in=OPEN_STATES)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.state == OVERDUE:
        rows = rows.filter(Q(state=State.SENT.value, answer_due_on__lt=on) | Q(act_due_on__lt=on))
    if wanted.kind in set(Kind):
        rows = rows.filter(kind=wanted.kind)
    return rows.filter(asked_at__lt=wanted.before) if wanted.before else rows


def _restriction(
    citizen_id: UUID,
    key: UUID,
    request_id: UUID,
    since: datetime,
    readers: list[UUID] | None,
    purposes: list[str] | None,
    kinds: list[str] | None,
    lifted_at: datetime | None,
) -> Restriction:
    return Restriction(
        since=since,
        until=lifted_at,
        readers=None if readers is None else frozenset(readers),
        purposes=None if purposes is None else frozenset(purposes),
        kinds=None if kinds is None else frozenset(kinds),
        reference=f"request:{request_id}",
        id=key,
        citizen_id=citizen_id,
    )


def _opened(step: Step) -> str:
    if step.words is None:
        return ""
    return sealing.unseal_text(bytes(step.words), context=context_of_step(step.request_id, step.number))
