"""Writes on prescriptions: dispensing in parts, undoing a dispensing, cancelling.

Locks are taken in the order of the whole exchange: the heads of the journals, then rows. Each effect writes its event
into the journal of the facility that prescribed, a dispensing into that of the pharmacy too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.audit.journals import Journals
from ymach.base.actors import Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.licence_numbers import number_key
from ymach.exchange.prescriptions import access, errors, queries, rules
from ymach.exchange.prescriptions.models import DispensedLine, Dispensing, Prescription, State
from ymach.exchange.prescriptions.reporting import report
from ymach.exchange.prescriptions.rules import Part

BASIS = "Circular 26/2025/TT-BYT; Decision 228/QĐ-QLD 2023"
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Dispensed:
    """A dispensing as it was answered, its lines, and whether it was there already under its key."""

    dispensing: Dispensing
    lines: tuple[Part, ...]
    is_replay: bool = False


def dispense(
    *, code: str, lines: Sequence[Part], pharmacist: str, key: str, by: Actor, at: datetime, invoice: str = ""
) -> Dispensed:
    """Hand over so much of some lines of a prescription, in the name of the facility of `by`.

    pharmacist: number of the licence. key: the same key of the same pharmacy is the same dispensing, answered again
    without another effect. invoice: the pharmacy's own number, or "". Raises NotAllowed, CodeWrong, KeyMissing,
    PharmacistMissing, NothingAsked, LineTwice, QuantityWrong, PrescriptionUnknown, KeyUsed, NotADispenser,
    PharmacyNotInOrder, PharmacistSuspended, PharmacistNotInOrder, PrescriptionHeld, PrescriptionReplaced,
    PrescriptionCancelled, PrescriptionExpired, PrescriptionDispensed, UnknownLine, MoreThanPrescribed, TooMany.
    """
    pharmacy = access.pharmacy_of(by, at)
    if not key.strip() or len(key) > _LONGEST_KEY:
        raise errors.KeyMissing(field="Idempotency-Key")
    if not pharmacist.strip():
        raise errors.PharmacistMissing(field="pharmacist")
    rules.check_parts(lines)
    found = access.find(code, pharmacy, by=by, at=at)
    asked = Dispensing(
        code=found.code,
        pharmacy_id=pharmacy.id,
        pharmacy_code=pharmacy.code,
        pharmacist=pharmacist.strip(),
        invoice=invoice.strip(),
        dispensed_at=at,
        dispensed_by=str(by),
        idempotency_key=key.strip(),
        digest=_digest(lines, pharmacist, invoice),
    )
    replayed = _replayed(asked)
    if replayed is None:
        access.check_pharmacist(asked.pharmacist, pharmacy, at)
        with transaction.atomic():
            return _dispense(asked, lines, found, by=by, at=at)
    return replayed


def undo(*, code: str, dispensing_id: UUID, reason: str, by: Actor, at: datetime) -> Dispensed:
    """Take a dispensing of one's own back, on the day it was made (Viet Nam): what was handed over came back.

    Undone before, it is answered as it is, with `is_replay`. Raises NotAllowed, UndoReasonMissing,
    DispensingUnknown, UndoTooLate.
    """
    pharmacy = access.pharmacy_of(by, at)
    if not reason.strip():
        raise errors.UndoReasonMissing(field="reason")
    mine = Dispensing.objects.filter(code=code.strip().lower(), id=dispensing_id, pharmacy_id=pharmacy.id)
    prescription = Prescription.objects.filter(code__in=mine.values("code")).first()
    if prescription is None:
        raise errors.DispensingUnknown
    with transaction.atomic():
        journals = Journals([prescription.facility_id, pharmacy.id], day_of(at))
        locked = Prescription.objects.select_for_update().get(code=prescription.code)
        dispensing: Dispensing = mine.get()
        if dispensing.undone_at is not None:
            return _answer(dispensing)
        if vietnam_day(dispensing.dispensed_at) != vietnam_day(at):
            raise errors.UndoTooLate(day=print_day(dispensing.dispensed_at))
        mine.update(undone_at=at, undone_by=str(by), undone_why=reason.strip())
        _set_state(locked, at)
        _tell(journals, locked, "prescription:dispensing-undone", dispensing, by=by, at=at)
        return Dispensed(mine.get(), tuple(queries.parts_of_dispensing(dispensing)))


def cancel_of_dossier(
    facility_id: UUID, dossier_code: str, *, reason: str, by: Actor, at: datetime, journal: Journal | None = None
) -> int:
    """Cancel every prescription of a dossier that still holds; how many. For whoever cancels the dossier.

    Runs in the caller's transaction. journal: the facility's journal of the day where the caller holds it open; without
    it this opens one, which must then be before the caller's first event or after its last.
    """
    with transaction.atomic():
        journal = journal or Journal(facility_id, day_of(at))
        holding = Prescription.objects.select_for_update().filter(
            facility_id=facility_id,
            dossier_code=dossier_code,
            state__in=[State.ISSUED, State.PARTLY_DISPENSED, State.DISPENSED],
        )
        found = list(holding.order_by("code"))
        Prescription.objects.filter(code__in=[one.code for one in found]).update(
            state=State.CANCELLED, state_why=reason, changed_at=at
        )
        journal.add([_event(one, "prescription:cancelled", {}, by=by, at=at) for one in found])
    return len(found)


def _dispense(asked: Dispensing, lines: Sequence[Part], found: Prescription, *, by: Actor, at: datetime) -> Dispensed:
    journals = Journals([found.facility_id, asked.pharmacy_id], day_of(at))
    locked = Prescription.objects.select_for_update().get(code=found.code)
    replayed = _replayed(asked)
    if replayed is not None:
        return replayed
    queries.check_serves(locked, at)
    given = queries.parts_of(locked.code)
    rules.check_enough(locked.body["lines"], given, lines)
    asked.state_after = rules.state_of(locked.body["lines"], [*given, *lines])
    asked.save(force_insert=True)
    DispensedLine.objects.bulk_create(
        DispensedLine(
            code=asked.code, dispensing_id=asked.id, number=one.number, quantity=one.quantity, batch=one.batch.strip()
        )
        for one in lines
    )
    Prescription.objects.filter(code=locked.code).update(state=asked.state_after, changed_at=at)
    report(locked, asked, at=at)
    _tell(journals, locked, f"prescription:{asked.state_after}", asked, by=by, at=at)
    return Dispensed(asked, tuple(lines))


def _replayed(asked: Dispensing) -> Dispensed | None:
    """The dispensing under this key, if there is one. Raises KeyUsed for other content."""
    held = Dispensing.objects.filter(
        code=asked.code, pharmacy_id=asked.pharmacy_id, idempotency_key=asked.idempotency_key
    ).first()
    if held is None:
        return None
    if held.digest != asked.digest:
        raise errors.KeyUsed(field="Idempotency-Key")
    return _answer(held)


def _answer(held: Dispensing) -> Dispensed:
    return Dispensed(held, tuple(queries.parts_of_dispensing(held)), is_replay=True)


def _set_state(locked: Prescription, at: datetime) -> None:
    """After an undoing; what was replaced or cancelled stays so."""
    if locked.state in {State.REPLACED, State.CANCELLED}:
        return
    state = rules.state_of(locked.body["lines"], queries.parts_of(locked.code))
    Prescription.objects.filter(code=locked.code).update(state=state, changed_at=at)


def _digest(lines: Sequence[Part], pharmacist: str, invoice: str) -> str:
    said = sorted([one.number, f"{one.quantity.normalize():f}", one.batch.strip()] for one in lines)
    return hashlib.sha256(orjson.dumps([said, number_key(pharmacist), invoice.strip()])).hexdigest()


def _tell(
    journals: Journals, one: Prescription, action: str, dispensing: Dispensing, *, by: Actor, at: datetime
) -> None:
    detail = {"dispensing": str(dispensing.id), "pharmacy": dispensing.pharmacy_code}
    event = _event(one, action, detail, by=by, at=at)
    journals.add((facility, event) for facility in {one.facility_id, dispensing.pharmacy_id})


def _event(one: Prescription, action: str, detail: dict[str, Any], *, by: Actor, at: datetime) -> Event:
    return Event(
        at=at,
        actor=str(by),
        action=action,
        subject=f"submission:{one.submission_id}",
        basis=BASIS,
        citizen_id=one.citizen_id,
        detail={"prescription": one.code, **detail},
    )
