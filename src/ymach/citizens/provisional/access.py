"""Which provisional identities somebody's desk may see and link: a facility its own, a department those of its province."""

from __future__ import annotations

from django.db.models import Q

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.citizens.provisional.errors import NotAtAFacility
from ymach.citizens.provisional.models import Provisional
from ymach.facilities.access import is_trusted
from ymach.facilities.models import Facility

WORD = Permission.IDENTITY_DESK


def reached_by(by: Actor) -> Q:
    """The rows within the reach of `by`."""
    if is_trusted(by):
        return Q()
    reached = Q(code__in=[])
    for grant in by.grants:
        if WORD.value not in grant.permissions:
            continue
        if grant.facility_id is not None:
            reached |= Q(facility_id=grant.facility_id)
        elif grant.province_code is not None:
            reached |= Q(province_code=grant.province_code)
    return reached


def reaches(by: Actor, row: Provisional) -> bool:
    """Whether `row` is within the reach of `by`."""
    return is_trusted(by) or any(
        WORD.value in grant.permissions
        and (
            grant.facility_id == row.facility_id
            or (
                grant.facility_id is None
                and grant.province_code is not None
                and grant.province_code == row.province_code
            )
        )
        for grant in by.grants
    )


def require_desk(by: Actor, facility: Facility) -> None:
    """Wristbands are given at the facility's own desk. Raise NotAllowed, or NotAtAFacility for a department."""
    if is_trusted(by):
        return
    require(by, WORD, facility=facility)
    if not any(grant.facility_id == facility.id for grant in by.grants):
        raise NotAtAFacility
