"""Finding the person who stands at a desk with their card: by number and name together, whether or not they may be read yet.

A number alone would tell whether somebody is known. One sentence answers for nobody and for another name, every asking
counts, and each is in the journal of the facility.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.base.vietnamese import fold, tidy_name
from ymach.citizens.models import Citizen
from ymach.exchange.reading.asked import read_asked
from ymach.exchange.reading.errors import NameNeeded, NobodyFound
from ymach.exchange.reading.look_up import pace, persons_of
from ymach.facilities.models import Facility

BASIS = "Law 91/2025/QH15 art. 9: taking a consent"


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody is looked for about: the journal's word for it, and the law."""

    word: str
    basis: str


CONSENT = Matter("consent", BASIS)


def at_desk(
    *, number: str, full_name: str, desk: Facility | None, matter: Matter = CONSENT, by: Actor, at: datetime
) -> Citizen:
    """The one person with this number (or what a scanner read) and this name. The caller has asked for the word.

    desk: None for a department's. Call it outside a transaction. at: aware.

    Raises NumberUnreadable, CardUnreadable, NameNeeded, TooMany, NobodyFound.
    """
    for fault in faults_of(number=number, full_name=full_name):
        raise fault
    asked, name = read_asked(number=number), _name(full_name)
    with pace(by, at):
        held = Citizen.objects.filter(pk__in=persons_of(asked), name_folded=name).first()
        _note(held, desk, matter, by, at)
        if held is None:
            raise NobodyFound(field="number")
    return held


def faults_of(*, number: str, full_name: str) -> Iterator[YmachError]:
    """What cannot be asked so: NumberUnreadable, CardUnreadable, NameNeeded. Nobody is looked for."""
    try:
        read_asked(number=number or " -")
    except YmachError as unreadable:
        yield unreadable
    if not _name(full_name):
        yield NameNeeded(field="full_name")


def _name(text: str) -> str:
    return fold(tidy_name(text))


def _note(held: Citizen | None, desk: Facility | None, matter: Matter, by: Actor, at: datetime) -> None:
    action = f"{matter.word}:looked-up{'' if held else ':nobody'}"
    subject = f"citizen:{held.citizen_id if held else 'unknown'}"
    event = Event(at, str(by), action, subject, matter.basis, citizen_id=held.citizen_id if held else None)
    with transaction.atomic():
        record(event, facility_id=desk.id if desk else REGISTRY)
