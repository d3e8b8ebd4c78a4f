"""What travels with a person: the essentials of all their records, gathered from many dossiers.

The content of HL7's International Patient Summary (ISO 27269:2025) and of the groups (b) and (d) of the health book
(Decision 31/QD-BYT 2026). Codes are text, quantities exact, moments aware UTC; "" and None: not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ymach.clinical.person import PartialDate


@dataclass(frozen=True, slots=True)
class Source:
    """The facility that said something."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose summary. `key`: an opaque name that differs from file to file; sex: 1 male, 2 female, 3 undetermined."""

    key: UUID
    name: str
    birth: PartialDate | None = None
    sex: str = ""
    personal_number: str = ""
    insurance_number: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyFact:
    """A substance the person does not bear. is_grave: life-threatening; said_at: aware, None where it is not known."""

    substance: str
    is_grave: bool = False
    reaction: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFact:
    """A diagnosis: its ICD-10 code, the name of the code, the words it was last written with."""

    code: str
    name: str
    text: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineFact:
    """A prescribed medicine. until: the last day it is enough for (Viet Nam), None where nobody said."""

    name: str
    strength: str = ""
    dosage: str = ""
    instructions: str = ""
    since: datetime | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccinationFact:
    """One dose. on: 2024, 2024-03 or 2024-03-05, as far as known."""

    vaccine: str
    dose: int | None = None
    on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFact:
    """One numeric result or measurement. code: LOINC, the laboratory's own, or ""."""

    code: str
    name: str
    value: Decimal
    unit: str = ""
    at: datetime
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFact:
    """An operation or procedure. codes: ICD-9-CM volume 3."""

    name: str
    codes: tuple[str, ...] = ()
    at: datetime | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFact:
    """What is to come: an appointment, a referral. words: what to do, where."""

    title: str
    words: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSummary:
    """Everything, as it stood at `made_at`. is_withheld: something in a restricted compartment was left out."""

    subject: Subject
    made_at: datetime
    allergies: tuple[AllergyFact, ...] = ()
    problems: tuple[ProblemFact, ...] = ()
    medicines: tuple[MedicineFact, ...] = ()
    vaccinations: tuple[VaccinationFact, ...] = ()
    results: tuple[ResultFact, ...] = ()
    procedures: tuple[ProcedureFact, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    is_withheld: bool = False
