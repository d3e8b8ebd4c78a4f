"""Joining identities and taking them apart again; saying on what evidence we are surer of one.

Each write is one transaction with an event for every identity it concerns in the journal. Who may link which identities is
asked by the caller (`citizens.provisional.access` for a desk, the worklist of pairs for a department): here stands only that
nobody without one of the two words does.

Locks are taken in this order: links (`one_after_another`), the journal. A caller whose transaction writes to a journal before
it links takes the lock of links first.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ymach.accounts.permissions import Permission, may
from ymach.audit.actions import REGISTRY, Journal, day_of
from ymach.audit.chain import Event
from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.citizens.links.errors import (
    AlreadyJoined,
    IdentityNotFound,
    LinkNotFound,
    ReasonMissing,
    ReferenceMissing,
    SameIdentity,
    TextTooLong,
)
from ymach.citizens.links.evidence import LONGEST_REFERENCE, Evidence, Kind
from ymach.citizens.links.models import Assurance, Link
from ymach.citizens.links.queries import are_joined, context_of, holding_link, level_of
from ymach.citizens.models import Citizen
from ymach.citizens.telling import tell_person
from ymach.facilities.access import is_trusted
from ymach.facilities.models import Facility

BASIS = "Law 15/2023/QH15 art. 69; Decree 102/2025/NĐ-CP art. 6"
LONGEST_REASON = 1000
_JOINED = Text(
    "{place} vừa nối một danh tính khác với hồ sơ của bạn hoặc của người mà bạn đại diện. Không đúng thì gửi yêu cầu sửa.",
    "{place} has linked another identity with your records or those of somebody you act for. If it is wrong, ask to correct it.",
)
_DEPARTMENT = Text("Sở Y tế", "The department of health")
_LOCK = 0x59_4D_4C_4B
"""Links are made one after another: two at once could close a ring. A few thousand a day in the whole country."""


def link(citizen_id: UUID, to_citizen_id: UUID, *, evidence: Evidence, reason: str, by: Actor, at: datetime) -> Link:
    """Say that `citizen_id` is the same person as `to_citizen_id`; every reader of either reads both from now on.

    The evidence raises how sure we are of `citizen_id`. Nothing is moved. Raises NotAllowed, IdentityNotFound,
    SameIdentity, AlreadyJoined, ReasonMissing, ReferenceMissing, TextTooLong.
    """
    why = _reason(reason)
    _check_evidence(evidence)
    _require_word(by)
    if citizen_id == to_citizen_id:
        raise SameIdentity
    with transaction.atomic():
        one_after_another()
        if Citizen.objects.filter(pk__in=[citizen_id, to_citizen_id]).count() < 2:
            raise IdentityNotFound
        if are_joined(citizen_id, to_citizen_id):
            raise AlreadyJoined
        made = Link(citizen_id=citizen_id, to_citizen_id=to_citizen_id, facility_id=_desk_of(by), since=at, by=str(by))
        made.evidence, made.reason = evidence.kind.value, why
        made.reference = sealing.seal_text(evidence.reference, context=context_of(Link, made.id))
        made.save(force_insert=True)
        _note(made, "linked", by=by, at=at)
        _tell(made, by=by, at=at)
        _raise(citizen_id, evidence, link_id=made.id, by=by, at=at)
    return made


def unlink(citizen_id: UUID, to_citizen_id: UUID, *, reason: str, by: Actor, at: datetime) -> Link:
    """Take the two apart: what was written under each stays there, whenever it was written.

    What the link's evidence had raised is withdrawn with it. Raises NotAllowed, LinkNotFound, ReasonMissing, TextTooLong.
    """
    why = _reason(reason)
    _require_word(by)
    with transaction.atomic():
        one_after_another()
        held = holding_link(citizen_id, to_citizen_id)
        if held is None:
            raise LinkNotFound
        held.undone_at, held.undone_by, held.undone_why = at, str(by), why
        held.save(force_update=True, update_fields=["undone_at", "undone_by", "undone_why"])
        given = Assurance.objects.filter(citizen_id=held.citizen_id, link_id=held.id, withdrawn_at=None)
        given.update(withdrawn_at=at, withdrawn_by=str(by), withdrawn_why=why)
        _note(held, "unlinked", by=by, at=at)
    return held


def assure(citizen_id: UUID, *, evidence: Evidence, by: Actor, at: datetime) -> bool:
    """Evidence about one identity alone, e.g. its card was read at the desk: raises how sure we are, never lowers it.

    Returns whether it did. Raises NotAllowed, IdentityNotFound, ReferenceMissing, TextTooLong.
    """
    _check_evidence(evidence)
    _require_word(by)
    with transaction.atomic():
        if not Citizen.objects.filter(pk=citizen_id).exists():
            raise IdentityNotFound
        raised = _raise(citizen_id, evidence, link_id=None, by=by, at=at)
        if raised:
            detail = {"evidence": evidence.kind.value, "level": evidence.level.value if evidence.level else ""}
            event = _event("assured", citizen_id, detail, by=by, at=at)
            Journal(_desk_of(by) or REGISTRY, day_of(at)).add([event])
    return raised


def note(
    citizen_id: UUID, act: str, detail: dict[str, str], *, facility_id: UUID | None, by: Actor, at: datetime
) -> None:
    """An event about one identity in the journal, e.g. that somebody looked at what a link would join."""
    with transaction.atomic():
        Journal(facility_id or REGISTRY, day_of(at)).add([_event(act, citizen_id, detail, by=by, at=at)])


def _raise(citizen_id: UUID, evidence: Evidence, *, link_id: UUID | None, by: Actor, at: datetime) -> bool:
    level = evidence.level
    if level is None or level.rank <= level_of(citizen_id).rank:
        return False
    row = Assurance(citizen_id=citizen_id, level=level.value, evidence=evidence.kind.value, link_id=link_id)
    row.since, row.by = at, str(by)
    row.reference = sealing.seal_text(evidence.reference, context=context_of(Assurance, row.id))
    row.save(force_insert=True)
    return True


def _note(row: Link, act: str, *, by: Actor, at: datetime) -> None:
    """Both persons find it in their journal."""
    journal = Journal(row.facility_id or REGISTRY, day_of(at))
    pairs = [(row.citizen_id, row.to_citizen_id), (row.to_citizen_id, row.citizen_id)]
    journal.add(
        _event(act, one, {"other": str(other), "link": str(row.id), "evidence": row.evidence}, by=by, at=at)
        for one, other in pairs
    )


def _tell(made: Link, *, by: Actor, at: datetime) -> None:
    """What people join opens one identity's readers the other: both are told, and can object."""
    if is_trusted(by):
        return
    desks = Facility.objects.filter(pk__in=[one for one in (made.facility_id,) if one])
    name = desks.values_list("name", flat=True).first()
    place = Text(name, name) if name else _DEPARTMENT
    text = Text(_JOINED.vi.format(place=place.vi), _JOINED.en.format(place=place.en))
    tell_person(made.to_citizen_id, text, link="/records/readers", by=by, at=at)


def _event(act: str, citizen_id: UUID, detail: dict[str, str], *, by: Actor, at: datetime) -> Event:
    subject = f"citizen:{citizen_id}"
    return Event(at, str(by), f"identity:{act}", subject, BASIS, citizen_id=citizen_id, detail=detail)


def _require_word(by: Actor) -> None:
    if not is_trusted(by) and not may(by, Permission.IDENTITY_DESK) and not may(by, Permission.IDENTITY_MATCH):
        raise NotAllowed(permission=Permission.IDENTITY_DESK.value)


def _desk_of(by: Actor) -> UUID | None:
    """The facility for whose desk somebody works, if for one."""
    word = Permission.IDENTITY_DESK.value
    return next((grant.facility_id for grant in by.grants if word in grant.permissions), None)


def _check_evidence(evidence: Evidence) -> None:
    if not evidence.reference.strip() and evidence.kind not in {Kind.BIRTH, Kind.MATCHING}:
        raise ReferenceMissing(field="reference")
    if len(evidence.reference) > LONGEST_REFERENCE:
        raise TextTooLong(field="reference", limit=LONGEST_REFERENCE)


def _reason(text: str) -> str:
    kept = text.strip()
    if not kept:
        raise ReasonMissing(field="reason")
    if len(kept) > LONGEST_REASON:
        raise TextTooLong(field="reason", limit=LONGEST_REASON)
    return kept


def one_after_another() -> None:
    """Wait for other links to be made; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
