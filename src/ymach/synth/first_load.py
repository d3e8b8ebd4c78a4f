"""The first load of an empty registry, in one transaction: whole with every index and constraint, or not there at all.

What is written, and by which triggers, is what `load_country` writes; only the order differs in which PostgreSQL
builds indexes and checks constraints.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.history.settling import later, settle, waiting
from ymach.facilities.bulk import copy_facilities
from ymach.practitioners.bulk import CHUNK, NewPractitioner, copy_practitioners
from ymach.synth.bare import as_owner, bare, can_be_bare
from ymach.synth.load import FACILITIES_AT_ONCE, REASON, Tell, new_facility, new_practitioner
from ymach.synth.registry import Country

_Made = TypeVar("_Made")

TABLES = (
    "facilities_facility",
    "facilities_operating_licence",
    "facilities_legal_person",
    "facilities_opening_hours",
    "facilities_department",
    "facilities_technique",
    "facilities_equipment",
    "facilities_contact",
    "facilities_oxygen_source",
    "facilities_oxygen_consumption",
    "practitioners_practitioner",
    "practitioners_licence",
    "practitioners_registration",
)
HISTORY = "history_entry"
# Costly to put back, over many rows as over one: kept while people are made, when PostgreSQL has little to do.
KEPT = ("registration_never_at_overlapping_times",)
FOLLOWING = {
    "ymach_publish": ("publication_entry",),
    "ymach_keep_due": ("changes_deadline",),
    "figures_refresh_practitioners": ("figures_practitioner",),
    "figures_refresh_facilities": ("figures_facility",),
}
"""What each settler fills."""


def load_first(country: Country, *, by: Actor, at: datetime, tell: Tell, abreast: int = 2) -> bool:
    """Write facilities and practitioners, then what follows from them, `abreast` settlers at a time.

    Returns False, with nothing done, when the registry holds something or its tables are not ours to alter.
    Raises IntegrityError when a row does not keep a constraint; nothing is there then.
    """
    with as_owner():
        if not can_be_bare(TABLES):
            return False
        with later(), bare((*TABLES, HISTORY), keep=KEPT):
            _write(country, by=by, at=at, tell=tell)
        tell("committed", country.practitioner_count)
        with ThreadPoolExecutor(abreast) as pool:
            for settler, settled in pool.map(_settled, sorted(waiting(), key=_turn)):
                tell(settler, settled)
    return True


def _write(country: Country, *, by: Actor, at: datetime, tell: Tell) -> None:
    facilities, written = iter(country.facilities), 0
    while chunk := list(islice(facilities, FACILITIES_AT_ONCE)):
        written += copy_facilities((new_facility(one, country.on) for one in chunk), reason=REASON, by=by, at=at)
        tell("facilities", written)
    written = 0
    for people in _ahead(_chunks(country)):
        written += copy_practitioners(people, reason=REASON, by=by, at=at)
        tell("practitioners", written)


def _chunks(country: Country) -> Iterator[list[NewPractitioner]]:
    people = map(new_practitioner, country.practitioners())
    return iter(lambda: list(islice(people, CHUNK)), [])


def _ahead(made: Iterator[_Made]) -> Iterator[_Made]:
    """What `made` yields, the next one being made while the last is at work."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, made, None)
        while (one := coming.result()) is not None:
            coming = pool.submit(next, made, None)
            yield one


def _turn(settler: str) -> int:
    """What takes longest goes first."""
    return [*FOLLOWING, settler].index(settler)


def _settled(settler: str) -> tuple[str, int]:
    with as_owner(), transaction.atomic():
        tables = FOLLOWING.get(settler, ())
        if not can_be_bare(tables):
            return settler, settle(settler)
        with bare(tables):
            return settler, settle(settler)
