"""A write that loses its connection at one statement after the other, and what of it is there then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import cache
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from ymach.base import pg

WRITTEN_BY_ACTIONS = ("ymach.exchange", "ymach.audit", "ymach.notices", "ymach.base.history")
MOST = 400
# New at every try: ids, what is signed over them, digests, numbers of sequences and of transactions.
_FRESH = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\+x[0-9a-f]+|eyJ[\w.-]+|\b[0-9a-f]{64}\b"
    r'|^\(\d+(,\d{3,}(,\w+,\d+)?)?(?=,)|""id"": \d+'
)

Digests = dict[str, tuple[int, Any]]
Rows = Counter[tuple[str, str]]


class Onlooker:
    """Kills, and sees what is committed, through one connection of its own: each new one would learn all tables anew."""

    def __init__(self) -> None:
        info = connection.connection.info
        self._other = psycopg.connect(info.dsn, password=info.password, autocommit=True)

    def everything(self) -> Digests:
        """Every row that an action of the exchange may write, as number and sum of hashes of each table."""
        return {name: (number, total) for name, number, total in self._other.execute(_everything())}

    def end(self, process: int) -> None:
        """End another connection, and wait for its end."""
        self._other.execute("SELECT pg_terminate_backend(%s, 2000)", [process])

    def close(self) -> None:
        self._other.close()


def everything() -> Digests:
    """The same, as this connection sees it."""
    with connection.cursor() as cursor:
        cursor.execute(_everything())
        return {name: (number, total) for name, number, total in cursor.fetchall()}


def rows() -> Rows:
    """The same in full, without what is new at every try: comparable between one try and another."""
    with connection.cursor() as cursor:
        cursor.execute(_of_all("t::text"))
        return Counter((name, _FRESH.sub("~", text)) for name, text in cursor.fetchall())


def killed_at(
    statement: int, action: Callable[[], object], monkeypatch: pytest.MonkeyPatch, onlooker: Onlooker
) -> bool:
    """Run an action whose connection the server ends before its n-th statement (commits are statements too); whether it
    got that far."""
    left = [statement]

    def count(opened: object) -> None:
        if opened is not connection.connection:
            return
        left[0] -= 1
        if left[0] == 0:
            onlooker.end(connection.connection.info.backend_pid)

    with monkeypatch.context() as patch:
        _counted(patch, count)
        try:
            action()
        except (DatabaseError, psycopg.Error):
            if left[0] > 0:
                raise
    if left[0] <= 0:
        connections.close_all()
    return left[0] <= 0


def as_if_never_killed(
    action: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
    *,
    every: int = 1,
    check: Callable[[Digests, Digests], None] | None = None,
) -> int:
    """Kill an action at every (or every n-th) statement until a try comes through; how many were killed.

    After each kill nothing of it is there, unless `check` (what was there before the action, what is there now) knows
    better; at the end there is what one undisturbed try leaves.
    """
    wanted, after = _undisturbed(action), _nothing if check is None else check
    with closing(Onlooker()) as onlooker:
        before = onlooker.everything()
        for number, statement in enumerate(range(1, MOST, every)):
            connection.ensure_connection()
            if not killed_at(statement, action, monkeypatch, onlooker):
                found = rows()
                assert onlooker.everything() != before
                assert found == wanted, (wanted - found, found - wanted)
                return number
            after(before, onlooker.everything())
    raise AssertionError("it never ends")


def _nothing(before: Digests, now: Digests) -> None:
    assert now == before, {name for name in now if now[name] != before[name]}


def _undisturbed(action: Callable[[], object]) -> Rows:
    """What the action leaves, without leaving it."""
    with transaction.atomic():
        action()
        found = rows()
        transaction.set_rollback(True)
    return found


def _counted(patch: pytest.MonkeyPatch, count: Callable[[object], None]) -> None:
    def counting(method: Callable[..., Any], opened: Callable[[Any], object]) -> Callable[..., Any]:
        def counted(one: Any, *args: Any, **named: Any) -> Any:
            count(opened(one))
            return method(one, *args, **named)

        return counted

    patch.setattr(psycopg.Cursor, "execute", counting(psycopg.Cursor.execute, lambda cursor: cursor.connection))
    patch.setattr(pg._Link, "run", counting(pg._Link.run, lambda link: link.connection))
    patch.setattr(psycopg.Connection, "commit", counting(psycopg.Connection.commit, lambda opened: opened))


def _everything() -> str:
    return _of_all("count(*), sum(hashtextextended(t::text, 0))")


def _of_all(columns: str) -> str:
    return " UNION ALL ".join(f"SELECT '{name}', {columns} FROM \"{name}\" t" for name in _tables())


@cache
def _tables() -> tuple[str, ...]:
    models = (one for one in apps.get_models() if one.__module__.startswith(WRITTEN_BY_ACTIONS))
    return tuple(sorted({one._meta.db_table for one in models if one._meta.managed}))
