"""Every kind of living record, in the order in which they follow a submission, an amendment, a cancellation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ymach.base.actors import Actor
from ymach.exchange.appointments import actions as appointments
from ymach.exchange.appointments.keeper import keep_appointments
from ymach.exchange.held import leaving
from ymach.exchange.held.keeping import keep_held
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Amended, Cancelled, Living, Placed
from ymach.exchange.prescriptions import actions as prescriptions
from ymach.exchange.prescriptions.keeper import keep_prescriptions
from ymach.exchange.referrals import actions as referrals
from ymach.exchange.referrals.keeper import keep_referrals


class Settle(Protocol):
    """Lets the rows of records follow their new outcomes (record id → outcome)."""

    def __call__(self, facility_id: UUID, outcomes: Mapping[UUID, str], /, *, by: Actor, at: datetime) -> None: ...


class End(Protocol):
    """Ends the rows of a dossier; what it answers is for others."""

    def __call__(self, facility_id: UUID, code: str, /, *, reason: str, by: Actor, at: datetime) -> object: ...


def _by_record(kind: str, settle: Settle) -> Callable[[Amended], None]:
    def follow(amended: Amended) -> None:
        if outcomes := amended.outcomes_of(kind):
            settle(amended.facility_id, outcomes, by=amended.by, at=amended.at)

    return follow


def _of_visit(end: End) -> Callable[[Cancelled], None]:
    """A check-in notice has nothing of its own."""

    def follow(one: Cancelled) -> None:
        if one.kind == "visit":
            end(one.facility_id, one.code, reason=one.reason, by=one.by, at=one.at)

    return follow


KINDS = (
    Living(keep_held, leaving.follow_cancellation, leaving.follow_amendment),
    Living(keep_prescriptions, _of_visit(prescriptions.cancel_of_dossier)),
    Living(keep_referrals, _of_visit(referrals.withdraw_of_dossier), _by_record("referral", referrals.settle_outcomes)),
    Living(
        keep_appointments,
        _of_visit(appointments.cancel_of_dossier),
        _by_record("appointment", appointments.settle_outcomes),
    ),
)


def keep(placed: Sequence[Placed], common: Common) -> None:
    """Let each kind write its rows, in one round trip with the records themselves."""
    for one in KINDS:
        one.keep(placed, common)


def settle(amended: Amended) -> None:
    """Let each kind follow an amendment, in the caller's transaction."""
    for one in KINDS:
        one.settle(amended)


def cancel(cancelled: Cancelled) -> None:
    """Let each kind end with its dossier, in the caller's transaction."""
    for one in KINDS:
        one.cancel(cancelled)
