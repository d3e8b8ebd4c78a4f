"""What the registry says about a facility and the authors of its dossiers, on the days of these dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from ymach.base.licence_numbers import AuthorNumber, authors_in
from ymach.base.periods import Period
from ymach.base.weekly import NO_FIXED_HOURS, Schedule


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """Days of suspension; `whole` stops everything, otherwise only `scopes` are stopped."""

    period: Period
    whole: bool = True
    scopes: frozenset[str] = frozenset()
    decision: str = ""


@dataclass(frozen=True, slots=True)
class EarlierTerms:
    """What a licence said before the day `until`."""

    until: date
    title: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """A licence to practise. `revoked_on` is the first day without it.

    title and scopes are those of today; earlier: what it said before, oldest first.
    """

    number: str
    key: str
    title: str
    scopes: frozenset[str]
    valid: Period
    suspensions: tuple[SuspensionFacts, ...] = ()
    revoked_on: date | None = None
    revocation_decision: str = ""
    earlier: tuple[EarlierTerms, ...] = ()

    def as_of(self, day: date) -> LicenceFacts:
        """The licence with title and scopes as it said them on the day."""
        then = next((one for one in self.earlier if day < one.until), None)
        return self if then is None else replace(self, title=then.title, scopes=then.scopes)

    def is_revoked(self, on: date) -> bool:
        return self.revoked_on is not None and on >= self.revoked_on

    def is_in_force(self, on: date) -> bool:
        """Whether the licence holds on the day `on`; a suspended licence is in force, its holder may not use it."""
        return on in self.valid and not self.is_revoked(on)


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """One practice registration of a person."""

    facility_id: UUID
    valid: Period
    schedule: Schedule = NO_FIXED_HOURS
    is_technical_head: bool = False


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A practitioner with all licences ever held and the registrations of the days asked for, at any facility.

    bans: days of these on which the person may not practise at all, under no licence.
    """

    practitioner_id: UUID
    licences: tuple[LicenceFacts, ...]
    registrations: tuple[RegistrationFacts, ...] = ()
    bans: tuple[SuspensionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatingLicenceFacts:
    """A facility's licence to operate, over the days on which it is valid."""

    number: str
    valid: Period
    suspensions: tuple[SuspensionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """The holder of a code during `valid`, with its operating licences of the days asked for."""

    id: UUID
    code: str
    name: str
    province_code: str
    valid: Period
    licences: tuple[OperatingLicenceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """One author as a dossier names them, and the person behind the number, if there is one.

    home_ids: the facilities under the code of the seconded form, where the person should be registered.
    """

    number: AuthorNumber
    person: PersonFacts | None
    home_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """The answer of one look-up.

    version: of the registry, as a receipt names it: no change with a greater number of history was seen.
    facilities: by code; people: by licence number key.
    """

    version: int
    facility_code: str
    days: Period
    facilities: Mapping[str, tuple[FacilityFacts, ...]] = field(default_factory=dict)
    people: Mapping[str, PersonFacts] = field(default_factory=dict)

    def facility_on(self, day: date) -> FacilityFacts | None:
        """The holder of the sender's code on that day."""
        return next((one for one in self.facilities.get(self.facility_code, ()) if day in one.valid), None)

    def authors_in(self, text: str) -> tuple[AuthorFacts, ...]:
        """The authors named in one field of a dossier (`;` joins several)."""
        return tuple(self._author(number) for number in authors_in(text))

    def _author(self, number: AuthorNumber) -> AuthorFacts:
        homes = self.facilities.get(number.seconded_from or "", ())
        return AuthorFacts(number, self.people.get(number.key), frozenset(home.id for home in homes))
