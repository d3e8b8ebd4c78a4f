"""The techniques a facility is approved for, by code and by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ymach.catalogues.models import Entry
from ymach.facilities.models import Facility
from ymach.facilities.profile.queries import techniques

TECHNIQUE_CATALOGUE = "technique"


def technique_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of techniques by code, as far as the catalogue held here knows them. One statement."""
    rows = Entry.objects.filter(release__catalogue_id=TECHNIQUE_CATALOGUE, code__in=list(codes))
    return dict(rows.values_list("code", "name_vi"))


def technique_codes(facility: Facility, on: date) -> list[str]:
    """The codes a facility is approved for on the day, in order."""
    return [one.facts.code for one in techniques(facility.pk, on=on)]
