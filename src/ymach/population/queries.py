"""What is known about checks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ymach.population.models import PopulationCheck
from ymach.population.rules import Outcome


def latest(subject_kind: str, subject_id: UUID) -> PopulationCheck | None:
    """The last check that found something out about a person; None while there is none."""
    found = settled(subject_kind).filter(subject_id=subject_id)
    return found.order_by("-at", "-id").first()


def settled(subject_kind: str) -> QuerySet[PopulationCheck]:
    """The checks that found something out."""
    return PopulationCheck.objects.filter(subject_kind=subject_kind).exclude(outcome=Outcome.UNAVAILABLE.value)
