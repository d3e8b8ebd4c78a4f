"""What the registry is asked again about a held record: was this author in order, at that moment, as it says now?

Questions are taken out of the dossier when it is stored, so that nobody has to open a patient's dossier to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding, Severity
from ymach.base.licence_numbers import authors_in
from ymach.base.periods import Period
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake.standing import authorships
from ymach.practitioners.standing.acts import Act
from ymach.practitioners.standing.facts import StandingFacts
from ymach.practitioners.standing.lookup import ask_standing
from ymach.practitioners.standing.rules import Judge, Reason, judge_facility

STANDING = "YM-STA-"
MOST = 20
"""Questions kept of one dossier: more authors in doubt than that are not decided one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One author in doubt: the number as written, the act (empty: it is about the facility), when, where it stands.

    code: of the finding. at: aware UTC.
    """

    code: str
    author: str
    act: str
    at: datetime
    table: str | None
    row: int | None
    field: str | None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Question:
        return cls(**{**kept, "at": datetime.fromisoformat(kept["at"])})


class Now(StrEnum):
    """How the registry stands to a question now: in order, as before, in doubt for another reason."""

    RIGHT = "right"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with what the registry says now. findings: what is not in order, notes left out."""

    question: Question
    now: Now
    findings: tuple[Finding, ...] = ()


def questions_of(dossier: Dossier, causes: Iterable[Finding], *, received_at: datetime) -> list[Question]:
    """The questions behind the findings about standing, each author and moment once."""
    return list(islice(dict.fromkeys(_questions(dossier, causes, received_at)), MOST))


def ask_again(asked: Mapping[Any, tuple[str, Sequence[Question]]]) -> dict[Any, tuple[Answer, ...]]:
    """The answers of the registry as it stands, by key. asked: by key, the facility's code and its questions.

    One round trip; one statement a facility.
    """
    by_facility: dict[str, list[Question]] = defaultdict(list)
    for code, questions in asked.values():
        by_facility[code].extend(questions)
    with pg.together():
        waiting = {code: _ask(code, questions) for code, questions in by_facility.items() if questions}
    facts = {code: read() for code, read in waiting.items()}
    return {
        key: tuple(_answer(facts[code], one) for one in questions) if questions else ()
        for key, (code, questions) in asked.items()
    }


def _ask(code: str, questions: Sequence[Question]) -> Callable[[], StandingFacts]:
    days = [vietnam_day(one.at) for one in questions]
    return ask_standing(code, {one.author for one in questions}, Period(min(days), max(days) + timedelta(days=1)))


def _questions(dossier: Dossier, causes: Iterable[Finding], received_at: datetime) -> Iterator[Question]:
    main = dossier.visit or dossier.check_in
    moment = (main.started_at if main else None) or received_at
    lines = {(entry.table, entry.row, entry.field): entry for entry in authorships(dossier)}
    for cause in causes:
        if not cause.code.startswith(STANDING):
            continue
        entry = lines.get((cause.table or "", cause.row or 0, cause.field or ""))
        act, at = (entry.act.value, entry.at or moment) if entry else ("", moment)
        yield Question(cause.code, cause.value or "", act, at, cause.table, cause.row, cause.field)


def _answer(facts: StandingFacts, one: Question) -> Answer:
    found = tuple(
        reason.at(table=one.table, row=one.row, field=one.field, value=one.author)
        for reason in _reasons(facts, one)
        if reason.kind.severity is not Severity.NOTE
    )
    if not found:
        return Answer(one, Now.RIGHT)
    return Answer(one, Now.SAME if any(reason.code == one.code for reason in found) else Now.OTHER, found)


def _reasons(facts: StandingFacts, one: Question) -> Iterator[Reason]:
    if not one.act or not authors_in(one.author):
        yield from judge_facility(facts, one.at)
        return
    for verdict in Judge(facts).field(one.author, at=one.at, act=Act(one.act)):
        yield from verdict.reasons
