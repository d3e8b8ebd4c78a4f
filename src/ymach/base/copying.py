"""COPY into a table on Django's own connection, for loads of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql

from ymach.base import pg
from ymach.base.periods import Period


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append `rows` (values in the order of `columns`) inside the transaction that is open.

    Ranges and arrays are given as PostgreSQL writes them (`range_text`, `array_text`): adapting objects costs more
    than the COPY itself.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with pg.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def range_text(period: Period) -> str:
    """The text of a daterange."""
    return f"[{period.start or ''},{period.end or ''})"


def array_text(items: Iterable[str]) -> str:
    """The text of a text[]; every element quoted."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"
