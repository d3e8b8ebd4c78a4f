"""The one gate of every reading: facts, decision, journal, and what may be seen.

Whoever shows something of a person comes through here, by page or by program. The event is written before anything is
given, in the transaction of the reading; a refusal is written too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import REGISTRY, Journal, day_of
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotAllowed
from ymach.base.text import Text
from ymach.consent.rules import Basis, Decision, Purpose, Question, ReferralFact, decide
from ymach.exchange.health_books import KIND as HEALTH_BOOK
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.errors import ReadingRefused
from ymach.exchange.reading.facts import Known, gather, gather_for_citizen
from ymach.exchange.reading.summary import Summary, summarise
from ymach.facilities.queries import grants_with

READ, REFUSED = "patient:read", "patient:read:refused"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a facility, or a citizen for themselves or somebody they act for."""

    facility_id: UUID | None = None
    citizen_id: UUID | None = None

    @property
    def journal(self) -> UUID:
        """The facility in whose journal the reading of a person is written."""
        return self.facility_id or REGISTRY


@dataclass(frozen=True)
class Opened:
    """What a reader may see of a person. entries: the newest first.

    withheld: compartments of which something is not shown; is_narrowed: other records are not. A reader is told one
    sentence for both: that something is withheld, not what (`is_partial`).
    """

    citizen_id: UUID
    citizen_ids: frozenset[UUID]
    decision: Decision
    at: datetime
    entries: tuple[Entry, ...] = ()
    withheld: frozenset[str] = frozenset()
    is_narrowed: bool = False

    @property
    def is_partial(self) -> bool:
        return bool(self.withheld) or self.is_narrowed

    @cached_property
    def summary(self) -> Summary:
        """The person on one screen."""
        day = vietnam_day(self.at)
        return summarise(self.entries, today=day, withheld=self.withheld, is_narrowed=self.is_narrowed)


def reader_of(by: Actor, purpose: Purpose, *, facility_id: UUID | None = None) -> Reader:
    """The facility (that one, where it is said) or the citizen for whom `by` reads. Raises NotAllowed."""
    word = Permission.RECORD_READ_OWN if purpose is Purpose.OWN else Permission.RECORD_READ
    require(by, word)
    for grant in grants_with(by, word):
        if purpose is Purpose.OWN and grant.citizen_id is not None:
            return Reader(citizen_id=grant.citizen_id)
        is_place = grant.facility_id is not None and facility_id in {None, grant.facility_id}
        if purpose is not Purpose.OWN and is_place:
            return Reader(facility_id=grant.facility_id)
    raise NotAllowed(permission=word.value)


def read(citizen_id: UUID, *, purpose: Purpose, part: str, by: Actor, at: datetime) -> Opened:
    """What `by` may see of a person, with the reading in the journal.

    part: what is shown ("summary", "records", …). at: aware. Raises NotAllowed; ReadingRefused, which is in the journal.
    """
    reader = reader_of(by, purpose)
    with transaction.atomic():
        opened = consider(citizen_id, reader=reader, purpose=purpose, at=at)
        detail = {"part": part, "purpose": purpose.value}
        journal = Journal(reader.journal, day_of(at))
        event = event_of(opened, READ if opened.decision.allowed else REFUSED, detail, by=by)
        with pg.together(commit=True):
            journal.add(_for_each_identity(event, opened))
    if not opened.decision.allowed:
        raise refusal_of(opened.decision)
    return opened


def consider(
    citizen_id: UUID, *, reader: Reader, purpose: Purpose, at: datetime, lent: Iterable[ReferralFact] = ()
) -> Opened:
    """What a reader may see, before anything is shown or written. lent: what is opened for this one reading beside."""
    known = _known(citizen_id, reader, at)
    facts = known.facts_with(lent)
    question = Question(at, purpose, known.citizen_ids, reader.facility_id, reader.citizen_id)
    decision = decide(question, facts)
    shown = tuple(one for one in known.entries if is_open(decision, one))
    hidden = [one for one in known.entries if not is_open(decision, one)]
    withheld = frozenset(one.compartment for one in hidden if one.compartment)
    is_narrowed = any(not one.compartment for one in hidden)
    return Opened(citizen_id, known.citizen_ids, decision, at, shown, withheld, is_narrowed)


def is_open(decision: Decision, entry: Entry) -> bool:
    """Whether a record may be shown. Who treats under a referral is told of allergies, whoever wrote them down."""
    if decision.opens(kind=entry.kind, facility_id=entry.facility_id, compartment=entry.compartment):
        return True
    is_book = entry.kind == HEALTH_BOOK and not entry.compartment
    referred = (one for one in decision.openings if one.basis is Basis.REFERRAL)
    return is_book and any(one.kinds is None or HEALTH_BOOK in one.kinds for one in referred)


def event_of(opened: Opened, action: str, detail: dict[str, Any], *, by: Actor) -> Event:
    """What the journal says of something done with a person's records."""
    decision = opened.decision
    basis, reference = ground_of(decision)
    said = {**detail, "reference": reference, "partial": opened.is_partial} if decision.allowed else detail
    return Event(
        at=opened.at,
        actor=str(by),
        action=action,
        subject=f"citizen:{opened.citizen_id}",
        basis=basis,
        citizen_id=opened.citizen_id,
        detail=said,
    )


def ground_of(decision: Decision) -> tuple[str, str]:
    """Basis and reference for the journal, or the code of a refusal. An emergency is named whatever else holds: a narrower
    basis beside it must not hide from the review what the emergency opened."""
    urgent = next((one for one in decision.openings if one.basis is Basis.EMERGENCY), None)
    if urgent is not None:
        return urgent.basis.value, urgent.reference
    return (decision.basis.value if decision.basis else decision.code), decision.reference


def _for_each_identity(event: Event, opened: Opened) -> list[Event]:
    """The event, told of every identity whose records were shown: should a link be undone, each goes on knowing who read."""
    others = {one.citizen_id for one in opened.entries} - {opened.citizen_id}
    return [event, *(replace(event, citizen_id=one, subject=f"citizen:{one}") for one in sorted(others))]


def refusal_of(decision: Decision) -> ReadingRefused:
    """The refusal as an error."""
    return ReadingRefused(reason=decision.code, why=decision.refusal or Text("", ""))


def _known(citizen_id: UUID, reader: Reader, at: datetime) -> Known:
    if reader.facility_id is not None:
        return gather(citizen_id, facility_id=reader.facility_id, at=at)
    return gather_for_citizen(citizen_id, reader_id=reader.citizen_id or REGISTRY, at=at)
