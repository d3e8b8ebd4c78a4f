"""The staff of facilities out of the practitioners of a synthetic country that no database holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from ymach.synth.care.staff import Author, Staff
from ymach.synth.model import Licence, Practitioner


def staff_by_facility(
    people: Iterable[Practitioner], *, on: date, codes: Collection[str] | None = None
) -> dict[str, Staff]:
    """Who may write at each facility on the day `on`; only at the facilities with these codes, if any are given."""
    found: dict[str, list[Author]] = defaultdict(list)
    for person in people:
        licence = person.licences[-1]
        if not _is_fit(licence, on):
            continue
        for one in licence.registrations:
            if on in one.valid and (codes is None or one.facility_code in codes):
                found[one.facility_code].append(
                    Author(
                        licence.number,
                        person.full_name,
                        licence.title,
                        frozenset(licence.scopes),
                        one.schedule,
                        one.is_technical_head,
                    )
                )
    return {code: Staff.of(authors) for code, authors in found.items()}


def _is_fit(licence: Licence, on: date) -> bool:
    return on in licence.valid and not any(on in one.period for one in licence.suspensions)
