"""Change requests for programs: a facility's software asks for practice registrations, a department's system decides.

The rules are those of the pages: the same actions, refused with the same codes. Where several fields are wrong the
problem names each of them in `errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import Field, StringConstraints

from ymach.accounts.permissions import Permission, may
from ymach.api import change_schemas as schemas
from ymach.api.errors import PROBLEM, problem_of
from ymach.api.parameters import Word
from ymach.api.people import asking
from ymach.api.signin import machine_of
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import iso, now
from ymach.base.errors import NotAllowed
from ymach.changes import access, actions, queries
from ymach.changes.answers import Answer, once
from ymach.changes.cases import case_of, new_case, read_form
from ymach.changes.contract import Case
from ymach.changes.errors import ChangeNotFound, FormWrong, SubjectMoved, SubjectNotFound
from ymach.changes.evidence.actions import keep
from ymach.changes.fields import Value
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, State
from ymach.changes.persons import check_of, is_identified, number_field, require_unknown
from ymach.practitioners.identification import lookup
from ymach.practitioners.queries import find_practitioner_by_licence

router = Router(tags=["Yêu cầu thay đổi · Change requests"])
JSON = "application/json"
PAGE = 50
Line = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Values = dict[Annotated[str, StringConstraints(max_length=60)], Line | list[Line] | bool | None]


class Proposal(Schema):
    """What is asked for. licence or personal_number: of the person it is about; values: by the names of the kind's
    fields. A personal number is looked up in the registry, at most 60 an hour."""

    kind: Annotated[str, StringConstraints(max_length=60)]
    licence: Line = ""
    personal_number: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00]*$")] = ""
    subject: UUID | None = None
    values: Values
    seen: int | None = Field(default=None, ge=0, lt=2**31)
    evidence: list[UUID] = Field(default_factory=list, max_length=10)
    draft: bool = False


class Sending(Schema):
    """A draft or a returned request, with its values anew."""

    values: Values
    seen: int | None = Field(default=None, ge=0, lt=2**31)
    evidence: list[UUID] = Field(default_factory=list, max_length=10)


class Deciding(Schema):
    """What a department says with its decision."""

    reason: Line = ""
    decision_number: Line = ""
    known: int | None = Field(default=None, ge=0, lt=2**31)
    publish_on: date | None = None


NOTHING_SAID = Deciding()


@router.get("/requests", openapi_extra=schemas.LIST, summary="Requests you asked for, or decide")
def requests(request: HttpRequest, state: State | Literal[""] = "", before: Word = "") -> HttpResponse:
    """The last moved first. `state` narrows; `before` takes the `next` of the page before."""
    actor = _asking(request)
    found = queries.page_of(actor, state=state, before=before, limit=PAGE + 1)
    more = queries.mark_of(found[PAGE - 1]) if len(found) > PAGE else None
    return _json({"requests": [_brief(one) for one in found[:PAGE]], "next": more})


@router.get("/requests/{uuid:request_id}", openapi_extra=schemas.ONE, summary="One request")
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Its values before and after, its warnings, and what became of it."""
    actor = _asking(request)
    return _json(_whole(actor, queries.get(actor, request_id, at=now())))


@router.post("/requests", openapi_extra=schemas.PROPOSE, summary="Ask for a change")
def propose(request: HttpRequest, asked: Body[Proposal]) -> HttpResponse:
    """Own words apply at once; others are sent, or kept as a draft. `Idempotency-Key`: asked once, however often sent."""
    actor, at = _asking(request), now()

    def act() -> ChangeRequest:
        kind = kind_named(asked.kind)
        facility_id = next((grant.facility_id for grant in actor.grants if grant.facility_id), None)
        subject_id = _subject(asked, actor, at) if not kind.makes_subject else None
        tried = f"{kind.subject.value}:{subject_id or 'new'}"
        with refusals_recorded("change:propose", tried, by=actor, at=at, facility_id=facility_id):
            case = new_case(kind, subject_id=subject_id, facility_id=facility_id, by=actor, at=at)
            access.require_proposer(actor, kind, case.subject, case.facility)
        values = _values(case, asked.values)
        if not asked.draft:
            _require_unknown(case, values)
        return actions.propose(
            kind=kind.word,
            subject_id=subject_id,
            facility_id=facility_id,
            values=values,
            by=actor,
            at=at,
            seen=asked.seen,
            evidence=asked.evidence,
            as_draft=asked.draft,
        )

    return _once(request, actor, act, status=201)


@router.post("/requests/{uuid:request_id}/submit", openapi_extra=schemas.SUBMIT, summary="Send a draft, or again")
def submit(request: HttpRequest, request_id: UUID, asked: Body[Sending]) -> HttpResponse:
    """A draft, or a request that was returned, with its values anew."""
    actor, at = _asking(request), now()

    def act() -> ChangeRequest:
        case = case_of(queries.get(actor, request_id, at=at), by=actor, at=at)
        values = _values(case, asked.values)
        _require_unknown(case, values)
        given = {"values": values, "seen": asked.seen, "evidence": asked.evidence}
        return actions.submit(request_id=request_id, by=actor, at=at, **given)  # type: ignore[arg-type]

    return _once(request, actor, act)


@router.post("/requests/{uuid:request_id}/withdraw", openapi_extra=schemas.ACT, summary="Take a request back")
def withdraw(request: HttpRequest, request_id: UUID, said: Body[Deciding] = NOTHING_SAID) -> HttpResponse:
    """Before it is decided."""
    actor, at = _asking(request), now()
    return _once(request, actor, lambda: actions.withdraw(request_id=request_id, by=actor, at=at, note=said.reason))


@router.post("/requests/{uuid:request_id}/approve", openapi_extra=schemas.ACT, summary="Approve")
def approve(request: HttpRequest, request_id: UUID, said: Body[Deciding] = NOTHING_SAID) -> HttpResponse:
    """Writes the change into the registry, and publishes it where it is a practice registration."""
    actor, at = _deciding(request), now()

    def act() -> ChangeRequest:
        return actions.approve(
            request_id=request_id,
            by=actor,
            at=at,
            decision_number=said.decision_number,
            note=said.reason,
            known_revision=said.known,
            publish_on=said.publish_on,
        )

    return _once(request, actor, act)


@router.post("/requests/{uuid:request_id}/return", openapi_extra=schemas.ACT, summary="Return to be completed")
def give_back(request: HttpRequest, request_id: UUID, said: Body[Deciding] = NOTHING_SAID) -> HttpResponse:
    """With a reason."""
    actor, at = _deciding(request), now()
    return _once(request, actor, lambda: actions.give_back(request_id=request_id, by=actor, at=at, reason=said.reason))


@router.post("/requests/{uuid:request_id}/reject", openapi_extra=schemas.ACT, summary="Refuse for good")
def reject(request: HttpRequest, request_id: UUID, said: Body[Deciding] = NOTHING_SAID) -> HttpResponse:
    """With a reason."""
    actor, at = _deciding(request), now()

    def act() -> ChangeRequest:
        number = said.decision_number
        return actions.reject(request_id=request_id, by=actor, at=at, reason=said.reason, decision_number=number)

    return _once(request, actor, act)


@router.post("/papers", openapi_extra=schemas.PAPER, summary="Upload a paper for a request")
def paper(request: HttpRequest, name: Word = "") -> HttpResponse:
    """A PDF, JPEG or PNG as the body; its id goes into `evidence` within two days."""
    actor = _asking(request)
    kept = keep(content=request.body, name=name, by=actor, at=now())
    return _json({"id": str(kept.pk), "name": kept.name, "media_type": kept.media_type, "size": kept.size}, 201)


def _asking(request: HttpRequest) -> Actor:
    """The machine, which asks for changes or decides them. Raises NotSignedIn, NotAllowed."""
    actor = machine_of(request)
    if not (may(actor, Permission.CHANGE_SEND) or may(actor, Permission.CHANGE_DECIDE)):
        raise NotAllowed(permission=Permission.CHANGE_SEND.value)
    return actor


def _deciding(request: HttpRequest) -> Actor:
    """The machine, which decides. Raises NotSignedIn, NotAllowed."""
    actor = machine_of(request)
    if not may(actor, Permission.CHANGE_DECIDE):
        raise NotAllowed(permission=Permission.CHANGE_DECIDE.value)
    return actor


def _subject(asked: Proposal, actor: Actor, at: datetime) -> UUID | None:
    if asked.personal_number and not asked.licence:
        found = lookup(number=asked.personal_number.strip(), by=actor, purpose=asked.kind, at=at, channel=None)
        if found.practitioner_id is None:
            raise SubjectNotFound(field="personal_number")
        return found.practitioner_id
    if not asked.licence:
        return asked.subject
    known = find_practitioner_by_licence(asked.licence)
    if known is None:
        raise SubjectNotFound(field="licence")
    return known.pk


def _require_unknown(case: Case, values: Mapping[str, Value]) -> None:
    """Nobody is entered twice. Raises PersonKnown, TooMany."""
    if number_field(case.kind) is not None:
        with asking() as channel:
            require_unknown(case, values, by=case.by, at=case.at, channel=channel)


def _values(case: Case, given: Mapping[str, Any]) -> dict[str, Value]:
    """The values as a form would give them: one reading, one set of rules."""
    raw = {name: _texts(value) for name, value in given.items()}
    return read_form(case, raw)


def _texts(value: str | list[str] | bool | None) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    return value if isinstance(value, list) else [value] if value else []


def _once(request: HttpRequest, actor: Actor, act: Callable[[], ChangeRequest], status: int = 200) -> HttpResponse:
    key = request.headers.get("Idempotency-Key")
    what = f"{request.method} {request.get_full_path()}\n".encode() + request.body

    def carry_out() -> Answer:
        body = orjson.dumps(_whole(actor, act())).decode()
        return Answer(status, body)

    try:
        answer = once(key, what, by=actor, at=now(), act=carry_out)
    except FormWrong as wrong:
        return _problem(wrong, wrong.errors)
    except SubjectMoved as moved:
        return _problem(moved, dict.fromkeys(moved.fields, moved))
    told = HttpResponse(answer.body, status=answer.status, content_type=JSON)
    told["Cache-Control"] = "no-store"
    if answer.was_kept:
        told["Idempotent-Replayed"] = "true"
    return told


def _problem(error: FormWrong | SubjectMoved, fields: Mapping[str, Any]) -> HttpResponse:
    """The problem with every field that is wrong."""
    errors = [
        {"field": name, "code": one.code, "detail": one.text.vi, "detail_en": one.text.en}
        for name, one in fields.items()
    ]
    body = orjson.dumps({**problem_of(error), "errors": errors})
    return HttpResponse(body, status=error.status, content_type=PROBLEM)


def _brief(one: ChangeRequest) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "kind": one.kind,
        "state": one.state,
        "is_ready": one.is_ready,
        "subject": {"kind": one.subject_kind, "id": str(one.subject_id) if one.subject_id else None},
        "subject_label": one.subject_label,
        "province": one.province_code,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "publish_on": one.publish_on.isoformat() if one.publish_on else None,
        "made_by": one.made_by_label,
        "made_at": iso(one.made_at),
        "changed_at": iso(one.changed_at),
        "note": one.note,
        "decision_number": one.decision_number,
        "warnings": one.warnings,
    }


def _whole(actor: Actor, one: ChangeRequest) -> dict[str, Any]:
    """With its values; private ones only for those who may see them."""
    if not queries.visible_to(actor).filter(pk=one.pk).exists():
        raise ChangeNotFound
    private = (
        set() if queries.sees_private(actor, one) else {f.name for f in kind_named(one.kind).fields if f.is_private}
    )
    before, proposed = (
        {name: value for name, value in values.items() if name not in private} for values in (one.before, one.proposed)
    )
    identity = _identity(one) if not private else None
    return {**_brief(one), "before": before, "proposed": proposed, "seen": one.seen_revision, "identity": identity}


def _identity(one: ChangeRequest) -> dict[str, Any] | None:
    """What the population database said about somebody new."""
    kind = kind_named(one.kind)
    if not is_identified(one, kind):
        return None
    check = check_of(one, kind)
    if check is None:
        return {"outcome": "not-checked"}
    return {"outcome": check.outcome, "fields": check.fields, "source": check.source, "at": iso(check.at)}


def _json(body: Any, status: int = 200) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), status=status, content_type=JSON)
    answer["Cache-Control"] = "no-store"
    return answer
