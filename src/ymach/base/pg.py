"""Below the ORM, for the few hot paths: statements on Django's own connection, inside Django's transaction.

`ask` speaks to libpq itself: every statement is prepared once a connection, and one costs a tenth of what a cursor of
psycopg costs, which is made for many more cases. `cursor` is psycopg's, for COPY and for what is not asked thousands
of times. `jsonb` comes back as text (Django's adapters are in force).
"""

from __future__ import annotations

import contextlib
import re
import select
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.range import DateRange

Rows = list[tuple[Any, ...]]
Parameters = Sequence[Any] | Mapping[str, Any]

_MOST_PREPARED = 500
"""Statements prepared on one connection; one more is sent with its text, unprepared."""

_PLACEHOLDER = re.compile(r"%(?:%|(?:\((\w+)\))?([sbt]))")
_FINE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY})


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A server-side cursor on the connection of this thread.

    Errors come out as Django's (`django.db.DatabaseError` …, psycopg's as their cause), and a lost connection is noticed,
    so that the next request opens a new one.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as opened:
        yield opened


def ask(statement: str, parameters: Parameters) -> Callable[[], Rows]:
    """Send a statement (placeholders as psycopg's) and call the result for its rows.

    Inside `together` it travels with the others when the block ends, and has its rows after that.
    """
    link = _link()
    with link.errors:
        asked = _Asked(statement, parameters, link.connection)
        if link.waiting is None:
            link.run([asked])
        else:
            link.waiting.append(asked)
    return asked.rows


@contextmanager
def together(*, commit: bool = False) -> Iterator[None]:
    """Statements asked inside are sent in one go: on a busy machine waiting for each answer costs more than itself.

    commit: the transaction ends with them, in the same go, when it is the outermost one (Django's own commit then finds
    nothing left to do). Nothing else may be asked in that transaction afterwards.
    """
    link = _link()
    waiting = link.waiting = []
    try:
        yield
    finally:
        link.waiting = None
    if waiting:
        ends = commit and link.django.in_atomic_block and not link.django.savepoint_ids
        with link.errors:
            link.run(waiting, commit=ends)


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows turned into columns, the shape that `unnest(%s, %s, …)` takes."""
    return [list(column) for column in zip(*rows, strict=True)]


def as_json(value: Any) -> str:
    """`value` as JSON text for a `jsonb` parameter."""
    return orjson.dumps(value).decode()


class _Asked:
    """A statement with its parameters in the form of the protocol, and later its rows."""

    __slots__ = ("_rows", "formats", "query", "types", "values")

    def __init__(self, statement: str, parameters: Parameters, context: psycopg.Connection[Any]) -> None:
        self.query, names, formats = _compiled(statement)
        given = [parameters[name] for name in names] if isinstance(parameters, Mapping) else parameters
        self.types, self.formats, self.values = _dumped(given, formats, context)
        self._rows: Rows | None = None

    def rows(self) -> Rows:
        if self._rows is None:
            raise RuntimeError("asked together with others, and not sent yet")
        return self._rows

    def send(self, wire: pq.abc.PGconn, name: bytes | None) -> None:
        if name is None:
            wire.send_query_params(self.query, self.values, self.types, self.formats)
        else:
            wire.send_query_prepared(name, self.values, self.formats)

    def take(self, result: pq.abc.PGresult, context: psycopg.Connection[Any]) -> None:
        if not result.ntuples:
            self._rows = []
            return
        loader = Transformer.from_context(context)
        loader.set_pgresult(result)
        self._rows = loader.load_rows(0, result.ntuples, tuple)


class _Link:
    """One connection: what is prepared on it, and what waits to be sent together."""

    def __init__(self, django: BaseDatabaseWrapper) -> None:
        self.django, self.errors = django, django.wrap_database_errors
        self.connection: psycopg.Connection[Any] = django.connection
        self.prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self.waiting: list[_Asked] | None = None

    def run(self, asked: Sequence[_Asked], *, commit: bool = False) -> None:
        """Send all, wait for all, and give each its rows. Raises psycopg's error of the first that failed."""
        wire, opened = self.connection.pgconn, self.connection
        names = [self._prepare(one, wire) for one in asked]
        begin = not opened.autocommit and wire.transaction_status == pq.TransactionStatus.IDLE
        try:
            wire.enter_pipeline_mode()
            if begin:
                wire.send_query_params(b"BEGIN", None)
            for one, name in zip(asked, names, strict=True):
                one.send(wire, name)
            if commit:
                wire.send_query_params(b"COMMIT", None)
            wire.pipeline_sync()
            _flush(wire)
            results = list(_results(wire, begin + len(asked) + commit))
            wire.exit_pipeline_mode()
        except BaseException:
            opened.close()  # half sent, half answered: nobody could go on with it
            raise
        try:
            for result in results:
                _check(result, wire)
        except psycopg.errors.InvalidSqlStatementName:
            self.prepared.clear()  # somebody between us and the server dropped them: the next transaction begins anew
            raise
        for one, result in zip(asked, results[begin:], strict=False):
            one.take(result, opened)

    def _prepare(self, one: _Asked, wire: pq.abc.PGconn) -> bytes | None:
        key = (one.query, one.types)
        name = self.prepared.get(key)
        if name is None and len(self.prepared) < _MOST_PREPARED:
            name = b"ymach_%d" % len(self.prepared)
            _check(wire.prepare(name, one.query, one.types), wire)
            self.prepared[key] = name
        return name


_links: WeakKeyDictionary[psycopg.Connection[Any], _Link] = WeakKeyDictionary()


def _link() -> _Link:
    """The link of this thread's connection."""
    django = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up again at every word
    if django.connection is None:
        django.ensure_connection()
    link = _links.get(django.connection)
    if link is None:
        link = _links[django.connection] = _Link(django)
    return link


@lru_cache(maxsize=1024)
def _compiled(statement: str) -> tuple[bytes, tuple[str, ...], list[PyFormat]]:
    """The statement with `$1`, `$2` …, and its parameters in that order: their names (if they have some) and forms."""
    places: dict[str, int] = {}
    formats: list[PyFormat] = []

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        name = found[1] or str(len(formats))
        if name not in places:
            places[name] = len(places) + 1
            formats.append(PyFormat(found[2]))
        return f"${places[name]}"

    query = _PLACEHOLDER.sub(place, statement).encode()
    return query, tuple(places), formats


def _dumped(
    given: Sequence[Any], formats: list[PyFormat], context: psycopg.Connection[Any]
) -> tuple[tuple[int, ...], Sequence[pq.Format], Sequence[Any]]:
    """Types, forms and values of parameters on the wire: the common ones here, all others as psycopg does it."""
    dumps = [_COMMON.get(type(value)) for value in given]
    if None not in dumps:
        with contextlib.suppress(ValueError):
            values = [dump[2](value) for dump, value in zip(dumps, given, strict=True)]  # type: ignore[index]
            return tuple([dump[0] for dump in dumps]), [dump[1] for dump in dumps], values  # type: ignore[index]
    dumper = Transformer.from_context(context)
    dumped = dumper.dump_sequence(given, formats)
    return dumper.types or (), dumper.formats or (), dumped


def _text(value: str) -> bytes:
    encoded = value.encode()
    if b"\0" in encoded:
        raise ValueError("NUL")
    return encoded


def _list(value: list[Any]) -> bytes:
    """A list of texts, or of bytes, as PostgreSQL writes it."""
    kinds = set(map(type, value))
    if kinds == {bytes}:
        return ('{"\\\\x' + '","\\\\x'.join([one.hex() for one in value]) + '"}').encode()
    if kinds - {str}:
        raise ValueError("neither texts nor bytes")
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in value]
    return _text("{" + ",".join(quoted) + "}")


def _days(value: DateRange) -> bytes:
    if value.isempty or value.bounds != "[)":
        raise ValueError("not half-open")
    return f"[{value.lower or ''},{value.upper or ''})".encode()


def _moment(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError("naive")
    return value.isoformat().encode()


# As psycopg dumps them, without its care for what else they might be: type, form and value. ValueError: for psycopg.
_COMMON: dict[type, tuple[int, pq.Format, Callable[[Any], bytes | None]]] = {
    str: (0, pq.Format.TEXT, _text),
    list: (0, pq.Format.TEXT, _list),
    UUID: (2950, pq.Format.BINARY, lambda value: value.bytes),
    bytes: (17, pq.Format.BINARY, lambda value: value),
    date: (1082, pq.Format.TEXT, lambda value: value.isoformat().encode()),
    datetime: (1184, pq.Format.TEXT, _moment),
    DateRange: (3912, pq.Format.TEXT, _days),
    type(None): (0, pq.Format.TEXT, lambda _: None),
}


def _flush(wire: pq.abc.PGconn) -> None:
    """Send everything, taking in what the server says meanwhile: else both could wait for the other to read."""
    while wire.flush():
        if _wait(wire, select.POLLIN | select.POLLOUT) & select.POLLIN:
            wire.consume_input()


def _results(wire: pq.abc.PGconn, count: int) -> Iterator[pq.abc.PGresult]:
    """One result of each statement; the synchronisation after them is taken off too."""
    for _ in range(count):
        yield _next(wire)
        _next(wire)  # the end of the statement
    _next(wire)


def _next(wire: pq.abc.PGconn) -> Any:
    # Waiting here and not in libpq, which would hold the interpreter: another thread may hold the lock waited for.
    while wire.is_busy():
        _wait(wire, select.POLLIN)
        wire.consume_input()
    return wire.get_result()


def _wait(wire: pq.abc.PGconn, events: int) -> int:
    poll = select.poll()
    poll.register(wire.socket, events)
    return poll.poll()[0][1]


def _check(result: pq.abc.PGresult | None, wire: pq.abc.PGconn) -> None:
    if wire.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(f"the connection is lost: {wire.get_error_message()}")
    if result is not None and result.status not in _FINE and result.status != pq.ExecStatus.PIPELINE_ABORTED:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
