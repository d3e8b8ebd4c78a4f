"""Practice registrations (Law 15/2023/QH15 Art. 36 to 38): closed and opened as rows, never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from ymach.base.actors import Actor
from ymach.base.clock import print_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.periods import Period
from ymach.base.weekly import NO_FIXED_HOURS, Schedule
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility
from ymach.facilities.rules import check_period
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions.changing import changing, end_registration, ending, going_on
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner
from ymach.practitioners.rules import heads, practice


class PracticeDetails(TypedDict, total=False):
    """What may change of a registration while it lasts."""

    schedule: Schedule
    position: str
    department: str
    scopes: Sequence[str]
    is_technical_head: bool
    is_full_time: bool
    is_main: bool
    language: str


def register_practice(
    *,
    practitioner: Practitioner,
    facility: Facility,
    licence: Licence,
    by: Actor,
    at: datetime,
    valid: Period | None = None,
    schedule: Schedule = NO_FIXED_HOURS,
    position: str = "",
    department: str = "",
    scopes: Sequence[str] = (),
    is_technical_head: bool = False,
    is_full_time: bool = True,
    is_main: bool = False,
    language: str = "vi",
    published_on: date | None = None,
    seen: int | None = None,
) -> PracticeRegistration:
    """Register a person at a facility during `valid` (without it: from today on), at weekly hours or none fixed.

    Raises PeriodWrong, LicenceOfSomebodyElse, LicenceNotInForce, StoppedFromPractice, ScopeNotOfLicence,
    ScopeNotOfFacility, LanguageWrong, LanguageNotForCitizens, HeadNotFullTime, HeadScopeWrong, HeadTooNew,
    RegistrationOverlaps, RegistrationTwice, FacilityHasHead, HeadOfAnother, MainPlaceTaken. What only deserves a warning
    tells `queries.warnings_for`.
    """
    access.require_department(by, lambda: (facility.province_code,))
    period = valid or Period(vietnam_day(at))
    check_period(period)
    if licence.practitioner_id != practitioner.pk:
        raise errors.LicenceOfSomebodyElse(field="licence", number=licence.number)
    registration = PracticeRegistration(
        practitioner=practitioner,
        facility=facility,
        licence=licence,
        position=position,
        department=department,
        scopes=list(scopes),
        is_technical_head=is_technical_head,
        is_full_time=is_full_time,
        is_main=is_main,
        language=language,
        published_on=published_on,
        valid=day_range(period),
        schedule=schedule,
    )
    refusals = _refusals(facility, licence)
    with changing(practitioner.pk, reason="practice registered", by=by, at=at, seen=seen, refusals=refusals):
        _check(registration, period)
        registration.save(force_insert=True)
    return registration


def alter_practice(
    *,
    registration: PracticeRegistration,
    from_day: date,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    **changes: Unpack[PracticeDetails],
) -> PracticeRegistration:
    """Hours, position, post … change from a day on: the row is closed there and a new one opened, which is returned.

    It goes on under the licence in force that day, and waits for publication again. Raises NothingChanged, PeriodWrong,
    RegistrationGone and what `register_practice` raises.
    """
    access.require_department(by, lambda: (registration.facility.province_code,))
    licence = queries.licence_on(registration.practitioner_id, from_day) or registration.licence
    refusals = _refusals(registration.facility, licence)
    with changing(registration.practitioner_id, reason=reason, by=by, at=at, seen=seen, refusals=refusals):
        old = _present(registration)
        before = period_of(old.valid)
        if from_day not in before:
            raise errors.RegistrationNotThen(field="from_day", day=print_day(from_day))
        new = going_on(old, Period(from_day, before.end))
        new.licence, new.published_on = licence, None
        for field, value in changes.items():
            setattr(new, field, list(value) if field == "scopes" else value)  # type: ignore[call-overload]
        if all(getattr(new, field) == getattr(old, field) for field in changes):
            raise errors.NothingChanged
        _check(new, period_of(new.valid))
        end_registration(old, from_day)
        new.save(force_insert=True)
    return new


def publish_practice(
    *, registrations: Iterable[PracticeRegistration], published_on: date, by: Actor, at: datetime
) -> int:
    """The department publishes registrations (Art. 38: within five working days); how many were not published before."""
    count = 0
    for registration in registrations:
        facility = registration.facility
        access.require_department(by, lambda: (facility.province_code,))  # noqa: B023
        with changing(registration.practitioner_id, reason="registration published", by=by, at=at, seen=None):
            waiting = PracticeRegistration.objects.filter(pk=registration.pk, published_on=None)
            count += waiting.update(published_on=published_on)
    return count


def end_practice(
    *,
    registration: PracticeRegistration,
    ends_on: date,
    reason: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> PracticeRegistration:
    """The person practises there no longer from the day `ends_on` on; the facility itself may say so (within 3 working days).

    Raises PeriodWrong and RegistrationGone.
    """
    access.require_place(by, registration.facility)
    with changing(registration.practitioner_id, reason=reason, by=by, at=at, seen=seen):
        registration = _present(registration)
        valid = period_of(registration.valid)
        check_period(Period(valid.start, ends_on))
        registration.valid = day_range(ending(valid, ends_on))
        registration.save(update_fields=["valid"])
    return registration


def _present(registration: PracticeRegistration) -> PracticeRegistration:
    """The registration as it stands now, locked; a stop of the licence may have cancelled one that had not begun."""
    found = PracticeRegistration.objects.select_for_update().filter(pk=registration.pk).first()
    if found is None:
        raise errors.RegistrationGone
    return found


def _check(registration: PracticeRegistration, period: Period) -> None:
    licence, person, start = registration.licence, registration.practitioner, period.start or date.min
    practice.check_within(period, period_of(licence.valid), licence.number)
    practice.check_not_stopped(start, queries.stops_of(licence), licence.number)
    practice.check_language(registration.language, person.nationality)
    there = queries.facility_scopes(registration.facility_id, start)
    if registration.is_technical_head:
        _check_head(registration, start, there)
    practice.check_scopes(registration.scopes, licence.scopes, there)


def _check_head(registration: PracticeRegistration, start: date, facility_scopes: Sequence[str]) -> None:
    past = queries.practice_of(registration.practitioner_id)
    licence = registration.licence
    heads.check_head(
        start=start,
        is_full_time=registration.is_full_time,
        now=heads.Held(licence.title, frozenset(licence.scopes), period_of(licence.valid)),
        facility_scopes=facility_scopes,
        held=past.held,
        registered=past.registered,
        stopped=past.stopped,
    )


def _refusals(facility: Facility, licence: Licence) -> dict[str, Callable[[], YmachError]]:
    return {
        "registration_never_at_overlapping_times": lambda: errors.RegistrationOverlaps(field="schedule"),
        "registration_without_hours_once_per_facility": lambda: errors.RegistrationTwice(field="facility"),
        "registration_one_technical_head_per_facility": lambda: errors.FacilityHasHead(facility=facility.code),
        "registration_technical_head_of_one_facility": lambda: errors.HeadOfAnother(field="is_technical_head"),
        "registration_technical_head_full_time": lambda: errors.HeadNotFullTime(field="is_full_time"),
        "registration_one_main_place": lambda: errors.MainPlaceTaken(field="is_main"),
        "registration_under_own_licence": lambda: errors.LicenceOfSomebodyElse(field="licence", number=licence.number),
        "registration_begins_within_licence": lambda: errors.LicenceNotInForce(field="licence", number=licence.number),
        "registration_begins_unstopped": lambda: errors.StoppedFromPractice(field="valid", number=licence.number),
    }
