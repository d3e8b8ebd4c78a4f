"""The stream of changes under real commits: in whatever order transactions end, nothing is missed or told twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st
from tests.support import databases
from tests.support.committed import own_database, settle

from ymach.accounts.actions import create_user
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.embedded import APPLICATION
from ymach.base.history import following
from ymach.base.history.following import Cursor, CursorWrong, entries_after, present

TABLES = ["accounts_user"]
ADD = (
    "INSERT INTO accounts_user (id, password, username, email, full_name, is_active, created_at, suspended_by,"
    " suspended_why, session_generation) VALUES (gen_random_uuid(), '!', %s, '', %s, true, now(), '', '', 0)"
)


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with own_database("following", django_db_blocker) as name:
        yield name


@pytest.fixture
def other(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A second connection, whose transaction stays open until the test ends it."""
    with psycopg.connect(databases.server().url(APPLICATION, database)) as opened:
        yield opened
        opened.rollback()


def add(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute("SELECT set_config('ymach.actor', 'command:test', true), set_config('ymach.reason', 'x', true)")
    connection.execute(ADD, [name, name])


def add_here(name: str) -> None:
    create_user(username=name, full_name=name, password=None, by=command("test"), at=now())


def told(cursor: Cursor, limit: int = 100) -> tuple[list[str], Cursor]:
    """What can be told now. Other test runs on this server may hold it back for a moment, never for good."""
    page = entries_after(cursor, limit=limit, tables=TABLES)
    return [entry.after["username"] for entry in page.entries], page.cursor


def told_in_the_end(cursor: Cursor, count: int, limit: int = 100) -> tuple[list[str], Cursor]:
    """`count` names at least, asked for until they are told."""
    names: list[str] = []
    deadline = time.monotonic() + 60
    while len(names) < count and time.monotonic() < deadline:
        some, cursor = told(cursor, limit)
        names += some
        time.sleep(0 if some else 0.05)
    return names, cursor


def test_what_began_first_and_commits_last_is_not_missed(other: psycopg.Connection[Any]) -> None:
    settle()
    start = present()
    add(other, "early-id-late-commit")
    add_here("late-id-early-commit")
    first, cursor = told(start)
    other.commit()
    second, _ = told_in_the_end(cursor, 2 - len(first))
    assert first + second == ["early-id-late-commit", "late-id-early-commit"]


def test_what_commits_above_an_open_transaction_is_told_after_it_and_once(other: psycopg.Connection[Any]) -> None:
    settle()
    start = present()
    add(other, "open")
    for name in ("a1", "a2", "a3"):
        add_here(name)
    assert told(start)[0] == []
    other.commit()
    names, cursor = told_in_the_end(start, 4)
    assert names == ["open", "a1", "a2", "a3"]
    assert told(cursor)[0] == []


def test_a_transaction_that_is_rolled_back_holds_nothing_up(other: psycopg.Connection[Any]) -> None:
    settle()
    start = present()
    add(other, "never")
    add_here("kept")
    other.rollback()
    assert told_in_the_end(start, 1)[0] == ["kept"]


def test_pages_cut_through_a_transaction_without_loss(other: psycopg.Connection[Any]) -> None:
    settle()
    cursor = present()
    for number in range(7):
        add(other, f"page{number}")
    other.commit()
    names, _ = told_in_the_end(cursor, 7, limit=2)
    assert names == [f"page{number}" for number in range(7)]


def test_a_reader_among_many_writers_sees_everything_once(database: str) -> None:
    settle()
    start, expected = present(), {f"w{writer}-{number}" for writer in range(4) for number in range(25)}
    url = databases.server().url(APPLICATION, database)

    def write(writer: int) -> None:
        with psycopg.connect(url) as connection:
            for number in range(25):
                add(connection, f"w{writer}-{number}")
                connection.commit()

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(4)]
    for thread in threads:
        thread.start()
    seen: list[str] = []
    cursor = start
    while any(thread.is_alive() for thread in threads):
        some, cursor = told(cursor, limit=10)
        seen += some
    for thread in threads:
        thread.join()
    seen += told_in_the_end(cursor, len(expected) - len(seen))[0]
    assert sorted(seen) == sorted(expected)


@given(st.integers(0, (1 << 63) - 1), st.integers(0, (1 << 63) - 1))
def test_a_cursor_reads_back_as_it_prints(xact: int, entry: int) -> None:
    assert Cursor.read(str(Cursor(xact, entry))) == Cursor(xact, entry)


@pytest.mark.parametrize("text", ["x", "1", "1-", "-1", "1-x", "１-1", "9" * 30 + "-1", "1-1-1", " 1-1"])
def test_a_cursor_that_was_not_given_out_is_refused(text: str) -> None:
    with pytest.raises(CursorWrong):
        Cursor.read(text)


def test_who_sees_little_is_led_on_in_short_steps_past_what_others_see(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOKED_THROUGH", 3)
    settle()
    cursor = present()
    names = [f"step-{number}" for number in range(8)]
    for name in names:
        add_here(name)
    settle()
    mine = Q(after__username__in=[names[0], names[6]])
    seen, steps = [], 0
    more = True
    while more:
        page = entries_after(cursor, limit=100, tables=TABLES, reach=mine)
        seen += [entry.after["username"] for entry in page.entries]
        assert page.cursor > cursor
        cursor, more, steps = page.cursor, page.more, steps + 1
    assert seen == [names[0], names[6]]
    assert steps >= 3
