"""What a kind of living record does when a record is stored, gets another outcome, or is taken back by its facility."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.exchange.corrections.rules import Change
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.records import RecordDraft


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


@dataclass(frozen=True, slots=True)
class Amended:
    """Records of a submission have other outcomes now. changes: by record. at: aware."""

    facility_id: UUID
    submission_id: UUID
    changes: Sequence[Change]
    by: Actor
    at: datetime

    def outcomes_of(self, kind: str) -> dict[UUID, str]:
        """The new outcomes of the records of one kind, by record."""
        return {one.record_id: one.after for one in self.changes if one.kind == kind}


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A facility has taken a dossier back. kind: "visit" or "check-in". reason: its own words. at: aware."""

    facility_id: UUID
    kind: str
    code: str
    reason: str
    by: Actor
    at: datetime


def stay(amended: Amended) -> None:
    """For a kind whose rows say nothing of outcomes."""


@dataclass(frozen=True, slots=True)
class Living:
    """A kind of living record, as the transactions of others call it; each writes in the caller's transaction.

    keep: asks (`pg.ask`) for the rows of its own kind among the records placed: one statement, none when there are none.
    A dossier comes once; of an earlier version the rows of the same facility and dossier code are replaced.
    settle, cancel: nothing when it is not concerned.
    """

    keep: Callable[[Sequence[Placed], Common], None]
    cancel: Callable[[Cancelled], None]
    settle: Callable[[Amended], None] = stay
