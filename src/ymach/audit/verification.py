"""The proof of the journal over the database: all chains streamed in their order, with the ends that were kept and signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction

from ymach.audit.faults import Fault
from ymach.audit.models import AuditCheck, AuditHead, AuditRoot
from ymach.audit.proof import Closed, End, Row, Seal, Tally, follow
from ymach.audit.roots import Kept, Open, check_export, check_roots
from ymach.audit.streams import stream
from ymach.base.actors import Actor

PIECE = timedelta(days=31)
"""At most so many days are read with one snapshot, which the database has to keep."""
MOST_KEPT = 200
_EVENTS = """
SELECT facility_id::text, day::text, number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
  actor, action, subject, basis, citizen_id::text, detail::text, previous_hash, hash FROM audit_event
"""
_ENDS = "SELECT facility_id::text, day::text, number, hash FROM audit_head"
_SEALS = "SELECT facility_id::text, day::text, number, hash, root_day::text FROM audit_leaf"
T = TypeVar("T", Row, End, Seal)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven: chains and events followed, roots checked; faults; late: events sealed after their day, no fault."""

    chains: int
    events: int
    roots: int
    faults: tuple[Fault, ...]
    late: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify(
    open_jws: Open | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    facility_id: UUID | None = None,
    outside: Iterable[Kept] = (),
) -> Proof:
    """Follow every chain of these days (Viet Nam, both included) and of this facility, or of all.

    open_jws: opens what the platform signed; without it the roots' signatures are not looked at. outside: roots that were
    kept in another place. Memory does not grow with the number of events. Slow by nature.
    """
    tally, faults = Tally(), list[Fault]()
    roots = list(AuditRoot.objects.order_by("day").values_list("day", flat=True))
    closed = Closed(roots[0].isoformat(), roots[-1].isoformat()) if roots else None
    if open_jws is not None:
        faults += check_roots(open_jws, since=since, until=until)
        faults += check_export(outside, open_jws)
    for first, last in pieces(since, until):
        with _snapshot():
            where = _Where(first, last, facility_id)
            rows = where.stream(Row, _EVENTS, "facility_id, day, number")
            ends = where.stream(End, _ENDS, "facility_id, day")
            seals = where.stream(Seal, _SEALS, "facility_id, day, root_day")
            faults += follow(rows, ends, seals, closed=closed, tally=tally)
    return Proof(tally.chains, tally.events, len(roots), tuple(faults), tuple(tally.late))


def keep_check(
    proof: Proof, *, since: date | None, until: date | None, began_at: datetime, at: datetime, by: Actor
) -> AuditCheck:
    """Note that the proof was made, and what it found (the first faults of many); the running role can only add to these."""
    return AuditCheck.objects.create(
        began_at=began_at,
        ended_at=at,
        since=since,
        until=until,
        chains=proof.chains,
        events=proof.events,
        roots=proof.roots,
        fault_count=len(proof.faults),
        faults=[one.as_json() for one in proof.faults[:MOST_KEPT]],
        checked_by=str(by),
    )


def checks(limit: int = 20) -> list[AuditCheck]:
    """The last runs of the proof, the newest first."""
    return list(AuditCheck.objects.order_by("-ended_at")[:limit])


def pieces(since: date | None, until: date | None) -> Iterator[tuple[date | None, date | None]]:
    """The days from `since` to `until` in pieces of a month; without bounds also what is before and after all that is known."""
    first = AuditHead.objects.order_by("day").values_list("day", flat=True).first()
    last = AuditHead.objects.order_by("-day").values_list("day", flat=True).first()
    start, end = since or first, until or last
    if start is None or end is None or start >= end:
        yield since, until
        return
    low: date | None = since
    while start + PIECE < end:
        start += PIECE
        yield low, start - timedelta(days=1)
        low = start
    yield low, until


@contextmanager
def _snapshot() -> Iterator[None]:
    """All that is read inside is of one moment (unless a transaction is open already, as in a test)."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@dataclass(frozen=True, slots=True)
class _Where:
    """Which chains are read; None is no bound."""

    first: date | None
    last: date | None
    facility: UUID | None

    def stream(self, kind: type[T], statement: str, order: str) -> Iterator[T]:
        """Rows by a cursor of the server, some thousand at a time."""
        bounds = {
            "day >= %(first)s": self.first,
            "day <= %(last)s": self.last,
            "facility_id = %(facility)s": self.facility,
        }
        where = " AND ".join(words for words, value in bounds.items() if value is not None) or "true"
        for row in stream(f"{statement} WHERE {where} ORDER BY {order}", asdict(self)):
            yield kind(*row)
