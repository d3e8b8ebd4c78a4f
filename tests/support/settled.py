"""Many rows of the registry at once, for tests that need them there and not how they came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from tests.support.factories import AT, BY
from ymach.base.history import settling
from ymach.base.history.attribution import attributed


@contextmanager
def settled_together(*, at: datetime = AT) -> Iterator[None]:
    """What follows from the rows made inside (published entries, figures, deadlines) is settled once, when it ends, as a
    load of a country does; each row by itself would take a hundredth of a second, thousands of times in a run."""
    with attributed(by=BY, reason="test", at=at), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ymach.settle', 'later', true)")
        yield
        cursor.execute("SELECT set_config('ymach.settle', '', true)")
        for settler in settling.waiting():
            settling.settle(settler)
