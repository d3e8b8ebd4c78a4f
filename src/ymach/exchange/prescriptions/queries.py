"""Looking at prescriptions: a pharmacy by the code, the facility that wrote them by list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import VIETNAM, print_day
from ymach.exchange.models import Outcome, Record
from ymach.exchange.prescriptions import access, errors, rules
from ymach.exchange.prescriptions.models import DispensedLine, Dispensing, Prescription, State
from ymach.exchange.prescriptions.rules import Part
from ymach.facilities.queries import grants_with

HELD = "held"
PAGE = 50
LOOK_UP_BASIS = "Circular 26/2025/TT-BYT; Decision 228/QĐ-QLD 2023: a pharmacy reads what it dispenses"
READ_BASIS = "Law 15/2023/QH15 art. 69: the facility reads the record it made"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed (`sheets.body_of`), with what is left of it."""

    printed: Mapping[str, Any]
    left: Decimal

    @property
    def number(self) -> int:
        return int(self.printed["number"])

    @property
    def prescribed(self) -> Decimal | None:
        """None where the dossier states no quantity: nothing can be dispensed."""
        return Decimal(self.printed["quantity"]) if self.printed["quantity"] else None


@dataclass(frozen=True, slots=True)
class Filled:
    """A dispensing with its parts."""

    dispensing: Dispensing
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A prescription as somebody sees it now: state as of the clock, lines, dispensings in their order.

    earlier: what was handed over on the prescription of the same dossier that this one replaces, and not undone.
    """

    prescription: Prescription
    state: str
    lines: tuple[Line, ...]
    filled: tuple[Filled, ...] = ()
    earlier: tuple[tuple[Prescription, Filled], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. state: also "expired". q: a code, or a dossier's. before: issued before, for more."""

    state: str = ""
    q: str = ""
    submission_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: datetime | None = None


def look_up(code: str, *, by: Actor, at: datetime) -> Sight:
    """What a pharmacy needs to dispense a prescription that can be dispensed; the looking is in its journal.

    Raises NotAllowed, NotADispenser, CodeWrong, TooMany, PrescriptionUnknown, PrescriptionHeld, PrescriptionReplaced,
    PrescriptionCancelled, PrescriptionExpired, PrescriptionDispensed.
    """
    pharmacy = access.pharmacy_of(by, at)
    found = access.find(code, pharmacy, by=by, at=at)
    _tell(found, "prescription:looked-up", LOOK_UP_BASIS, facility_id=pharmacy.id, by=by, at=at)
    check_serves(found, at)
    return _sight(found, at, filled=())


def check_serves(one: Prescription, at: datetime) -> None:
    """Whether anything may be handed over on it at the moment `at`.

    Raises PrescriptionHeld, PrescriptionReplaced, PrescriptionCancelled, PrescriptionExpired, PrescriptionDispensed.
    """
    changed = print_day(one.changed_at)
    if one.state == State.REPLACED:
        raise errors.PrescriptionReplaced(field="code", day=changed, facility=one.facility_code)
    if one.state == State.CANCELLED:
        raise errors.PrescriptionCancelled(field="code", day=changed, facility=one.facility_code)
    held = _decided([one]).get(one.record_id)
    if held == Outcome.REJECTED:
        raise errors.PrescriptionCancelled(field="code", day=changed, facility=one.facility_code)
    if held == Outcome.HELD:
        raise errors.PrescriptionHeld(field="code", facility=one.facility_code)
    if one.state == State.DISPENSED:
        moment = one.changed_at.astimezone(VIETNAM)
        raise errors.PrescriptionDispensed(field="code", moment=f"{moment:%H:%M %d/%m/%Y}")
    if at >= one.expires_at:
        raise errors.PrescriptionExpired(field="code", day=print_day(rules.last_day(one.expires_at)))


def visible_to(actor: Actor) -> QuerySet[Prescription]:
    """The prescriptions of the facilities whose records an actor may read."""
    own = [grant.facility_id for grant in grants_with(actor, Permission.RECORD_READ) if grant.facility_id]
    return Prescription.objects.filter(facility_id__in=own)


def listed(by: Actor, wanted: Wanted, *, at: datetime, limit: int = PAGE) -> list[tuple[Prescription, str]]:
    """Prescriptions of one's own facility with their state, the newest first."""
    rows = visible_to(by).filter(_narrowed(wanted, at))
    found = list(rows.order_by("-issued_at", "-code")[:limit])
    decided = _decided(found)
    return [(one, _state(one, decided, at)) for one in found]


def read(code: str, *, by: Actor, at: datetime) -> Sight:
    """One prescription of one's own facility with all that was dispensed on it; the reading is in the journal.

    Raises PrescriptionUnknown.
    """
    found = visible_to(by).filter(code=code.strip().lower()).first()
    if found is None:
        raise errors.PrescriptionUnknown
    _tell(found, "prescription:read", READ_BASIS, facility_id=found.facility_id, by=by, at=at)
    return _sight(found, at, filled=filled_of(Dispensing.objects.filter(code=found.code)))


def handed_over(by: Actor, *, since: datetime, at: datetime) -> tuple[Filled, ...]:
    """What the facility of `by` handed over since a moment, the newest first."""
    pharmacy = access.pharmacy_of(by, at)
    mine = Dispensing.objects.filter(pharmacy_id=pharmacy.id, dispensed_at__gte=since)
    return tuple(reversed(filled_of(mine)))


def filled_of(dispensings: QuerySet[Dispensing]) -> tuple[Filled, ...]:
    """Dispensings with their parts, in their order."""
    found = list(dispensings.order_by("dispensed_at", "id"))
    parts: dict[UUID, list[Part]] = defaultdict(list)
    lines = DispensedLine.objects.filter(code__in={one.code for one in found}, dispensing_id__in=[f.id for f in found])
    for line in lines.order_by("number"):
        parts[line.dispensing_id].append(Part(line.number, line.quantity, line.batch))
    return tuple(Filled(one, tuple(parts[one.id])) for one in found)


def numbered_of(facility_code: str, submission_id: UUID, dossier_code: str) -> list[tuple[int, str, str]]:
    """Place, code, and the code it replaces ("" for none) of what a submission prescribes and nobody cancelled."""
    rows = list(Prescription.objects.filter(dossier_code=dossier_code, facility_code=facility_code))
    before = {one.replaced_by: one.code for one in rows if one.replaced_by}
    mine = [one for one in rows if one.submission_id == submission_id and one.state != State.CANCELLED]
    return [(one.part, one.code, before.get(one.code, "")) for one in mine]


def parts_of(code: str) -> list[Part]:
    """All that was handed over on a prescription and not undone."""
    counted = Dispensing.objects.filter(code=code, undone_at=None).values_list("id", flat=True)
    rows = DispensedLine.objects.filter(code=code, dispensing_id__in=list(counted))
    return [Part(row.number, row.quantity, row.batch) for row in rows]


def parts_of_dispensing(one: Dispensing) -> list[Part]:
    """What was handed over at one time, in the order of the prescription's lines."""
    rows = DispensedLine.objects.filter(code=one.code, dispensing_id=one.id).order_by("number")
    return [Part(row.number, row.quantity, row.batch) for row in rows]


def _sight(one: Prescription, at: datetime, *, filled: tuple[Filled, ...]) -> Sight:
    lines = one.body["lines"]
    remaining = rules.left(lines, parts_of(one.code))
    shown = tuple(Line(line, remaining[line["number"]]) for line in lines)
    return Sight(one, _state(one, _decided([one]), at), shown, filled, _earlier(one))


def _earlier(one: Prescription) -> tuple[tuple[Prescription, Filled], ...]:
    rows = Prescription.objects.filter(dossier_code=one.dossier_code, facility_id=one.facility_id, replaced_by=one.code)
    before = {row.code: row for row in rows}
    counted = Dispensing.objects.filter(code__in=list(before), undone_at=None) if before else Dispensing.objects.none()
    return tuple((before[filled.dispensing.code], filled) for filled in filled_of(counted))


def _narrowed(wanted: Wanted, at: datetime) -> Q:
    narrow = Q()
    if wanted.state == rules.EXPIRED:
        narrow &= Q(state__in=rules.OPEN, expires_at__lte=at)
    elif wanted.state in rules.OPEN:
        narrow &= Q(state=wanted.state, expires_at__gt=at)
    elif wanted.state:
        narrow &= Q(state=wanted.state)
    if wanted.q:
        narrow &= Q(code=wanted.q.lower()) | Q(dossier_code=wanted.q)
    if wanted.submission_id:
        narrow &= Q(submission_id=wanted.submission_id)
    if wanted.start:
        narrow &= Q(issued_at__gte=wanted.start)
    if wanted.end:
        narrow &= Q(issued_at__lt=wanted.end)
    return narrow & Q(issued_at__lt=wanted.before) if wanted.before else narrow


def _decided(rows: Iterable[Prescription]) -> dict[UUID, str]:
    """The outcome of each one's record, which a department may still decide on."""
    keys = [(one.citizen_id, one.record_id) for one in rows]
    found = Record.objects.filter(citizen_id__in={key for key, _ in keys}, id__in=[key for _, key in keys])
    return dict(found.values_list("id", "outcome"))


def _state(one: Prescription, decided: Mapping[UUID, str], at: datetime) -> str:
    outcome = decided.get(one.record_id)
    if one.state in rules.OPEN and outcome == Outcome.HELD:
        return HELD
    if one.state in rules.OPEN and outcome == Outcome.REJECTED:
        return State.CANCELLED.value
    return rules.state_at(one.state, one.expires_at, at)


def _tell(one: Prescription, action: str, basis: str, *, facility_id: UUID, by: Actor, at: datetime) -> None:
    event = Event(
        at=at,
        actor=str(by),
        action=action,
        subject=f"submission:{one.submission_id}",
        basis=basis,
        citizen_id=one.citizen_id,
        detail={"prescription": one.code},
    )
    with transaction.atomic():
        record(event, facility_id=facility_id)


def dispensed_by(by: Actor, code: str, dispensing_id: UUID, *, at: datetime) -> tuple[Prescription, Filled]:
    """One dispensing of the facility of `by`, with its prescription. Raises NotAllowed, NotADispenser, DispensingUnknown."""
    pharmacy = access.pharmacy_of(by, at)
    mine = Dispensing.objects.filter(code=code.strip().lower(), id=dispensing_id, pharmacy_id=pharmacy.id)
    found = filled_of(mine)
    if not found:
        raise errors.DispensingUnknown
    return Prescription.objects.get(code=found[0].dispensing.code), found[0]


def names_of(codes: Iterable[str]) -> dict[str, dict[int, object]]:
    """The printed lines of prescriptions by code and number, for whoever dispensed them."""
    rows = Prescription.objects.filter(code__in=list(codes)).values_list("code", "body")
    return {code: {int(line["number"]): line for line in body["lines"]} for code, body in rows}


def of_submission(facility_code: str, dossier_code: str, dispensing_id: UUID) -> tuple[Prescription, Filled] | None:
    """A dispensing on one of a dossier's prescriptions, with it; None where there is none of this id."""
    rows = Prescription.objects.filter(dossier_code=dossier_code, facility_code=facility_code)
    by_code = {one.code: one for one in rows}
    found = filled_of(Dispensing.objects.filter(code__in=list(by_code), id=dispensing_id))
    return (by_code[found[0].dispensing.code], found[0]) if found else None
