"""Writing a synthetic country into the database, through the bulk actions of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db import connections

from ymach.base.actors import Actor
from ymach.base.history.settling import later, settle, waiting
from ymach.facilities.bulk import NewFacility, NewOperatingLicence, NewProfile, copy_facilities
from ymach.facilities.facts import values_of
from ymach.practitioners.bulk import (
    CHUNK,
    NewLicence,
    NewPractitioner,
    NewRegistration,
    NewRevocation,
    NewSuspension,
    copy_practitioners,
)
from ymach.practitioners.rules.licences import term_end
from ymach.synth.model import Facility, Licence, Practitioner
from ymach.synth.profiles import Profile, furnish
from ymach.synth.registry import Country

REASON = "synthetic country"
FACILITIES_AT_ONCE = 10_000

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

Tell = Callable[[str, int], None]
"""Called with what was written ("facilities", "practitioners") or settled, and how many so far."""


def load_country(country: Country, *, by: Actor, at: datetime, tell: Tell, writers: int = 1) -> None:
    """Write facilities, then practitioners, each chunk in a transaction of its own; then what follows from them.

    writers: how many connections write at a time; with one, everything goes through the caller's.
    Raises IntegrityError when a code or number is taken, as it is when the same country is loaded twice.
    """
    facilities, written = iter(country.facilities), 0
    while chunk := list(islice(facilities, FACILITIES_AT_ONCE)):
        with later():
            written += copy_facilities((new_facility(one, country.on) for one in chunk), reason=REASON, by=by, at=at)
        tell("facilities", written)
    written = 0
    for count in _written(country.practitioners(), writers, by=by, at=at):
        written += count
        tell("practitioners", written)
    for settler, settled in _all_settled(writers):
        tell(settler, settled)


def _written(people: Iterable[Practitioner], writers: int, *, by: Actor, at: datetime) -> Iterator[int]:
    """Write `people` chunk by chunk; yields how many each chunk held."""

    def write(some: list[Practitioner]) -> int:
        with later():
            return copy_practitioners(map(new_practitioner, some), reason=REASON, by=by, at=at)

    stream = iter(people)
    chunks = iter(lambda: list(islice(stream, CHUNK)), [])
    if writers == 1:
        yield from map(write, chunks)
        return
    with ThreadPoolExecutor(writers) as pool:
        yield from _abreast(pool, writers, (partial(_apart(write), some) for some in chunks))


def _apart(work: Callable[[_Given], _Made]) -> Callable[[_Given], _Made]:
    """`work` as a thread does it: with a connection of its own, closed in the end."""

    def job(given: _Given) -> _Made:
        try:
            return work(given)
        finally:
            connections.close_all()

    return job


def _all_settled(writers: int) -> Iterator[tuple[str, int]]:
    if writers == 1:
        yield from map(_settled, waiting())
        return
    with ThreadPoolExecutor(writers) as pool:
        yield from pool.map(_apart(_settled), waiting())


def _settled(settler: str) -> tuple[str, int]:
    return settler, settle(settler)


def _abreast(pool: ThreadPoolExecutor, most: int, jobs: Iterable[Callable[[], int]]) -> Iterator[int]:
    """The results of `jobs`, as they come; the next job is made ready while `most` are at work, and no more than one."""
    running: set[Future[int]] = set()
    for job in jobs:
        if len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
        running.add(pool.submit(job))
    yield from (one.result() for one in wait(running).done)


def new_facility(one: Facility, on: date) -> NewFacility:
    """A facility of the country as the registry takes it, with its profile as on the day `on`."""
    return NewFacility(
        id=one.id,
        code=one.code,
        name=one.name,
        form=one.form,
        sector=one.sector,
        province_code=one.province_code,
        valid=one.valid,
        gln=one.gln,
        level=one.level,
        route=one.route,
        hospital_class=one.hospital_class,
        commune_code=one.commune_code,
        address=one.address,
        tax_code=one.tax_code,
        email=one.email,
        phone=one.phone,
        licences=tuple(NewOperatingLicence(of.number, of.issued_on, of.issuer, of.valid) for of in one.licences),
        profile=_profile(furnish(one, on=on)),
    )


def _profile(one: Profile) -> NewProfile:
    return NewProfile(**values_of(one))


def new_practitioner(one: Practitioner) -> NewPractitioner:
    """A person of the country as the registry takes them."""
    licences = tuple(map(_licence, one.licences))
    return NewPractitioner(one.id, one.personal_number, one.full_name, one.birth_date, one.sex, licences)


def _licence(one: Licence) -> NewLicence:
    return NewLicence(
        number=one.number,
        title=one.title,
        scopes=one.scopes,
        issuer=one.issuer,
        issued_on=one.issued_on,
        valid=one.valid,
        generation=one.generation,
        decision=one.decision,
        decided_on=one.decided_on,
        issuer_province_code=one.issuer_province_code,
        registrations=tuple(_registrations(one)),
        suspensions=tuple(NewSuspension(s.period, s.reason, s.decision) for s in one.suspensions),
        revocation=NewRevocation(one.revocation.effective_on, one.revocation.reason, one.revocation.decision)
        if one.revocation
        else None,
        term_ends_on=term_end(one.title, is_certificate=one.generation == "certificate", issued_on=one.issued_on),
    )


def _registrations(licence: Licence) -> Iterator[NewRegistration]:
    for place, one in enumerate(licence.registrations):
        yield NewRegistration(
            facility_id=one.facility_id,
            valid=one.valid,
            schedule=one.schedule,
            position=one.position,
            is_technical_head=one.is_technical_head,
            is_full_time=place == 0,  # what comes second is evening work
            published_on=one.valid.start,
        )
