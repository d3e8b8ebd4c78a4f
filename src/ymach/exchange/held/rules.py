"""The rules of the queue: by when a department decides, and what it may decide. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ymach.base.text import Text
from ymach.base.workdays import add_working_days, working_days_between
from ymach.exchange.policies.rules import REJECTED, WITH_FINDINGS

WORKING_DAYS = 3
"""Within which a department decides what is held (Ymạch: the patient's record stands still meanwhile)."""
SHORTEST_REASON = 10
"""Characters: a reason that the facility can act on is a sentence."""


class Decision(StrEnum):
    """What a department makes of a held dossier."""

    RELEASE = "release"
    RETURN = "return"
    REJECT = "reject"


DECISION_WORDS: Mapping[Decision, Text] = {
    Decision.RELEASE: Text("Cho nhận", "Release"),
    Decision.RETURN: Text("Trả lại cơ sở", "Return to the facility"),
    Decision.REJECT: Text("Không nhận", "Reject"),
}
STATE_AFTER: Mapping[Decision, str] = {
    Decision.RELEASE: "released",
    Decision.REJECT: "rejected",
    Decision.RETURN: "returned",
}
OUTCOME_AFTER: Mapping[Decision, str] = {Decision.RELEASE: WITH_FINDINGS, Decision.REJECT: REJECTED}
"""Of the held records; what is returned stays held until its facility sends it again."""
MOVES: Mapping[str, frozenset[Decision]] = {
    "waiting": frozenset(Decision),
    "returned": frozenset({Decision.RELEASE, Decision.REJECT}),
}
"""What may still be decided, by the state of the item. All other states are ends."""


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a decision as it stands on a day: working days left (negative: late by as many), in words."""

    due_on: date
    left: int

    @property
    def is_overdue(self) -> bool:
        return self.left < 0

    @property
    def tone(self) -> str:
        return "bad" if self.left < 0 else "note" if self.left <= 1 else ""

    @property
    def sentence(self) -> Text:
        if self.left < 0:
            late = -self.left
            return Text(f"Quá hạn {late} ngày làm việc", f"{late} working {_days(late)} late")
        if self.left == 0:
            return Text("Hạn hôm nay", "Due today")
        return Text(f"Còn {self.left} ngày làm việc", f"{self.left} working {_days(self.left)} left")


def due_on(received_on: date) -> date:
    """The last day for the decision on what came on a day (Viet Nam)."""
    return add_working_days(received_on, WORKING_DAYS)


def term(due: date, *, on: date) -> Term:
    """How the last day `due` stands on the day `on`. Past it, at least one day late, weekends included."""
    left = working_days_between(on, due)
    return Term(due, min(left, -1) if on > due else left)


def may_decide(state: str, decision: Decision) -> bool:
    """Whether an item in `state` can still be decided so."""
    return decision in MOVES.get(state, ())


def is_reason_enough(decision: Decision, reason: str) -> bool:
    """A refusal and a return say why in a sentence; a release may be silent."""
    return decision is Decision.RELEASE or len(reason.strip()) >= SHORTEST_REASON


def _days(number: int) -> str:
    return "day" if number == 1 else "days"
