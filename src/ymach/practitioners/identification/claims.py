"""Checks of people who are not enrolled yet: kept under what was claimed, found again when the person is enrolled.

A claim is number, name, day of birth and sex together. It is kept as a keyed hash: the check holds none of them, and
stands for exactly these values. Who changes one of them afterwards has nothing checked.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from ymach.base.actors import Actor
from ymach.base.vietnamese import tidy_name
from ymach.population.contract import SOURCE
from ymach.population.models import PopulationCheck
from ymach.population.queries import latest
from ymach.population.rules import Claim, Comparison
from ymach.practitioners.identification.turns import SUBJECT
from ymach.practitioners.models import Practitioner

CLAIM = "claim"


def checked_claim(number: str, claim: Claim) -> PopulationCheck | None:
    """The last check of this claim that found something out; None: it was not checked."""
    return latest(CLAIM, claim_id(number, claim))


def keep_check(number: str, claim: Claim, found: Comparison, *, by: Actor, at: datetime) -> PopulationCheck:
    """Keep what the population database said about a claim."""
    return _keep(CLAIM, claim_id(number, claim), found.outcome.value, dict(found.fields), str(by), at)


def carry_over(practitioner: Practitioner) -> PopulationCheck | None:
    """What was found out about the claim becomes the check of the person who was enrolled with just these values."""
    if practitioner.personal_number is None:
        return None
    claim = Claim(practitioner.full_name, practitioner.birth_date, practitioner.sex)
    found = checked_claim(practitioner.personal_number, claim)
    if found is None:
        return None
    return _keep(SUBJECT, practitioner.pk, found.outcome, found.fields, found.checked_by, found.at)


def claim_id(number: str, claim: Claim) -> UUID:
    """The name under which the checks of a claim are kept."""
    said = "|".join((number, tidy_name(claim.full_name), claim.birth_date.isoformat(), claim.sex))
    return UUID(bytes=salted_hmac("ymach.identification.claim", said, algorithm="sha256").digest()[:16])


def _keep(kind: str, key: UUID, outcome: str, fields: dict[str, str], by: str, at: datetime) -> PopulationCheck:
    return PopulationCheck.objects.create(
        subject_kind=kind,
        subject_id=key,
        outcome=outcome,
        fields={name: str(one) for name, one in fields.items()},
        source=SOURCE,
        at=at,
        checked_by=by,
    )
