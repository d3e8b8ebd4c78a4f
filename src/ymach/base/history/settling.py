"""What follows from the registry (published entries, figures, deadlines) and is kept by triggers: when it is renewed.

Usually in the transaction of the change. A load of a whole country says `later()`: what it concerns waits in a table,
and is settled once, for everybody together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def later() -> Iterator[None]:
    """Open a transaction whose changes are settled by a later `settle`. For loads alone: lists lag until then."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('ymach.settle', 'later', true)")
        yield


def waiting() -> list[str]:
    """The settlers for which something of a committed transaction waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT settler FROM settling_pending ORDER BY settler")
        return [settler for (settler,) in cursor.fetchall()]


def settle(settler: str) -> int:
    """Settle all that waits for `settler`; returns how many ids. Two at a time wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ymach_settle_pending(%s)", [settler])
        (settled,) = cursor.fetchone()
        return int(settled)
