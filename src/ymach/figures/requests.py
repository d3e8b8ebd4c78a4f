"""The requests behind the figures of requests: what a tally counts, said as the rows it stands for.

Days are days in Viet Nam. What the tallies add up is in `data/figures.sql`, figures_of_request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, FloatField, Func, Q, QuerySet
from django.db.models.functions import Cast

from ymach.base.clock import start_of_day
from ymach.base.text import Text
from ymach.changes.models import ChangeRequest
from ymach.changes.models import State as Step
from ymach.figures.queries import Scope

DECIDED_WITHIN = 90
SOON = 3
MINUTES_A_DAY = 24 * 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RequestState:
    """A state of requests: its name, the rows it holds on a day, their order. is_decided: it tells how long it took."""

    code: str
    word: Text
    holds: Callable[[date], Q]
    order: tuple[str, ...] = ("due_on", "id")
    is_decided: bool = False


def _waits(today: date) -> Q:
    return Q(state=Step.SUBMITTED, submitted_at__lt=start_of_day(today + _DAY))


def _due(first: int | None, last: int) -> Callable[[date], Q]:
    """What waits and is due from `first` to `last` days after today; None: however long before."""

    def holds(today: date) -> Q:
        found = Q(state=Step.SUBMITTED, due_on__lte=today + last * _DAY)
        return found if first is None else found & Q(due_on__gte=today + first * _DAY)

    return holds


def _asked(today: date) -> Q:
    since, until = start_of_day(today - _DAY), start_of_day(today + _DAY)
    return ~Q(state=Step.DRAFT) & Q(submitted_at__gte=since, submitted_at__lt=until)


def _decided(today: date) -> Q:
    since, until = start_of_day(today - DECIDED_WITHIN * _DAY), start_of_day(today + _DAY)
    settled = Q(state__in=[Step.APPROVED, Step.REJECTED], submitted_at__isnull=False)
    return settled & Q(decided_at__gte=since, decided_at__lt=until)


REQUESTS: Mapping[str, RequestState] = {
    one.code: one
    for one in (
        RequestState("waiting", Text("Đang chờ", "Waiting"), _waits),
        RequestState("overdue", Text("Quá hạn", "Overdue"), _due(None, -1)),
        RequestState("today", Text("Đến hạn hôm nay", "Due today"), _due(0, 0)),
        RequestState("soon", Text("Đến hạn trong 3 ngày tới", "Due in the next 3 days"), _due(1, SOON)),
        RequestState("new", Text("Mới từ hôm qua", "New since yesterday"), _asked, ("-submitted_at", "id")),
        RequestState(
            "decided",
            Text(f"Đã giải quyết, {DECIDED_WITHIN} ngày", f"Decided, {DECIDED_WITHIN} days"),
            _decided,
            ("-decided_at", "id"),
            is_decided=True,
        ),
    )
}


def rows(scope: Scope, state: str, today: date, *, kind: str = "") -> QuerySet[ChangeRequest]:
    """The requests of a figure, most urgent or newest first, each with `took`: weekdays from sending to deciding."""
    chosen = REQUESTS[state]
    found = ChangeRequest.objects.filter(chosen.holds(today), province_code__in=scope.provinces)
    if kind:
        found = found.filter(kind=kind)
    minutes = Func(F("submitted_at"), F("decided_at"), function="figures_weekday_minutes")
    return found.annotate(took=Cast(minutes, FloatField()) / float(MINUTES_A_DAY)).order_by(*chosen.order)
