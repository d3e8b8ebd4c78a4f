"""What goes on living of a dossier ends with it: prescriptions, referrals, appointments, what a department holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.exchange.appointments import actions as appointments
from ymach.exchange.held.leaving import withdraw_of_dossier as leave_held
from ymach.exchange.prescriptions import actions as prescriptions
from ymach.exchange.referrals import actions as referrals


def cancel_living(facility_id: UUID, code: str, *, kind: str, reason: str, by: Actor, at: datetime) -> None:
    """End what lives of a cancelled dossier, in the caller's transaction. A check-in notice has nothing of its own."""
    leave_held(facility_id, kind, code, reason=reason, by=by, at=at)
    if kind != "visit":
        return
    prescriptions.cancel_of_dossier(facility_id, code, reason=reason, by=by, at=at)
    referrals.withdraw_of_dossier(facility_id, code, reason=reason, by=by, at=at)
    appointments.cancel_of_dossier(facility_id, code, reason=reason, by=by, at=at)
