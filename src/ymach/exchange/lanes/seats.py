"""One connection to the database for each turn: a thread that waits for its turn needs none."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Seats:
    """The connections of one process; each is used by one thread at a time, whoever has the turn."""

    def __init__(self, count: int) -> None:
        self._kept: list[BaseDatabaseWrapper | None] = [None] * count

    def sit(self, number: int) -> None:
        """Give this thread the connection of the turn; one that broke is opened anew."""
        kept = self._kept[number]
        if kept is None:
            kept = self._kept[number] = connections.create_connection(DEFAULT_DB_ALIAS)
            kept.inc_thread_sharing()
        kept.close_if_unusable_or_obsolete()
        connections[DEFAULT_DB_ALIAS] = kept

    def rise(self, number: int) -> None:
        """Take it from this thread again. Raises RuntimeError inside a transaction, which then ends."""
        kept = connections[DEFAULT_DB_ALIAS]
        del connections[DEFAULT_DB_ALIAS]
        if kept.in_atomic_block:
            self._kept[number] = None
            kept.close()
            raise RuntimeError("a turn cannot be given back inside a transaction")
        kept.close_if_unusable_or_obsolete()
