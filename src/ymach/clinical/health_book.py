"""What a health book holds beyond a single visit, and what the XML 130 family has no tag for.

Content: Decision 1332/QD-BYT 2024 part B, Decision 31/QD-BYT 2026 (groups a and b). Codes are text, quantities exact,
moments aware UTC; a missing value is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ymach.clinical.person import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """One allergy or intolerance.

    - What to: code and name of the substance; `category` food, medication, environment or biologic.
    - How grave: `criticality` low, high or unable-to-assess; `status` active, inactive or resolved; the reaction in words.
    - Since when, when noted (UTC), and by whom (practice-certificate or licence code).
    """

    substance_code: str | None = None
    substance: str | None = None
    category: str | None = None

    criticality: str | None = None
    status: str | None = None
    reaction: str | None = None

    since: PartialDate | None = None
    noted_at: datetime | None = None
    recorder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination:
    """One dose of a vaccine that was given.

    - What: code and name of the vaccine, its lot, which dose of the series.
    - When and where: the day (perhaps the hour, Viet Nam time), the facility's code, who gave it.
    """

    vaccine_code: str | None = None
    vaccine: str | None = None
    lot_number: str | None = None
    dose_number: int | None = None

    given_on: PartialDate | None = None
    facility_code: str | None = None
    performer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measurement of the body: height, weight, blood pressure, temperature.

    `code` is LOINC (8302-2 height, 29463-7 weight); `unit` as written, UCUM when it can be.
    """

    code: str | None = None
    name: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    measured_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who answers for the patient by law: name, relation in words, personal number, telephone."""

    full_name: str | None = None
    relation: str | None = None
    personal_number: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthBook:
    """The part of a dossier that feeds the health book and belongs to the person rather than to the visit."""

    allergies: tuple[Allergy, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    measures: tuple[Measure, ...] = ()
    guardian: Guardian | None = None
