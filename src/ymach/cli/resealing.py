"""Sealing anew what an older key sealed, in bounded pieces: stopped at any moment, it goes on where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from ymach.base import sealing
from ymach.base.data_keys import ID_BYTES
from ymach.cli.sealed_columns import SEALED_COLUMNS, Key, SealedColumn

BATCH = 200
PLAIN = "plain"
_HEAD_BYTES = len(sealing.HEAD) + ID_BYTES


@dataclass(frozen=True, slots=True)
class Done:
    """What a run came to. left: it was stopped by its limit before the end."""

    rows: int
    left: bool


def reseal(*, limit: int | None = None, told: Callable[[str, int], None] = lambda name, rows: None) -> Done:
    """Seal under the newest key whatever another key sealed, and what is older than sealing.

    limit: rows at most. told: asked after each piece with the column and how many of it are done. Runs under the role
    that owns the tables: the running role may not touch what is append-only. Raises SealBroken, KeyMissing.
    """
    total = 0
    for column in SEALED_COLUMNS:
        done = 0
        for moved in _pieces(column, limit, total):
            done, total = done + moved, total + moved
            told(column.name, done)
            if limit is not None and total >= limit:
                return Done(total, left=True)
    return Done(total, left=False)


def counts() -> dict[str, Counter[str]]:
    """How many rows of each column each key sealed, by the key's id in hexadecimal; “plain” for what none did."""
    return {column.name: _count(column) for column in SEALED_COLUMNS}


def _pieces(column: SealedColumn, limit: int | None, before: int) -> Iterator[int]:
    after: Key | None = None
    total = before
    while limit is None or total < limit:
        with transaction.atomic():
            rows = _stale(column, after, BATCH if limit is None else min(BATCH, limit - total))
            if not rows:
                return
            for *key, kept in rows:
                _move(column, tuple(key), bytes(kept))
        after = tuple(rows[-1][:-1])
        total += len(rows)
        yield len(rows)


def _stale(column: SealedColumn, after: Key | None, most: int) -> list[tuple[Any, ...]]:
    """Rows that the newest key did not seal, locked, in the order of their key."""
    key = sql.SQL(", ").join(map(sql.Identifier, column.key))
    later: sql.Composable = sql.SQL("TRUE")
    if after is not None:
        later = sql.SQL("({}) > ({})").format(key, sql.SQL(", ").join(sql.Placeholder() * len(after)))
    statement = sql.SQL(
        "SELECT {key}, {column} FROM {table} WHERE length({column}) > 0 AND substring({column} FROM 1 FOR {head}) <> {newest}"
        " AND {later} ORDER BY {key} LIMIT {most} FOR UPDATE"
    ).format(
        key=key,
        column=sql.Identifier(column.column),
        table=sql.Identifier(column.table),
        head=sql.Literal(_HEAD_BYTES),
        newest=sql.Placeholder(),
        later=later,
        most=sql.Literal(most),
    )
    newest = sealing.HEAD + sealing.keyring().newest.id
    with connection.cursor() as cursor:
        cursor.execute(statement, [newest, *(after or ())])
        return list(cursor.fetchall())


def _move(column: SealedColumn, key: Key, kept: bytes) -> None:
    context = column.context(key)
    plain = sealing.unseal(kept, context=context) if column.since_start else sealing.opened(kept, context=context)
    statement = sql.SQL("UPDATE {table} SET {column} = {value} WHERE {key}").format(
        table=sql.Identifier(column.table),
        column=sql.Identifier(column.column),
        value=sql.Placeholder(),
        key=sql.SQL(" AND ").join(
            sql.SQL("{} = {}").format(sql.Identifier(one), sql.Placeholder()) for one in column.key
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [sealing.seal(plain, context=context), *key])


def _count(column: SealedColumn) -> Counter[str]:
    statement = sql.SQL(
        "SELECT substring({column} FROM 1 FOR {head}), count(*) FROM {table} WHERE length({column}) > 0 GROUP BY 1"
    ).format(column=sql.Identifier(column.column), head=sql.Literal(_HEAD_BYTES), table=sql.Identifier(column.table))
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for head, number in cursor.fetchall():
            is_sealed = bytes(head).startswith(sealing.HEAD)
            found[bytes(head)[len(sealing.HEAD) :].hex() if is_sealed else PLAIN] += number
    return found
