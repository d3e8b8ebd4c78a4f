"""Who can have worn a wristband: what two identities cannot both be of one person, whatever paper is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.citizens.identify import Born
from ymach.citizens.links.errors import NotTheWearer, OfOneBirth
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.details import Kind, may_wear
from ymach.citizens.provisional.models import Provisional
from ymach.citizens.provisional.queries import are_of_one_birth


def check_born(citizen_ids: Collection[UUID], born: Iterable[Born]) -> None:
    """Raise NotTheWearer if somebody born then cannot have worn a wristband that these identities were given."""
    given = Provisional.objects.filter(citizen_id__in=citizen_ids).values_list("kind", "made_at")
    for (kind, at), one in product(given, list(born)):
        if not may_wear(Kind(kind), vietnam_day(at), one):
            raise NotTheWearer


def check_may_be_one(some: Collection[UUID], others: Collection[UUID]) -> None:
    """Raise OfOneBirth for a mother and her child, or twins; NotTheWearer for who is too old for a wristband, or too young."""
    if are_of_one_birth(some, others):
        raise OfOneBirth
    check_born(some, _births(others))
    check_born(others, _births(some))


def _births(citizen_ids: Collection[UUID]) -> list[Born]:
    found = Citizen.objects.filter(pk__in=citizen_ids).values_list("birth_year", "birth_month", "birth_day")
    return [(year, month, day) for year, month, day in found]
