"""Checking people who are enrolled against the population database, one by one or all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from ymach.base.actors import Actor
from ymach.population.actions import AsksForPersons, check_person
from ymach.population.contract import PopulationAway
from ymach.population.models import PopulationCheck
from ymach.population.queries import latest, settled
from ymach.population.rules import Claim
from ymach.practitioners.errors import PersonalNumberWrong
from ymach.practitioners.identification.turns import SUBJECT, admit
from ymach.practitioners.models import Practitioner


def verify(*, practitioner: Practitioner, by: Actor, at: datetime, channel: AsksForPersons | None) -> PopulationCheck:
    """Check an enrolled person against the population database and keep the outcome.

    Call it outside a transaction. Raises NotAllowed, TooMany; PersonalNumberWrong for somebody without a personal
    number; PopulationAway where none is configured (one that does not answer is an outcome, not an error).
    """
    admit(by, at)
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
