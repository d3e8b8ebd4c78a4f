"""From the facility's code in a token to the sender that the intake understands."""

from __future__ import annotations

from ymach.accounts.permissions import Permission, require
from ymach.accounts.queries import machine_actor
from ymach.base.clock import now, vietnam_day
from ymach.base.kept import Kept
from ymach.exchange.intake.case import FacilityRef, Sender
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_reference


def machine_sender(facility_code: str) -> Sender:
    """The sender behind a machine's token. Raises FacilityNotFound when the registry no longer knows the code."""
    facility = _facilities(facility_code)
    if facility is None:
        raise FacilityNotFound(facility=facility_code)
    by = machine_actor(facility.code, facility.id)
    require(by, Permission.SUBMISSION_SEND, facility=facility)
    return Sender(by, facility)


def reference(facility: Facility) -> FacilityRef:
    """What the intake needs to know of a facility."""
    return FacilityRef(facility.id, facility.code, facility.province_code, facility.tax_code)


def _load(code: str) -> FacilityRef | None:
    found = facility_reference(code, on=vietnam_day(now()))
    return FacilityRef(*found) if found else None


_facilities = Kept(_load)
