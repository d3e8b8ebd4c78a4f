"""Reading under a referral: the referring dossier by who receives, the receiver's visit by who referred, nothing else.

Both go through the gate of every reading (`exchange.reading`): it decides, and writes the journal of the facility whose
dossier it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.clinical.dossier import Dossier
from ymach.consent.rules import Purpose, ReferralFact
from ymach.exchange.health_books import KnownAllergy
from ymach.exchange.reading.dossiers import OpenedDossier, Whose, read_dossier
from ymach.exchange.reading.errors import RecordNotOpen
from ymach.exchange.referrals import queries, rules
from ymach.exchange.referrals.errors import NothingToRead
from ymach.exchange.referrals.models import Referral

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

    Raises ReferralNotFound, NotAllowed, ReadingRefused, NothingToRead (declined, withdrawn, or the answer is too old).
    """
    found, side = queries.get_referral(by, referral_id)
    if side != queries.IN or found.receiver_id is None or not rules.may_read(found, at):
        raise NothingToRead
    whose = Whose(found.facility_id, found.submission_id, found.dossier_code, found.compartment)
    read = _read(found, whose, part=part, facility_id=found.receiver_id, by=by, at=at)
    return Opened(found, read.dossier, list(read.opened.summary.allergies))


def open_for_sender(referral_id: UUID, *, by: Actor, at: datetime) -> Opened:
    """The receiver's own dossier of the visit, where the answer lets the sender read it. Raises as above."""
    found, side = queries.get_referral(by, referral_id)
    may_read = found.may_read_visit and found.state in {rules.ANSWERED, rules.CLOSED}
    if side != queries.OUT or found.receiver_id is None or found.arrival_submission_id is None or not may_read:
        raise NothingToRead
    whose = Whose(found.receiver_id, found.arrival_submission_id, found.arrival_dossier_code)
    answer = ReferralFact(f"referral:{found.id}", found.sent_at, facilities=frozenset({found.receiver_id}))
    read = _read(found, whose, part=VISIT, facility_id=found.facility_id, by=by, at=at, lent=(answer,))
    return Opened(found, read.dossier, [])


def _read(
    referral: Referral,
    whose: Whose,
    *,
    part: str,
    facility_id: UUID,
    by: Actor,
    at: datetime,
    lent: tuple[ReferralFact, ...] = (),
) -> OpenedDossier:
    person = referral.citizen_id
    try:
        return read_dossier(
            whose,
            citizen_id=person,
            purpose=Purpose.TREATMENT,
            part=part,
            by=by,
            at=at,
            lent=lent,
            facility_id=facility_id,
        )
    except RecordNotOpen:
        raise NothingToRead from None
