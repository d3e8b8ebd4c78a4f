"""Statements sent past the ORM: what goes in comes out, together they have one fate, and errors are Django's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import DateRange

from ymach.base import pg


@pytest.fixture
def outermost(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """No transaction around the test, which leaves nothing behind; its connection ends with it."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        connection.close()


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Nguyễn Thị Mẫu", "text"),
        (UUID(int=7), "uuid"),
        (b"\x00\xff", "bytea"),
        (datetime(2026, 3, 2, 9, 30, 0, 5, UTC), "timestamptz"),
        (date(2026, 3, 2), "date"),
        (None, "text"),
        (3_000_000_000, "bigint"),
        ([UUID(int=7)], "uuid[]"),
        ([], "text[]"),
        ([b"\x00\\x22", b""], "bytea[]"),
        (DateRange(date(2026, 3, 2), date(2026, 4, 1)), "daterange"),
        (DateRange(None, date(2026, 4, 1)), "daterange"),
        (DateRange(None, None), "daterange"),
        (DateRange(empty=True), "daterange"),
    ],
)
def test_a_value_comes_back_as_it_went(value: Any, kind: str) -> None:
    assert pg.ask(f"SELECT %s::{kind}", [value])() == [(value,)]


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT), text=TEXT)
def test_texts_of_any_letters_come_back_as_they_went(texts: list[str], text: str) -> None:
    assert pg.ask("SELECT %(texts)s::text[], %(text)s::text", {"text": text, "texts": texts})() == [(texts, text)]


@pytest.mark.django_db
def test_nul_is_refused_and_never_cuts_a_text_short() -> None:
    for value in ("a\0b", ["a\0b"]):
        with pytest.raises(DataError):
            pg.ask("SELECT %s::text", [value])


@pytest.mark.django_db
def test_a_named_parameter_may_stand_twice_and_a_percent_sign_alone() -> None:
    assert pg.ask("SELECT %(a)s::int + %(b)s::int * %(a)s::int, '5%%'", {"a": 2, "b": 3})() == [(8, "5%")]


@pytest.mark.django_db
def test_together_each_has_its_own_rows() -> None:
    with pg.together():
        one, none, two = pg.ask("SELECT 1", []), pg.ask("SELECT 1 WHERE false", []), pg.ask("SELECT 2", [])
        with pytest.raises(RuntimeError):
            one()
    assert (one(), none(), two()) == ([(1,)], [], [(2,)])


@pytest.mark.usefixtures("outermost")
def test_an_error_takes_all_of_a_transaction_back_and_leaves_the_connection_usable() -> None:
    with pytest.raises(DataError) as raised:
        _write_and_fail()
    assert isinstance(raised.value.__cause__, psycopg.errors.DivisionByZero)
    assert pg.ask("SELECT to_regclass('pg_temp.kept')::text", [])() == [(None,)]


def _write_and_fail() -> None:
    with transaction.atomic():
        pg.ask("CREATE TEMP TABLE kept (n int)", [])
        with pg.together(commit=True):
            pg.ask("INSERT INTO kept VALUES (1)", [])
            pg.ask("SELECT 1 / %s::int", [0])


@pytest.mark.usefixtures("outermost")
def test_commit_travels_with_the_last_statements_of_the_outermost_transaction() -> None:
    idle = psycopg.pq.TransactionStatus.IDLE
    with transaction.atomic():
        with transaction.atomic(), pg.together(commit=True):
            pg.ask("SELECT txid_current()", [])
        assert connection.connection.info.transaction_status != idle
        with pg.together(commit=True):
            pg.ask("SELECT txid_current()", [])
        assert connection.connection.info.transaction_status == idle


@pytest.mark.usefixtures("outermost")
def test_answers_longer_than_any_buffer_meet_questions_as_long() -> None:
    long = "x" * 3_000_000
    with pg.together():
        answers = [pg.ask("SELECT %s::text", [long]) for _ in range(4)]
    assert all(answer() == [(long,)] for answer in answers)


@pytest.mark.usefixtures("outermost")
def test_a_lost_connection_is_told_and_the_next_one_opened() -> None:
    pg.ask("SELECT 1", [])
    with pytest.raises((OperationalError, InterfaceError)):
        pg.ask("SELECT pg_terminate_backend(pg_backend_pid())", [])
    connection.close_if_unusable_or_obsolete()
    assert pg.ask("SELECT 1", [])() == [(1,)]


def test_what_was_prepared_serves_after_transactions_of_all_ends(outermost: None) -> None:
    def asked() -> pg.Rows:
        return pg.ask("SELECT %s::int + 1", [1])()

    for _ in range(3):
        with transaction.atomic(), pg.cursor() as cursor:
            for _ in range(6):
                cursor.execute("SELECT 1")
            assert asked() == [(2,)]
            transaction.set_rollback(True)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE passing () ON COMMIT DROP")
        assert asked() == [(2,)]


def test_a_connection_on_which_prepared_statements_were_dropped_heals(outermost: None) -> None:
    pg.ask("SELECT 41 + %s::int", [1])()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(ProgrammingError):
        pg.ask("SELECT 41 + %s::int", [1])()
    assert pg.ask("SELECT 41 + %s::int", [1])() == [(42,)]
