"""Below the ORM: server-side cursors of psycopg on Django's own connection, for the few hot paths.

They take part in Django's transaction, use prepared statements, and can be put in a pipeline. `jsonb` comes back as
text (Django's adapters are in force).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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


def ask(statement: str, parameters: Sequence[Any] | dict[str, Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Send a statement now; call the result for its rows. Several asked inside `one_round_trip` travel together."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        asked = psycopg.Cursor(connection.connection)
        asked.execute(statement, parameters)

    def answer() -> list[tuple[Any, ...]]:
        with connection.wrap_database_errors:
            return asked.fetchall()

    return answer


@contextmanager
def one_round_trip() -> Iterator[None]:
    """Statements inside are sent together; their answers are there when the block ends. On a busy machine waiting for
    each answer costs more than the statements themselves."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows turned into columns, the shape that `unnest(%s, %s, …)` takes."""
    return [list(column) for column in zip(*rows, strict=True)]


def as_json(value: Any) -> str:
    """`value` as JSON text for a `jsonb` parameter."""
    return orjson.dumps(value).decode()
