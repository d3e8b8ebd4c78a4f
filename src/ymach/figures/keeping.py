"""Looking after the figures: joining rows of the tallies, and the proof that they equal a recount."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from ymach.base.clock import vietnam_day
from ymach.base.history.settling import settle, waiting
from ymach.base.rounds import Stopped, never
from ymach.figures.queries import KEPT_DAYS


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that is not what a recount says."""

    subject: str
    figure: str
    province_code: str
    key: str
    day: date
    kept: int
    actual: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Summaries that are not what the registry says, and sums that are not what the summaries say."""

    summaries: int
    tallies: int
    wrong_summaries: tuple[tuple[str, UUID], ...]
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong_summaries and not self.differences


def compact(today: date) -> int | None:
    """Join the rows of the tallies day by day, and month by month before the last 100 days; sums stay what they are.

    Returns how many rows are left, or None when another process is at it.
    """
    found: int | None = _ask("SELECT figures_compact(%s)", [_cut(today)])[0][0]
    return found


def tend(*, at: datetime, stopped: Stopped = never) -> Tally[str]:
    """One round of the worker: what a load has left waiting is settled, the rows of the tallies are joined."""
    tally: Tally[str] = Tally()
    for settler in waiting():
        if not stopped():
            tally["settled"] += settle(settler)
    if not stopped():
        compact(vietnam_day(at))
    return tally


def verify(today: date) -> Proof:
    """Recount everything: each summary from the registry, each sum from the summaries. Reads the whole registry."""
    wrong = _ask("SELECT subject, id FROM figures_wrong_summaries()", [])
    differing = _ask("SELECT * FROM figures_wrong_tallies(%s)", [_cut(today)])
    [(summaries, tallies)] = _ask(
        "SELECT (SELECT count(*) FROM figures_practitioner) + (SELECT count(*) FROM figures_facility),"
        " (SELECT count(*) FROM figures_tally)",
        [],
    )
    return Proof(summaries, tallies, tuple(wrong), tuple(Difference(*row) for row in differing))


def _cut(today: date) -> date:
    return (today - timedelta(days=KEPT_DAYS)).replace(day=1)


def _ask(statement: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
