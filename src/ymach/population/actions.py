"""Checking a person against the population database, and keeping what came out."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from ymach.base.actors import Actor
from ymach.population.contract import SOURCE, Person, PopulationAway
from ymach.population.models import PopulationCheck
from ymach.population.rules import Claim, Comparison, Outcome, compare


class AsksForPersons(Protocol):
    """A population database that can be asked, e.g. `channel.PopulationChannel`."""

    def person(self, number: str, *, purpose: str) -> Person | None:
        """The person of a number; None for nobody. Raises PopulationAway."""


def check_person(
    *,
    number: str,
    claim: Claim,
    subject_kind: str,
    subject_id: UUID,
    channel: AsksForPersons,
    by: Actor,
    at: datetime,
) -> PopulationCheck:
    """Ask about `number`, compare with the claim, and keep the outcome; a database that is away is an outcome too.

    The question is asked outside any transaction: call it so.
    """
    try:
        found = compare(claim, channel.person(number, purpose=f"verify-{subject_kind}"))
    except PopulationAway:
        found = Comparison(Outcome.UNAVAILABLE, {})
    return PopulationCheck.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        outcome=found.outcome.value,
        fields={name: one.value for name, one in found.fields.items()},
        source=SOURCE,
        at=at,
        checked_by=str(by),
    )
