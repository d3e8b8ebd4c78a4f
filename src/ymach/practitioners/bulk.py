"""Many practitioners at once, past the ORM: one COPY a table inside one attributed transaction a chunk.

Numbers, overlaps and technical heads are held by the database: a wrong row refuses its whole chunk (IntegrityError).
Chunks are independent, so that two processes can load at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.copying import array_text, copy_rows, range_text
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.licence_numbers import number_key
from ymach.base.name_keys import folded, person_order
from ymach.base.periods import Period
from ymach.base.weekly import NO_FIXED_HOURS, Schedule, to_multirange

CHUNK = 25_000  # the history of a chunk is held in the server's memory until it is written


class NewSuspension(NamedTuple):
    period: Period
    reason: str
    decision: str
    scopes: tuple[str, ...] = ()


class NewRevocation(NamedTuple):
    effective_on: date
    reason: str
    decision: str


class NewRegistration(NamedTuple):
    """A registration to come, under the licence that holds it."""

    facility_id: UUID
    valid: Period
    schedule: Schedule = NO_FIXED_HOURS
    position: str = ""
    department: str = ""
    is_technical_head: bool = False
    is_full_time: bool = True
    published_on: date | None = None


class NewLicence(NamedTuple):
    """A licence to come. `valid` ends where it is revoked or replaced, term_ends_on where its printed term does.

    A licence right after a certificate of the same person is the one the certificate was converted into.
    """

    number: str
    title: str
    scopes: tuple[str, ...]
    issuer: str
    issued_on: date
    valid: Period
    generation: str = "licence"
    issuer_province_code: str | None = None
    registrations: tuple[NewRegistration, ...] = ()
    suspensions: tuple[NewSuspension, ...] = ()
    revocation: NewRevocation | None = None
    term_ends_on: date | None = None
    decision: str = ""
    decided_on: date | None = None


class NewPractitioner(NamedTuple):
    """A person to come; `full_name` already tidy (NFC, single blanks)."""

    id: UUID
    personal_number: str | None
    full_name: str
    birth_date: date
    sex: str
    licences: tuple[NewLicence, ...] = ()
    passport_number: str = ""
    nationality: str = "VN"


_Row = tuple[object, ...]
_Held = tuple[UUID, UUID, NewLicence, UUID | None]  # practitioner, licence, what it says, the certificate before it

_COLUMNS = {
    "practitioners_practitioner": (
        *("id", "personal_number", "passport_number", "full_name", "name_folded", "sort_key"),
        *("birth_date", "sex", "nationality"),
    ),
    "practitioners_licence": (
        *("id", "practitioner_id", "generation", "number", "number_key", "title", "scopes", "issuer"),
        *("issuer_province_code", "issued_on", "valid", "term_ends_on", "converted_from_id", "decision", "decided_on"),
    ),
    "practitioners_licence_suspension": ("id", "licence_id", "period", "part", "scopes", "grounds", "decision"),
    "practitioners_licence_revocation": ("id", "licence_id", "effective_on", "grounds", "decision"),
    "practitioners_registration": (
        *("id", "practitioner_id", "facility_id", "licence_id", "position", "department", "scopes"),
        *("is_technical_head", "valid", "schedule", "is_full_time", "published_on"),
    ),
}


def copy_practitioners(people: Iterable[NewPractitioner], *, reason: str, by: Actor, at: datetime) -> int:
    """Write people with licences and registrations, a transaction for each 25,000; returns how many people.

    A chunk that is refused leaves the chunks before it in place.
    """
    stream, written = iter(people), 0
    while chunk := list(islice(stream, CHUNK)):
        with attributed(by=by, reason=reason, at=at):
            _copy_chunk(chunk)
        written += len(chunk)
    return written


def _copy_chunk(chunk: list[NewPractitioner]) -> None:
    held = list(_held(chunk))
    rows: dict[str, Iterator[_Row]] = {
        "practitioners_practitioner": map(_person, chunk),
        "practitioners_licence": (_licence(*one) for one in held),
        "practitioners_licence_suspension": _suspensions(held),
        "practitioners_licence_revocation": _revocations(held),
        "practitioners_registration": _registrations(held),
    }
    for table, columns in _COLUMNS.items():
        copy_rows(table, columns, rows[table])


def _held(chunk: list[NewPractitioner]) -> Iterator[_Held]:
    for person in chunk:
        certificate = None
        for licence in person.licences:
            key = new_id()
            yield person.id, key, licence, certificate
            certificate = key if licence.generation == "certificate" else None


def _person(new: NewPractitioner) -> _Row:
    names = (new.full_name, folded(new.full_name), person_order(new.full_name))
    return (new.id, new.personal_number, new.passport_number, *names, new.birth_date, new.sex, new.nationality)


def _licence(practitioner_id: UUID, key: UUID, new: NewLicence, certificate: UUID | None) -> _Row:
    numbers = (new.number, number_key(new.number))
    what = (new.title, array_text(new.scopes), new.issuer, new.issuer_province_code, new.issued_on)
    converted_from = certificate if new.generation == "licence" else None
    term = (range_text(new.valid), new.term_ends_on, converted_from)
    return (key, practitioner_id, new.generation, *numbers, *what, *term, new.decision, new.decided_on)


def _suspensions(held: list[_Held]) -> Iterator[_Row]:
    for _, licence_id, licence, _ in held:
        for new in licence.suspensions:
            part = "part" if new.scopes else "whole"
            what = (range_text(new.period), part, array_text(new.scopes), new.reason, new.decision)
            yield (new_id(), licence_id, *what)


def _revocations(held: list[_Held]) -> Iterator[_Row]:
    for _, licence_id, licence, _ in held:
        if licence.revocation is not None:
            yield (new_id(), licence_id, *licence.revocation)


def _registrations(held: list[_Held]) -> Iterator[_Row]:
    for practitioner_id, licence_id, licence, _ in held:
        for new in licence.registrations:
            where = (practitioner_id, new.facility_id, licence_id, new.position, new.department, "{}")
            when = (range_text(new.valid), _hours(new.schedule), new.is_full_time, new.published_on)
            yield (new_id(), *where, new.is_technical_head, *when)


@lru_cache(maxsize=1024)
def _hours(schedule: Schedule) -> str:
    return to_multirange(schedule)
