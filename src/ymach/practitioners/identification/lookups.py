"""Who has this number? Asked before anybody types, and once more before a new person is asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.vietnamese import fold
from ymach.population.actions import AsksForPersons
from ymach.population.contract import Person, PopulationAway, PopulationRefusesUs
from ymach.population.rules import Claim, Comparison, Outcome, Sameness, compare, compare_names
from ymach.practitioners.errors import PersonalNumberWrong
from ymach.practitioners.identification.claims import checked_claim, keep_check
from ymach.practitioners.identification.turns import admit, admit_line, tell_journal
from ymach.practitioners.models import Practitioner
from ymach.practitioners.queries.seeing import visible_to

LOG = logging.getLogger(__name__)


class Said(StrEnum):
    """What came of a look-up. UNNAMED: nobody is enrolled, and of a citizen the name has to be typed first."""

    REGISTERED = "registered"
    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown-number"
    UNAVAILABLE = "unavailable"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was typed of the person besides the number; what was not typed is empty."""

    full_name: str = ""
    birth_date: date | None = None
    sex: str = ""

    @property
    def whole(self) -> Claim | None:
        """The claim, if everything was typed."""
        if not (self.full_name and self.birth_date and self.sex):
            return None
        return Claim(self.full_name, self.birth_date, self.sex)


@dataclass(frozen=True, slots=True)
class Identified:
    """What a look-up tells its asker. at: when the source was asked.

    practitioner_id: of whom the registry knows. known: what the asker may be told (full_name, birth_date as ISO 8601,
    sex). fields: how what was typed compares with the population database, by field, without any value.
    """

    said: Said
    at: datetime
    practitioner_id: UUID | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Sameness] = field(default_factory=dict)


NOTHING = Claimed()


def lookup(
    *,
    number: str,
    by: Actor,
    purpose: str,
    at: datetime,
    channel: AsksForPersons | None,
    claimed: Claimed = NOTHING,
) -> Identified:
    """Who has a number, so that nobody types a citizen twice.

    purpose: why, one word, e.g. "enrol"; goes into the journal and the question. channel: None where no population
    database is configured: then only the registry is asked. A facility is told of a citizen only after it typed the
    name, and nothing where a typed field differs but which. Call it outside a transaction.
    Raises NotAllowed (identity:verify), TooMany, PersonalNumberWrong.
    """
    admit(by, at)
    _require_form(number)
    found = _registered(number, by, at) or _asked(number, claimed, by, purpose, at, channel)
    _tell(found, by, purpose)
    return found


def identify(
    *, number: str, claim: Claim, by: Actor, purpose: str, at: datetime, channel: AsksForPersons | None
) -> Identified:
    """The same of a person about to be asked for as new, with everything typed; what was found out is kept.

    Asks nobody about a claim that was checked already. Raises TooMany, PersonalNumberWrong.
    """
    _require_form(number)
    admit(by, at, needs_word=False)
    found = _registered(number, by, at)
    if found is None:
        kept = checked_claim(number, claim)
        if kept is not None:
            fields = {name: Sameness(one) for name, one in kept.fields.items()}
            return Identified(Said(kept.outcome), kept.at, fields=fields)
        found = _compared(number, claim, by, purpose, at, channel)
    _tell(found, by, purpose)
    return found


def registered_as(*, number: str, full_name: str, by: Actor, at: datetime) -> Practitioner | None:
    """The enrolled person of a number and a name, for a line of a list; None alike for a wrong number and a wrong name.

    Raises TooMany.
    """
    admit_line(by, at)
    known = Practitioner.objects.filter(personal_number=number).first() if _has_form(number) else None
    if known is not None and fold(full_name).split() != fold(known.full_name).split():
        known = None
    found = Said.REGISTERED if known else Said.UNKNOWN
    tell_journal(by, at, found=found, purpose="staff-list", practitioner_id=known.pk if known else None)
    return known


def _registered(number: str, by: Actor, at: datetime) -> Identified | None:
    person = Practitioner.objects.filter(personal_number=number).first()
    if person is None:
        return None
    known = {"full_name": person.full_name}
    if visible_to(by).filter(pk=person.pk).exists():
        known |= {"birth_date": person.birth_date.isoformat(), "sex": person.sex}
    return Identified(Said.REGISTERED, at, person.pk, known)


def _asked(
    number: str, claimed: Claimed, by: Actor, purpose: str, at: datetime, channel: AsksForPersons | None
) -> Identified:
    if not claimed.full_name and not may(by, Permission.PRACTITIONER_MANAGE):
        return Identified(Said.UNNAMED, at)
    answered, person = _person(number, purpose, channel)
    if not answered:
        return Identified(Said.UNAVAILABLE, at)
    found = _told(claimed, person, at)
    claim = Claim(person.full_name, person.birth_date, person.sex) if found.said is Said.MATCH and person else None
    claim = claim or claimed.whole
    if claim is not None:
        keep_check(number, claim, compare(claim, person), by=by, at=at)
    return found


def _told(claimed: Claimed, person: Person | None, at: datetime) -> Identified:
    if person is None:
        return Identified(Said.UNKNOWN, at)
    fields = _compare_typed(claimed, person)
    if Sameness.DIFFERENT in fields.values():
        return Identified(Said.MISMATCH, at, fields=fields)
    known = {"full_name": person.full_name, "birth_date": person.birth_date.isoformat(), "sex": person.sex}
    return Identified(Said.MATCH, at, known=known, fields=fields)


def _compared(
    number: str, claim: Claim, by: Actor, purpose: str, at: datetime, channel: AsksForPersons | None
) -> Identified:
    answered, person = _person(number, purpose, channel)
    if not answered:
        if channel is not None:
            keep_check(number, claim, Comparison(Outcome.UNAVAILABLE, {}), by=by, at=at)
        return Identified(Said.UNAVAILABLE, at)
    comparison = compare(claim, person)
    keep_check(number, claim, comparison, by=by, at=at)
    return Identified(Said(comparison.outcome.value), at, fields=comparison.fields)


def _person(number: str, purpose: str, channel: AsksForPersons | None) -> tuple[bool, Person | None]:
    """Whether there was an answer, and whom it named. A form must not stand still because a database does."""
    if channel is None:
        return False, None
    try:
        return True, channel.person(number, purpose=purpose)
    except PopulationAway:
        return False, None
    except PopulationRefusesUs:
        LOG.exception("the population database refuses our token")
        return False, None


def _compare_typed(claimed: Claimed, person: Person) -> dict[str, Sameness]:
    fields: dict[str, Sameness] = {}
    if claimed.full_name:
        fields["full_name"] = compare_names(claimed.full_name, person.full_name)
    if claimed.birth_date:
        fields["birth_date"] = _plainly(claimed.birth_date == person.birth_date)
    if claimed.sex:
        fields["sex"] = _plainly(claimed.sex == person.sex)
    return fields


def _plainly(is_same: bool) -> Sameness:
    return Sameness.SAME if is_same else Sameness.DIFFERENT


def _tell(found: Identified, by: Actor, purpose: str) -> None:
    tell_journal(by, found.at, found=found.said, purpose=purpose, practitioner_id=found.practitioner_id)


def _require_form(number: str) -> None:
    if not _has_form(number):
        raise PersonalNumberWrong(field="personal_number")


def _has_form(number: str) -> bool:
    return len(number) == 12 and number.isascii() and number.isdigit()
