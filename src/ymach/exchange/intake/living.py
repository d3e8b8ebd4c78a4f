"""Records that go on living after they are stored: a prescription is dispensed, a referral answered, an appointment kept.

Each such kind has a package of its own, which writes its rows in the transaction that stores the record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.exchange.appointments.keeper import keep_appointments
from ymach.exchange.held.keeping import keep_held
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.prescriptions.keeper import keep_prescriptions
from ymach.exchange.records import RecordDraft
from ymach.exchange.referrals.keeper import keep_referrals


@dataclass(frozen=True, slots=True)
class Placed:
    """A record that is being stored, with the dossier it comes from. version: of the dossier; the last one holds.

    causes: of a held record, the findings by which it is held.
    """

    dossier: Dossier
    draft: RecordDraft
    record_id: UUID
    submission_id: UUID
    citizen_id: UUID
    outcome: str
    version: int
    causes: tuple[Finding, ...] = ()


Keep = Callable[[Sequence[Placed], Common], None]
"""Asks (`pg.ask`) for the rows of its own kind among the records placed: one statement, none when there are none.

A dossier comes once in `placed`; of an earlier version the rows of the same facility and dossier code are replaced.
"""

KEEPERS: tuple[Keep, ...] = (keep_held, keep_prescriptions, keep_referrals, keep_appointments)


def keep_living(placed: Sequence[Placed], common: Common) -> None:
    """Let each kind write its rows, in one round trip with the records themselves."""
    for keep in KEEPERS:
        keep(placed, common)
