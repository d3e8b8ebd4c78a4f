"""The connection to the database comes with the turn: whoever has the turn has it, whichever thread that is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from ymach.exchange.lanes.board import Board
from ymach.exchange.lanes.gate import Gate
from ymach.exchange.lanes.rules import Lane
from ymach.exchange.lanes.seats import Seats

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats() -> Iterator[Seats]:
    made = Seats(1)
    yield made
    for kept in made._kept:
        if kept is not None:
            kept.close()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
        return number


def in_a_thread_of_its_own(work: object) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()  # type: ignore[arg-type]


def test_two_threads_have_the_same_connection_one_after_the_other(seats: Seats) -> None:
    gate = Gate(1, Board(1, 1), seats=seats)

    def ask() -> tuple[int, bool]:
        place = gate.enter(Lane.VISIT, "A")
        place.take()
        number = backend()
        place.leave()
        return number, bool(connections.all(initialized_only=True))

    first, second = in_a_thread_of_its_own(ask), in_a_thread_of_its_own(ask)
    assert first == second
    assert first != (backend(), False)


def test_a_connection_that_broke_is_opened_anew(seats: Seats) -> None:
    def work() -> tuple[int, int]:
        seats.sit(0)
        first = backend()
        connection.connection.close()
        connection.errors_occurred = True
        seats.rise(0)
        seats.sit(0)
        second = backend()
        seats.rise(0)
        return first, second

    first, second = in_a_thread_of_its_own(work)  # type: ignore[misc]
    assert first != second


def test_a_turn_is_not_given_back_inside_a_transaction(seats: Seats) -> None:
    def work() -> None:
        seats.sit(0)
        try:
            with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
                seats.rise(0)
        finally:
            connections.close_all()

    in_a_thread_of_its_own(work)
