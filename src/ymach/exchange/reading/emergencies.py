"""Opening one person's records in an emergency, and the review by somebody else that must follow.

Law 91/2025/QH15 art. 19: life or health in an urgent case is a basis that whoever reads must prove. So: one person, a
reason in words, some hours, the person is told, and a second pair of eyes within days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.audit.models import AuditEvent
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import print_moment, vietnam_day
from ymach.base.errors import Invalid, NotAllowed, YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.telling import accounts_of
from ymach.exchange.reading import errors
from ymach.exchange.reading.models import Emergency, EmergencyKind, Verdict
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with, rows_reached
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

LEAST_WORDS, LONGEST = 10, 1000
"""Letters of a reason: fewer say nothing."""
WORDS = {
    EmergencyKind.UNCONSCIOUS: Text("Hôn mê, không tỉnh táo", "Unconscious or confused"),
    EmergencyKind.LIFE: Text("Nguy kịch, đe dọa tính mạng", "In danger of life"),
    EmergencyKind.POISONING: Text("Ngộ độc, phản vệ", "Poisoning or anaphylaxis"),
    EmergencyKind.CHILDBIRTH: Text("Sinh đẻ cấp cứu", "Emergency childbirth"),
    EmergencyKind.CANNOT_SPEAK: Text("Không nói được, không có người nhà", "Cannot speak, no relatives here"),
}
TOLD = Text(
    "Cơ sở {facility} đã mở hồ sơ của bạn vì cấp cứu lúc {moment}. Lý do: {reason}. Việc này sẽ được người khác xem lại.",
    "The facility {facility} opened your records in an emergency at {moment}. Reason: {reason}. Somebody else reviews this.",
)
IN_LETTER = Text(
    "Cơ sở {facility} đã mở hồ sơ của bạn vì cấp cứu lúc {moment}. Lý do có trong sổ. Việc này sẽ được người khác xem lại.",
    "The facility {facility} opened your records in an emergency at {moment}. The book tells why. Somebody else reviews this.",
)
"""What stands in an e-mail: nothing of the person's health."""
TOLD_WRONG = Text(
    "Lần cơ sở {facility} mở hồ sơ của bạn lúc {moment} được kết luận là không có lý do chính đáng. Bạn có thể khiếu nại.",
    "The access by the facility {facility} at {moment} was found not justified. You may complain.",
)
FOR_ANOTHER = Text("Về người mà bạn đại diện: {said}", "About the person you act for: {said}")
TO_REVIEW = Text(
    "Có một lần mở hồ sơ khẩn cấp cần người khác xem lại, hạn {moment}.",
    "An emergency access needs a review by somebody else, due {moment}.",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an emergency opens, and within what time it must be reviewed."""

    lasts: timedelta = timedelta(hours=4)
    review_within: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the worklist is narrowed to. state: "open" (to review), "overdue", "reviewed", "wrong", "" for all."""

    state: str = "open"
    at: datetime | None = None
    before: datetime | None = None


def open_emergency(*, citizen_id: UUID, kind: str, reason: str, terms: Terms, by: Actor, at: datetime) -> Emergency:
    """Open a person's records to the facility of `by`, tell the person, and ask for a review.

    Asked again by the same account while it is open, it is the same one. at: aware. Call it outside a transaction.
    Raises NotAllowed, KindMissing, ReasonMissing, ReasonTooLong; a refusal is in the journal.
    """
    facility = facility_of(by)
    with refusals_recorded(
        "emergency:open",
        f"citizen:{citizen_id}",
        by=by,
        at=at,
        facility_id=facility.id,
        kinds=(NotAllowed, Invalid),
    ):
        require(by, Permission.RECORD_EMERGENCY, facility=facility)
        return _opened(citizen_id, _kind(kind), _reason(reason), facility, terms, by=by, at=at)


def check_said(*, kind: str, reason: str, by: Actor, at: datetime) -> None:
    """Whether enough is said to open anybody's records; asked before the person is looked for, so that the refusal does
    not tell that somebody exists. Raises NotAllowed, KindMissing, ReasonMissing, ReasonTooLong; it is in the journal.
    """
    facility, kinds = facility_of(by), (NotAllowed, Invalid)
    with refusals_recorded("emergency:open", "citizen:unknown", by=by, at=at, facility_id=facility.id, kinds=kinds):
        require(by, Permission.RECORD_EMERGENCY, facility=facility)
        _kind(kind)
        _reason(reason)


def faults_of(*, kind: str, reason: str) -> Iterator[YmachError]:
    """Everything that is missing of what is said: KindMissing, ReasonMissing, ReasonTooLong."""
    for read, said in ((_kind, kind), (_reason, reason)):
        try:
            read(said)
        except YmachError as error:
            yield error


def review_faults(*, verdict: str, note: str) -> Iterator[YmachError]:
    """Everything that is missing of a review: VerdictMissing, NoteMissing, ReasonTooLong."""
    for read, said in ((_verdict, verdict), (_note, note)):
        try:
            read(said)
        except YmachError as error:
            yield error


def review(*, emergency_id: UUID, verdict: str, note: str, by: Actor, at: datetime) -> Emergency:
    """Say whether it was justified, and why. Somebody else than who opened, once.

    Raises EmergencyUnknown, OwnReview, ReviewedAlready, VerdictMissing, NoteMissing, ReasonTooLong.
    """
    found = get_emergency(by, emergency_id)
    kinds: tuple[type[YmachError], ...] = (NotAllowed,)
    with refusals_recorded(
        "emergency:review", f"emergency:{found.id}", by=by, at=at, facility_id=found.facility_id, kinds=kinds
    ):
        if found.opened_by == str(by):
            raise errors.OwnReview(permission=Permission.EMERGENCY_REVIEW.value)
    said = _verdict(verdict)
    why = _note(note)
    with transaction.atomic():
        # The journal's head first: two reviewers then have an order.
        _write("emergency:reviewed", found, {"verdict": said.value}, by=by, at=at)
        open_ones = Emergency.objects.filter(citizen_id=found.citizen_id, id=found.id, verdict=Verdict.NONE)
        changed = open_ones.update(
            verdict=said, review_note=why, reviewed_by=str(by), reviewer_label=by.label, reviewed_at=at
        )
        if not changed:
            found.refresh_from_db()
            raise errors.ReviewedAlready(reviewer=found.reviewer_label)
        if said is Verdict.NOT_JUSTIFIED:
            _tell_person(found, TOLD_WRONG, TOLD_WRONG, by=by, at=at)
    found.refresh_from_db()
    return found


def visible_to(actor: Actor) -> QuerySet[Emergency]:
    """The accesses an actor may review: its facility's, its province's, or all."""
    return Emergency.objects.filter(rows_reached(actor, Permission.EMERGENCY_REVIEW))


def listed(actor: Actor, wanted: Wanted, *, limit: int) -> list[Emergency]:
    """The worklist: to review by when it is due, otherwise the newest first."""
    rows = visible_to(actor)
    if wanted.state in {"open", "overdue"}:
        rows = rows.filter(verdict=Verdict.NONE)
        if wanted.state == "overdue":
            rows = rows.filter(review_due_at__lt=wanted.at)
        return list(rows.order_by("review_due_at", "id")[:limit])
    if wanted.state == "reviewed":
        rows = rows.exclude(verdict=Verdict.NONE)
    if wanted.state == "wrong":
        rows = rows.filter(verdict=Verdict.NOT_JUSTIFIED)
    if wanted.before is not None:
        rows = rows.filter(opened_at__lt=wanted.before)
    return list(rows.order_by("-opened_at", "-id")[:limit])


def get_emergency(by: Actor, emergency_id: UUID) -> Emergency:
    """One access, if the actor may review it. Raises EmergencyUnknown."""
    found = visible_to(by).filter(id=emergency_id).first()
    if found is None:
        raise errors.EmergencyUnknown
    return found


def of_citizens(citizens: Iterable[UUID]) -> list[Emergency]:
    """Every emergency access to a person, the newest first; for the person's own page."""
    return list(Emergency.objects.filter(citizen_id__in=list(citizens)).order_by("-opened_at")[:200])


def what_was_read(one: Emergency) -> list[AuditEvent]:
    """What was read of the person on the ground of this emergency, in order: a whole dossier stands in the journal of the
    facility that keeps it. A page that shows several identities of the person is told once."""
    ids = identities_of([one.citizen_id])
    rows = AuditEvent.objects.filter(citizen_id__in=ids, at__gte=one.opened_at, at__lt=one.ends_at)
    found = rows.filter(detail__reference=f"emergency:{one.id}").order_by("at", "number")[:200]
    return list({(event.at, event.action, event.detail.get("code")): event for event in found}.values())


def facility_of(by: Actor) -> Facility:
    """The facility for which `by` may open in an emergency. Raises NotAllowed."""
    own = [one.facility_id for one in grants_with(by, Permission.RECORD_EMERGENCY) if one.facility_id]
    found = Facility.objects.filter(pk__in=own).first()
    if found is None:
        raise NotAllowed(permission=Permission.RECORD_EMERGENCY.value)
    return found


def _opened(
    citizen_id: UUID, kind: EmergencyKind, reason: str, facility: Facility, terms: Terms, *, by: Actor, at: datetime
) -> Emergency:
    ids = identities_of([citizen_id])
    mine = Emergency.objects.filter(citizen_id__in=ids, facility_id=facility.id, opened_by=str(by), ends_at__gt=at)
    already = mine.first()
    if already is not None:
        return already
    with transaction.atomic():
        made = Emergency(
            citizen_id=citizen_id,
            facility_id=facility.id,
            facility_code=facility.code,
            province_code=facility.province_code,
            kind=kind,
            reason=reason,
            opened_by=str(by),
            label=by.label,
            opened_at=at,
            ends_at=at + terms.lasts,
            review_due_at=at + terms.review_within,
        )
        _write("emergency:opened", made, {"kind": kind.value}, by=by, at=at)
        made.save(force_insert=True)
        _tell_person(made, TOLD, IN_LETTER, by=by, at=at)
        text = TO_REVIEW.format(moment=print_moment(made.review_due_at))
        tell(to=Recipient(facility_id=facility.id), text=text, link=f"/emergencies/{made.id}", by=by, at=at)
    return made


def _write(action: str, one: Emergency, detail: dict[str, str], *, by: Actor, at: datetime) -> None:
    event = Event(
        at=at,
        actor=str(by),
        action=action,
        subject=f"emergency:{one.id}",
        basis="emergency",
        citizen_id=one.citizen_id,
        detail=detail,
    )
    record(event, facility_id=one.facility_id)


def _tell_person(one: Emergency, text: Text, letter: Text, *, by: Actor, at: datetime) -> None:
    """A notice to every account of the person, and of who acts for them; their own pages show it in any case."""
    reason = one.reason.rstrip(". ")  # the sentence around it has a full stop of its own
    values = {"facility": one.facility_code, "moment": print_moment(one.opened_at), "reason": reason}
    said, written = text.format(**values), letter.format(**values)
    book: Any = {"link": "/records", "citizen_id": one.citizen_id}
    for user_id, is_own in accounts_of(one.citizen_id, on=vietnam_day(at)).items():
        words, body = (said, written) if is_own else (_for_another(said), _for_another(written))
        to = Recipient(user_id=user_id)
        tell(to=to, text=words, **book, is_own=is_own, by=by, at=at, letter=True, letter_text=body)


def _for_another(said: Text) -> Text:
    return Text(FOR_ANOTHER.vi.format(said=said.vi), FOR_ANOTHER.en.format(said=said.en))


def _kind(text: str) -> EmergencyKind:
    if text not in EmergencyKind:
        raise errors.KindMissing(field="kind")
    return EmergencyKind(text)


def _reason(text: str) -> str:
    tidy = " ".join(text.split())
    if sum(letter.isalpha() for letter in tidy) < LEAST_WORDS:
        raise errors.ReasonMissing(field="reason", least=LEAST_WORDS)
    if len(tidy) > LONGEST:
        raise errors.ReasonTooLong(field="reason", most=LONGEST)
    return tidy


def _verdict(text: str) -> Verdict:
    if not text or text not in Verdict:
        raise errors.VerdictMissing(field="verdict")
    return Verdict(text)


def _note(text: str) -> str:
    tidy = text.strip()
    if not tidy:
        raise errors.NoteMissing(field="note")
    if len(tidy) > LONGEST:
        raise errors.ReasonTooLong(field="note", most=LONGEST)
    return tidy
