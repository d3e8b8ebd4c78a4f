"""Looking a patient up: by number, card, wristband, or full name and date of birth. Nobody learns that somebody exists.

Whoever may not see anything of a person is told what they are told of nobody. Each asking counts, each is in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.accounts.permissions import Permission, require
from ymach.accounts.signin import limits
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.actors import Actor, ActorKind
from ymach.base.errors import TooMany, YmachError
from ymach.citizens.links.queries import identities_of
from ymach.citizens.queries import known_under
from ymach.consent.rules import Purpose
from ymach.exchange.reading import gate
from ymach.exchange.reading.asked import Asked
from ymach.exchange.reading.errors import NobodyFound, SeveralFound
from ymach.exchange.reading.gate import Opened, Reader
from ymach.exchange.reading.handles import handle_of

LOOK_UPS, NOBODY = 600, 60
"""In an hour: look-ups of one account, enough for the busiest desk; those that found nobody, too few to try numbers out."""
OF_A_MACHINE = 10
"""A facility's software asks for all its desks: so many times as much."""
WINDOW = 3600
MOST_NAMESAKES = 12
"""Persons with one name and one date of birth that are considered; more is nobody's patient by name."""
LOOKED_UP = "patient:looked-up"

_NAMED = """
SELECT citizen_id FROM citizens_citizen
WHERE name_folded = %s AND birth_year = %s AND birth_month = %s AND birth_day = %s LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The patient, with the handle of their page, and what the reader may see."""

    citizen_id: UUID
    handle: str
    opened: Opened


def look_up(asked: Asked, *, purpose: Purpose = Purpose.TREATMENT, by: Actor, at: datetime) -> Found:
    """The one patient who is asked for and of whom `by` may see something. Call it outside a transaction.

    at: aware. Raises NotAllowed, TooMany, NobodyFound, SeveralFound.
    """
    require(by, Permission.RECORD_LOOKUP)
    reader = gate.reader_of(by, purpose)
    with pace(by, at):
        people = persons_of(asked)
        considered = [gate.consider(one, reader=reader, purpose=purpose, at=at) for one in people]
        allowed = [one for one in considered if one.decision.allowed]
        _write(asked, considered, allowed, reader, by=by, at=at)
        if len(allowed) > 1:
            raise SeveralFound(field="number")
        if not allowed:
            raise NobodyFound(field="number")
    found = allowed[0]
    return Found(found.citizen_id, handle_of(found.citizen_id, by=by, at=at), found)


def persons_of(asked: Asked) -> list[UUID]:
    """One identity of each person who is meant; whoever asks. Empty where they are too many."""
    ids = _ids(asked)
    found: list[UUID] = []
    seen: set[UUID] = set()
    for one in ids:
        if one not in seen:
            seen.update(identities_of([one]))
            found.append(one)
    return found if len(found) <= MOST_NAMESAKES else []


@contextmanager
def pace(by: Actor, at: datetime, *, misses: type[YmachError] = NobodyFound) -> Iterator[None]:
    """Count a look-up, and count it again when it finds nobody (misses: how the block says so). Raises TooMany."""
    times = OF_A_MACHINE if by.kind is ActorKind.MACHINE else 1
    if not limits.left("patient-nobody", str(by), allowed=NOBODY * times, at=at):
        raise TooMany(retry_after=limits.seconds_until_free("patient-nobody", str(by), at=at))
    _take("patient-look-up", by, at, LOOK_UPS * times)
    try:
        yield
    except misses:
        _take("patient-nobody", by, at, NOBODY * times)
        raise


def _ids(asked: Asked) -> list[UUID]:
    if asked.keys:
        known = known_under(asked.keys)
        return [one.citizen_id for key in asked.keys if (one := known.get(key)) and one.citizen_id]
    if asked.born is None:
        return []
    born = asked.born
    return [one for (one,) in pg.ask(_NAMED, [asked.name_folded, born.year, born.month, born.day])()]


def _write(
    asked: Asked, considered: Iterable[Opened], allowed: list[Opened], reader: Reader, *, by: Actor, at: datetime
) -> None:
    """What was asked for and of whom: the person can see later that somebody tried."""
    by_name = asked.how == "name"
    meant = [one for one in considered if one in allowed or not by_name]
    events = [
        Event(
            at=at,
            actor=str(by),
            action=LOOKED_UP if one.decision.allowed else f"{LOOKED_UP}:refused",
            subject=f"citizen:{one.citizen_id}",
            basis=one.decision.basis.value if one.decision.basis else one.decision.code,
            citizen_id=one.citizen_id,
            detail={"how": asked.how},
        )
        for one in meant
    ]
    nobody = Event(at, str(by), f"{LOOKED_UP}:nobody", "citizen:unknown", "none", detail={"how": asked.how})
    with transaction.atomic():
        for event in events or [nobody]:
            record(event, facility_id=reader.journal)


def _take(what: str, by: Actor, at: datetime, allowed: int) -> None:
    if limits.take(what, str(by), allowed=allowed, seconds=WINDOW, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free(what, str(by), at=at))
