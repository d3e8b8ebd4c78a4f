"""What is agreed to: checked, reckoned to its end, and put into one digest that a signature covers. Plain functions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import orjson

from ymach.base.clock import iso, start_of_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.citizens.proxies.rules import ADULT, Born, birthday, is_child
from ymach.consent.errors import (
    BeginsTooLate,
    ChildAlone,
    CompartmentNotOwn,
    KindUnknown,
    PeriodWrong,
    PurposeUnknown,
    RecipientMissing,
    TextOutdated,
)
from ymach.consent.rules import COMPARTMENTS, CONSENTABLE, KINDS, Capacity
from ymach.consent.texts import text_for

MOST_YEARS = 5
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody agrees to, about `subject_id`. kinds: None for all. since, until: aware; until: None without an end.

    facilities: who may read; is_for_treating: all who treat. text_version: of the words that were shown.
    """

    subject_id: UUID
    purpose: str
    capacity: Capacity
    facilities: frozenset[UUID]
    is_for_treating: bool
    kinds: frozenset[str] | None
    compartments: frozenset[str]
    since: datetime
    until: datetime | None
    text_version: str


def check(terms: Terms, *, born: Born, at: datetime) -> None:
    """Raise the first of `faults`."""
    for fault in faults(terms, born=born, at=at):
        raise fault


def faults(terms: Terms, *, born: Born, at: datetime) -> Iterator[YmachError]:
    """Everything that is wrong with the terms, asked for at the moment `at` about somebody born then: PurposeUnknown,
    RecipientMissing, KindUnknown, CompartmentNotOwn, BeginsTooLate, PeriodWrong, TextOutdated, ChildAlone."""
    if terms.purpose not in CONSENTABLE:
        yield PurposeUnknown(field="purpose")
    elif terms.text_version != (current := text_for(terms.purpose, vietnam_day(at))).version:
        yield TextOutdated(field="text_version", version=current.version)
    if not terms.facilities and not terms.is_for_treating:
        yield RecipientMissing(field="recipients")
    if terms.kinds is not None and (not terms.kinds or terms.kinds - KINDS):
        yield KindUnknown(field="kinds")
    if terms.compartments - COMPARTMENTS or (terms.compartments and terms.capacity is Capacity.MANDATE):
        yield CompartmentNotOwn(field="compartments")
    yield from _faults_of_period(terms, born, at)
    if terms.capacity is Capacity.SELF and is_child(born, vietnam_day(at)):
        yield ChildAlone(field="capacity")


def end_of(terms: Terms, born: Born) -> datetime | None:
    """Until when the consent holds: what was agreed to, and for a child no longer than childhood."""
    ends = [one for one in (terms.until, _grown_at(terms, born)) if one is not None]
    return min(ends, default=None)


def digest_of(terms: Terms) -> str:
    """SHA-256 of everything that is agreed to, as canonical JSON, hexadecimal: what a signature covers."""
    body = {
        "subject": str(terms.subject_id),
        "purpose": terms.purpose,
        "capacity": terms.capacity.value,
        "facilities": sorted(str(one) for one in terms.facilities),
        "treating": terms.is_for_treating,
        "kinds": sorted(terms.kinds) if terms.kinds is not None else None,
        "compartments": sorted(terms.compartments),
        "since": iso(terms.since),
        "until": iso(terms.until) if terms.until else None,
        "text": terms.text_version,
    }
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def last_day(until: datetime | None) -> date | None:
    """The last day on which a consent holds, for people."""
    return vietnam_day(until - timedelta(seconds=1)) if until else None


def _grown_at(terms: Terms, born: Born) -> datetime | None:
    grown = birthday(born, ADULT) if is_child(born, vietnam_day(terms.since)) else None
    return start_of_day(grown) if grown else None


def _faults_of_period(terms: Terms, born: Born, at: datetime) -> Iterator[YmachError]:
    today, grown = start_of_day(vietnam_day(at)), _grown_at(terms, born)
    if not today <= terms.since <= at + _YEAR:
        yield BeginsTooLate(field="since")
    longest = terms.since + MOST_YEARS * _YEAR
    longest = max(longest, grown) if grown else longest
    if terms.until is not None and not max(terms.since, at) < terms.until <= longest:
        yield PeriodWrong(field="until", years=MOST_YEARS)
