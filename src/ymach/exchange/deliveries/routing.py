"""From the dossiers of a submission to what the routes go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from ymach.base.clock import vietnam_day
from ymach.clinical.dossier import Dossier
from ymach.exchange.deliveries.routes import Matter
from ymach.exchange.records import RecordDraft

_NOT_STORED = "rejected"


class Decided(Protocol):
    """A dossier after the intake's decision: its drafts and their outcomes side by side."""

    @property
    def dossier(self) -> Dossier: ...
    @property
    def drafts(self) -> tuple[RecordDraft, ...]: ...
    @property
    def outcomes(self) -> tuple[str, ...]: ...


def matters_of(dossiers: Iterable[Decided]) -> Iterator[Matter]:
    """The records that are stored, each with its kind, its day in Viet Nam, and whom it refers to."""
    for one in dossiers:
        for draft, outcome in zip(one.drafts, one.outcomes, strict=True):
            if outcome != _NOT_STORED:
                # What lies in a restricted compartment is sent to no facility: it is asked for.
                is_told = draft.kind == "referral" and not draft.compartment
                receiver = _receiver(one.dossier) if is_told else ""
                yield Matter(draft.kind, vietnam_day(draft.happened_at), receiver)


def _receiver(dossier: Dossier) -> str:
    """The facility a person is sent to: the referral paper says it, or the visit."""
    said = dossier.referral.to_facility if dossier.referral else None
    return said or (dossier.visit.referred_to if dossier.visit else None) or ""
