"""Reading under a referral: the referring dossier by who receives, the receiver's visit by who referred, nothing else.

Every reading is in the journal of the facility whose dossier it is, with its basis. What lies in a restricted compartment
is withheld: the reader is told that something is, not what (Law 64/2006/QH11 art. 30, amended by Law 71/2020/QH14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.clinical.dossier import Dossier
from ymach.exchange import queries as submissions
from ymach.exchange.contents import dossiers_of
from ymach.exchange.health_books import KnownAllergy, allergies_of
from ymach.exchange.models import Submission
from ymach.exchange.records import compartment_of
from ymach.exchange.referrals import queries, rules
from ymach.exchange.referrals.errors import NothingToRead
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility

TREATMENT = "Law 15/2023/QH15 art. 69; Decree 102/2025/NĐ-CP art. 10: treatment under a referral"
FEEDBACK = "Law 15/2023/QH15 art. 69: the receiver's answer to the facility that referred"
PAPER, RECORDS, VISIT = "paper", "records", "visit"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is shown. dossier: None where it is withheld. allergies: what all dossiers of the person say of them."""

    referral: Referral
    dossier: Dossier | None
    allergies: list[KnownAllergy]

    @property
    def is_withheld(self) -> bool:
        return self.dossier is None


def open_for_receiver(referral_id: UUID, *, part: str, by: Actor, at: datetime) -> Opened:
    """The referring dossier and the person's allergies, for who treats them. part: what of it is shown ("paper", "records").

    Raises ReferralNotFound, NotAllowed, NothingToRead (declined, withdrawn, or the answer is too old).
    """
    found, side = queries.get_referral(by, referral_id)
    if side != queries.IN or found.receiver_id is None or not rules.may_read(found, at):
        raise NothingToRead
    here = Facility(id=found.receiver_id, province_code=found.receiver_province_code)
    require(by, Permission.RECORD_READ, facility=here)
    allergies = allergies_of([found.citizen_id])
    whose = (found.facility_id, found.submission_id, found.dossier_code)
    dossier = None if found.compartment else _dossier(*whose)
    _note(found, whose, TREATMENT, part, by=by, at=at)
    return Opened(found, dossier, allergies)


def open_for_sender(referral_id: UUID, *, by: Actor, at: datetime) -> Opened:
    """The receiver's own dossier of the visit, where the answer lets the sender read it. Raises as above."""
    found, side = queries.get_referral(by, referral_id)
    may_read = found.may_read_visit and found.state in {rules.ANSWERED, rules.CLOSED}
    if side != queries.OUT or found.receiver_id is None or found.arrival_submission_id is None or not may_read:
        raise NothingToRead
    require(by, Permission.RECORD_READ, facility=Facility(id=found.facility_id, province_code=found.province_code))
    whose = (found.receiver_id, found.arrival_submission_id, found.arrival_dossier_code)
    dossier = _dossier(*whose)
    _note(found, whose, FEEDBACK, VISIT, by=by, at=at)
    return Opened(found, None if compartment_of(dossier) else dossier, [])


def _dossier(facility_id: UUID, submission_id: UUID, code: str) -> Dossier:
    submission = Submission.objects.filter(facility_id=facility_id, id=submission_id).first()
    if submission is None:
        raise NothingToRead
    found = [one for one in dossiers_of(submissions.content_of(submission)) if one.code == code]
    if not found:
        raise NothingToRead
    return found[0]


def _note(referral: Referral, whose: tuple[UUID, UUID, str], basis: str, part: str, *, by: Actor, at: datetime) -> None:
    facility_id, submission_id, code = whose
    event = Event(
        at=at,
        actor=str(by),
        action="dossier:read",
        subject=f"submission:{submission_id}",
        basis=basis,
        citizen_id=referral.citizen_id,
        detail={"code": code, "part": part, "referral": str(referral.id)},
    )
    with transaction.atomic():
        record(event, facility_id=facility_id)
