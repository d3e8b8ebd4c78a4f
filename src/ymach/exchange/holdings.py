"""How much is kept of persons and by whom, without a word of what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from ymach.exchange.models import Record


@dataclass(frozen=True, slots=True)
class Holding:
    """How many records a facility has of a person; what lies in a restricted compartment is not counted."""

    facility_code: str
    records: int


def holdings_of(citizen_ids: Iterable[UUID]) -> dict[UUID, list[Holding]]:
    """By person, the facility with the most records first."""
    rows = Record.objects.filter(citizen_id__in=list(citizen_ids), is_current=True, compartment="")
    found: dict[UUID, list[Holding]] = {}
    counted = rows.values_list("citizen_id", "facility_code").annotate(n=Count("*")).order_by("-n", "facility_code")
    for citizen, code, count in counted:
        found.setdefault(citizen, []).append(Holding(code, count))
    return found
