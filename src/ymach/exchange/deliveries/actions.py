"""Writes on deliveries: claim, settle, expire, replay. Each keeps rows, events, counters and journal in one transaction.

Locks are always taken in this order: heads of the journals by facility, deliveries, counters by facility. The hot path
is below the ORM (design: few, named places); its statements grow neither with parcels nor with facilities.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ymach.audit.actions import day_of
from ymach.audit.chain import Event
from ymach.audit.journals import Journals
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound
from ymach.base.ids import new_id
from ymach.exchange import counters
from ymach.exchange.channels.contract import takes_back
from ymach.exchange.deliveries import outbox_sql
from ymach.exchange.deliveries.errors import DossierCancelled, NewerVersionSent, NotReplayable, ReasonMissing
from ymach.exchange.deliveries.names import BASES, DISPENSING, INSURANCE, family_of
from ymach.exchange.deliveries.parcels import Held, Settled
from ymach.exchange.deliveries.rules import BY_HAND, DEADLINE, LEASE
from ymach.exchange.deliveries.telling import Stuck, tell_of_stuck
from ymach.exchange.models import Delivery, DossierHead

MOST_BYTES = 64 * 1024 * 1024
"""Of files that one batch may bring into the worker's memory."""

_REPORTED = frozenset({"delivered", "refused", "stuck"})
"""Results that leave an event in the journal; attempts in between are in the delivery's own events."""


@dataclass(frozen=True, slots=True)
class _Move:
    """One delivery that changed its state, in one line."""

    facility_id: UUID
    province_code: str
    delivery_id: UUID
    submission_id: UUID
    destination: str
    day: date
    before: str
    after: str
    detail: dict[str, Any]


def claim(
    destination: str, *, most: int, at: datetime, most_bytes: int = MOST_BYTES, with_content: bool = True
) -> list[Held]:
    """Take up to `most` deliveries that are due at `at`, the longest due first; they are ours until `at` + LEASE.

    most_bytes: no more are taken once their files are this large together. with_content: the files come along. Of the
    versions of one dossier only the first that is not settled is taken. A delivery whose holder did not settle it before
    its lease ended is taken again: what the holder did is unknown, and the partner recognises a file it has.
    """
    parameters = {"destination": destination, "at": at, "lease_ends": at + LEASE, "limit": most, "bytes": most_bytes}
    with transaction.atomic():
        with pg.cursor() as cursor:
            cursor.execute(outbox_sql.CLAIM, {**parameters, "with_content": with_content}, binary=True)
            held = [Held(*row) for row in cursor.fetchall()]
        with pg.together(commit=True):
            _record([_claimed(one) for one in held], at=at)
    return held


def settle(results: Sequence[Settled], *, by: Actor, at: datetime) -> set[UUID]:
    """Write what became of held deliveries; the ids of those that were still held as claimed.

    A result that comes after the lease ended and somebody else took the delivery changes nothing.
    """
    with transaction.atomic():
        with pg.together():
            journals = Journals((one.held.facility_id for one in results if one.state in _REPORTED), day_of(at))
            settled = pg.ask(outbox_sql.SETTLE, [at, pg.as_json([_settle_row(one) for one in results])])
        ours = {row[1] for row in settled()}
        stored = [one for one in results if one.held.id in ours]
        moves = [_settled(one) for one in stored]
        tell_of_stuck(_stuck_ones(moves), by=by, at=at)
        with pg.together(commit=True):
            _record(moves, at=at)
            journals.add((one.held.facility_id, event) for one in stored for event in _events(one, by, at))
    return ours


def expire(destination: str, *, by: Actor, at: datetime, most: int = 500) -> int:
    """Mark up to `most` deliveries whose deadline has passed as stuck, and tell their owners; how many."""
    with transaction.atomic():
        overdue = pg.ask(outbox_sql.OVERDUE, {"destination": destination, "at": at, "limit": most})()
        if not overdue:
            return 0
        facilities, ids = pg.columns(overdue)
        with pg.together():
            journals = Journals(facilities, day_of(at))
            expired = pg.ask(outbox_sql.EXPIRE, {"at": at, "facilities": facilities, "ids": ids})
        moves = [_stuck(row) for row in expired()]
        tell_of_stuck(_stuck_ones(moves), by=by, at=at)
        with pg.together(commit=True):
            _record(moves, at=at)
            journals.add((one.facility_id, _event_of(one, by, at)) for one in moves)
    return len(moves)


def due_destinations(*, at: datetime) -> list[str]:
    """Destinations that have something due at `at`, whatever waits behind it; costs no more with a backlog."""
    return [name for (name,) in pg.ask(outbox_sql.DUE_DESTINATIONS, {"at": at})()]


def replay(delivery: Delivery, *, by: Actor, at: datetime, reason: str) -> None:
    """Send a stuck or refused delivery again, from `at` on and with a new deadline, because an operator says so.

    Raises ReasonMissing, NotFound, NotReplayable (another state), DossierCancelled, or NewerVersionSent: the older version
    would replace the newer one at the partner.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    with transaction.atomic():
        journals = Journals([delivery.facility_id], day_of(at))
        _require_present(delivery)
        move = _replayed(delivery, _locked_versions(delivery), reason.strip())
        pg.ask(outbox_sql.REPLAY, [at, at + DEADLINE, at, delivery.facility_id, delivery.id])
        _record([move], at=at)
        journals.add([(delivery.facility_id, _event_of(move, by, at, action="replayed"))])


def replay_all(
    destination: str, *, state: str, by: Actor, at: datetime, reason: str, most: int = 1000
) -> tuple[int, int]:
    """Send again up to `most` deliveries to a destination that are `state` ("stuck", "refused"), the oldest first.

    destination: one, or "dispensing" for all dispensings, each of which has one of its own.
    Returns how many, and how many were left because a newer version has gone out. Raises ReasonMissing.
    """
    to = Q(destination__startswith=f"{DISPENSING}:") if destination == DISPENSING else Q(destination=destination)
    found = Delivery.objects.filter(to, state=state).order_by("created_at", "id")[:most]
    sent = left = 0
    for delivery in found:
        try:
            replay(delivery, by=by, at=at, reason=reason)
        except (DossierCancelled, NewerVersionSent, NotReplayable):
            left += 1
        else:
            sent += 1
    return sent, left


def _settle_row(one: Settled) -> dict[str, Any]:
    return {
        "facility_id": one.held.facility_id,
        "id": one.held.id,
        "attempt": one.held.attempt,
        "state": one.state,
        "due_at": one.due_at,
        "reference": one.reference,
        "answer": one.answer,
        "error": one.error,
        "given_back": one.is_given_back,
    }


def _event_row(one: _Move) -> dict[str, Any]:
    return {
        "facility_id": one.facility_id,
        "id": new_id(),
        "delivery_id": one.delivery_id,
        "submission_id": one.submission_id,
        "state": one.after,
        "detail": one.detail,
    }


def _claimed(held: Held) -> _Move:
    before = "sending" if held.is_recovered else "waiting"
    detail: dict[str, Any] = {"attempt": held.attempt}
    if held.is_recovered:
        detail["recovered"] = True
    return _move_of(held, before, "sending", detail)


def _settled(one: Settled) -> _Move:
    return _move_of(one.held, "sending", one.state, one.detail)


def _move_of(held: Held, before: str, after: str, detail: dict[str, Any]) -> _Move:
    where = (held.facility_id, held.province_code, held.id, held.submission_id, held.destination, held.day)
    return _Move(*where, before, after, detail)


def _stuck_ones(moves: Iterable[_Move]) -> set[Stuck]:
    return {Stuck(one.facility_id, one.province_code, one.destination) for one in moves if one.after == "stuck"}


def _stuck(row: Sequence[Any]) -> _Move:
    facility_id, delivery_id, submission_id, province_code, destination, created_at, before = row
    day, detail = vietnam_day(created_at), {"deadline_passed": True}
    return _Move(facility_id, province_code, delivery_id, submission_id, destination, day, before, "stuck", detail)


def _require_present(delivery: Delivery) -> None:
    key = {"kind": delivery.dossier_kind, "code": delivery.dossier_code, "cancelled_at__isnull": False}
    if not takes_back(delivery.cause) and DossierHead.objects.filter(facility_id=delivery.facility_id, **key).exists():
        raise DossierCancelled


def _locked_versions(delivery: Delivery) -> list[tuple[Any, ...]]:
    key = [delivery.facility_id, delivery.dossier_kind, delivery.dossier_code, delivery.destination]
    return pg.ask(outbox_sql.LOCK_DOSSIER, key)()


def _replayed(delivery: Delivery, versions: Iterable[tuple[Any, ...]], reason: str) -> _Move:
    by_id = {row[0]: row for row in versions}
    if delivery.id not in by_id:
        raise NotFound
    _, before, version, _, created_at, province_code = by_id[delivery.id]
    if before not in BY_HAND:
        raise NotReplayable
    newer = [row[2] for row in by_id.values() if row[2] > version and row[3] > 0]
    if newer:
        raise NewerVersionSent(version=max(newer))
    where = (delivery.facility_id, province_code, delivery.id, delivery.submission_id, delivery.destination)
    return _Move(*where, vietnam_day(created_at), before, "waiting", {"replayed": reason})


def _record(moves: Sequence[_Move], *, at: datetime) -> None:
    """The events of deliveries, and the counters moved along: one statement each, however many facilities."""
    if not moves:
        return
    tally: Tally[tuple[UUID, str, counters.Key]] = Tally()
    for one in moves:
        counted_as = family_of(one.destination)
        tally[one.facility_id, one.province_code, (one.day, "delivery", counted_as, one.before)] -= 1
        tally[one.facility_id, one.province_code, (one.day, "delivery", counted_as, one.after)] += 1
    pg.ask(outbox_sql.EVENTS, [at, pg.as_json([_event_row(one) for one in moves])])
    counters.add_all(tally)


def _events(one: Settled, by: Actor, at: datetime) -> list[Event]:
    """One event a person whose dossier went out, or one without a person where the dossier has a newer version."""
    if one.state not in _REPORTED:
        return []
    move = _settled(one)
    return [_event_of(move, by, at, citizen_id=citizen) for citizen in one.held.citizens or (None,)]


def _event_of(
    move: _Move, by: Actor, at: datetime, *, action: str | None = None, citizen_id: UUID | None = None
) -> Event:
    detail = {
        name: value for name, value in move.detail.items() if name in {"attempt", "reference", "error", "replayed"}
    }
    return Event(
        at=at,
        actor=str(by),
        action=f"delivery:{action or move.after}",
        subject=f"delivery:{move.delivery_id}",
        basis=BASES.get(family_of(move.destination), BASES[INSURANCE]),
        citizen_id=citizen_id,
        detail={"destination": move.destination, **detail},
    )
