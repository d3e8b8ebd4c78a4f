"""The synthetic registry as plain frozen values; no database here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from ymach.base.periods import Period
from ymach.base.weekly import NO_FIXED_HOURS, Schedule


@dataclass(frozen=True, slots=True)
class OperatingLicence:
    """Permission to operate."""

    number: str
    issued_on: date
    issuer: str
    valid: Period


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility; codes are those of the shared catalogues."""

    id: UUID
    code: str
    gln: str
    name: str
    form: str
    sector: str
    province_code: str
    valid: Period
    licences: tuple[OperatingLicence, ...]
    level: str = ""
    route: str = ""
    hospital_class: str = ""
    commune_code: str = ""
    address: str = ""
    tax_code: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """One person at one facility at weekly hours."""

    facility_id: UUID
    facility_code: str
    valid: Period
    schedule: Schedule = NO_FIXED_HOURS
    position: str = ""
    is_technical_head: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the holder may not practise."""

    period: Period
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """The end of a licence by decision."""

    effective_on: date
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence to practise. generation: `certificate` (CCHN) or `licence` (GPHN)."""

    number: str
    generation: str
    title: str
    scopes: tuple[str, ...]
    issuer: str
    issued_on: date
    valid: Period
    issuer_province_code: str | None = None
    registrations: tuple[Registration, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    revocation: Revocation | None = None

    @property
    def decision(self) -> str:
        """The decision that granted it, as its issuer numbers them."""
        serial = sum(int(digit) * 7**place for place, digit in enumerate(filter(str.isdigit, self.number)))
        return f"{serial % 1800 + 20}/QĐ-{'BYT' if self.issuer_province_code is None else 'SYT'}"

    @property
    def decided_on(self) -> date:
        """The last weekday before the day of issue."""
        days = {0: 3, 6: 2}.get(self.issued_on.weekday(), 1)
        return self.issued_on - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A person who practises, with all licences ever held, the oldest first."""

    id: UUID
    personal_number: str
    full_name: str
    birth_date: date
    sex: str
    licences: tuple[Licence, ...] = field(default=())
