"""Many facilities at once, past the ORM: one COPY a table inside one attributed transaction.

Codes, check digits and overlaps are held by the database: a wrong row refuses the whole load (IntegrityError).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.copying import array_text, copy_rows, range_text
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.licence_numbers import number_key
from ymach.base.name_keys import folded, reading_order
from ymach.base.periods import Period


class NewOperatingLicence(NamedTuple):
    """An operating licence of a facility to come."""

    number: str
    issued_on: date
    issuer: str
    valid: Period
    scopes: tuple[str, ...] = ()


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


_FACILITY_COLUMNS = (
    *("id", "code", "name", "name_folded", "sort_key", "form", "sector", "province_code", "valid", "gln", "level"),
    *("route", "hospital_class", "commune_code", "address", "tax_code", "email", "phone"),
)
_LICENCE_COLUMNS = ("id", "facility_id", "number", "number_key", "issued_on", "issuer", "valid", "scopes")


def copy_facilities(facilities: Iterable[NewFacility], *, reason: str, by: Actor, at: datetime) -> int:
    """Write facilities and their licences in one transaction; returns how many facilities. Chunks of 50,000 suit."""
    chunk = list(facilities)
    with attributed(by=by, reason=reason, at=at):
        copy_rows("facilities_facility", _FACILITY_COLUMNS, map(_facility, chunk))
        licences = (_licence(facility, licence) for facility in chunk for licence in facility.licences)
        copy_rows("facilities_operating_licence", _LICENCE_COLUMNS, licences)
    return len(chunk)


def _facility(new: NewFacility) -> tuple[object, ...]:
    names = (new.name, folded(new.name), reading_order(new.name))
    # `valid` is written as text, the columns after it stand in the order of the tuple.
    return (new.id, new.code, *names, new.form, new.sector, new.province_code, range_text(new.valid), *new[7:16])


def _licence(facility: NewFacility, new: NewOperatingLicence) -> tuple[object, ...]:
    numbers = (new.number, number_key(new.number))
    return (new_id(), facility.id, *numbers, new.issued_on, new.issuer, range_text(new.valid), array_text(new.scopes))
