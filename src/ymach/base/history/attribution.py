"""Saying who changes the registry and why, for the length of one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from ymach.base.actors import Actor


@contextmanager
def attributed(*, by: Actor, reason: str, at: datetime) -> Iterator[None]:
    """Open a transaction in which changes of the registry are recorded as made by `by`, for `reason`, at `at` (aware).

    Nested use is allowed; on leaving, the outer attribution holds again.
    """
    with transaction.atomic():
        before = _swap(str(by), reason, at.isoformat())
        yield
        _swap(*before)


def _swap(actor: str, reason: str, at: str) -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('ymach.actor', true), ''), coalesce(current_setting('ymach.reason', true), ''),"
            " coalesce(current_setting('ymach.at', true), '')"
        )
        actor_before, reason_before, at_before = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('ymach.actor', %s, true), set_config('ymach.reason', %s, true), set_config('ymach.at', %s, true)",
            [actor, reason, at],
        )
    return actor_before, reason_before, at_before
