"""Asking for a change and moving it on. Every move is one transaction: lock, check, write, step, notice.

Who may not do what they tried is told so, and the attempt stays in the audit journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor, Grant
from ymach.base.clock import print_day, print_moment, vietnam_day
from ymach.base.errors import Conflict
from ymach.changes import access, rules, telling
from ymach.changes.cases import case_of, check, new_case, province_of, warnings_of, with_values
from ymach.changes.clocks import clocks
from ymach.changes.contract import Case, Kind
from ymach.changes.errors import (
    AskedAlready,
    ChangeNotFound,
    EvidenceMissing,
    NotInThisState,
    NotReady,
    NotYours,
    PublishedWhen,
    ReasonMissing,
    SubjectMoved,
)
from ymach.changes.evidence.actions import give
from ymach.changes.fields import Values, day
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, ChangeStep, State, SubjectKind

LONGEST_NOTE = 2000
DECISION = Grant(
    "decision",
    frozenset({Permission.FACILITY_MANAGE, Permission.PRACTITIONER_MANAGE, Permission.CHANGE_PROPOSE}),
)


def propose(
    *,
    kind: str,
    subject_id: UUID | None,
    values: Values,
    by: Actor,
    at: datetime,
    facility_id: UUID | None = None,
    seen: int | None = None,
    evidence: Sequence[UUID] = (),
    as_draft: bool = False,
) -> ChangeRequest:
    """Ask for a change: the subject's own word is written at once, anything else is sent to the department.

    values: by field name, as `cases.read_form` gives them. facility_id: the facility it concerns, where the subject is a
    person. seen: the revision of the profile that the form showed. evidence: papers that `by` has uploaded.
    as_draft: keep it for later; rules are checked when it is sent.
    Raises KindUnknown, SubjectNotFound, NotYours, Conflict, FormWrong, NothingChanged, AskedAlready, EvidenceMissing.
    """
    chosen = kind_named(kind)
    tried = f"{chosen.subject.value}:{subject_id or 'new'}"
    with refusals_recorded("change:propose", tried, by=by, at=at, facility_id=facility_id), transaction.atomic():
        case = new_case(chosen, subject_id=subject_id, facility_id=facility_id, by=by, at=at, lock=True)
        access.require_proposer(by, chosen, case.subject, case.facility)
        check_seen(case, seen)
        case = with_values(case, values, evidence)
        request = _new(case, {} if as_draft else check(case), seen)
        request.warnings = [] if as_draft else warnings_of(case)
        request.save(force_insert=True)
        give(request, evidence, by=by)
        _step(request, "propose", by, at, proposed=dict(values))
        if chosen.is_own_word:
            _apply_at_once(request, by, at)
        elif not as_draft:
            _send(request, chosen, by, at)
    return request


def submit(
    *,
    request_id: UUID,
    values: Values,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    evidence: Sequence[UUID] = (),
) -> ChangeRequest:
    """Send a draft, or a returned request again, with other values or more papers. Raises as `propose` does."""
    with _moving("submit", request_id, by, at) as request:
        access.require_maker(by, request)
        chosen = kind_named(request.kind)
        case = case_of(request, by=by, at=at, lock=True)
        check_seen(case, seen)
        case = with_values(case, values, evidence)
        request.before, request.proposed = check(case), dict(values)
        request.warnings = warnings_of(case)
        request.seen_revision = seen if seen is not None else _revision(case)
        request.province_code = province_of(case)
        request.given, request.note = {}, ""
        give(request, evidence, by=by)
        _send(request, chosen, by, at, proposed=dict(values))
    return request


def withdraw(*, request_id: UUID, by: Actor, at: datetime, note: str = "") -> ChangeRequest:
    """Take a request back before it is decided. Raises ChangeNotFound, NotYours, NotInThisState."""
    with _moving("withdraw", request_id, by, at) as request:
        access.require_maker(by, request)
        _settle(request, State.WITHDRAWN, "withdraw", by, at, note)
    return request


def confirm(*, request_id: UUID, by: Actor, at: datetime) -> ChangeRequest:
    """The practitioner agrees with what a facility asks about them; the department's term begins.

    Raises ChangeNotFound, NotYours, NotInThisState.
    """
    with _moving("confirm", request_id, by, at) as request:
        _require_person(by, request)
        request.given = {**request.given, "practitioner": {"by": str(by), "label": by.label, "at": at.isoformat()}}
        request.is_ready = rules.is_ready(request.needs, request.given)
        request.due_on = _due(kind_named(request.kind), at)
        _save(request, "confirm", by, at, "")
        telling.of_move(request, "confirm", by=by, at=at)
    return request


def decline(*, request_id: UUID, by: Actor, at: datetime, reason: str) -> ChangeRequest:
    """The practitioner does not agree: back to the facility. Raises ReasonMissing and as `confirm` does."""
    with _moving("decline", request_id, by, at) as request:
        _require_person(by, request)
        request.state, request.note = State.RETURNED, _reason(reason)
        _save(request, "decline", by, at, request.note)
        telling.of_move(request, "decline", by=by, at=at)
    return request


def give_back(*, request_id: UUID, by: Actor, at: datetime, reason: str) -> ChangeRequest:
    """Return a request to be completed. Raises ReasonMissing, ChangeNotFound, NotAllowed, OwnRequest, NotInThisState."""
    with _moving("return", request_id, by, at) as request:
        access.require_decider(by, request)
        request.state, request.note, request.is_ready = State.RETURNED, _reason(reason), False
        _save(request, "return", by, at, request.note)
        telling.of_move(request, "return", by=by, at=at)
    return request


def reject(*, request_id: UUID, by: Actor, at: datetime, reason: str, decision_number: str = "") -> ChangeRequest:
    """Refuse a change for good. Raises as `give_back` does."""
    with _moving("reject", request_id, by, at) as request:
        access.require_decider(by, request)
        request.decision_number = decision_number.strip()[:100]
        _settle(request, State.REJECTED, "reject", by, at, _reason(reason))
    return request


def approve(
    *,
    request_id: UUID,
    by: Actor,
    at: datetime,
    decision_number: str = "",
    note: str = "",
    known_revision: int | None = None,
    publish_on: date | None = None,
) -> ChangeRequest:
    """Check the rules again under lock, write the change through its action, settle the request.

    Approving a practice registration publishes it (Law 15/2023/QH15 Art. 38), today or on `publish_on`.
    known_revision: the profile's revision that the decider looked at; without it, or with an older one, a profile that
    has moved in a field concerned raises SubjectMoved. Raises also NotReady, PublishedWhen, and what the action raises.
    """
    with _moving("approve", request_id, by, at) as request:
        access.require_decider(by, request)
        if not request.is_ready:
            raise NotReady
        number = decision_number.strip()[:100]
        case = case_of(request, by=_acting(by), at=at, lock=True, decision=number)
        if case.kind.is_published:
            request.publish_on = _publication_day(request, publish_on, case.on)
            case = replace(case, publish_on=request.publish_on)
        _check_unmoved(request, case, known_revision)
        made = case.kind.apply(case)
        if request.subject_id is None and made is not None:
            request.subject_id = request.practitioner_id = made
        request.decision_number = number
        _settle(request, State.APPROVED, "approve", by, at, note.strip()[:LONGEST_NOTE])
    return request


def check_seen(case: Case, seen: int | None) -> None:
    """Raise Conflict where the profile has moved on since the form was opened."""
    if seen is not None and case.subject is not None and case.subject.revision != seen:
        raise Conflict


def last_publication_day(request: ChangeRequest, today: date) -> date:
    """The last day on which a request approved today may be published: that of the term, today where it is over."""
    return max(request.due_on or today, today)


def _publication_day(request: ChangeRequest, wanted: date | None, today: date) -> date:
    last = last_publication_day(request, today)
    if wanted is not None and not today <= wanted <= last:
        first, end = print_day(today), print_day(last)
        raise PublishedWhen(field="publish_on", first=first, last=end)
    return wanted or today


@contextmanager
def _moving(act: str, request_id: UUID, by: Actor, at: datetime) -> Iterator[ChangeRequest]:
    """The request, locked, visible to `by` and in a state that `act` fits; in one transaction, refusals recorded."""
    with refusals_recorded(f"change:{act}", f"change:{request_id}", by=by, at=at), transaction.atomic():
        rows = ChangeRequest.objects.select_for_update().filter(pk=request_id)
        request = rows.filter(access.visible(by)).first()
        if request is None:
            raise ChangeNotFound
        if not rules.fits(act, request.state):
            raise _moved_already(request)
        yield request


def _moved_already(request: ChangeRequest) -> NotInThisState:
    words = rules.STATE_WORDS[request.state]
    last = ChangeStep.objects.filter(request=request).order_by("-at", "-id").first()
    when = print_moment(last.at) if last else None
    return NotInThisState(
        state_vi=words.vi.lower(), state_en=words.en.lower(), when=when, who=last.by_label if last else None
    )


def _new(case: Case, before: Values, seen: int | None) -> ChangeRequest:
    kind, subject = case.kind, case.subject
    _check_not_asked(case)
    return ChangeRequest(
        kind=kind.word,
        subject_kind=kind.subject,
        subject_id=subject.id if subject else None,
        subject_label=subject.label if subject else str(case.values.get("full_name", "")),
        province_code=province_of(case),
        facility_id=case.facility.pk if case.facility else None,
        practitioner_id=subject.id if subject and subject.kind == SubjectKind.PRACTITIONER else None,
        state=State.DRAFT,
        before=dict(before),
        proposed=dict(case.values),
        seen_revision=seen if seen is not None else _revision(case),
        made_by=str(case.by),
        made_by_label=case.by.label,
        made_at=case.at,
        changed_at=case.at,
    )


def _check_not_asked(case: Case) -> None:
    if case.subject is None or case.kind.is_own_word or case.kind.many_at_once:
        return
    waiting = ChangeRequest.objects.filter(
        subject_id=case.subject.id, kind=case.kind.word, state__in=[State.SUBMITTED, State.RETURNED]
    )
    if case.kind.at_facility:
        waiting = waiting.filter(facility_id=case.facility.pk if case.facility else None)
    if waiting.exists():
        raise AskedAlready


def _send(request: ChangeRequest, kind: Kind, by: Actor, at: datetime, proposed: Any = None) -> None:
    if kind.papers_required and kind.papers is not None and not request.evidence.exists():
        raise EvidenceMissing(field="evidence", papers=kind.papers.vi, papers_en=kind.papers.en)
    request.needs = [] if access.is_person(by, request.practitioner_id) else list(kind.needs)
    request.state, request.submitted_at = State.SUBMITTED, at
    request.is_ready = rules.is_ready(request.needs, request.given)
    request.clock, request.due_on = kind.clock, _due(kind, at) if request.is_ready else None
    _save(request, "submit", by, at, "", proposed=proposed)
    telling.of_move(request, "submit", by=by, at=at)


def _apply_at_once(request: ChangeRequest, by: Actor, at: datetime) -> None:
    case = case_of(request, by=_acting(by), at=at, lock=True)
    case.kind.apply(case)
    request.submitted_at, request.clock = at, case.kind.clock
    request.due_on = reported_by(case)
    _settle(request, State.APPLIED, "apply", by, at, "")


def _acting(by: Actor) -> Actor:
    """The same actor, on the strength of the decision: whether they may decide it was asked here, by responsibility.

    The actions ask again, by other rules (a licence of another province, e.g.), and must not refuse what was decided.
    """
    return replace(by, grants=(*by.grants, DECISION))


def reported_by(case: Case) -> date | None:
    """The last day on which what happened had to be reported, where the law sets one."""
    begins = day(case.values.get(case.kind.begins))
    if not case.kind.reported_within or begins is None:
        return None
    return clocks()[case.kind.reported_within].due(begins)


def _check_unmoved(request: ChangeRequest, case: Case, known_revision: int | None) -> None:
    subject = case.subject
    if subject is None or subject.revision in {request.seen_revision, known_revision}:
        return
    fields = {field.name: field for field in case.kind.fields}
    found = rules.moved(fields, request.before, case.kind.present(case), request.proposed)
    if found:
        raise SubjectMoved(found)


def _settle(request: ChangeRequest, state: State, act: str, by: Actor, at: datetime, note: str) -> None:
    request.state, request.note, request.is_ready = state, note, False
    request.decided_by, request.decided_by_label, request.decided_at = str(by), by.label, at
    _save(request, act, by, at, note)
    telling.of_move(request, act, by=by, at=at)


def _save(request: ChangeRequest, act: str, by: Actor, at: datetime, note: str, proposed: Any = None) -> None:
    request.changed_at = at
    request.save()
    _step(request, act, by, at, note=note, proposed=proposed)


def _step(
    request: ChangeRequest, act: str, by: Actor, at: datetime, *, note: str = "", proposed: Any = None
) -> ChangeStep:
    return ChangeStep.objects.create(
        request=request,
        act=act,
        state=request.state,
        by=str(by),
        by_label=by.label,
        at=at,
        note=note,
        proposed=proposed,
    )


def _due(kind: Kind, at: datetime) -> date | None:
    return clocks()[kind.clock].due(vietnam_day(at)) if kind.clock else None


def _revision(case: Case) -> int | None:
    return case.subject.revision if case.subject else None


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return reason.strip()[:LONGEST_NOTE]


def _require_person(by: Actor, request: ChangeRequest) -> None:
    if not access.is_person(by, request.practitioner_id):
        raise NotYours(permission=Permission.PROFILE_CONFIRM.value)
