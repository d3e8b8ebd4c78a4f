"""The numbers a person has and had: one more, one that ended, one that turns out to be somebody else's.

A number names one person at a time. One that ended stays with its person and still finds them (a cancelled personal number
stands in old papers and in the code of the new card: Decree 70/2024/NĐ-CP). Only a recorded decision gives it to another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ymach.accounts.permissions import Permission, may
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.citizens.errors import (
    NumberEnded,
    NumberNotHeld,
    NumberOwn,
    NumberReasonLong,
    NumberReasonMissing,
    NumberTaken,
)
from ymach.citizens.identify import Key
from ymach.citizens.keeping import blind_key, opened_value, sealed_value
from ymach.citizens.links.evidence import Kind as Evidence
from ymach.citizens.models import Identifier, IdentifierDecision, IdentifierKind
from ymach.citizens.telling import tell_person
from ymach.facilities.access import is_trusted

LONGEST_REASON = 1000
BASIS = "Law 26/2023/QH15 art. 12; Decree 102/2025/NĐ-CP art. 6"
_TOLD = {
    "number-added": Text(
        "Một số giấy tờ vừa được ghi thêm cho bạn hoặc người mà bạn đại diện. Không đúng thì gửi yêu cầu sửa.",
        "A number was added for you or somebody you act for. If it is wrong, ask to correct it.",
    ),
    "number-ended": Text(
        "Một số giấy tờ của bạn hoặc người mà bạn đại diện vừa được ghi là hết hiệu lực. Không đúng thì gửi yêu cầu sửa.",
        "A number of yours or of somebody you act for was written down as ended. If it is wrong, ask to correct it.",
    ),
    "number-moved": Text(
        "Theo quyết định của Sở Y tế, một số giấy tờ vừa được chuyển giữa bạn (hoặc người mà bạn đại diện) và một người "
        "khác. Không đúng thì gửi yêu cầu sửa.",
        "By decision of the department of health a number was moved between you (or somebody you act for) and another "
        "person. If it is wrong, ask to correct it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a person. value: in the clear, empty for a facility's own; until: None while in force.

    source: who stated it, "facility:<id>", "department:<province>" or a word; evidence: the paper that showed it, where
    a desk added it.
    """

    kind: IdentifierKind
    value: str = field(repr=False)
    since: datetime
    until: datetime | None
    source: str
    ended_reason: str
    evidence: Evidence | None = None

    @property
    def key(self) -> Key:
        return self.kind.value, self.value


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a number: that it ended (to_citizen_id None), or whose it is. value: in the clear."""

    kind: IdentifierKind
    value: str = field(repr=False)
    citizen_id: UUID
    to_citizen_id: UUID | None
    reason: str
    decided_by_label: str
    decided_at: datetime


def numbers_of_person(citizen_id: UUID) -> list[Number]:
    """Everything a person is or was known by, what is in force first, the newest first."""
    rows = Identifier.objects.filter(citizen_id=citizen_id)
    return sorted(map(_number, rows), key=lambda one: (one.until is not None, -one.since.timestamp(), one.kind))


def decisions_about(citizen_id: UUID) -> list[Decision]:
    """What was decided about numbers that the person had or was given, the newest first."""
    rows = IdentifierDecision.objects.filter(Q(citizen_id=citizen_id) | Q(to_citizen_id=citizen_id))
    found = list(rows.order_by("-decided_at", "-decision_id"))
    held = Identifier.objects.filter(kind__in={one.kind for one in found}, value__in={one.value for one in found})
    values = {(one.kind, one.value): _shown(one) for one in held}
    return [
        Decision(
            kind=IdentifierKind(one.kind),
            value=values.get((one.kind, one.value), ""),
            citizen_id=one.citizen_id,
            to_citizen_id=one.to_citizen_id,
            reason=one.reason,
            decided_by_label=one.decided_by_label,
            decided_at=one.decided_at,
        )
        for one in found
    ]


def add(citizen_id: UUID, key: Key, *, source: str, evidence: Evidence | None = None, by: Actor, at: datetime) -> None:
    """One more number of a person, e.g. the new one after a corrected birth year. Adding it again changes nothing.

    source: who says so, as `Number` has it; evidence: the paper seen. Raises NotAllowed, NumberTaken where another person
    holds it, NumberEnded where it is this person's and has ended.
    """
    _require(by, Permission.IDENTITY_DESK)
    kind, value = blind_key(key)
    source = f"{source} {evidence.value}" if evidence else source
    with transaction.atomic():
        held, is_new = Identifier.objects.get_or_create(
            kind=kind,
            value=value,
            defaults={"citizen_id": citizen_id, "since": at, "source": source, "sealed": sealed_value(key, value)},
        )
        if held.citizen_id != citizen_id:
            raise NumberTaken(field="number")
        if held.until is not None:
            raise NumberEnded(field="number")
        if is_new:
            _tell("number-added", citizen_id, kind, by=by, at=at)


def end(citizen_id: UUID, key: Key, *, reason: str, by: Actor, at: datetime) -> None:
    """A number that is not in force any more; it goes on finding its person.

    Raises NotAllowed, NumberNotHeld, NumberEnded, NumberReasonMissing, NumberReasonLong.
    """
    _require(by, Permission.IDENTITY_DESK)
    why = _why(reason)
    with transaction.atomic():
        held = _held(citizen_id, key)
        if held.until is not None:
            raise NumberEnded
        _decided(held, None, why, by=by, at=at)
        Identifier.objects.filter(kind=held.kind, value=held.value).update(until=at, ended_reason=why)
        _tell("number-ended", citizen_id, held.kind, by=by, at=at)


def move(citizen_id: UUID, to_citizen_id: UUID, key: Key, *, reason: str, by: Actor, at: datetime) -> None:
    """Give a number to whom it belongs, by decision: what was written under it stays where it is.

    A facility's desk does not decide between two persons: the department does. Raises NotAllowed, NumberOwn,
    NumberNotHeld, NumberReasonMissing, NumberReasonLong.
    """
    if not may_move(by):
        raise NotAllowed(permission=Permission.IDENTITY_MATCH.value)
    why = _why(reason)
    if citizen_id == to_citizen_id:
        raise NumberOwn(field="number")
    with transaction.atomic():
        held = _held(citizen_id, key)
        _decided(held, to_citizen_id, why, by=by, at=at)
        moved = {"citizen_id": to_citizen_id, "since": at, "until": None, "ended_reason": "", "source": "decision"}
        Identifier.objects.filter(kind=held.kind, value=held.value).update(**moved)
        for person in (citizen_id, to_citizen_id):
            _tell("number-moved", person, held.kind, by=by, at=at)


def may_move(by: Actor) -> bool:
    """Whether somebody may say that a number is another person's: a department, or the operator."""
    word = Permission.IDENTITY_MATCH.value
    return is_trusted(by) or any(
        word in grant.permissions and not (grant.facility_id or grant.practitioner_id or grant.citizen_id)
        for grant in by.grants
    )


def _held(citizen_id: UUID, key: Key) -> Identifier:
    kind, value = blind_key(key)
    found = Identifier.objects.select_for_update().filter(kind=kind, value=value, citizen_id=citizen_id).first()
    if found is None:
        raise NumberNotHeld
    return found


def _decided(held: Identifier, to: UUID | None, why: str, *, by: Actor, at: datetime) -> None:
    IdentifierDecision.objects.create(
        kind=held.kind,
        value=held.value,
        citizen_id=held.citizen_id,
        to_citizen_id=to,
        held_since=held.since,
        reason=why,
        decided_by=str(by),
        decided_by_label=by.label,
        decided_at=at,
    )


def _tell(act: str, citizen_id: UUID, kind: str, *, by: Actor, at: datetime) -> None:
    facility = next((grant.facility_id for grant in by.grants if grant.facility_id), REGISTRY)
    subject = f"citizen:{citizen_id}"
    event = Event(at, str(by), f"identity:{act}", subject, BASIS, citizen_id=citizen_id, detail={"kind": kind})
    record(event, facility_id=facility)
    if not is_trusted(by):
        tell_person(citizen_id, _TOLD[act], link="/records/readers", by=by, at=at)


def _number(one: Identifier) -> Number:
    source, _, evidence = one.source.partition(" ")
    return Number(
        IdentifierKind(one.kind),
        _shown(one),
        one.since,
        one.until,
        source,
        one.ended_reason,
        Evidence(evidence) if evidence else None,
    )


def _shown(one: Identifier) -> str:
    return opened_value(one.kind, one.value, bytes(one.sealed)) if one.sealed else ""


def _why(reason: str) -> str:
    if not reason.strip():
        raise NumberReasonMissing(field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise NumberReasonLong(field="reason", limit=LONGEST_REASON)
    return reason.strip()


def _require(by: Actor, word: Permission) -> None:
    if not is_trusted(by) and not may(by, word):
        raise NotAllowed(permission=word.value)
