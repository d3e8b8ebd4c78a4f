"""Statements as what identities are compared by, without a database."""

from __future__ import annotations

from uuid import UUID

from ymach.base.name_keys import folded
from ymach.base.vietnamese import tidy_name
from ymach.citizens.matching.profile import Profile
from ymach.synth.identities.statements import Statement


def profile_of(one: Statement, citizen_id: UUID) -> Profile:
    """Numbers stand for themselves here: only whether they are equal is asked."""
    return Profile(
        citizen_id=citizen_id,
        name=folded(tidy_name(one.name)),
        marked=one.name.casefold(),
        born=one.born,
        sex=one.sex,
        number=one.number,
        insurance=one.insurance,
        phone=one.phone,
        guardian=folded(one.guardian),
        province=one.province,
        commune=one.commune,
        facility_id=UUID(int=one.facility),
    )
