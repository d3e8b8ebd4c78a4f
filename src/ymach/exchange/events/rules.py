"""What the stream tells of the journal, and to whom: plain functions. What is not in `kinds.csv` is told to nobody."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from ymach.base.text import Text
from ymach.exchange.events.errors import KindUnknown
from ymach.exchange.records import RECORD_KINDS

REFUSED = "submission:refused"
TOLD = frozenset(
    {"outcome", "digest", "destination", "error", "number", "referral", "receiver", "appointment", "pharmacy"}
)
"""Of an event's detail, what may leave: words, digests, numbers of ours. No sentence that somebody typed, and no prescription
code: whoever has it can look the prescription up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the journal at its place. is_repeated: the one before it says the same, of another person."""

    facility_id: UUID
    day: date
    number: int
    at: datetime
    action: str
    subject: str
    detail: Mapping[str, Any]
    is_repeated: bool = False

    @property
    def id(self) -> UUID:
        """The event's id: the same wherever and whenever it is made."""
        return uuid5(self.facility_id, f"{self.day.isoformat()}:{self.number}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for. kinds: of events; record_kinds: of the records concerned. Empty: all."""

    kinds: frozenset[str] = frozenset()
    record_kinds: frozenset[str] = frozenset()


@cache
def kinds() -> dict[str, Text]:
    """The kinds of events that are told, with their words."""
    text = files("ymach.exchange.events").joinpath("kinds.csv").read_text(encoding="utf-8")
    return {row["kind"]: Text(row["vi"], row["en"]) for row in csv.DictReader(text.splitlines())}


def read_wanted(words: Iterable[str]) -> Wanted:
    """Kinds of events ("delivery:delivered") and of records ("visit"), in one list. Raises KindUnknown."""
    given = {word.strip() for word in words} - {""}
    unknown = sorted(given - kinds().keys() - set(RECORD_KINDS))
    if unknown:
        raise KindUnknown(field="kinds", kinds=", ".join(unknown)[:200])
    return Wanted(frozenset(given & kinds().keys()), frozenset(given - kinds().keys()))


def is_told(entry: Entry) -> bool:
    """Whether the stream tells it: once for all persons of a submission, and never of who is told."""
    listens = str(entry.detail.get("destination", "")).startswith("webhook:")
    return entry.action in kinds() and not entry.is_repeated and not listens


def detail_told(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the detail that may leave."""
    return {name: value for name, value in sorted(detail.items()) if name in TOLD}


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By time, and never one of a facility's day before an earlier number of it: its clock may have gone back."""
    latest: dict[tuple[UUID, date], datetime] = {}
    placed = []
    for one in entries:
        chain = (one.facility_id, one.day)
        latest[chain] = max(one.at, latest.get(chain, one.at))
        placed.append((latest[chain], one.facility_id, one.day, one.number, one))
    return [found[-1] for found in sorted(placed, key=lambda found: found[:-1])]
