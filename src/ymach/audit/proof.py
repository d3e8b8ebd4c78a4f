"""Following the chains of the journal, as a pure function over streams: which event was changed, is missing or was added.

The streams come sorted by facility and day, so that the whole journal is followed in one pass, with one chain's end kept
in memory. A chain is trusted by three things: each event's own hash, the end that was kept beside it, and the ends that
the platform signed when the day was closed (`audit.roots`); who rewrites the first two cannot rewrite the third.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import orjson

from ymach.audit.chain import ORIGIN, digest
from ymach.audit.faults import Fault, FaultKind

Key = tuple[str, str]
T = TypeVar("T", bound="Row | End | Seal")


class Row(NamedTuple):
    """One event as it is kept: ids and moments as text (UTC, ISO 8601 to the microsecond), detail as JSON text."""

    facility_id: str
    day: str
    number: int
    at: str
    actor: str
    action: str
    subject: str
    basis: str
    citizen_id: str | None
    detail: str
    previous: bytes
    hash: bytes


class End(NamedTuple):
    """The end of a chain as the table of ends has it."""

    facility_id: str
    day: str
    number: int
    hash: bytes


class Seal(NamedTuple):
    """The end of a chain as a signed root has it; root_day is the day of that root."""

    facility_id: str
    day: str
    number: int
    hash: bytes
    root_day: str


class Closed(NamedTuple):
    """The first and the last day that have a signed root. The first root took in all that was older than it."""

    first: str
    last: str


@dataclass(slots=True)
class Tally:
    """What was looked at: chains, events, and of these the ones that came after their day was closed, and were sealed so."""

    chains: int = 0
    events: int = 0
    late: list[Fault] = field(default_factory=list)


def follow(
    rows: Iterable[Row], ends: Iterable[End], seals: Iterable[Seal], *, closed: Closed | None, tally: Tally
) -> Iterator[Fault]:
    """Every fault of the chains, in the order of facility and day.

    rows sorted by facility, day and number; ends and seals by facility and day (seals then by root). closed: the days
    that have a signed root; what is of the last of them or before, and in no root, was added afterwards.
    """
    events, kept, sealed = _Ahead(rows), _Ahead(ends), _Ahead(seals)
    while (key := min(filter(None, (events.key, kept.key, sealed.key)), default=None)) is not None:
        tally.chains += 1
        marks = list(sealed.of(key))
        chain = _Chain(key, {one.number: one.hash for one in marks})
        for row in events.of(key):
            yield from chain.take(row)
        tally.events += chain.count
        yield from chain.against_end(next(iter(list(kept.of(key))), None))
        yield from chain.against_seals(marks, is_closed=closed is not None and key[1] <= closed.last)
        if closed is not None:
            tally.late += _late(marks, closed.first)


def event_digest(row: Row) -> bytes:
    """What the hash of `row` should be, going by its content and the previous hash it names; empty if it is no event."""
    body = {
        "facility": row.facility_id,
        "day": row.day,
        "number": row.number,
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "basis": row.basis,
        "citizen": row.citizen_id,
    }
    try:
        return digest({**body, "detail": orjson.loads(row.detail)}, row.previous)
    except (orjson.JSONDecodeError, TypeError):
        return b""  # numbers that no event ever had


class _Chain:
    """One facility's day, followed event by event."""

    def __init__(self, key: Key, marks: dict[int, bytes]) -> None:
        self._facility, self._day = key
        self._marks, self._met = marks, dict[int, bytes]()
        self.number, self.count = 0, 0
        self._stored = self._computed = ORIGIN

    def take(self, row: Row) -> Iterator[Fault]:
        self.count += 1
        if row.number <= self.number:
            yield self._fault(FaultKind.ADDED, row.number)
            return
        if row.number > self.number + 1:
            yield self._fault(FaultKind.MISSING, self.number + 1, row.number - 1)
        computed = event_digest(row)
        if computed != row.hash:
            yield self._fault(FaultKind.CHANGED, row.number)
        elif row.number == self.number + 1 and row.previous != self._stored and row.previous != self._computed:
            yield self._fault(FaultKind.UNLINKED, row.number)
        self.number, self._stored, self._computed = row.number, row.hash, computed
        if row.number in self._marks:
            self._met[row.number] = row.hash

    def against_end(self, end: End | None) -> Iterator[Fault]:
        if end is None:
            if self.count:
                yield self._fault(FaultKind.NO_END, self.number)
        elif end.number > self.number:
            yield self._fault(FaultKind.MISSING, self.number + 1, end.number)
            self.number = end.number
        elif end.number < self.number:
            yield self._fault(FaultKind.ADDED, end.number + 1, self.number)
        elif end.hash != self._stored:
            yield self._fault(FaultKind.END_MOVED, end.number)

    def against_seals(self, seals: list[Seal], *, is_closed: bool) -> Iterator[Fault]:
        last = 0
        for seal in seals:
            if seal.number > self.number:
                yield self._fault(FaultKind.MISSING, self.number + 1, seal.number)
                self.number = seal.number
            elif self._met.get(seal.number, seal.hash) != seal.hash:
                yield self._fault(FaultKind.REWRITTEN, seal.number)
            last = max(last, seal.number)
        if is_closed and self.number > last:
            yield self._fault(FaultKind.LATE, last + 1, self.number)

    def _fault(self, kind: FaultKind, first: int, last: int = 0) -> Fault:
        return Fault(kind, self._day, self._facility, first, last or first)


class _Ahead(Generic[T]):
    """A sorted stream with its next element in sight."""

    def __init__(self, source: Iterable[T]) -> None:
        self._source = iter(source)
        self._next: T | None = next(self._source, None)

    @property
    def key(self) -> Key | None:
        return self._next[:2] if self._next is not None else None

    def of(self, key: Key) -> Iterator[T]:
        """The elements of one chain, in order."""
        facility, day = key
        while (one := self._next) is not None and one[0] == facility and one[1] == day:
            yield one
            self._next = next(self._source, None)


def _late(seals: list[Seal], first_root: str) -> Iterator[Fault]:
    """Events that a later root sealed. They are no fault, as that root says of them that they came late; but they are told."""
    before = 0
    for seal in seals:
        if seal.root_day > seal.day and seal.root_day != first_root:
            yield Fault(FaultKind.LATE, seal.day, seal.facility_id, before + 1, seal.number)
        before = seal.number
