"""What a facility is told when others decide about its licence, and where letters to it go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.clock import print_day
from ymach.base.text import Text
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

SUSPENDED = Text(
    "Giấy phép hoạt động {number} bị đình chỉ từ {start} theo quyết định {decision}. Xem lý do và thời hạn.",
    "Operating licence {number} is suspended from {start} on by decision {decision}. See why and for how long.",
)
LIFTED = Text(
    "Đình chỉ giấy phép hoạt động {number} hết hiệu lực từ {start}.",
    "The suspension of operating licence {number} ends on {start}.",
)
REVOKED = Text(
    "Giấy phép hoạt động {number} bị thu hồi từ {start} theo quyết định {decision}.",
    "Operating licence {number} is revoked from {start} on by decision {decision}.",
)


def tell_facility(facility: Facility, sentence: Text, *, start: date, by: Actor, at: datetime, **values: str) -> None:
    """Put the sentence on the facility's page and write a letter, in the caller's transaction."""
    text = sentence.format(start=print_day(start), **values)
    tell(
        to=Recipient(facility_id=facility.pk), text=text, link=f"/facilities/{facility.code}", by=by, at=at, letter=True
    )


def addresses(to: Recipient, on: date) -> Iterable[str]:
    """The e-mail address a facility gave for itself."""
    if to.facility_id is None:
        return ()
    return Facility.objects.filter(pk=to.facility_id).exclude(email="").values_list("email", flat=True)
