"""Below the ORM: server-side cursors of psycopg on Django's own connection, for the few hot paths.

They take part in Django's transaction, use prepared statements, and can be put in a pipeline. `jsonb` comes back as
text (Django's adapters are in force).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from django.db import connection


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A server-side cursor on the connection of this thread.

    Errors come out as Django's (`django.db.DatabaseError` …, psycopg's as their cause), and a lost connection is noticed,
    so that the next request opens a new one.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as opened:
        yield opened


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows turned into columns, the shape that `unnest(%s, %s, …)` takes."""
    return [list(column) for column in zip(*rows, strict=True)]


def as_json(value: Any) -> str:
    """`value` as JSON text for a `jsonb` parameter."""
    return orjson.dumps(value).decode()
