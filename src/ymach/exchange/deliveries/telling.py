"""Telling the owners of what is stuck: once a day for a unit and a destination, however much it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import start_of_day, vietnam_day
from ymach.base.text import Text
from ymach.exchange.deliveries.names import words_of
from ymach.notices.actions import tell
from ymach.notices.models import Notice
from ymach.notices.recipients import Recipient

FACILITY = Text(
    "Có hồ sơ chưa tới được nơi nhận “{destination}” sau 24 giờ. Biên nhận vẫn có giá trị, cơ sở không phải gửi lại; "
    "Sở Y tế đã được báo để xử lý.",
    "Some dossiers have not reached “{destination}” within 24 hours. The receipts stay valid and nothing has to be sent "
    "again; the department has been told.",
)
DEPARTMENT = Text(
    "Hồ sơ của cơ sở trong tỉnh bị tắc ở nơi nhận “{destination}” quá 24 giờ. Xem nguyên nhân rồi cho gửi lại.",
    "Dossiers of facilities of the province have been stuck at “{destination}” for more than 24 hours. Look at the cause, "
    "then send them again.",
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something of this facility is stuck at this destination."""

    facility_id: UUID
    province_code: str
    destination: str


def tell_of_stuck(stuck: Iterable[Stuck], *, by: Actor, at: datetime) -> None:
    """Tell each owner, in the caller's transaction, unless they were told the same on the same day (Viet Nam).

    Of a dossier its facility and its department.
    """
    wanted = dict.fromkeys(said for one in stuck for said in _said(one))
    if not wanted:
        return
    start = start_of_day(vietnam_day(at))
    told = set(
        Notice.objects.filter(at__gte=start, told_by=str(by), vi__in={text.vi for _, text in wanted}).values_list(
            "facility_id", "province_code", "vi"
        )
    )
    for to, text in wanted:
        if (to.facility_id, to.province_code, text.vi) not in told:
            tell(to=to, text=text, link="/submissions", by=by, at=at)


def _said(one: Stuck) -> Iterator[tuple[Recipient, Text]]:
    words = words_of(one.destination)
    said = {"destination": words.vi}, {"destination": words.en}
    yield Recipient(facility_id=one.facility_id), _both(FACILITY, *said)
    if one.province_code:
        yield Recipient(province_code=one.province_code), _both(DEPARTMENT, *said)


def _both(text: Text, vi: dict[str, str], en: dict[str, str]) -> Text:
    return Text(text.vi.format(**vi), text.en.format(**en))
