"""Who is told when somebody may no longer practise: the person, their facilities, the department of a place without head."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.clock import print_day
from ymach.base.text import Text
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient
from ymach.practitioners.models import PracticeRegistration, Practitioner

SUSPENDED = Text(
    "{name} bị đình chỉ hành nghề từ {start} đến trước {end}, theo quyết định {decision}.",
    "{name} is suspended from practice from {start} until before {end}, by decision {decision}.",
)
SUSPENDED_IN_PART = Text(
    "{name} bị đình chỉ hành nghề một phần ({scopes}) từ {start} đến trước {end}, theo quyết định {decision}.",
    "{name} is suspended in part ({scopes}) from {start} until before {end}, by decision {decision}.",
)
LIFTED = Text(
    "Việc đình chỉ hành nghề của {name} chấm dứt từ {start}, theo quyết định {decision}.",
    "The suspension of {name} ends on {start}, by decision {decision}.",
)
REVOKED = Text(
    "Giấy phép hành nghề của {name} bị thu hồi từ {start}, theo quyết định {decision}. Các đăng ký hành nghề kết thúc.",
    "The licence of {name} is revoked from {start}, by decision {decision}. The practice registrations end.",
)
BANNED = Text(
    "{name} bị cấm hành nghề từ {start}{end_vi}, theo quyết định {decision}.",
    "{name} is banned from practice from {start}{end_en}, by decision {decision}.",
)
BAN_ENDED = Text(
    "Lệnh cấm hành nghề đối với {name} chấm dứt từ {start}, theo quyết định {decision}.",
    "The ban of {name} from practice ends on {start}, by decision {decision}.",
)
WITHOUT_HEAD = Text(
    "Cơ sở {facility} không còn người chịu trách nhiệm chuyên môn từ {start}.",
    "Facility {facility} has nobody responsible for technical expertise from {start}.",
)


def tell_all(
    person: Practitioner, facilities: Iterable[Facility], sentence: Text, *, by: Actor, at: datetime, **values: object
) -> None:
    """Tell the person and each facility once, in a notice and by letter."""
    text = sentence.format(name=person.full_name, **values)
    recipients = [Recipient(practitioner_id=person.pk)]
    recipients += [Recipient(facility_id=key) for key in dict.fromkeys(facility.pk for facility in facilities)]
    for to in recipients:
        tell(to=to, text=text, link=f"/practitioners/{person.pk}", by=by, at=at, letter=True)


def tell_without_head(ended: Iterable[PracticeRegistration], day: date, *, by: Actor, at: datetime) -> None:
    """Tell the facilities whose technical head may not go on, and their departments."""
    for registration in ended:
        facility = registration.facility
        text = WITHOUT_HEAD.format(facility=facility.name, start=printed(max(day, registration.valid.lower)))
        link = f"/facilities/{facility.code}"
        tell(to=Recipient(facility_id=facility.pk), text=text, link=link, by=by, at=at, letter=True)
        tell(to=Recipient(province_code=facility.province_code), text=text, link=link, by=by, at=at)


def printed(day: date | None) -> str | None:
    """A day as people write it."""
    return print_day(day) if day else None
