"""Dispensing where transactions meet: many counters at once, and a counter whose answer is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from tests.exchange.prescriptions.conftest import AT
from tests.support.committed import own_database
from tests.support.intake import example, open_desk
from tests.support.prescriptions import EXAMPLE, Counter, open_pharmacy, prescribe

from ymach.exchange.prescriptions import actions, errors, queries
from ymach.exchange.prescriptions.actions import Dispensed
from ymach.exchange.prescriptions.models import Dispensing, Prescription
from ymach.exchange.prescriptions.rules import Part

COUNTERS = 6


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database("dispensing", django_db_blocker):
        yield


@pytest.fixture(scope="module")
def counter(committed: None) -> Counter:
    return open_pharmacy()


@pytest.fixture(scope="module")
def prescription(committed: None) -> Prescription:
    return prescribe(open_desk("99003"), example(EXAMPLE), AT)


def dispense(counter: Counter, one: Prescription, quantity: int, key: str) -> Dispensed:
    lines = [Part(1, Decimal(quantity))]
    return actions.dispense(code=one.code, lines=lines, pharmacist=counter.pharmacist, key=key, by=counter.by, at=AT)


def test_an_answer_that_is_lost_is_given_again_under_its_key(prescription: Prescription, counter: Counter) -> None:
    """The connection dies between the effect and the answer: once before the commit arrives, once after."""
    with pytest.raises(OperationalError):
        _dispense_and_lose_the_connection(counter, prescription)
    connection.close()
    assert not Dispensing.objects.exists()
    first = dispense(counter, prescription, 4, "lost")
    _kill_this_connection()
    connection.close()
    again = dispense(counter, prescription, 4, "lost")
    assert (again.dispensing.id, again.is_replay) == (first.dispensing.id, True)
    assert [part.quantity for part in queries.parts_of(prescription.code)] == [Decimal(4)]


def test_many_counters_at_once_never_hand_over_more_than_prescribed(
    prescription: Prescription, counter: Counter
) -> None:
    barrier = Barrier(COUNTERS)

    def hand_over(number: int) -> str:
        try:
            barrier.wait(timeout=30)
            return dispense(counter, prescription, 10, f"counter-{number}").dispensing.state_after
        except errors.MoreThanPrescribed as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(COUNTERS) as pool:
        told = sorted(pool.map(hand_over, range(COUNTERS)))
    assert told == ["YM-PRESCRIPTION-TOO-MUCH"] * 4 + ["partly-dispensed"] * 2
    assert sum(part.quantity for part in queries.parts_of(prescription.code)) == Decimal(24)


def _dispense_and_lose_the_connection(counter: Counter, one: Prescription) -> None:
    with transaction.atomic():
        dispense(counter, one, 4, "lost")
        _kill_this_connection()
        Prescription.objects.exists()


def _kill_this_connection() -> None:
    """As a network does it: the server knows, we find out with the next statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    wanted = ("host", "dbname", "user", "password", "port")
    known = {name: value for name, value in connection.get_connection_params().items() if name in wanted and value}
    with psycopg.connect(**known) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
