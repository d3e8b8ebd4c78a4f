"""Requests about one's data: terms of the law, the steps that follow each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.workdays import calendar, working_days_between
from ymach.changes.clocks import Standing
from ymach.citizens.requests import rules, words
from ymach.citizens.requests.rules import Act, Due, Kind, State

MONDAY = date(2026, 10, 5)
DAYS = st.dates(date(2026, 1, 1), date(2028, 6, 30))


@pytest.mark.parametrize(
    ("kind", "elsewhere", "days", "extension"),
    [
        (Kind.OBTAIN, False, 10, 10),
        (Kind.OBTAIN, True, 15, 10),
        (Kind.CORRECT, True, 15, 10),
        (Kind.RESTRICT, False, 15, 15),
        (Kind.OBJECT, True, 20, 15),
        (Kind.DELETE, False, 20, 20),
        (Kind.DELETE, True, 30, 20),
        (Kind.READER, False, 15, 15),
    ],
)
def test_terms_are_those_of_the_decree(kind: Kind, elsewhere: bool, days: int, extension: int) -> None:
    due = rules.due(kind, MONDAY, elsewhere=elsewhere)
    assert due.answer == date(2026, 10, 7)
    assert due.act - MONDAY - timedelta(days=days) < timedelta(days=3)
    assert rules.terms()[kind].extension_days == extension


@given(st.sampled_from(Kind), DAYS, st.booleans())
def test_a_term_never_ends_on_a_day_off_nor_too_early(kind: Kind, on: date, elsewhere: bool) -> None:
    due = rules.due(kind, on, elsewhere=elsewhere)
    found = rules.terms()[kind]
    assert working_days_between(on, due.answer) == 2
    assert calendar().is_working_day(due.act)
    assert calendar().is_working_day(rules.extended(kind, due.act))
    assert due.act >= on + timedelta(days=found.act_days_elsewhere if elsewhere else found.act_days)
    assert rules.extended(kind, due.act) >= due.act + timedelta(days=found.extension_days)


def test_a_term_over_tet_ends_when_offices_open() -> None:
    due = rules.due(Kind.OBTAIN, date(2026, 2, 10), elsewhere=False)
    assert calendar().is_working_day(due.act)
    assert due.act > date(2026, 2, 20)


OPEN_TO = {
    State.SENT: {Act.TAKE, Act.EXTEND, Act.DONE, Act.REFUSE, Act.WITHDRAW},
    State.TAKEN: {Act.EXTEND, Act.DONE, Act.REFUSE, Act.WITHDRAW},
    State.DONE: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}


@pytest.mark.parametrize("state", State)
def test_each_state_opens_its_steps_and_no_other(state: State) -> None:
    assert {act for act in Act if rules.may(act, state)} == OPEN_TO[state]
    assert not rules.may(Act.EXTEND, state, is_extended=True)


@pytest.mark.parametrize(
    ("state", "on", "stands"),
    [
        (State.SENT, date(2026, 10, 5), Standing.OK),
        (State.SENT, date(2026, 10, 7), Standing.SOON),
        (State.SENT, date(2026, 10, 8), Standing.OVERDUE),
        (State.TAKEN, date(2026, 10, 8), Standing.OK),
        (State.TAKEN, date(2026, 10, 21), Standing.OVERDUE),
    ],
)
def test_the_answer_is_due_first_and_then_the_act(state: State, on: date, stands: Standing) -> None:
    found = rules.standing(state, Due(date(2026, 10, 7), date(2026, 10, 20)), on=on)
    assert found is not None
    assert found[0] is stands


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED, State.WITHDRAWN])
def test_nothing_is_due_of_what_is_over(state: State) -> None:
    assert rules.standing(state, Due(MONDAY, MONDAY), on=MONDAY) is None


@pytest.mark.parametrize(("said", "enough"), [("", False), ("   ", False), ("sai rồi", False), ("x" * 2001, False)])
def test_too_little_or_too_much_is_not_acted_upon(said: str, enough: bool) -> None:
    assert rules.is_enough(said) is enough
    assert rules.is_enough("Ghi nhầm nhóm máu")


def test_everything_has_words_and_every_refusal_a_ground() -> None:
    assert words.KINDS.keys() == words.EXPLAINED.keys() == set(Kind) == rules.GROUNDS.keys() == rules.terms().keys()
    assert words.STATES.keys() == set(State)
    assert words.ACTS.keys() == set(Act)
    assert all(grounds and words.GROUNDS.keys() >= set(grounds) for grounds in rules.GROUNDS.values())
