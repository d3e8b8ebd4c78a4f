"""Telling who must review an emergency access: once on the day before the review is due, once when it is overdue.

The review is the proof that the ground of reading was right (Law 91/2025/QH15 art. 19): a facility that does not do it is
told together with its department.
"""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime, timedelta

from django.db import transaction

from ymach.base.actors import SYSTEM
from ymach.base.clock import print_moment, vietnam_day
from ymach.base.rounds import Stopped, never
from ymach.base.text import Text
from ymach.changes.reminders import LATEST, first_times
from ymach.exchange.reading.models import Emergency, Verdict
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BEFORE = timedelta(hours=24)
SOON = Text(
    "Một lần mở hồ sơ khẩn cấp chưa được xem lại, hạn {moment}. Người xem lại không phải là người đã mở.",
    "An emergency access still waits for its review, due {moment}. Somebody else than who opened reviews it.",
)
OVERDUE = Text(
    "Một lần mở hồ sơ khẩn cấp của cơ sở {facility} đã quá hạn xem lại ({moment}). Xem lại ngay.",
    "The review of an emergency access by the facility {facility} was due {moment}. Review it now.",
)


def remind(*, at: datetime, stopped: Stopped = never) -> Tally[str]:
    """Tell of each access that nobody has reviewed, once before its term and once after; how many. at: aware."""
    tally: Tally[str] = Tally()
    window = (at - timedelta(days=LATEST), at + BEFORE)
    waiting = Emergency.objects.filter(verdict=Verdict.NONE, review_due_at__range=window).order_by("review_due_at")
    for one in () if stopped() else waiting:
        what = "review-overdue" if one.review_due_at <= at else "review-due"
        tally[what] += _tell(one, what, at)
    return tally


def _tell(one: Emergency, what: str, at: datetime) -> int:
    is_over = what == "review-overdue"
    with transaction.atomic():
        due_on = vietnam_day(one.review_due_at)
        if not first_times([(f"emergency:{one.id}", due_on)], what, 0 if is_over else 1, at):
            return 0
        moment = print_moment(one.review_due_at)
        text = (OVERDUE if is_over else SOON).format(moment=moment, facility=one.facility_code)
        told = [Recipient(facility_id=one.facility_id)]
        told += [Recipient(province_code=one.province_code)] if is_over else []
        for to in told:
            tell(to=to, text=text, link=f"/emergencies/{one.id}", by=SYSTEM, at=at, letter=True)
    return 1
