"""What a facility's profile says, as plain frozen values: the input of the actions and the leaves of the profile.

Each corresponds to a table by the names of its fields. A day is a calendar day in Viet Nam.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from ymach.base.periods import Period
from ymach.base.weekly import NO_FIXED_HOURS, Schedule

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class LegalPersonFacts:
    """Who owns the facility. enterprise_number: ten digits, a branch adds `-NNN`; blank for public units."""

    name: str
    enterprise_number: str = ""
    tax_code: str = ""
    representative: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department. Special beds are part of the actual ones; see `models.Department`."""

    code: str
    name: str
    exam_tables: int = 0
    beds_planned: int = 0
    beds_actual: int = 0
    beds_icu: int = 0
    beds_emergency: int = 0
    beds_newborn: int = 0
    beds_negative_pressure: int = 0
    operating_tables: int = 0
    delivery_tables: int = 0


@dataclass(frozen=True, slots=True)
class OpeningHoursFacts:
    """When the facility is open."""

    schedule: Schedule = NO_FIXED_HOURS
    note: str = ""


@dataclass(frozen=True, slots=True)
class TechniqueFacts:
    """An approved technique. release: of the technique catalogue."""

    code: str
    release: str
    decision: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """A device, or several of the same model."""

    kind: str
    name: str
    state: str = "working"
    quantity: int = 1
    model: str = ""
    serial: str = ""
    maker: str = ""
    made_year: int | None = None
    last_service_on: date | None = None
    next_service_on: date | None = None
    inspection_due_on: date | None = None
    department_code: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Whom to call about what."""

    role: str
    name: str = ""
    phone: str = ""
    email: str = ""
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class OxygenSourceFacts:
    """A source of oxygen, or the piped network. details: by name of the field of its kind, numbers as decimal text."""

    kind: str
    name: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    state: str = "working"
    down_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConsumptionFacts:
    """Oxygen used from one kind of source in the month that begins on `month`; unit: code of `oxygen.units`."""

    month: date
    source_kind: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Held(Generic[F]):
    """A fact with the days it holds on. thing: what tells it from others of its sort (a code, an item), else None."""

    id: UUID
    thing: str | UUID | None
    valid: Period
    facts: F


def values_of(facts: Any) -> dict[str, Any]:
    """The facts by name of field, values untouched (`dataclasses.asdict` would take schedules apart)."""
    return {one.name: getattr(facts, one.name) for one in fields(facts)}


def facts_of(sort: type[F], row: object) -> F:
    """The facts that a row of the table holds."""
    return sort(**{one.name: getattr(row, one.name) for one in fields(sort)})  # type: ignore[arg-type]
