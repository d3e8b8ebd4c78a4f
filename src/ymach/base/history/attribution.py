"""Saying who changes the registry and why, for the length of one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from ymach.base import pg
from ymach.base.actors import Actor

# What holds is read first: only a MATERIALIZED query is sure to be.
_SWAP = """
WITH before AS MATERIALIZED (
  SELECT coalesce(current_setting('ymach.actor', true), '') AS actor,
         coalesce(current_setting('ymach.reason', true), '') AS reason,
         coalesce(current_setting('ymach.at', true), '') AS at
)
SELECT actor, reason, at,
       set_config('ymach.actor', %s, true), set_config('ymach.reason', %s, true), set_config('ymach.at', %s, true)
FROM before
"""


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
    ((actor_before, reason_before, at_before, *_now),) = pg.ask(_SWAP, [actor, reason, at])()
    return actor_before, reason_before, at_before
