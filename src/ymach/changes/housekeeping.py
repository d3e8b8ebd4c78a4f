"""A chore of the worker: reminders, and forgetting what nobody needs any more. Any number may run at once."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import datetime, timedelta

from ymach.base.rounds import Stopped, never
from ymach.changes.evidence.actions import forget_loose
from ymach.changes.models import Answered, StaffList
from ymach.changes.reminders import remind

ANSWERS_KEPT = timedelta(days=7)
LISTS_KEPT = timedelta(days=30)
_MOST = 1000


def tidy_up(*, at: datetime, stopped: Stopped = never) -> Tally[str]:
    """One round at `at`: reminders sent, loose papers, old answers and old staff lists forgotten; how many of each."""
    tally = remind(at=at, stopped=stopped)
    tally["papers forgotten"] = _until_none(lambda: forget_loose(at=at), stopped)
    tally["answers forgotten"] = _until_none(lambda: _forget_answers(at), stopped)
    tally["lists forgotten"] = _until_none(lambda: _forget_lists(at), stopped)
    return +tally


def _until_none(forget: Callable[[], int], stopped: Stopped) -> int:
    forgotten = 0
    while not stopped() and (number := forget()):
        forgotten += number
    return forgotten


def _forget_answers(at: datetime) -> int:
    old = Answered.objects.filter(at__lt=at - ANSWERS_KEPT).values_list("pk", flat=True)[:_MOST]
    return Answered.objects.filter(pk__in=list(old)).delete()[0]


def _forget_lists(at: datetime) -> int:
    old = StaffList.objects.filter(made_at__lt=at - LISTS_KEPT).values_list("pk", flat=True)[:1]
    return StaffList.objects.filter(pk__in=list(old)).delete()[0]
