"""Rows in any number, some thousand at a time, by a cursor of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import psycopg
from django.db import connection, transaction

from ymach.base import pg
from ymach.base.ids import new_id

_FETCH = 4000


def stream(statement: str, parameters: pg.Parameters) -> Iterator[tuple[Any, ...]]:
    """The rows of `statement`, in the caller's transaction or in one of its own. What is read is of the moment of the first."""
    own = nullcontext() if connection.in_atomic_block else transaction.atomic()
    with own, psycopg.ServerCursor(connection.connection, f"stream_{new_id().hex}") as cursor:
        cursor.itersize = _FETCH
        cursor.execute(statement, parameters)
        yield from cursor
