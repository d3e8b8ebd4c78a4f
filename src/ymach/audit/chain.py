"""The chain of the journal as pure functions: what an event's hash covers, and how events follow each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson

ORIGIN = bytes(32)
"""Where the chain of each facility and day begins."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something done: who (`actor`), what (`action`, e.g. "submission:stored"), to what (`subject`, "kind:id").

    citizen_id: the person concerned, if one is. basis: the legal basis of a reading, or the duty of a writing.
    detail: small facts without personal numbers.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    basis: str
    citizen_id: UUID | None = None
    detail: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An event at its place in the chain."""

    facility_id: UUID
    day: date
    number: int
    event: Event
    previous_hash: bytes
    hash: bytes


def hash_of(facility_id: UUID, day: date, number: int, event: Event, previous: bytes) -> bytes:
    """SHA-256 over the previous hash and the event as canonical JSON (sorted keys, times in UTC to the microsecond)."""
    body = {
        "facility": str(facility_id),
        "day": day.isoformat(),
        "number": number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "basis": event.basis,
        "citizen": str(event.citizen_id) if event.citizen_id else None,
        "detail": event.detail or {},
    }
    return digest(body, previous)


def digest(body: Mapping[str, Any], previous: bytes) -> bytes:
    """The hash of an event that is JSON already, after the event whose hash is `previous`."""
    return hashlib.sha256(previous + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()


def extend(facility_id: UUID, day: date, *, number: int, head: bytes, events: Iterable[Event]) -> Iterator[Link]:
    """Append `events` after the event `number` whose hash is `head` (0 and ORIGIN for an empty chain)."""
    for event in events:
        number += 1
        fresh = hash_of(facility_id, day, number, event, head)
        yield Link(facility_id, day, number, event, head, fresh)
        head = fresh
