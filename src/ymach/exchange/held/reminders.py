"""Telling departments what is overdue: each province and last day once, however often this runs and on how many machines."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from ymach.base import pg
from ymach.base.actors import SYSTEM
from ymach.base.clock import print_day, vietnam_day
from ymach.base.text import Text
from ymach.exchange.held.models import HeldTally, State
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

LATEST = 14
"""Days after a last day for which it is still told, where nobody ran this in time."""
OVERDUE = Text(
    "{number} hồ sơ đang giữ đã quá hạn quyết định ngày {day}. Người bệnh và cơ sở đang chờ.",
    "{number} held dossiers were due for a decision on {day}. Patients and facilities are waiting.",
)
_ONCE = """
INSERT INTO exchange_held_overdue_told (province_code, due_on, told_at)
SELECT * FROM unnest(%s::text[], %s::date[], %s::timestamptz[]) ON CONFLICT DO NOTHING RETURNING province_code, due_on
"""


def remind_overdue(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> Tally[str]:
    """Tell each department, on its page and by letter, what became overdue; how many were told. at: aware."""
    found = {} if stopped() else _overdue(vietnam_day(at))
    told = 0
    with transaction.atomic():
        for province, due_on in _first_times(sorted(found), at):
            text = OVERDUE.format(number=found[province, due_on], day=print_day(due_on))
            to = Recipient(province_code=province)
            tell(to=to, text=text, link="/held?due=overdue", by=SYSTEM, at=at, letter=True)
            told += 1
    return Tally({"held-overdue": told})


def _overdue(on: date) -> dict[tuple[str, date], int]:
    late = HeldTally.objects.filter(state=State.WAITING, number__gt=0, due_on__lt=on)
    recent = late.filter(due_on__gte=on - timedelta(days=LATEST)).values_list("province_code", "due_on")
    return {(province, due): number for province, due, number in recent.annotate(total=Sum("number"))}


def _first_times(rows: list[tuple[str, date]], at: datetime) -> list[tuple[str, date]]:
    if not rows:
        return []
    provinces, days = pg.columns(rows)
    return sorted(pg.ask(_ONCE, [provinces, days, [at] * len(rows)])())
