"""What differs between two lists: plain functions over values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ymach.base.clock import iso
from ymach.exchange.reconciliation.errors import DayWrong, DigestWrong, NothingRead, TooMany

MOST_DIGESTS = 50_000
"""Of one list: the largest hospitals send some thousands a day."""
KEPT = 2000
"""Differences of each sort that are kept with the result; the answer itself has all."""
FIRST_DAY = date(2000, 1, 1)

REJECTED = "rejected"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ANYWHERE = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that the exchange received. received_at: aware."""

    digest: str
    submission: UUID
    received_at: datetime
    outcome: str

    def as_json(self) -> dict[str, Any]:
        return {"digest": self.digest, "submission": str(self.submission), "received_at": iso(self.received_at)}


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day compared. missing: in their list, unknown here. extra: here, not in their list. different: in their list
    and known, but received on another day."""

    theirs: int
    held: int
    matched: int
    missing: Sequence[str] = ()
    extra: Sequence[HeldFile] = ()
    different: Sequence[HeldFile] = field(default=())

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.extra or self.different)

    def as_json(self, most: int | None = None) -> dict[str, Any]:
        """The three lists, at most `most` entries each."""
        return {
            "missing": list(self.missing[:most]),
            "extra": [one.as_json() for one in self.extra[:most]],
            "different": [one.as_json() for one in self.different[:most]],
        }


def check_digests(given: Iterable[object]) -> frozenset[str]:
    """Digests as they are compared: lower case, each once. Raises DigestWrong (row: from 1) or TooMany."""
    found = set()
    for row, one in enumerate(given, 1):
        if row > MOST_DIGESTS:
            raise TooMany(field="digests", most=MOST_DIGESTS)
        text = one.strip().lower() if isinstance(one, str) else ""
        if not _DIGEST.fullmatch(text):
            raise DigestWrong(field="digests", row=row)
        found.add(text)
    return frozenset(found)


def digests_in(text: str) -> frozenset[str]:
    """Every SHA-256 in a text that somebody pasted or uploaded, whatever stands around it. Raises NothingRead, TooMany."""
    found = frozenset(_ANYWHERE.findall(text.lower()))
    if not found:
        raise NothingRead(field="lines")
    if len(found) > MOST_DIGESTS:
        raise TooMany(field="lines", most=MOST_DIGESTS)
    return found


def read_day(text: object, *, today: date) -> date:
    """A day as ISO 8601 writes it, from FIRST_DAY to `today` (Viet Nam). Raises DayWrong."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= today:
        raise DayWrong(field="day", day=str(text)[:20])
    return day


def compare(theirs: frozenset[str], held: Iterable[HeldFile], elsewhere: Mapping[str, HeldFile]) -> DayFound:
    """Their list against the files of a day. elsewhere: those of their list that came on another day.

    A file that was refused keeps nothing: whoever does not list it misses nothing.
    """
    of_day: dict[str, HeldFile] = {}
    for one in held:
        if one.digest not in of_day or of_day[one.digest].outcome == REJECTED:
            of_day[one.digest] = one
    rest = sorted(theirs - of_day.keys())
    extra = [one for one in of_day.values() if one.digest not in theirs and one.outcome != REJECTED]
    return DayFound(
        theirs=len(theirs),
        held=sum(one.outcome != REJECTED for one in of_day.values()),
        matched=len(theirs & of_day.keys()),
        missing=[one for one in rest if one not in elsewhere],
        extra=sorted(extra, key=lambda one: (one.received_at, one.digest)),
        different=[elsewhere[one] for one in rest if one in elsewhere],
    )
