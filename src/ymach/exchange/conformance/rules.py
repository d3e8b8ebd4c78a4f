"""What a run amounts to: a verdict a case, a verdict a group, one for the whole. Plain functions."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ymach.exchange.conformance.cases import OPTIONAL, Case

LIFETIME = timedelta(hours=24)
REST = timedelta(seconds=15)
"""Between the opening of one run and of the next of the same facility: each makes the kit anew."""


class Verdict(StrEnum):
    """Of a case or a group."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the platform saw of one case last. digest: SHA-256 in hexadecimal of what was sent. at: aware, UTC."""

    at: datetime
    digest: str
    status: int
    outcome: str
    finding_codes: tuple[str, ...]
    tries: int = 1


def verdict_of(case: Case, seen: Seen | None, *, grave: Collection[str]) -> Verdict:
    """Whether a case came out as it must: its outcome, and its finding among those found.

    grave: codes of findings that are more than notes; a dossier in order may have none.
    """
    if seen is None:
        return Verdict.NOT_TRIED
    if case.finding is None:
        is_clean = not any(code in grave for code in seen.finding_codes)
        return Verdict.PASSED if is_clean and seen.outcome == case.outcome else Verdict.FAILED
    is_found = case.finding in seen.finding_codes
    return Verdict.PASSED if is_found and seen.outcome == case.outcome else Verdict.FAILED


def verdict_of_group(verdicts: Iterable[Verdict]) -> Verdict:
    """A group has passed when each of its cases has; it is not tried when none was."""
    all_verdicts = set(verdicts)
    if all_verdicts <= {Verdict.NOT_TRIED}:
        return Verdict.NOT_TRIED
    return Verdict.PASSED if all_verdicts == {Verdict.PASSED} else Verdict.FAILED


def has_passed(groups: Mapping[str, Verdict]) -> bool:
    """Whether the software passes: every group passed, an optional one may be left out as a whole."""
    return bool(groups) and all(
        verdict is Verdict.PASSED or (name in OPTIONAL and verdict is Verdict.NOT_TRIED)
        for name, verdict in groups.items()
    )


def is_open(*, expires_at: datetime, finished_at: datetime | None, at: datetime) -> bool:
    """Whether something may still be noted in a run."""
    return finished_at is None and at < expires_at


def seconds_until_next(last_opened: datetime | None, *, at: datetime) -> int | None:
    """Seconds until a facility may open another run; None: now."""
    if last_opened is None or at >= last_opened + REST:
        return None
    return max(1, math.ceil((last_opened + REST - at).total_seconds()))
