"""Writing practitioners, licences and registrations.

Days are Vietnamese, `at` is aware; `by` and `at` go into the history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.base.licence_numbers import number_key
from ymach.base.masking import mask
from ymach.base.periods import Period
from ymach.base.refusals import refused_as
from ymach.base.vietnamese import fold, sort_key, tidy_name
from ymach.base.weekly import NO_FIXED_HOURS, Schedule
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility, Part
from ymach.facilities.rules import check_period
from ymach.practitioners import errors, rules
from ymach.practitioners.models import (
    Licence,
    LicenceRevocation,
    LicenceSuspension,
    PracticeRegistration,
    Practitioner,
)


def enrol_practitioner(
    *,
    full_name: str,
    birth_date: date,
    sex: str,
    by: Actor,
    at: datetime,
    personal_number: str | None = None,
    passport_number: str = "",
    nationality: str = "VN",
) -> Practitioner:
    """A new person in the registry; sex is a code of the catalogue (1 male, 2 female, 3 undetermined).

    Raises PersonalNumberWrong, PersonalNumberTaken, PassportTaken.
    """
    rules.check_identity(personal_number, passport_number, nationality)
    shown = mask(personal_number or "")
    refusals: dict[str, Callable[[], YmachError]] = {
        "practitioner_personal_number_once": lambda: errors.PersonalNumberTaken(field="personal_number", number=shown),
        "practitioner_passport_once": lambda: errors.PassportTaken(field="passport_number"),
    }
    with refused_as(refusals), attributed(by=by, reason="practitioner enrolled", at=at):
        return Practitioner.objects.create(
            full_name=tidy_name(full_name),
            name_folded=fold(full_name),
            sort_key=sort_key(full_name),
            birth_date=birth_date,
            sex=sex,
            personal_number=personal_number,
            passport_number=passport_number,
            nationality=nationality,
        )


def grant_licence(
    *,
    practitioner: Practitioner,
    number: str,
    title: str,
    issuer: str,
    issued_on: date,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
    generation: Licence.Generation = Licence.Generation.LICENCE,
    issuer_province_code: str | None = None,
    valid: Period | None = None,
    replaces: Licence | None = None,
) -> Licence:
    """A licence during `valid` (without it: from the day of issue on). `replaces` ends where this one starts.

    Raises LicenceNumberWrong, PeriodWrong, LicenceNumberTaken, LicenceOverlaps.
    """
    period = valid or Period(issued_on)
    rules.check_licence_number(number)
    check_period(period)
    refusals: dict[str, Callable[[], YmachError]] = {
        "licence_number_once": lambda: errors.LicenceNumberTaken(field="number", number=number),
        "licence_one_in_force_per_person": lambda: errors.LicenceOverlaps(field="valid"),
    }
    licence = Licence(practitioner=practitioner, title=title, scopes=list(scopes), generation=generation)
    licence.number, licence.number_key = number.strip(), number_key(number)
    licence.issuer, licence.issuer_province_code, licence.issued_on = issuer, issuer_province_code, issued_on
    licence.valid = day_range(period)
    with refused_as(refusals), attributed(by=by, reason="licence granted", at=at):
        if replaces is not None and period.start is not None:
            _end_licence(replaces, period.start)
        licence.save(force_insert=True)
    return licence


def suspend_licence(
    *,
    licence: Licence,
    period: Period,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
) -> LicenceSuspension:
    """Suspend the whole practice, or only `scopes` if any are given (Law 15/2023/QH15 Art. 34: 1 to 24 months).

    Raises PeriodWrong, SuspensionTooLong, SuspensionOverlaps.
    """
    rules.check_suspension(period)
    overlaps = {"licence_suspended_once_at_a_time": lambda: errors.SuspensionOverlaps(number=licence.number)}
    with refused_as(overlaps), attributed(by=by, reason=reason, at=at):
        return LicenceSuspension.objects.create(
            licence=licence,
            period=day_range(period),
            part=Part.PART if scopes else Part.WHOLE,
            scopes=list(scopes),
            reason=reason,
            decision=decision,
        )


def revoke_licence(
    *, licence: Licence, effective_on: date, reason: str, decision: str, by: Actor, at: datetime
) -> LicenceRevocation:
    """Revoke a licence from the day `effective_on` on (Law 15/2023/QH15 Art. 35); registrations under it end there too.

    Raises LicenceRevoked, PeriodWrong (a licence holds at least one day).
    """
    revocation = LicenceRevocation(licence=licence, effective_on=effective_on, reason=reason, decision=decision)
    refusals = {"practitioners_licence_revocation_licence_id_key": lambda: errors.LicenceRevoked(number=licence.number)}
    with refused_as(refusals), attributed(by=by, reason=reason, at=at):
        revocation.save(force_insert=True)
        _end_licence(licence, effective_on)
        for registration in PracticeRegistration.objects.select_for_update().filter(licence=licence):
            _end_registration(registration, effective_on)
    return revocation


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
) -> PracticeRegistration:
    """Register a person at a facility during `valid` (without it: from today on), at weekly hours or none fixed.

    Law 15/2023/QH15 Art. 36 to 38. Raises PeriodWrong, LicenceOfSomebodyElse, LicenceNotInForce, RegistrationOverlaps,
    RegistrationTwice, FacilityHasHead, HeadOfAnother.
    """
    period = valid or Period(vietnam_day(at))
    check_period(period)
    if licence.practitioner_id != practitioner.pk:
        raise errors.LicenceOfSomebodyElse(field="licence", number=licence.number)
    rules.check_within(period, period_of(licence.valid), licence.number)
    with refused_as(_registration_refusals(facility)), attributed(by=by, reason="practice registered", at=at):
        return PracticeRegistration.objects.create(
            practitioner=practitioner,
            facility=facility,
            licence=licence,
            position=position,
            department=department,
            scopes=list(scopes),
            is_technical_head=is_technical_head,
            valid=day_range(period),
            schedule=schedule,
        )


def end_practice(
    *, registration: PracticeRegistration, ends_on: date, reason: str, by: Actor, at: datetime
) -> PracticeRegistration:
    """The person practises there no longer from the day `ends_on` on. Raises PeriodWrong."""
    with attributed(by=by, reason=reason, at=at):
        registration = PracticeRegistration.objects.select_for_update().get(pk=registration.pk)
        check_period(replace(period_of(registration.valid), end=ends_on))
        _end_registration(registration, ends_on)
    return registration


def _registration_refusals(facility: Facility) -> dict[str, Callable[[], YmachError]]:
    return {
        "registration_never_at_overlapping_times": lambda: errors.RegistrationOverlaps(field="schedule"),
        "registration_without_hours_once_per_facility": lambda: errors.RegistrationTwice(field="facility"),
        "registration_one_technical_head_per_facility": lambda: errors.FacilityHasHead(facility=facility.code),
        "registration_technical_head_of_one_facility": lambda: errors.HeadOfAnother(field="is_technical_head"),
    }


def _end_licence(licence: Licence, ends_on: date) -> None:
    licence.valid = Licence.objects.select_for_update().get(pk=licence.pk).valid
    shorter = _ending(period_of(licence.valid), ends_on)
    check_period(shorter)
    licence.valid = day_range(shorter)
    licence.save(update_fields=["valid"])


def _end_registration(registration: PracticeRegistration, ends_on: date) -> None:
    shorter = _ending(period_of(registration.valid), ends_on)
    if shorter.start is not None and shorter.start >= ends_on:
        registration.delete()  # it never began; the history keeps it
        return
    registration.valid = day_range(shorter)
    registration.save(update_fields=["valid"])


def _ending(period: Period, ends_on: date) -> Period:
    return period if period.end is not None and period.end <= ends_on else replace(period, end=ends_on)
