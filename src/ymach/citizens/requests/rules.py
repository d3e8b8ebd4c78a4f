"""Requests as plain functions: the terms the law sets, which step follows which, what a request must say."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from ymach.base.text import Text
from ymach.base.workdays import add_working_days
from ymach.changes.clocks import Clock, Standing, sentence, standing_of

_FILE = Path(__file__).parent / "data" / "kinds.csv"
SHORTEST, LONGEST = 10, 2000
"""Characters of a text that somebody else must act upon."""
MOST_OPEN = 20
"""Requests of one person that may be open at a time."""


class Kind(StrEnum):
    """What is asked for. A consent is withdrawn where it is shown, and needs no request."""

    OBTAIN = "obtain"
    CORRECT = "correct"
    RESTRICT = "restrict"
    OBJECT = "object"
    DELETE = "delete"
    READER = "reader"
    UNSIGNED = "unsigned"


OFFERED = (Kind.OBTAIN, Kind.CORRECT, Kind.RESTRICT, Kind.OBJECT, Kind.DELETE, Kind.READER)
"""What is asked for with a form. That one did not sign is said where the paper is shown."""


class State(StrEnum):
    """Where a request is: sent; taken by who must act; done; refused with a reason; taken back by the person."""

    SENT = "sent"
    TAKEN = "taken"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (State.SENT, State.TAKEN)


class Act(StrEnum):
    """A step of a request. `withdraw` is the person's own; the others are the officer's, or the system's."""

    SEND = "send"
    TAKE = "take"
    EXTEND = "extend"
    DONE = "done"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LIFT = "lift"


class Ground(StrEnum):
    """Why a request is refused."""

    KEPT_BY_LAW = "kept-by-law"
    RIGHT_AS_IT_IS = "right-as-it-is"
    ALLOWED_READING = "allowed-reading"
    SIGNED = "signed"
    OTHERS = "others"
    UNCLEAR = "unclear"


GROUNDS: dict[Kind, tuple[Ground, ...]] = {
    Kind.OBTAIN: (Ground.OTHERS, Ground.UNCLEAR),
    Kind.CORRECT: (Ground.RIGHT_AS_IT_IS, Ground.UNCLEAR),
    Kind.RESTRICT: (Ground.KEPT_BY_LAW, Ground.UNCLEAR),
    Kind.OBJECT: (Ground.KEPT_BY_LAW, Ground.UNCLEAR),
    Kind.DELETE: (Ground.KEPT_BY_LAW, Ground.UNCLEAR),
    Kind.READER: (Ground.ALLOWED_READING, Ground.UNCLEAR),
    Kind.UNSIGNED: (Ground.SIGNED, Ground.UNCLEAR),
}
"""The grounds there are for each kind, the usual one first."""

_AFTER: dict[Act, tuple[tuple[State, ...], State]] = {
    Act.TAKE: ((State.SENT,), State.TAKEN),
    Act.EXTEND: ((State.SENT, State.TAKEN), State.TAKEN),
    Act.DONE: (OPEN, State.DONE),
    Act.REFUSE: (OPEN, State.REFUSED),
    Act.WITHDRAW: (OPEN, State.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law sets for one kind. act_days: where the system itself acts; act_days_elsewhere: where a facility does,
    which processes for it. Days are calendar days; at_once: it takes effect as it is sent."""

    answer_working_days: int
    act_days: int
    act_days_elsewhere: int
    extension_days: int
    at_once: bool
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """The last days, in Viet Nam, of the answer and of the act itself."""

    answer: date
    act: date


@cache
def terms() -> dict[Kind, Terms]:
    """The terms of every kind."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {Kind(row["code"]): _terms(row) for row in csv.DictReader(file)}


def due(kind: Kind, on: date, *, elsewhere: bool) -> Due:
    """The terms of a request made `on` a day. elsewhere: a facility must act.

    A term that ends on a day off ends with the next working day (Civil Code 91/2015/QH13 art. 148 k5).
    """
    found = terms()[kind]
    days = found.act_days_elsewhere if elsewhere else found.act_days
    return Due(add_working_days(on, found.answer_working_days), _working(on + timedelta(days=days)))


def extended(kind: Kind, due_on: date) -> date:
    """The last day after the one extension there is."""
    return _working(due_on + timedelta(days=terms()[kind].extension_days))


def may(act: Act, state: str, *, is_extended: bool = False) -> bool:
    """Whether the step is open to a request in `state`; an extension only once."""
    if act not in _AFTER or (act is Act.EXTEND and is_extended):
        return False
    return state in _AFTER[act][0]


def after(act: Act) -> State:
    """The state that a step leads to."""
    return _AFTER[act][1]


def is_enough(words: str) -> bool:
    """Whether a text says enough to be acted upon."""
    return SHORTEST <= len(words.strip()) <= LONGEST


def needs_words(kind: Kind) -> bool:
    """Whether the person must say more than what the choices say."""
    return kind in {Kind.CORRECT, Kind.READER}


def needs_record(kind: Kind) -> bool:
    """Whether it is about one record."""
    return kind is Kind.CORRECT


def next_due(state: str, due_: Due) -> date | None:
    """The day by which the next thing must happen; None when nothing is left."""
    return {State.SENT: due_.answer, State.TAKEN: due_.act}.get(State(state))


def standing(state: str, due_: Due, *, on: date) -> tuple[Standing, Text] | None:
    """How the next term stands on the day `on`, in words; None when nothing is left."""
    last = next_due(state, due_)
    if last is None:
        return None
    clock = _ANSWER if state == State.SENT else _ACT
    stands = standing_of(clock, last, on=on)
    return stands, sentence(clock, last, stands, on=on)


_ANSWER = Clock("answer", "working_days", 2, (1,), Text("Trả lời", "Answer"), "Decree 356/2025/NĐ-CP art. 5")
_ACT = Clock("act", "days", 15, (3,), Text("Thực hiện", "Act"), "Decree 356/2025/NĐ-CP art. 5")


def _working(day: date) -> date:
    return add_working_days(day, 0)


def _terms(row: dict[str, str]) -> Terms:
    return Terms(
        int(row["answer_working_days"]),
        int(row["act_days"]),
        int(row["act_days_elsewhere"]),
        int(row["extension_days"]),
        row["at_once"] == "yes",
        row["source"],
    )
