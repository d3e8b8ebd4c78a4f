"""From the facility's code in a token to the sender that the intake understands."""

from __future__ import annotations

from ymach.accounts.permissions import Permission, require
from ymach.accounts.queries import machine_actor
from ymach.base.clock import now, vietnam_day
from ymach.base.kept import Kept
from ymach.exchange.intake.case import Sender
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.queries import SendingFacility, sending_facility


def machine_sender(facility_code: str) -> Sender:
    """The sender behind a machine's token. Raises FacilityNotFound when the registry no longer knows the code."""
    facility = _facilities(facility_code)
    if facility is None:
        raise FacilityNotFound(facility=facility_code)
    by = machine_actor(facility.code, facility.id)
    require(by, Permission.SUBMISSION_SEND, facility=facility)
    return Sender(by, facility)


def _load(code: str) -> SendingFacility | None:
    return sending_facility(code, on=vietnam_day(now()))


# A certificate that is unregistered opens no new token at once; signatures by it are refused within this time.
_facilities = Kept(_load, seconds=30)
