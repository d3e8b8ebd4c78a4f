"""A delivery in a worker's hands, and what became of one attempt: plain values between the outbox and the channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ymach.base.clock import vietnam_day
from ymach.exchange import kept_bytes
from ymach.exchange.channels.contract import ChannelError, Parcel, PartnerAnswer
from ymach.exchange.deliveries.rules import next_try


@dataclass(frozen=True, slots=True)
class Held:
    """One delivery that a worker may send until its lease ends.

    attempt: counts the times it was held; with the id it is the proof of holding. size: bytes of the file.
    citizens: whose dossiers the file brings up to date. stored: the file as it is kept, where the channel sends it.
    cause: why it is sent beside the first time.
    """

    facility_id: UUID
    id: UUID
    submission_id: UUID
    facility_code: str
    province_code: str
    destination: str
    kind: str
    dossier_code: str
    version: int
    digest: bytes
    size: int
    attempt: int
    created_at: datetime
    deadline_at: datetime
    lease_ends: datetime
    is_recovered: bool
    cause: str
    citizens: Sequence[UUID]
    stored: bytes | None = field(repr=False)

    @property
    def day(self) -> date:
        """The day in Viet Nam under which it is counted: that of the submission."""
        return vietnam_day(self.created_at)

    def parcel(self) -> Parcel:
        """What the channel gets: the signed bytes as received, unpacked only when they are sent."""
        names = (self.destination, self.facility_code, self.kind, self.dossier_code, self.version, self.digest)
        return Parcel(
            *names,
            load=self._unpacked,
            id=self.id,
            submission_id=self.submission_id,
            created_at=self.created_at,
            cause=self.cause,
        )

    def _unpacked(self) -> bytes:
        return kept_bytes.opened(self.submission_id, self.stored or b"", self.size)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a held delivery becomes. due_at: not before this moment. detail: for its list of events.

    is_given_back: it was not tried, and the attempt does not count. None leaves reference, answer or error as they were.
    """

    held: Held
    state: str
    due_at: datetime
    detail: dict[str, Any]
    reference: str | None = None
    answer: dict[str, Any] | None = None
    error: str | None = None
    is_given_back: bool = False


def delivered(held: Held, answer: PartnerAnswer, *, at: datetime) -> Settled:
    """The partner has it."""
    detail = {"attempt": held.attempt, "reference": answer.reference, "received_at": answer.received_at.isoformat()}
    return Settled(held, "delivered", at, detail, reference=answer.reference, answer=answer.kept, error="")


def failed(held: Held, error: ChannelError, *, at: datetime, jitter: float | None = None) -> Settled:
    """An attempt failed at `at`: refused for good, stuck if its deadline has passed, or waiting for the next try."""
    if error.permanent:
        state, due_at = "refused", at
    elif at >= held.deadline_at:
        state, due_at = "stuck", at
    else:
        state, due_at = "waiting", next_try(held.attempt, at=at, jitter=jitter)
    detail = {"attempt": held.attempt, "error": error.code, "vi": error.text.vi, "en": error.text.en}
    if state == "waiting":
        detail["next_try"] = due_at.isoformat()
    return Settled(held, state, due_at, detail, answer=error.answer, error=error.code)


def given_back(held: Held, *, due_at: datetime) -> Settled:
    """It was not tried; somebody may take it from `due_at` on."""
    detail = {"given_back": True, "next_try": due_at.isoformat()}
    return Settled(held, "waiting", due_at, detail, is_given_back=True)
