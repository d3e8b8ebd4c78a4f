"""Knowing people by their personal number: who is asked for is looked up before anybody types, who is enrolled is checked.

The registry is asked first, the national population database after it. Every look-up is in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ymach.accounts.permissions import Permission, require
from ymach.accounts.signin import limits
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor, ActorKind
from ymach.base.errors import TooMany
from ymach.population.actions import AsksForPersons, check_person
from ymach.population.contract import Person, PopulationAway
from ymach.population.models import PopulationCheck
from ymach.population.queries import latest, settled
from ymach.population.rules import Claim
from ymach.practitioners.errors import PersonalNumberWrong
from ymach.practitioners.models import Practitioner

SUBJECT = "practitioner"
ALLOWED, WINDOW = 60, 3600
"""Look-ups and checks an account may ask for in an hour: enough for a busy desk, too few to walk through numbers."""
_MACHINERY = (ActorKind.COMMAND, ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody found by their number. source: "registry" or "population"; practitioner_id: where they are enrolled."""

    person: Person
    source: str
    practitioner_id: UUID | None = None


def lookup(*, number: str, by: Actor, purpose: str, at: datetime, channel: AsksForPersons | None) -> KnownPerson | None:
    """The person of a number, so that nobody types a citizen twice; None when nobody has it.

    purpose: why, one word, e.g. "enrol"; goes into the journal and the question. channel: None where no population
    database is configured: then only the registry is asked. Call it outside a transaction.
    Raises NotAllowed (identity:verify), TooMany, PersonalNumberWrong, PopulationAway.
    """
    _admit(by, at)
    if not (len(number) == 12 and number.isascii() and number.isdigit()):
        raise PersonalNumberWrong(field="personal_number")
    found = _in_registry(number) or _in_population(number, purpose, channel)
    _tell_journal(by, at, found, purpose)
    return found


def verify(*, practitioner: Practitioner, by: Actor, at: datetime, channel: AsksForPersons | None) -> PopulationCheck:
    """Check an enrolled person against the population database and keep the outcome.

    Call it outside a transaction. Raises NotAllowed, TooMany; PersonalNumberWrong for somebody without a personal
    number; PopulationAway where none is configured (one that does not answer is an outcome, not an error).
    """
    _admit(by, at)
    if practitioner.personal_number is None:
        raise PersonalNumberWrong(field="personal_number")
    if channel is None:
        raise PopulationAway(why="not configured")
    return check_person(
        number=practitioner.personal_number,
        claim=Claim(practitioner.full_name, practitioner.birth_date, practitioner.sex),
        subject_kind=SUBJECT,
        subject_id=practitioner.pk,
        channel=channel,
        by=by,
        at=at,
    )


def last_check(practitioner_id: UUID) -> PopulationCheck | None:
    """The last check of a practitioner that found something out."""
    return latest(SUBJECT, practitioner_id)


def unverified() -> QuerySet[Practitioner]:
    """Practitioners with a personal number whom no check has found anything out about, in the order of their ids."""
    checked = settled(SUBJECT).filter(subject_id=OuterRef("pk"))
    return Practitioner.objects.filter(personal_number__isnull=False).exclude(Exists(checked)).order_by("pk")


def each_unverified(limit: int, *, chunk: int = 500) -> Iterator[Practitioner]:
    """At most `limit` of them, asked for in chunks by key: the walk can be left and taken up at any time."""
    last: UUID | None = None
    while limit > 0:
        rows = unverified().filter(pk__gt=last) if last else unverified()
        some = list(rows[: min(chunk, limit)])
        yield from some
        if len(some) < min(chunk, limit):
            return
        limit, last = limit - len(some), some[-1].pk


def _admit(by: Actor, at: datetime) -> None:
    if by.kind in _MACHINERY:
        return
    require(by, Permission.IDENTITY_VERIFY)
    if limits.take("identity", str(by), allowed=ALLOWED, seconds=WINDOW, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free("identity", str(by), at=at))


def _in_registry(number: str) -> KnownPerson | None:
    known = Practitioner.objects.filter(personal_number=number).first()
    if known is None:
        return None
    person = Person(number, known.full_name, known.birth_date, known.sex, known.nationality)
    return KnownPerson(person, "registry", known.pk)


def _in_population(number: str, purpose: str, channel: AsksForPersons | None) -> KnownPerson | None:
    found = channel.person(number, purpose=purpose) if channel is not None else None
    return KnownPerson(found, "population") if found is not None else None


def _tell_journal(by: Actor, at: datetime, found: KnownPerson | None, purpose: str) -> None:
    subject = f"{SUBJECT}:{found.practitioner_id}" if found and found.practitioner_id else "person:by-number"
    facility = next((grant.facility_id for grant in by.grants if grant.facility_id), REGISTRY)
    event = Event(
        at, str(by), "identity:looked-up", subject, basis=purpose, detail={"found": found.source if found else "nobody"}
    )
    with transaction.atomic():
        record(event, facility_id=facility)
