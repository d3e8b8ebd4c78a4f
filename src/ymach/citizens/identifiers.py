"""The numbers a person has and had: one more, one that ended, one that turns out to be somebody else's.

A number names one person at a time. One that ended stays with its person and still finds them (a cancelled personal number
stands in old papers and in the code of the new card: Decree 70/2024/NĐ-CP). Only a recorded decision gives it to another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, may
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.citizens.errors import NumberEnded, NumberNotHeld, NumberReasonMissing, NumberTaken
from ymach.citizens.identify import Key
from ymach.citizens.keeping import blind_key, opened_value, sealed_value
from ymach.citizens.models import Identifier, IdentifierDecision, IdentifierKind
from ymach.facilities.access import is_trusted

BASIS = "Law 26/2023/QH15 art. 12; Decree 102/2025/NĐ-CP art. 6"


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a person. value: in the clear, empty for a facility's own; until: None while in force."""

    kind: IdentifierKind
    value: str = field(repr=False)
    since: datetime
    until: datetime | None
    source: str
    ended_reason: str


def numbers_of_person(citizen_id: UUID) -> list[Number]:
    """Everything a person is or was known by, what is in force first, the newest first."""
    rows = Identifier.objects.filter(citizen_id=citizen_id)
    found = [
        Number(IdentifierKind(one.kind), _shown(one), one.since, one.until, one.source, one.ended_reason)
        for one in rows
    ]
    return sorted(found, key=lambda one: (one.until is not None, -one.since.timestamp(), one.kind))


def add(citizen_id: UUID, key: Key, *, source: str, by: Actor, at: datetime) -> None:
    """One more number of a person, e.g. the new one after a corrected birth year. Adding it again changes nothing.

    source: who says so. Raises NotAllowed, NumberTaken where another person holds it.
    """
    _require(by, Permission.IDENTITY_DESK)
    kind, value = blind_key(key)
    with transaction.atomic():
        held, is_new = Identifier.objects.get_or_create(
            kind=kind,
            value=value,
            defaults={"citizen_id": citizen_id, "since": at, "source": source, "sealed": sealed_value(key, value)},
        )
        if held.citizen_id != citizen_id:
            raise NumberTaken
        if is_new:
            _tell("number-added", citizen_id, kind, by=by, at=at)


def end(citizen_id: UUID, key: Key, *, reason: str, by: Actor, at: datetime) -> None:
    """A number that is not in force any more; it goes on finding its person.

    Raises NotAllowed, NumberNotHeld, NumberEnded, NumberReasonMissing.
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

    Raises NotAllowed, NumberNotHeld, NumberReasonMissing.
    """
    _require(by, Permission.IDENTITY_MATCH)
    why = _why(reason)
    with transaction.atomic():
        held = _held(citizen_id, key)
        _decided(held, to_citizen_id, why, by=by, at=at)
        moved = {"citizen_id": to_citizen_id, "since": at, "until": None, "ended_reason": "", "source": "decision"}
        Identifier.objects.filter(kind=held.kind, value=held.value).update(**moved)
        for person in (citizen_id, to_citizen_id):
            _tell("number-moved", person, held.kind, by=by, at=at)


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


def _shown(one: Identifier) -> str:
    return opened_value(one.kind, one.value, bytes(one.sealed)) if one.sealed else ""


def _why(reason: str) -> str:
    if not reason.strip():
        raise NumberReasonMissing(field="reason")
    return reason.strip()


def _require(by: Actor, word: Permission) -> None:
    if not is_trusted(by) and not may(by, word):
        raise NotAllowed(permission=word.value)
