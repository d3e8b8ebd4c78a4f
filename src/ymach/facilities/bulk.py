"""Many facilities at once, past the ORM: one COPY a table inside one attributed transaction.

Codes, check digits and overlaps are held by the database: a wrong row refuses the whole load (IntegrityError).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.copying import array_text, copy_rows, range_text
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.licence_numbers import number_key
from ymach.base.name_keys import folded, reading_order
from ymach.base.periods import Period
from ymach.base.weekly import Schedule, to_multirange
from ymach.facilities.facts import (
    ConsumptionFacts,
    ContactFacts,
    DepartmentFacts,
    EquipmentFacts,
    LegalPersonFacts,
    OpeningHoursFacts,
    OxygenSourceFacts,
    TechniqueFacts,
)
from ymach.facilities.models import (
    Contact,
    Dated,
    Department,
    Equipment,
    LegalPerson,
    OpeningHours,
    OxygenSource,
    Technique,
)
from ymach.facilities.oxygen.units import normal_m3


class NewOperatingLicence(NamedTuple):
    """An operating licence of a facility to come."""

    number: str
    issued_on: date
    issuer: str
    valid: Period
    scopes: tuple[str, ...] = ()


class NewProfile(NamedTuple):
    """What the profile of a facility to come says; it holds from the facility's first day on, equipment and oxygen sources
    from `surveyed_on` if that is given.

    The facts are written as they are: whoever makes them keeps the rules of `profile.rules` and `oxygen.rules`.
    """

    latitude: Decimal | None = None
    longitude: Decimal | None = None
    founded_year: int | None = None
    website: str = ""
    languages: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    is_medical_tourism: bool = False
    legal_person: LegalPersonFacts | None = None
    opening_hours: OpeningHoursFacts | None = None
    departments: tuple[DepartmentFacts, ...] = ()
    techniques: tuple[TechniqueFacts, ...] = ()
    equipment: tuple[EquipmentFacts, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    oxygen_sources: tuple[OxygenSourceFacts, ...] = ()
    consumption: tuple[ConsumptionFacts, ...] = ()
    surveyed_on: date | None = None


class NewFacility(NamedTuple):
    """A facility to come, with its operating licences; `name` already tidy (NFC, single blanks)."""

    id: UUID
    code: str
    name: str
    form: str
    sector: str
    province_code: str
    valid: Period
    gln: str | None = None
    level: str = ""
    route: str = ""
    hospital_class: str = ""
    commune_code: str = ""
    address: str = ""
    tax_code: str = ""
    email: str = ""
    phone: str = ""
    licences: tuple[NewOperatingLicence, ...] = ()
    profile: NewProfile | None = None


_FACILITY_COLUMNS = (
    *("id", "code", "name", "name_folded", "sort_key", "form", "sector", "province_code", "valid", "gln", "level"),
    *("route", "hospital_class", "commune_code", "address", "tax_code", "email", "phone"),
    *("latitude", "longitude", "founded_year", "website", "languages", "services", "is_medical_tourism"),
)
_LICENCE_COLUMNS = ("id", "facility_id", "number", "number_key", "issued_on", "issuer", "valid", "scopes")
_CONSUMPTION_COLUMNS = ("id", "facility_id", "normal_m3", "month", "source_kind", "quantity", "unit")
_SORTS: tuple[tuple[type[Dated], type, str], ...] = (
    (LegalPerson, LegalPersonFacts, "legal_person"),
    (OpeningHours, OpeningHoursFacts, "opening_hours"),
    (Department, DepartmentFacts, "departments"),
    (Technique, TechniqueFacts, "techniques"),
    (Equipment, EquipmentFacts, "equipment"),
    (Contact, ContactFacts, "contacts"),
    (OxygenSource, OxygenSourceFacts, "oxygen_sources"),
)
_EMPTY = NewProfile()

_SURVEYED = frozenset({"equipment", "oxygen_sources"})

Row = tuple[object, ...]
Given = tuple[UUID, str, tuple[Any, ...]]
"""A facility, the days its facts hold on (as PostgreSQL writes them), and the facts."""


def copy_facilities(facilities: Iterable[NewFacility], *, reason: str, by: Actor, at: datetime) -> int:
    """Write facilities, their licences and profiles in one transaction; returns how many facilities.

    Chunks of 10,000 suit: the history of a chunk is held in the server's memory until it is written.
    """
    chunk = list(facilities)
    with attributed(by=by, reason=reason, at=at):
        copy_rows("facilities_facility", _FACILITY_COLUMNS, map(_facility, chunk))
        licences = (_licence(facility, licence) for facility in chunk for licence in facility.licences)
        copy_rows("facilities_operating_licence", _LICENCE_COLUMNS, licences)
        for table, sort, name in _SORTS:
            given = ((one.id, _days(one, name), _facts(one, name)) for one in chunk)
            _copy_facts(table, sort, given)
        copy_rows("facilities_oxygen_consumption", _CONSUMPTION_COLUMNS, chain.from_iterable(map(_consumption, chunk)))
    return len(chunk)


def _facility(new: NewFacility) -> Row:
    names = (new.name, folded(new.name), reading_order(new.name))
    profile = new.profile or _EMPTY
    own = (profile.latitude, profile.longitude, profile.founded_year, profile.website)
    offered = (array_text(profile.languages), array_text(profile.services), profile.is_medical_tourism)
    # `valid` is written as text, the columns after it stand in the order of the tuple.
    kept = (new.form, new.sector, new.province_code, range_text(new.valid), *new[7:16])
    return (new.id, new.code, *names, *kept, *own, *offered)


def _licence(facility: NewFacility, new: NewOperatingLicence) -> Row:
    numbers = (new.number, number_key(new.number))
    return (new_id(), facility.id, *numbers, new.issued_on, new.issuer, range_text(new.valid), array_text(new.scopes))


def _facts(facility: NewFacility, name: str) -> tuple[Any, ...]:
    given = getattr(facility.profile or _EMPTY, name)
    return given if isinstance(given, tuple) else () if given is None else (given,)


def _days(facility: NewFacility, name: str) -> str:
    surveyed_on = (facility.profile or _EMPTY).surveyed_on
    is_later = name in _SURVEYED and surveyed_on is not None
    return range_text(replace(facility.valid, start=surveyed_on) if is_later else facility.valid)


def _copy_facts(table: type[Dated], sort: type, given: Iterable[Given]) -> None:
    names = [one.name for one in fields(sort)]
    has_item = table.thing is not None and table.thing not in names  # the thing has a key of its own
    columns = ("id", "facility_id", "valid", *(["item"] if has_item else []), *names)
    copy_rows(table._meta.db_table, columns, _fact_rows(names, given, has_item=has_item))


def _fact_rows(names: list[str], given: Iterable[Given], *, has_item: bool) -> Iterator[Row]:
    for facility_id, valid, facts in given:
        for one in facts:
            key = new_id()
            values = [_text(getattr(one, name)) for name in names]
            yield (key, facility_id, valid, key, *values) if has_item else (key, facility_id, valid, *values)


def _text(value: Any) -> Any:
    if isinstance(value, Schedule):
        return to_multirange(value)
    return pg.as_json(value) if isinstance(value, Mapping) else value


def _consumption(facility: NewFacility) -> Iterator[Row]:
    for one in (facility.profile or _EMPTY).consumption:
        amount = normal_m3(one.quantity, one.unit)
        yield (new_id(), facility.id, amount, one.month, one.source_kind, one.quantity, one.unit)
