"""The facility a referral paper names, as the registry knows it on a day. Asked once in a while, not for every paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ymach.base.kept import Kept
from ymach.base.periods import Period
from ymach.exchange.prescriptions.rules import Whose, whose
from ymach.exchange.referrals.rules import Place
from ymach.facilities.models import Facility
from ymach.practitioners import findings as standing
from ymach.practitioners.standing.lookup import standing_facts
from ymach.practitioners.standing.rules import judge_facility


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who holds a code on a day, None for nobody; whether they may treat people then."""

    place: Place
    id: UUID | None = None
    province_code: str = ""


def receiver(code: str, day: date) -> Receiver:
    """The facility of `code` on the day of the referral (Viet Nam). A change is seen by every process within seconds."""
    return _receivers((code, day))


def _load(key: tuple[str, date]) -> Receiver:
    code, day = key
    facts = standing_facts(code, (), Period(day, day + timedelta(days=1)))
    held = facts.facility_on(day)
    if held is None:
        known = Facility.objects.filter(code=code).exists()
        return Receiver(Place.CLOSED if known else Place.UNKNOWN)
    kinds = {reason.kind for reason in judge_facility(facts, day)}
    place = Place.OPEN
    if standing.FACILITY_UNLICENSED in kinds:
        place = Place.UNLICENSED
    elif standing.FACILITY_SUSPENDED in kinds:
        place = Place.SUSPENDED
    elif whose(Facility.objects.values_list("form", flat=True).get(pk=held.id)) is Whose.ANY:
        place = Place.PHARMACY
    return Receiver(place, held.id, held.province_code)


_receivers: Kept[tuple[str, date], Receiver] = Kept(_load, seconds=30.0)
