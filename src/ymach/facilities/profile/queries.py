"""The whole profile of a facility on a day, as one tree of plain values, in a fixed small number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Prefetch

from ymach.base.clock import from_vietnam
from ymach.base.findings import Finding
from ymach.base.periods import Period
from ymach.facilities import lists
from ymach.facilities.dated import period_of
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.facts import (
    ContactFacts,
    DepartmentFacts,
    EquipmentFacts,
    Held,
    LegalPersonFacts,
    OpeningHoursFacts,
    OxygenSourceFacts,
    TechniqueFacts,
    facts_of,
)
from ymach.facilities.models import (
    Contact,
    Dated,
    Department,
    Equipment,
    Facility,
    FacilityCertificate,
    LegalPerson,
    OpeningHours,
    OperatingLicence,
    OperatingLicenceSuspension,
    Technique,
)
from ymach.facilities.oxygen.queries import sources_of
from ymach.facilities.profile.rules import overdue

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Named:
    """Another facility of the same owner: the main one, or a further site."""

    id: UUID
    code: str
    name: str
    address: str
    valid: Period


@dataclass(frozen=True, slots=True)
class Suspended:
    """Days of suspension, of all scopes or of some."""

    id: UUID
    period: Period
    scopes: tuple[str, ...]
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A revocation by decision."""

    effective_on: date
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class LicenceHeld:
    """An operating licence. state: code of the catalogue facility_licence_status on the day of the profile.

    A suspension of some scopes leaves the state ACTIVE; `suspended_scopes` names them.
    """

    id: UUID
    number: str
    issued_on: date
    issuer: str
    scopes: tuple[str, ...]
    valid: Period
    state: str
    suspended_scopes: tuple[str, ...]
    suspensions: tuple[Suspended, ...]
    revocation: Revoked | None


@dataclass(frozen=True, slots=True)
class CertificateHeld:
    """A certificate whose signatures count as the facility's at noon of the day."""

    fingerprint: str
    subject_common_name: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class TechniqueDecision:
    """How many techniques are approved by one decision; the techniques themselves: `techniques`."""

    decision: str
    approved_on: date
    release: str
    count: int


@dataclass(frozen=True, slots=True)
class Beds:
    """Beds and tables of all departments together."""

    planned: int
    actual: int
    icu: int
    emergency: int
    newborn: int
    negative_pressure: int
    operating_tables: int
    delivery_tables: int


@dataclass(frozen=True, slots=True)
class FacilityProfile:
    """A facility on the day `on`. Dated parts are those that hold on that day; the facility's own row (name, address,
    telephone …) is the present one, its past is in the history.
    """

    on: date
    id: UUID
    code: str
    gln: str | None
    name: str
    form: str
    level: str
    route: str
    hospital_class: str
    sector: str
    province_code: str
    commune_code: str
    address: str
    tax_code: str
    email: str
    phone: str
    website: str
    valid: Period
    latitude: Decimal | None
    longitude: Decimal | None
    founded_year: int | None
    languages: tuple[str, ...]
    services: tuple[str, ...]
    is_medical_tourism: bool
    revision: int
    confirmed_at: datetime | None
    confirmed_by: str
    main: Named | None
    sites: tuple[Named, ...]
    licences: tuple[LicenceHeld, ...]
    legal_person: Held[LegalPersonFacts] | None
    departments: tuple[Held[DepartmentFacts], ...]
    beds: Beds
    opening_hours: Held[OpeningHoursFacts] | None
    equipment: tuple[Held[EquipmentFacts], ...]
    contacts: tuple[Held[ContactFacts], ...]
    oxygen_sources: tuple[Held[OxygenSourceFacts], ...]
    technique_decisions: tuple[TechniqueDecision, ...]
    certificates: tuple[CertificateHeld, ...]
    warnings: tuple[Finding, ...]

    @property
    def licence(self) -> LicenceHeld | None:
        """The operating licence of the day, suspended or not."""
        return next((one for one in self.licences if self.on in one.valid), None)

    @property
    def technique_count(self) -> int:
        return sum(one.count for one in self.technique_decisions)


_OWN = (
    *("id", "code", "gln", "name", "form", "level", "route", "hospital_class", "sector", "province_code"),
    *("commune_code", "address", "tax_code", "email", "phone", "website", "latitude", "longitude", "founded_year"),
    *("is_medical_tourism", "revision", "confirmed_at", "confirmed_by"),
)


def profile(facility_id: UUID, *, on: date) -> FacilityProfile:
    """Everything about a facility on the day `on` (Viet Nam). STATEMENTS statements. Raises FacilityNotFound."""
    row = Facility.objects.select_related("site_of").filter(pk=facility_id).first()
    if row is None:
        raise FacilityNotFound(facility="")
    departments = _held(Department, DepartmentFacts, row, on, "code")
    equipment = _held(Equipment, EquipmentFacts, row, on, "kind", "name", "item")
    return FacilityProfile(
        on=on,
        **{name: getattr(row, name) for name in _OWN},
        valid=period_of(row.valid),
        languages=tuple(row.languages),
        services=tuple(row.services),
        main=_named(row.site_of) if row.site_of else None,
        sites=tuple(map(_named, row.sites.filter(valid__contains=on).order_by("sort_key"))),
        licences=_licences(row, on),
        legal_person=next(iter(_held(LegalPerson, LegalPersonFacts, row, on)), None),
        departments=departments,
        beds=beds(one.facts for one in departments),
        opening_hours=next(iter(_held(OpeningHours, OpeningHoursFacts, row, on)), None),
        equipment=equipment,
        contacts=_in_order(_held(Contact, ContactFacts, row, on, "name", "item")),
        oxygen_sources=sources_of(row.pk, on=on),
        technique_decisions=_technique_decisions(row, on),
        certificates=_certificates(row, on),
        warnings=overdue((one.facts for one in equipment), on=on),
    )


STATEMENTS = 13
"""How many statements `profile` takes at most, whatever the facility has."""


def techniques(facility_id: UUID, *, on: date) -> tuple[Held[TechniqueFacts], ...]:
    """The approved techniques on a day, by code: up to several thousand. One statement."""
    rows = Technique.objects.filter(facility_id=facility_id, valid__contains=on).order_by("code")
    return tuple(Held(row.pk, row.code, period_of(row.valid), facts_of(TechniqueFacts, row)) for row in rows)


def beds(departments: Iterable[DepartmentFacts]) -> Beds:
    """Beds and tables of the departments together."""
    given = list(departments)
    return Beds(
        planned=sum(one.beds_planned for one in given),
        actual=sum(one.beds_actual for one in given),
        icu=sum(one.beds_icu for one in given),
        emergency=sum(one.beds_emergency for one in given),
        newborn=sum(one.beds_newborn for one in given),
        negative_pressure=sum(one.beds_negative_pressure for one in given),
        operating_tables=sum(one.operating_tables for one in given),
        delivery_tables=sum(one.delivery_tables for one in given),
    )


def licence_state(licence: LicenceHeld, on: date) -> str:
    """The state of a licence on a day: REVOKED, EXPIRED (ended otherwise, or not begun), SUSPENDED or ACTIVE."""
    if licence.revocation is not None and on >= licence.revocation.effective_on:
        return "REVOKED"
    if on not in licence.valid:
        return "EXPIRED"
    whole = any(on in one.period and not one.scopes for one in licence.suspensions)
    return "SUSPENDED" if whole else "ACTIVE"


def _held(table: type[Dated], sort: type[F], facility: Facility, on: date, *order: str) -> tuple[Held[F], ...]:
    of_all: Any = table._default_manager
    rows = of_all.filter(facility_id=facility.pk, valid__contains=on).order_by(*order)
    thing = table.thing
    return tuple(
        Held(row.pk, getattr(row, thing) if thing else None, period_of(row.valid), facts_of(sort, row)) for row in rows
    )


def _in_order(contacts: tuple[Held[ContactFacts], ...]) -> tuple[Held[ContactFacts], ...]:
    place = {role: number for number, role in enumerate(lists.contact_roles())}
    return tuple(sorted(contacts, key=lambda one: place.get(one.facts.role, len(place))))


def _named(row: Facility) -> Named:
    return Named(row.pk, row.code, row.name, row.address, period_of(row.valid))


def _licences(facility: Facility, on: date) -> tuple[LicenceHeld, ...]:
    ordered = Prefetch("suspensions", OperatingLicenceSuspension.objects.order_by("period"))
    rows = facility.operating_licences.select_related("revocation").prefetch_related(ordered)
    return tuple(_licence(row, on) for row in rows.order_by("-valid"))


def _licence(row: OperatingLicence, on: date) -> LicenceHeld:
    suspensions = tuple(
        Suspended(one.pk, period_of(one.period), tuple(one.scopes), one.reason, one.decision)
        for one in row.suspensions.all()
    )
    revocation = getattr(row, "revocation", None)
    held = LicenceHeld(
        id=row.pk,
        number=row.number,
        issued_on=row.issued_on,
        issuer=row.issuer,
        scopes=tuple(row.scopes),
        valid=period_of(row.valid),
        state="",
        suspended_scopes=tuple(scope for one in suspensions if on in one.period for scope in one.scopes),
        suspensions=suspensions,
        revocation=Revoked(revocation.effective_on, revocation.reason, revocation.decision) if revocation else None,
    )
    return replace(held, state=licence_state(held, on))


def _technique_decisions(facility: Facility, on: date) -> tuple[TechniqueDecision, ...]:
    rows = Technique.objects.filter(facility_id=facility.pk, valid__contains=on)
    counted = rows.values_list("decision", "approved_on", "release").annotate(count=Count("id"))
    return tuple(TechniqueDecision(*row) for row in counted.order_by("-approved_on", "decision", "release"))


def _certificates(facility: Facility, on: date) -> tuple[CertificateHeld, ...]:
    noon = from_vietnam(datetime.combine(on, time(12)))
    rows = FacilityCertificate.objects.filter(facility_id=facility.pk, valid__contains=noon).order_by("not_after")
    columns = ("fingerprint", "subject_common_name", "not_before", "not_after")
    return tuple(CertificateHeld(*row) for row in rows.values_list(*columns))
