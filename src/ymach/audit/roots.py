"""The signed root of each closed day: who has the tables, but not the platform's key, cannot rewrite what it covers.

A day (Viet Nam) is closed some hours after its end, when every transaction that began in it has ended. Its root is a Merkle
tree over the ends of its chains, and over those of earlier days that have grown since; it names the root before it, and the
platform signs it. Kept outside, one root proves every day before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import transaction

from ymach.audit.chain import ORIGIN
from ymach.audit.faults import Fault, FaultKind
from ymach.audit.merkle import leaf_hash, root_of
from ymach.audit.models import AuditRoot
from ymach.audit.proof import Seal
from ymach.base import pg
from ymach.base.clock import iso, vietnam_day
from ymach.base.errors import YmachError

MARGIN = timedelta(hours=3)
"""After the day's end; no transaction is open that long."""
LOOK_BACK = timedelta(days=31)
"""How far back a root looks for chains that have grown, and how long before it the first root of all begins."""
Sign = Callable[[Mapping[str, Any]], str]
Open = Callable[[str], Mapping[str, Any]]
"""What was signed, if the signature is the platform's. Raises YmachError."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('audit_root'))"
_FIRST_DAY = "SELECT min(day) FROM audit_head WHERE number > 0"
_SEAL = """
WITH sealed AS (
  SELECT facility_id, day, max(number) AS number FROM audit_leaf WHERE day >= %(since)s AND day <= %(day)s GROUP BY 1, 2
)
INSERT INTO audit_leaf (facility_id, day, root_day, number, hash)
SELECT h.facility_id, h.day, %(day)s, h.number, h.hash FROM audit_head h
LEFT JOIN sealed s ON s.facility_id = h.facility_id AND s.day = h.day
WHERE h.day >= %(since)s AND h.day <= %(day)s AND h.number > coalesce(s.number, 0)
"""
_LEAVES = """
SELECT l.facility_id::text, l.day::text, l.number, l.hash, l.number - coalesce(
  (SELECT max(p.number) FROM audit_leaf p
   WHERE p.facility_id = l.facility_id AND p.day = l.day AND p.root_day < l.root_day), 0)
FROM audit_leaf l WHERE l.root_day = %s ORDER BY l.facility_id, l.day
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A root that was kept outside: what was signed, and the ends it covers."""

    jws: str
    leaves: tuple[tuple[str, str, int, str], ...]


def last_closed_day(at: datetime) -> date:
    """The last day (Viet Nam) that is closed at `at` (aware)."""
    return vietnam_day(at - MARGIN) - timedelta(days=1)


def close_days(sign: Sign, *, at: datetime, most: int = 10) -> int:
    """Make and sign the roots of the days that are closed at `at` and have none, in order, `most` at a time; how many.

    sign: makes a JWS of the platform. Every calendar day has a root, so that a missing one is noticed. Any number of
    processes may do this at once.
    """
    made = 0
    while made < most and _close_next(sign, at):
        made += 1
    return made


def latest_roots(limit: int = 30) -> list[AuditRoot]:
    """The roots of the last days, the newest first."""
    return list(AuditRoot.objects.order_by("-day")[:limit])


def leaves_of(day: date) -> Iterator[tuple[Seal, int]]:
    """The ends that the root of `day` covers, in its order, each with how many events it adds to what was closed before."""
    for facility, of_day, number, end, fresh in pg.ask(_LEAVES, [day])():
        yield Seal(facility, of_day, number, bytes(end), day.isoformat()), fresh


def export(root: AuditRoot) -> bytes:
    """A root with the ends it covers, as JSON to be kept in a place outside."""
    leaves = [[seal.facility_id, seal.day, seal.number, seal.hash.hex()] for seal, _ in leaves_of(root.day)]
    return orjson.dumps({"day": root.day, "jws": root.jws, "leaves": leaves})


def read_export(content: bytes) -> Kept:
    """The opposite of `export`. Raises ValueError when it is none."""
    read = orjson.loads(content)
    try:
        return Kept(str(read["jws"]), tuple((str(a), str(b), int(c), str(d)) for a, b, c, d in read["leaves"]))
    except (KeyError, TypeError) as wrong:
        raise ValueError("no exported root") from wrong


def check_roots(open_jws: Open, *, since: date | None = None, until: date | None = None) -> Iterator[Fault]:
    """The faults of the roots: signatures, their sequence, and (from `since` to `until`) the ends they cover."""
    before: AuditRoot | None = None
    for root in AuditRoot.objects.order_by("day").iterator():
        if before is not None:
            yield from _follows(before, root)
        yield from _signed(root, open_jws)
        if (since is None or root.day >= since) and (until is None or root.day <= until):
            leaves = [leaf_hash(seal.facility_id, seal.day, seal.number, seal.hash) for seal, _ in leaves_of(root.day)]
            if root_of(leaves) != bytes(root.root) or len(leaves) != root.leaves:
                yield Fault(FaultKind.LEAVES_CHANGED, root.day.isoformat())
        before = root


def check_export(kept: Iterable[Kept], open_jws: Open) -> Iterator[Fault]:
    """How the roots here differ from those kept outside: the day, and the chains where they are other ones."""
    for one in kept:
        try:
            said = open_jws(one.jws)
        except YmachError:
            yield Fault(FaultKind.ROOT_FORGED, "—")
            continue
        day = str(said.get("day", ""))
        here = AuditRoot.objects.filter(day=date.fromisoformat(day)).first()
        if here is None:
            yield Fault(FaultKind.ROOT_MISSING, day)
        elif here.jws != one.jws:
            yield Fault(FaultKind.EXPORT_DIFFERS, day)
        now = {
            (seal.facility_id, seal.day): (seal.number, seal.hash.hex())
            for seal, _ in leaves_of(date.fromisoformat(day))
        }
        then = {(facility, of_day): (number, end) for facility, of_day, number, end in one.leaves}
        for facility, of_day in sorted(now.keys() | then.keys()):
            if now.get((facility, of_day)) != then.get((facility, of_day)):
                number = then.get((facility, of_day), (0, ""))[0]
                yield Fault(FaultKind.EXPORT_DIFFERS, of_day, facility, number)


@transaction.atomic
def _close_next(sign: Sign, at: datetime) -> bool:
    pg.ask(_LOCK, [])()
    before = AuditRoot.objects.order_by("-day").first()
    day = _next_day(before, at)
    if day is None:
        return False
    since = date.min if before is None else day - LOOK_BACK
    pg.ask(_SEAL, {"day": day, "since": since})()
    leaves = list(leaves_of(day))
    root = root_of(leaf_hash(seal.facility_id, seal.day, seal.number, seal.hash) for seal, _ in leaves)
    late = 0 if before is None else sum(seal.day != seal.root_day for seal, _ in leaves)
    made = AuditRoot(
        day=day,
        root=root,
        previous=digest_of(before),
        leaves=len(leaves),
        late=late,
        events=sum(fresh for _, fresh in leaves),
        at=at,
    )
    made.jws = sign(_said(made))
    made.save(force_insert=True)
    return True


def _next_day(before: AuditRoot | None, at: datetime) -> date | None:
    last = last_closed_day(at)
    if before is not None:
        day = before.day + timedelta(days=1)
        return day if day <= last else None
    first: date | None = pg.ask(_FIRST_DAY, [])()[0][0]
    if first is None or first > last:
        return None
    return max(first, last - LOOK_BACK)


def digest_of(root: AuditRoot | None) -> bytes:
    """What the next root names it by: SHA-256 of its JWS; 32 zero bytes before the first."""
    return hashlib.sha256(root.jws.encode()).digest() if root else ORIGIN


def _said(root: AuditRoot) -> dict[str, Any]:
    return {
        "day": root.day.isoformat(),
        "root": bytes(root.root).hex(),
        "previous": bytes(root.previous).hex(),
        "leaves": root.leaves,
        "late": root.late,
        "events": root.events,
        "at": iso(root.at),
    }


def _follows(before: AuditRoot, root: AuditRoot) -> Iterator[Fault]:
    day = before.day + timedelta(days=1)
    while day < root.day:
        yield Fault(FaultKind.ROOT_MISSING, day.isoformat())
        day += timedelta(days=1)
    if bytes(root.previous) != digest_of(before):
        yield Fault(FaultKind.ROOT_UNCHAINED, root.day.isoformat())


def _signed(root: AuditRoot, open_jws: Open) -> Iterator[Fault]:
    try:
        said = open_jws(root.jws)
    except YmachError:
        said = {}
    if said != _said(root):
        yield Fault(FaultKind.ROOT_FORGED, root.day.isoformat())
