"""Rounds of a worker: turns and pauses, a database that is away, chores that are refused or done seldom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import OperationalError

from ymach.base.errors import NotFound
from ymach.base.rounds import Chores, Rounds, Seldom, Stopped

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ymach.base.rounds.connection.close", lambda: None)


class Counting(Rounds):
    """Ends with the pauses it was given; one that is None finds the database away."""

    name, after_a_loss = "counting", 0.001

    def __init__(self, pauses: Iterator[float | None]) -> None:
        super().__init__(stopping=Event(), clock=lambda: AT)
        self._pauses = pauses

    def turn(self) -> float:
        self.tally["turns"] += 1
        pause = next(self._pauses, -1.0)
        if pause is None:
            raise OperationalError
        if pause < 0:
            self.stopping.set()
        return max(pause, 0)

    def last_word(self) -> None:
        self.tally["last words"] += 1


def test_once_goes_on_while_more_is_due_now() -> None:
    assert Counting(iter([0, 0, 30.0, 0])).run(once=True) == {"turns": 3, "last words": 1}


def test_a_database_that_is_away_is_asked_again() -> None:
    assert Counting(iter([None, 0.001, None])).run() == {"turns": 4, "last words": 1}


def test_any_other_fault_ends_the_part() -> None:
    def broken(*, at: datetime, stopped: Stopped) -> dict[str, int]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Chores("broken", [broken], pause=1, stopping=Event()).run(once=True)


def test_a_chore_that_is_refused_keeps_no_other_from_being_done() -> None:
    def refused(*, at: datetime, stopped: Stopped) -> dict[str, int]:
        raise NotFound

    def found(*, at: datetime, stopped: Stopped) -> dict[str, int]:
        return {"found": 2, "lost": 0}

    assert Chores("chores", [refused, found], pause=1, stopping=Event()).run(once=True) == {"found": 2}


def test_a_seldom_chore_is_done_once_in_a_while() -> None:
    def look(*, at: datetime, stopped: Stopped) -> dict[str, int]:
        return {"looked": 1}

    seldom = Seldom(look, timedelta(minutes=30))
    done = [seldom(at=AT + timedelta(minutes=late), stopped=lambda: False) for late in (0, 1, 40)]
    assert done == [{"looked": 1}, {}, {"looked": 1}]
