"""Opening a whole dossier from the kept bytes, under the same gate as everything else of a person.

The reading stands in the journal of the facility whose dossier it is. What lies in a restricted compartment is withheld:
the reader is told that something is, not what (Law 64/2006/QH11 art. 30, amended by Law 71/2020/QH14).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor, ActorKind
from ymach.clinical.dossier import Dossier
from ymach.consent.rules import COMPARTMENTS, Decision, Facts, LawBasis, Purpose, Question, ReferralFact, decide
from ymach.exchange import queries
from ymach.exchange.contents import dossiers_of
from ymach.exchange.models import Submission
from ymach.exchange.reading import gate
from ymach.exchange.reading.errors import RecordNotOpen
from ymach.exchange.reading.facts import is_treating
from ymach.exchange.reading.gate import Opened
from ymach.exchange.reading.queries import ask_entries
from ymach.exchange.records import compartment_of
from ymach.facilities.models import Facility

READ, REFUSED = "dossier:read", "dossier:read:refused"
KEEPER = "15/2023/QH15, Điều 69: nơi lưu giữ hồ sơ"
"""The software of the facility that made and signed a dossier keeps it; giving it back discloses nothing."""


@dataclass(frozen=True, slots=True)
class Whose:
    """A dossier in one version: its facility, the submission that brought it, its code.

    compartment: the restricted one it was kept in, where the caller knows; the content is looked at in any case.
    """

    facility_id: UUID
    submission_id: UUID
    code: str
    compartment: str = ""


@dataclass(frozen=True, slots=True)
class OpenedDossier:
    """A dossier as it may be shown. dossier: None where it is withheld; submission: what brought it."""

    submission: Submission
    dossier: Dossier | None
    opened: Opened


def read_dossier(
    whose: Whose,
    *,
    citizen_id: UUID,
    purpose: Purpose,
    part: str,
    by: Actor,
    at: datetime,
    lent: Iterable[ReferralFact] = (),
    facility_id: UUID | None = None,
) -> OpenedDossier:
    """A dossier of a person for whoever has a basis to read it; all of its records must be open to the reader.

    lent: what is opened for this one reading beside. facility_id: for which facility `by` reads, where it is not the only
    one. Raises NotAllowed, ReadingRefused, RecordNotOpen where it is gone.
    """
    reader = gate.reader_of(by, purpose, facility_id=facility_id)
    opened = gate.consider(citizen_id, reader=reader, purpose=purpose, at=at, lent=lent)
    submission = Submission.objects.filter(facility_id=whose.facility_id, id=whose.submission_id).first()
    if submission is None:
        raise RecordNotOpen
    dossier = next((one for one in dossiers_of(queries.content_of(submission)) if one.code == whose.code), None)
    owner, kinds = _owner_and_kinds(opened, whose, submission)
    if dossier is None or owner is None:
        raise RecordNotOpen
    compartment = compartment_of(dossier) or whose.compartment
    shown = opened.decision.allowed and _covers(opened.decision, whose, dossier, compartment, kinds)
    _, reference = gate.ground_of(opened.decision)
    detail = {"code": whose.code, "part": part, "purpose": purpose.value, "reference": reference}
    is_told = shown or (opened.decision.allowed and bool(compartment))
    _note(READ if is_told else REFUSED, whose, owner, opened.decision, {**detail, "withheld": not shown}, by, at)
    if not is_told:
        raise gate.refusal_of(opened.decision) if not opened.decision.allowed else RecordNotOpen
    return OpenedDossier(submission, dossier if shown else None, opened)


def read_own(
    submission: Submission, dossiers: Sequence[Dossier], *, part: str, by: Actor, at: datetime
) -> list[Dossier | None]:
    """Dossiers of one submission for the facility that sent them, None for each that is withheld from this reader.

    Whoever treats the person reads their own restricted records too; later only the facility's software keeps them.
    Raises NotAllowed.
    """
    place = Facility(id=submission.facility_id, province_code=submission.province_code)
    require(by, Permission.RECORD_READ, facility=place)
    people = dict(queries.records_of_submission(submission).values_list("dossier_code", "citizen_id"))
    shown: list[Dossier | None] = []
    for dossier in dossiers:
        citizen_id = people.get(dossier.code)
        decision = _own_decision(submission, dossier, citizen_id, by=by, at=at)
        is_open = _opens_own(decision, submission, dossier)
        whose = Whose(submission.facility_id, submission.id, dossier.code)
        detail = {"code": dossier.code, "part": part, "withheld": not is_open}
        _note(READ, whose, citizen_id, decision, detail, by, at)
        shown.append(dossier if is_open else None)
    return shown


def _own_decision(
    submission: Submission, dossier: Dossier, citizen_id: UUID | None, *, by: Actor, at: datetime
) -> Decision:
    mine = submission.facility_id
    restricted = compartment_of(dossier) and citizen_id is not None
    treating = bool(restricted and citizen_id and is_treating(ask_entries([citizen_id])(), mine, at))
    keeper = LawBasis(
        KEEPER,
        frozenset({Purpose.TREATMENT}),
        since=submission.received_at,
        facilities=frozenset({mine}),
        compartments=COMPARTMENTS,
    )
    laws = (keeper,) if by.kind is ActorKind.MACHINE else ()
    ids = frozenset({citizen_id} if citizen_id else ())
    question = Question(at, Purpose.TREATMENT, ids, reader_facility_id=mine)
    return decide(question, Facts(own_facility=True, treating=treating, law_bases=laws))


def _opens_own(decision: Decision, submission: Submission, dossier: Dossier) -> bool:
    return decision.opens(kind="visit", facility_id=submission.facility_id, compartment=compartment_of(dossier))


def _owner_and_kinds(opened: Opened, whose: Whose, submission: Submission) -> tuple[UUID | None, set[str]]:
    """Which identity of the person the dossier is of, and of what kinds its records are, shown to the reader or not.

    Nobody where it is not this person's: an address that mixes two persons opens neither.
    """
    rows = queries.records_of_submission(submission).filter(dossier_code=whose.code).values_list("citizen_id", "kind")
    kept = list(rows)
    return next((one for one, _ in kept if one in opened.citizen_ids), None), {kind for _, kind in kept}


def _covers(decision: Decision, whose: Whose, dossier: Dossier, compartment: str, kept: set[str]) -> bool:
    """Whether every record of the dossier is open: it is shown whole or not at all."""
    kinds = kept | {dossier.kind}
    return all(decision.opens(kind=kind, facility_id=whose.facility_id, compartment=compartment) for kind in kinds)


def _note(
    action: str,
    whose: Whose,
    citizen_id: UUID | None,
    decision: Decision,
    detail: dict[str, Any],
    by: Actor,
    at: datetime,
) -> None:
    event = Event(
        at=at,
        actor=str(by),
        action=action,
        subject=f"submission:{whose.submission_id}",
        basis=gate.ground_of(decision)[0],
        citizen_id=citizen_id,
        detail=detail,
    )
    with transaction.atomic():
        record(event, facility_id=whose.facility_id)
