"""Telling who must answer what people ask: once on the last working day before a term, once when it is over.

The terms are the law's (`rules.terms`): first of the answer, then of the act itself.
"""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from ymach.base.actors import SYSTEM
from ymach.base.clock import print_day, vietnam_day
from ymach.base.rounds import Stopped, never
from ymach.base.text import Text
from ymach.base.workdays import add_working_days
from ymach.changes.reminders import LATEST, first_times
from ymach.citizens.requests.answerers import Answerer, recipients_of
from ymach.citizens.requests.models import Request
from ymach.citizens.requests.queries import NEXT_DUE, OPEN_STATES
from ymach.notices.actions import tell

SOON = Text(
    "{number} yêu cầu của người dân về dữ liệu của họ đến hạn ngày {day}. Trả lời trước khi quá hạn luật định.",
    "Requests of people about their data, due on {day}: {number}. Answer before the term of the law is over.",
)
OVERDUE = Text(
    "{number} yêu cầu của người dân về dữ liệu của họ đã quá hạn luật định ngày {day}. Trả lời ngay.",
    "Requests of people about their data that were due by law on {day}: {number}. Answer now.",
)


def remind(*, at: datetime, stopped: Stopped = never) -> Tally[str]:
    """Tell each unit of each last day, once before it and once after; how many were told. at: aware."""
    tally: Tally[str] = Tally()
    for (answerer, due_on), number in {} if stopped() else _due(vietnam_day(at)).items():
        is_over = due_on < vietnam_day(at)
        tally["data-request-overdue" if is_over else "data-request-due"] += _tell(answerer, due_on, number, at)
    return tally


def _due(on: date) -> dict[tuple[Answerer, date], int]:
    window = (on - timedelta(days=LATEST), add_working_days(on, 1))
    rows = Request.objects.filter(state__in=OPEN_STATES).annotate(due=NEXT_DUE).filter(due__range=window)
    counted = rows.values_list("facility_id", "province_code", "due").annotate(number=Count("id")).order_by("due")
    found: Tally[tuple[Answerer, date]] = Tally()
    for facility_id, province, due_on, number in counted:
        found[Answerer(facility_id, "" if facility_id else province), due_on] += number
    return found


def _tell(answerer: Answerer, due_on: date, number: int, at: datetime) -> int:
    is_over = due_on < vietnam_day(at)
    what, words = ("data-request-overdue", OVERDUE) if is_over else ("data-request-due", SOON)
    link = "/requests?state=overdue" if is_over else "/requests"
    with transaction.atomic():
        if not first_times([(answerer.key, due_on)], what, 0 if is_over else 1, at):
            return 0
        text = words.format(number=number, day=print_day(due_on))
        for to in recipients_of(answerer, on=vietnam_day(at)):
            tell(to=to, text=text, link=link, by=SYSTEM, at=at, letter=True)
    return 1
