"""What the steps hand on: one case per thing sent. A refused case takes no further step and takes no other case down."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ymach.base.actors import Actor
from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.citizens.identify import Identity
from ymach.clinical.dossier import Dossier
from ymach.exchange.contents import XML130, Content, Format
from ymach.exchange.policies.rules import REJECTED
from ymach.exchange.records import RecordDraft
from ymach.facilities.queries import SendingFacility


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the actor behind the access token and the facility it acts for."""

    by: Actor
    facility: SendingFacility


@dataclass(frozen=True, slots=True)
class Received:
    """Step 1: the content exactly as signed, its SHA-256, and when it came (UTC); or what kept it from being read.

    claim: the lane its sender claimed for it, "" for none.
    """

    content: bytes
    digest: bytes
    at: datetime
    refusal: Finding | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """Step 3: what was signed, by which certificate, when (UTC; the claimed time if it is covered and believable)."""

    fingerprint: str
    subject: str
    algorithm: str
    covers: tuple[str, ...]
    at: datetime


@dataclass(slots=True)
class DossierCase:
    """Steps 4 to 8: one dossier of a submission, with what was found in it.

    drafts, outcomes, causes run parallel. causes: of a held record, the findings by which it is held.
    """

    dossier: Dossier
    findings: list[Finding]
    identity: Identity | None = None
    drafts: tuple[RecordDraft, ...] = ()
    outcomes: tuple[str, ...] = ()
    causes: tuple[tuple[Finding, ...], ...] = ()

    @property
    def kind(self) -> str:
        return self.dossier.kind

    @property
    def is_kept(self) -> bool:
        """Whether any record of it is stored. A dossier rejected beside good ones replaces no earlier version."""
        return any(outcome != REJECTED for outcome in self.outcomes)


@dataclass(slots=True)
class Case:
    """One thing sent, on its way through the steps."""

    sender: Sender
    received: Received
    format: Format = XML130
    content: Content | None = None
    signing: Signing | None = None
    findings: list[Finding] = dataclasses.field(default_factory=list)
    dossiers: list[DossierCase] = dataclasses.field(default_factory=list)
    refusal: Finding | None = None
    outcome: str | None = None
    registry_version: int = 0
    catalogue_versions: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def all_findings(self) -> list[Finding]:
        """The refusal, what is wrong with the whole, then what is wrong with each dossier."""
        refusal = [self.refusal] if self.refusal else []
        return [*refusal, *self.findings, *(found for dossier in self.dossiers for found in dossier.findings)]


def is_refused(case: Case) -> bool:
    """Whether nothing of it is kept."""
    return case.refusal is not None or case.outcome == REJECTED


def each(cases: Iterable[Case], step: Callable[[Case], None]) -> None:
    """Take every case that is not refused through `step`; a refusal stays with its own case."""
    for case in cases:
        if case.refusal is None:
            try:
                step(case)
            except Refused as refused:
                case.refusal = refused.finding
