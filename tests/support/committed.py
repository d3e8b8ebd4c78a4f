"""A database of a test module's own, with real commits: for what only shows when several transactions meet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from tests.support import databases
from ymach.base.history.following import present
from ymach.trust import queries as trust_queries


@contextmanager
def own_database(suffix: str, blocker: Any) -> Iterator[str]:
    """Django's connection leads to a fresh copy of the template until the end; yields its name."""
    with databases.copy(databases.server(), suffix) as name, blocker.unblock():
        shared = connection.settings_dict["NAME"]
        connections.close_all()
        connection.settings_dict["NAME"] = name
        trust_queries._kept.clear()
        try:
            yield name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = shared
            trust_queries._kept.clear()


def settle() -> None:
    """Wait until every transaction begun before now in this database has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (mine,) = cursor.fetchone()
    deadline = time.monotonic() + 60
    while present().xact <= mine:
        if time.monotonic() > deadline:
            raise TimeoutError("a transaction has been open for a minute")
        time.sleep(0.05)
