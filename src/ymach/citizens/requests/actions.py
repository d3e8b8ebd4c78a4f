"""Asking, taking back, answering. Each write is one transaction with its step and its event in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from ymach.accounts.models import Membership
from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base import sealing
from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.citizens.requests import rules
from ymach.citizens.requests.answerers import Answerer, recipients_of
from ymach.citizens.requests.errors import (
    AskedAlready,
    GroundMissing,
    PurposeMissing,
    ReaderMissing,
    RecordMissing,
    RequestNotFound,
    StepNotOpen,
    TooManyOpen,
    WordsMissing,
)
from ymach.citizens.requests.models import Request, Restricted, Step
from ymach.citizens.requests.persons import require_acting_for
from ymach.citizens.requests.queries import (
    OPEN_STATES,
    answerable_by,
    context_of_request,
    context_of_step,
    get_answerable,
)
from ymach.citizens.requests.rules import Act, Ground, Kind, State
from ymach.citizens.requests.words import TO_ANSWER, TOLD
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

_LOCK = 0x59_4D_52_51
BASIS = "Law 91/2025/QH15 art. 4; Decree 356/2025/NĐ-CP art. 5"


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about and who must act.

    subject: "record:<id>" or the event of a reading, blank for everything. kind, on: of the record, for its words.
    facility_id, facility_code: who must act, where a facility must. province_code: of whose department else; blank: nobody
    knows the province, the ministry.
    """

    subject: str = ""
    kind: str = ""
    on: date | None = None
    facility_id: UUID | None = None
    facility_code: str = ""
    province_code: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is not to be read. readers: ids of facilities; purposes, kinds: words. None: all; empty: nothing was chosen."""

    readers: frozenset[UUID] | None = None
    purposes: frozenset[str] | None = None
    kinds: frozenset[str] | None = None


EVERYTHING = Scope()


def ask(
    *,
    citizen_id: UUID,
    kind: Kind,
    words: str,
    about: About,
    by: Actor,
    at: datetime,
    scope: Scope = EVERYTHING,
) -> Request:
    """Ask for something about the data of `citizen_id`, for oneself or for somebody one acts for.

    A restriction and an objection hold from `at` (aware) on. Raises NotAllowed, WordsMissing, RecordMissing, ReaderMissing,
    PurposeMissing, AskedAlready, TooManyOpen.
    """
    proxy_id = require_acting_for(by, citizen_id, on=vietnam_day(at))
    said = words.strip()
    for fault in faults_of(kind=kind, words=said, about=about, scope=scope):
        raise fault
    if kind is Kind.READER:  # nobody judges a complaint about themselves
        about = replace(about, facility_id=None, facility_code="")
    with transaction.atomic():
        made = _made(citizen_id, kind, said, about, by, at)
        made.proxy_id = proxy_id
        _check_open(made)
        made.save(force_insert=True)
        _step(made, Act.SEND, by=by, at=at)
        if rules.terms()[kind].at_once:
            _restrict(made, scope, at)
        else:
            _tell_answerer(made, by, at)
    return made


def withdraw(*, citizen_id: UUID, request_id: UUID, by: Actor, at: datetime) -> Request:
    """Take an open request back. Raises NotAllowed, RequestNotFound, StepNotOpen."""
    require_acting_for(by, citizen_id, on=vietnam_day(at))
    with transaction.atomic():
        row = _locked(Request.objects.filter(citizen_id=citizen_id, id=request_id).first())
        return _move(row, Act.WITHDRAW, by=by, at=at)


def lift(*, citizen_id: UUID, request_id: UUID, by: Actor, at: datetime) -> None:
    """End the restriction that follows from a request; lifted already, nothing happens. Raises NotAllowed, RequestNotFound."""
    require_acting_for(by, citizen_id, on=vietnam_day(at))
    with transaction.atomic():
        row = _locked(Request.objects.filter(citizen_id=citizen_id, id=request_id).first())
        held = Restricted.objects.filter(citizen_id=citizen_id, request_id=request_id, lifted_at=None)
        if held.update(lifted_at=at, lifted_by=str(by)):
            _step(row, Act.LIFT, by=by, at=at)


def answer(*, request_id: UUID, act: Act, words: str, by: Actor, at: datetime, ground: Ground | None = None) -> Request:
    """Take, extend, do or refuse a request. words: told to the person; a refusal and an extension must say why.

    Raises RequestNotFound (also where it is somebody else's to answer), StepNotOpen, GroundMissing, WordsMissing.
    """
    said = words.strip()
    with transaction.atomic():
        row = _locked(answerable_by(by).filter(id=request_id).first())
        if act is Act.WITHDRAW or not rules.may(act, row.state, is_extended=row.extended):
            raise StepNotOpen
        for fault in answer_faults(kind=Kind(row.kind), act=act, words=said, ground=ground):
            raise fault
        row.ground = ground.value if act is Act.REFUSE and ground else ""
        return _move(row, act, words=said, by=by, at=at)


def open_to_answer(*, request_id: UUID, by: Actor, at: datetime) -> Request:
    """A request as who answers reads it; that somebody read it stands in the journal. Raises RequestNotFound."""
    with transaction.atomic():
        row = get_answerable(by, request_id)
        record(_event(row, "read", by, at), facility_id=row.facility_id or REGISTRY)
    return row


def faults_of(*, kind: Kind, words: str, about: About, scope: Scope = EVERYTHING) -> Iterator[YmachError]:
    """Everything that `ask` would miss: RecordMissing, ReaderMissing, PurposeMissing, WordsMissing."""
    if rules.needs_record(kind) and not (about.subject.startswith("record:") and about.facility_id):
        yield RecordMissing(field="record")
    if kind is Kind.RESTRICT and scope.readers is not None and not scope.readers:
        yield ReaderMissing(field="readers")
    if kind is Kind.OBJECT and not scope.purposes:
        yield PurposeMissing(field="purposes")
    said = words.strip()
    if len(said) > rules.LONGEST or (rules.needs_words(kind) and not rules.is_enough(said)):
        yield WordsMissing(field="words", least=rules.SHORTEST, most=rules.LONGEST)


def answer_faults(*, kind: Kind, act: Act, words: str, ground: Ground | None) -> Iterator[YmachError]:
    """Everything that `answer` would miss at a request of this kind: GroundMissing, WordsMissing."""
    if act is Act.REFUSE and ground not in rules.GROUNDS[kind]:
        yield GroundMissing(field="ground")
    said = words.strip()
    if len(said) > rules.LONGEST or (act in {Act.EXTEND, Act.DONE} and not rules.is_enough(said)):
        yield WordsMissing(field="words", least=rules.SHORTEST, most=rules.LONGEST)


def _made(citizen_id: UUID, kind: Kind, said: str, about: About, by: Actor, at: datetime) -> Request:
    key, elsewhere = new_id(), about.facility_id is not None
    due = rules.due(kind, vietnam_day(at), elsewhere=elsewhere)
    return Request(
        citizen_id=citizen_id,
        id=key,
        kind=kind.value,
        state=State.SENT.value,
        asked_at=at,
        asked_by=str(by),
        facility_id=about.facility_id,
        facility_code=about.facility_code,
        province_code=about.province_code,
        about=about.subject,
        about_kind=about.kind,
        about_on=about.on,
        words=sealing.seal_text(said, context=context_of_request(key)) if said else None,
        answer_due_on=due.answer,
        act_due_on=due.act,
    )


def _check_open(made: Request) -> None:
    """The same thing asked twice is one request; nobody fills the queue of another. Who says “that was not me” is never
    turned away: there are as many such words as papers that desks recorded, and each must end its paper."""
    with connection.cursor() as cursor:  # two at once would not see each other
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(made.citizen_id)])
    mine = Request.objects.filter(citizen_id=made.citizen_id, state__in=OPEN_STATES)
    asked = list(mine.values_list("kind", "about", "facility_id"))
    others = sum(kind != Kind.UNSIGNED for kind, _, _ in asked)
    if others >= rules.MOST_OPEN and made.kind != Kind.UNSIGNED:
        raise TooManyOpen(most=rules.MOST_OPEN)
    if (made.kind, made.about, made.facility_id) in asked:
        raise AskedAlready


def _restrict(made: Request, scope: Scope, at: datetime) -> None:
    Restricted.objects.create(
        citizen_id=made.citizen_id,
        id=new_id(),
        request_id=made.id,
        since=at,
        readers=None if scope.readers is None else sorted(scope.readers),
        purposes=None if scope.purposes is None else sorted(scope.purposes),
        kinds=None if scope.kinds is None else sorted(scope.kinds),
    )
    _move(made, Act.DONE, by=SYSTEM, at=at)


def _move(row: Request, act: Act, *, by: Actor, at: datetime, words: str = "") -> Request:
    if not rules.may(act, row.state, is_extended=row.extended):
        raise StepNotOpen
    row.state = rules.after(act).value
    if act is Act.EXTEND:
        row.act_due_on, row.extended = rules.extended(Kind(row.kind), row.act_due_on), True
    if row.state == State.TAKEN and row.taken_at is None:
        row.taken_at = at
    if row.state not in OPEN_STATES:
        row.closed_at = at
    row.save(force_update=True)
    _step(row, act, words=words, by=by, at=at)
    if act in TOLD and by is not SYSTEM:
        _tell_person(row, TOLD[act], by, at)
    return row


def _step(row: Request, act: Act, *, by: Actor, at: datetime, words: str = "") -> None:
    number = Step.objects.filter(citizen_id=row.citizen_id, request_id=row.id).count() + 1
    sealed = sealing.seal_text(words, context=context_of_step(row.id, number)) if words else None
    Step.objects.create(
        citizen_id=row.citizen_id,
        request_id=row.id,
        number=number,
        act=act.value,
        at=at,
        by=str(by),
        by_label=by.label,
        words=sealed,
    )
    record(_event(row, act.value, by, at), facility_id=row.facility_id or REGISTRY)


def _event(row: Request, done: str, by: Actor, at: datetime) -> Event:
    detail = {"kind": row.kind, "state": row.state}
    subject = f"request:{row.id}"
    return Event(
        at=at,
        actor=str(by),
        action=f"request:{done}",
        subject=subject,
        basis=BASIS,
        citizen_id=row.citizen_id,
        detail=detail,
    )


def _locked(found: Request | None) -> Request:
    if found is None:
        raise RequestNotFound
    return Request.objects.select_for_update().get(citizen_id=found.citizen_id, id=found.id)


def _tell_answerer(row: Request, by: Actor, at: datetime) -> None:
    text = TO_ANSWER.format(due=print_day(row.answer_due_on))
    for to in recipients_of(Answerer(row.facility_id, row.province_code), on=vietnam_day(at)):
        tell(to=to, text=text, link=f"/requests/{row.id}", by=by, at=at, letter=True)


def _tell_person(row: Request, text: Text, by: Actor, at: datetime) -> None:
    asked = [row.proxy_id or row.citizen_id]
    mine: Sequence[Membership] = list(
        in_force(vietnam_day(at)).filter(role=Role.CITIZEN.value, citizen_id__in=asked).distinct()
    )
    for user_id in {one.user_id for one in mine}:
        to, link = Recipient(user_id=user_id), f"/own/requests/{row.id}"
        tell(to=to, text=text, link=link, citizen_id=row.citizen_id, by=by, at=at)
