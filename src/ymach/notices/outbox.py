"""The outbox of letters: claimed under a lease, settled by who still holds the lease.

A kill at any instruction loses nothing: what was claimed and not settled is claimed again when its lease has ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from ymach.notices.actions import FORGOTTEN
from ymach.notices.models import Letter

LEASE = timedelta(minutes=10)
"""Longer than a batch takes at a slow mail server."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
_OPEN = Q(state__in=[Letter.State.WAITING, Letter.State.SENDING])


def claim(*, most: int, at: datetime) -> list[Letter]:
    """Take up to `most` letters that are due at `at`, the longest due first; they are ours until `at` + LEASE."""
    with transaction.atomic():
        due = Letter.objects.filter(_OPEN, due_at__lte=at).order_by("due_at", "id")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        Letter.objects.filter(pk__in=ids).update(
            state=Letter.State.SENDING, attempts=F("attempts") + 1, due_at=at + LEASE
        )
        return list(Letter.objects.filter(pk__in=ids).order_by("created_at"))


def settle_sent(letter: Letter, *, at: datetime) -> bool:
    """The mail server has taken it. False when somebody else holds it now."""
    return _settle(letter, state=Letter.State.SENT, settled_at=at, last_error="", link=FORGOTTEN)


def settle_refused(letter: Letter, reason: str, *, at: datetime) -> bool:
    """It will never be taken; the reason is kept for who wrote it."""
    return _settle(letter, state=Letter.State.FAILED, settled_at=at, last_error=reason, link=FORGOTTEN)


def settle_later(letter: Letter, reason: str, *, at: datetime) -> bool:
    """It is tried again after a while that doubles; past its deadline it is given up."""
    if at >= letter.deadline_at:
        return settle_refused(letter, f"given up: {reason}", at=at)
    return _settle(letter, state=Letter.State.WAITING, due_at=next_try(letter.attempts, at=at), last_error=reason)


def give_back(letter: Letter, reason: str, *, at: datetime) -> bool:
    """It was not tried, or the server was away: due at once, for as long as it takes."""
    return _settle(letter, state=Letter.State.WAITING, due_at=at, last_error=reason)


def next_try(attempts: int, *, at: datetime) -> datetime:
    """1 minute after the first attempt, doubled with each up to 4 hours."""
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), _LONGEST_WAIT)
    return at + wait


def waiting_count() -> int:
    """How many letters have not been handed over."""
    return Letter.objects.filter(_OPEN).count()


def _settle(letter: Letter, **values: object) -> bool:
    held = Letter.objects.filter(pk=letter.pk, state=Letter.State.SENDING, attempts=letter.attempts)
    return bool(held.update(**values))
