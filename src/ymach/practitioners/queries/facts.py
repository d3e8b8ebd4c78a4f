"""Single facts about a person that rules, actions and worklists need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility, OperatingLicence
from ymach.practitioners.errors import NotRegisteredThere
from ymach.practitioners.models import (
    CmeActivity,
    Licence,
    LicenceRevocation,
    LicenceSuspension,
    PracticeRegistration,
    PractiseBan,
    Practitioner,
)
from ymach.practitioners.queries.reading import ban_facts, licence_facts, suspension_facts
from ymach.practitioners.rules import states
from ymach.practitioners.rules.heads import Held
from ymach.practitioners.rules.learning import CmeStanding, Credit, cme_standing
from ymach.practitioners.standing.facts import LicenceFacts, SuspensionFacts


@dataclass(frozen=True, slots=True)
class PastPractice:
    """What a person held and where they were registered, ever; days of suspension of the whole, and of ban."""

    held: tuple[Held, ...]
    registered: tuple[Period, ...]
    stopped: tuple[Period, ...]


def author_keys(practitioner: Practitioner) -> tuple[str, ...]:
    """Every licence number of the person as it is compared (`base.licence_numbers.number_key`), oldest licence first.

    Under any of them records may be signed; the seconded form `<licence>.HD.<facility>` has the same key.
    """
    return tuple(
        Licence.objects.filter(practitioner=practitioner).order_by("valid").values_list("number_key", flat=True)
    )


def licence_on(practitioner_id: UUID, day: date) -> Licence | None:
    """The licence whose validity holds the day, suspended or not."""
    return Licence.objects.filter(practitioner=practitioner_id, valid__contains=day).first()


def licence_state(licence: Licence, *, on: date) -> states.LicenceState:
    """The state of a licence on the day `on` (Viet Nam), a code of practitioner_licence_status with public wording."""
    bans = [ban_facts(row) for row in PractiseBan.objects.filter(practitioner=licence.practitioner_id)]
    successor = Licence.objects.filter(converted_from=licence).first()
    converted_on = successor.valid.lower if successor else None
    return states.licence_state(_facts(licence), on=on, bans=bans, converted_on=converted_on)


def stops_of(licence: Licence) -> tuple[SuspensionFacts, ...]:
    """The suspensions of a licence and the bans of its holder, ever."""
    suspensions = map(suspension_facts, LicenceSuspension.objects.filter(licence=licence))
    bans = map(ban_facts, PractiseBan.objects.filter(practitioner=licence.practitioner_id))
    return (*suspensions, *bans)


def practice_of(practitioner_id: UUID) -> PastPractice:
    """All that counts towards months of practice."""
    licences = Licence.objects.filter(practitioner=practitioner_id).prefetch_related("changes", "suspensions")
    facts = [_plain_facts(licence) for licence in licences]
    registered = PracticeRegistration.objects.filter(practitioner=practitioner_id).values_list("valid", flat=True)
    bans = PractiseBan.objects.filter(practitioner=practitioner_id).values_list("period", flat=True)
    suspended = [one.period for licence in facts for one in licence.suspensions if one.whole]
    return PastPractice(
        held=tuple(piece for licence in facts for piece in states.held(licence)),
        registered=tuple(map(period_of, registered)),
        stopped=(*suspended, *map(period_of, bans)),
    )


def cme_hours(practitioner: Practitioner, *, on: date) -> CmeStanding:
    """Credit hours of the five years that end with the day `on`, against 120 (Circular 32/2023/TT-BYT Art. 3)."""
    return cme_standing(credits_of(CmeActivity.objects.filter(practitioner=practitioner)), on)


def months_without_practice(practitioner: Practitioner, *, on: date) -> int:
    """Full months in a row without any registration up to the day `on` (24 revoke: Law 15/2023/QH15 Art. 35)."""
    since = Licence.objects.filter(practitioner=practitioner).order_by("valid").first()
    registered = PracticeRegistration.objects.filter(practitioner=practitioner).values_list("valid", flat=True)
    return states.months_without_practice(
        tuple(map(period_of, registered)), licensed_since=since.valid.lower if since else None, on=on
    )


def facility_scopes(facility_id: UUID, day: date) -> list[str]:
    """The scopes of the facility's operating licence on a day; none where it names none, or holds none."""
    licence = OperatingLicence.objects.filter(facility=facility_id, valid__contains=day).first()
    return licence.scopes if licence else []


def provinces_of(practitioner_id: UUID, on: date) -> set[str]:
    """The provinces whose departments decide about a person: that issued a licence, or where they are registered (or will
    be) on the day `on` or later."""
    issued = Licence.objects.filter(practitioner=practitioner_id, issuer_province_code__isnull=False)
    here = PracticeRegistration.objects.filter(practitioner=practitioner_id, valid__overlap=day_range(Period(on)))
    rows = issued.values_list("issuer_province_code").union(here.values_list("facility__province_code"))
    return {code for (code,) in rows if code}


def responsible_province(practitioner: Practitioner, *, on: date) -> str | None:
    """The department that answers requests about a person: of the main (else the first) registration in force, else the
    issuer's; None for a licence of the ministry's without registration."""
    rows = PracticeRegistration.objects.filter(practitioner=practitioner).select_related("facility")
    here = [row for row in first_places_first(rows) if on in period_of(row.valid)]
    if here:
        return here[0].facility.province_code
    issued = Licence.objects.filter(practitioner=practitioner, issuer_province_code__isnull=False)
    return issued.order_by("-valid").values_list("issuer_province_code", flat=True).first()


def first_places_first(rows: Iterable[PracticeRegistration]) -> list[PracticeRegistration]:
    """One person's registrations, ever: the main place first, then in the order in which the places were taken up.

    A row opened by a change of hours does not make its place a later one.
    """
    held = sorted(rows, key=lambda row: (row.valid.lower, row.pk))
    since = {row.facility_id: (row.valid.lower, row.pk) for row in reversed(held)}
    return sorted(held, key=lambda row: (not row.is_main, since[row.facility_id], row.valid.lower))


def require_registered(practitioner_id: UUID, facility: Facility, day: date) -> None:
    """Raise NotRegisteredThere unless the person is registered at the facility on the day."""
    here = Q(practitioner=practitioner_id, facility=facility, valid__contains=day)
    if not PracticeRegistration.objects.filter(here).exists():
        raise NotRegisteredThere(field="facility", facility=facility.code, day=print_day(day))


def credits_of(rows: Iterable[CmeActivity]) -> list[Credit]:
    """Activities as the rule takes them."""
    return [Credit(row.hours, row.on, row.verified_at is not None) for row in rows]


def _facts(licence: Licence) -> LicenceFacts:
    revocation = LicenceRevocation.objects.filter(licence=licence).first()
    suspensions, changes = licence.suspensions.all(), licence.changes.all()
    return licence_facts(licence, suspensions=suspensions, changes=changes, revocation=revocation)


def _plain_facts(licence: Licence) -> LicenceFacts:
    suspensions, changes = licence.suspensions.all(), licence.changes.all()
    return licence_facts(licence, suspensions=suspensions, changes=changes, revocation=None)
