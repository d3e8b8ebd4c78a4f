"""Who follows an amendment in its transaction: queues and living records whose rows go by a record's outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.exchange.appointments import actions as appointments
from ymach.exchange.corrections.rules import Change
from ymach.exchange.held.leaving import follow_amendment
from ymach.exchange.referrals import actions as referrals


@dataclass(frozen=True, slots=True)
class Amended:
    """What was amended: outcome_before, outcome_after of the submission; changes by record."""

    facility_id: UUID
    province_code: str
    submission_id: UUID
    cause: str
    outcome_before: str
    outcome_after: str
    changes: Sequence[Change]
    by: Actor
    at: datetime


Follow = Callable[[Amended], None]
"""Writes what follows for its own kind; nothing when it is not concerned."""


def _follow_referrals(amended: Amended) -> None:
    if outcomes := _of(amended, "referral"):
        referrals.settle_outcomes(amended.facility_id, outcomes, by=amended.by, at=amended.at)


def _follow_appointments(amended: Amended) -> None:
    if outcomes := _of(amended, "appointment"):
        appointments.settle_outcomes(amended.facility_id, outcomes, by=amended.by, at=amended.at)


def _of(amended: Amended, kind: str) -> dict[UUID, str]:
    return {one.record_id: one.after for one in amended.changes if one.kind == kind}


FOLLOWERS: tuple[Follow, ...] = (follow_amendment, _follow_referrals, _follow_appointments)


def follow(amended: Amended) -> None:
    """Let each follower write its rows, in the caller's transaction."""
    for one in FOLLOWERS:
        one(amended)
