"""Telling departments what is overdue: each province and last day once, however often this runs and on how many machines."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from ymach.base.actors import SYSTEM
from ymach.base.clock import print_day, vietnam_day
from ymach.base.text import Text
from ymach.changes.reminders import LATEST, first_times
from ymach.exchange.held.models import HeldTally, State
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

OVERDUE = Text(
    "{number} hồ sơ đang giữ đã quá hạn quyết định ngày {day}. Người bệnh và cơ sở đang chờ.",
    "Held dossiers that were due for a decision on {day}: {number}. Patients and facilities are waiting.",
)


def remind_overdue(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> Tally[str]:
    """Tell each department, on its page and by letter, what became overdue; how many were told. at: aware."""
    found = {} if stopped() else _overdue(vietnam_day(at))
    told = 0
    with transaction.atomic():
        for province, due_on in sorted(first_times(sorted(found), "held-overdue", 0, at)):
            text = OVERDUE.format(number=found[province, due_on], day=print_day(due_on))
            to = Recipient(province_code=province)
            tell(to=to, text=text, link="/held?due=overdue", by=SYSTEM, at=at, letter=True)
            told += 1
    return Tally({"held-overdue": told})


def _overdue(on: date) -> dict[tuple[str, date], int]:
    late = HeldTally.objects.filter(state=State.WAITING, number__gt=0, due_on__lt=on)
    recent = late.filter(due_on__gte=on - timedelta(days=LATEST)).values_list("province_code", "due_on")
    return {(province, due): number for province, due, number in recent.annotate(total=Sum("number"))}
