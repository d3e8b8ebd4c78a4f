"""Every column that is sealed at rest, and what each row is sealed for: what `ymach keys` goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ymach.changes.evidence.actions import context_of as of_evidence
from ymach.citizens.emergency_cards.queries import context_of as of_card
from ymach.citizens.keeping import context_of_number, context_of_value
from ymach.citizens.links.models import Assurance, Link
from ymach.citizens.links.queries import context_of as of_link
from ymach.citizens.provisional.queries import context_of as of_provisional
from ymach.citizens.proxies.papers import context_of as of_paper
from ymach.citizens.requests.queries import context_of_request, context_of_step
from ymach.consent.actions import context_of_signer
from ymach.exchange.kept_bytes import context_of as of_submission

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column. key: the columns of the primary key; context: what a row is sealed for, by its key.

    since_start: False where rows may be older than sealing, and are sealed when they are met.
    """

    table: str
    key: tuple[str, ...]
    column: str
    context: Callable[[Key], str]
    since_start: bool = True

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


SEALED_COLUMNS = (
    SealedColumn(
        "exchange_submission_content",
        ("facility_id", "submission_id"),
        "content",
        lambda key: of_submission(key[1]),
        since_start=False,
    ),
    SealedColumn(
        "changes_evidence_content", ("evidence_id",), "content", lambda key: of_evidence(key[0]), since_start=False
    ),
    SealedColumn("citizens_paper", ("citizen_id", "id"), "content", lambda key: of_paper(key[0], key[1])),
    SealedColumn("citizens_identifier", ("kind", "value"), "sealed", lambda key: context_of_value(key[0], key[1])),
    SealedColumn("citizens_citizen", ("citizen_id",), "number_sealed", lambda key: context_of_number(key[0])),
    SealedColumn("citizens_link", ("citizen_id", "id"), "reference", lambda key: of_link(Link, key[1])),
    SealedColumn("citizens_assurance", ("citizen_id", "id"), "reference", lambda key: of_link(Assurance, key[1])),
    SealedColumn("citizens_provisional", ("code",), "details", lambda key: of_provisional(key[0])),
    SealedColumn("citizens_emergency_card", ("digest",), "sealed", lambda key: of_card(key[0])),
    SealedColumn("consent_consent", ("citizen_id", "id"), "signer", lambda key: context_of_signer(key[1])),
    SealedColumn("citizens_request", ("citizen_id", "id"), "words", lambda key: context_of_request(UUID(str(key[1])))),
    SealedColumn(
        "citizens_request_step",
        ("citizen_id", "request_id", "number"),
        "words",
        lambda key: context_of_step(UUID(str(key[1])), key[2]),
    ),
)
"""Pieces of uploads are not here: they are forgotten within days, long before a key is."""
