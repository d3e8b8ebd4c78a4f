"""Suspensions and revocations of a licence (Law 15/2023/QH15 Art. 34, 35).

Registrations stay during a suspension and are blocked; new ones are refused; the post of technical head ends. A
revocation ends them. Both may be recorded with a day in the past. The facilities and the person are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.periods import Period
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Part
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions import telling
from ymach.practitioners.actions.changing import changing, end_registration, going_on
from ymach.practitioners.actions.licences import end_licence
from ymach.practitioners.models import Licence, LicenceRevocation, LicenceSuspension, PracticeRegistration
from ymach.practitioners.rules import licences as rules
from ymach.practitioners.rules.practice import check_part_of_licence


def suspend_licence(
    *,
    licence: Licence,
    period: Period,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    scopes: Sequence[str] = (),
    seen: int | None = None,
) -> LicenceSuspension:
    """Suspend the whole practice, or only `scopes` if any are given (Law 15/2023/QH15 Art. 34: 1 to 24 months).

    Raises PeriodWrong, SuspensionTooLong, PeriodBeforeLicence, ScopeNotOfLicence, SuspensionOverlaps.
    """
    access.require_department(by, lambda: queries.provinces_of(licence.practitioner_id, vietnam_day(at)))
    rules.check_suspension(period, period_of(licence.valid))
    check_part_of_licence(scopes, licence.scopes)
    suspension = LicenceSuspension(licence=licence, scopes=list(scopes), reason=reason, decision=decision)
    suspension.period, suspension.part = day_range(period), Part.PART if scopes else Part.WHOLE
    overlaps = {"licence_suspended_once_at_a_time": lambda: errors.SuspensionOverlaps(number=licence.number)}
    with changing(licence.practitioner_id, reason=reason, by=by, at=at, seen=seen, refusals=overlaps):
        touched = registrations_within(licence.practitioner_id, period)
        if not scopes:
            step_down(touched, period, by=by, at=at)
        suspension.save(force_insert=True)
        telling.tell_all(
            licence.practitioner,
            [one.facility for one in touched],
            telling.SUSPENDED_IN_PART if scopes else telling.SUSPENDED,
            by=by,
            at=at,
            start=telling.printed(period.start),
            end=telling.printed(period.end),
            decision=decision,
            scopes=", ".join(scopes),
        )
    return suspension


def lift_suspension(
    *,
    suspension: LicenceSuspension,
    ends_on: date,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> LicenceSuspension:
    """End a suspension before its time, from the day `ends_on` on. A technical head is appointed anew if wanted.

    Raises PeriodWrong (a suspension lasts at least a day, and is not made longer this way).
    """
    licence = suspension.licence
    access.require_department(by, lambda: queries.provinces_of(licence.practitioner_id, vietnam_day(at)))
    with changing(licence.practitioner_id, reason=reason, by=by, at=at, seen=seen):
        suspension = LicenceSuspension.objects.select_related("licence__practitioner").get(pk=suspension.pk)
        before = period_of(suspension.period)
        rules.check_shorter(before, ends_on)
        suspension.period, suspension.lift_decision = day_range(Period(before.start, ends_on)), decision
        suspension.save(update_fields=["period", "lift_decision"])
        touched = registrations_within(licence.practitioner_id, Period(ends_on, before.end))
        facilities = [one.facility for one in touched]
        start = telling.printed(ends_on)
        telling.tell_all(licence.practitioner, facilities, telling.LIFTED, by=by, at=at, start=start, decision=decision)
    return suspension


def confirm_return(
    *,
    suspension: LicenceSuspension,
    returned_on: date,
    evidence: UUID,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> LicenceSuspension:
    """Practice is taken up again after a suspension; evidence: the training the law asks for before (Art. 34).

    Raises PeriodWrong (the day lies before the end of the suspension).
    """
    licence = suspension.licence
    access.require_department(by, lambda: queries.provinces_of(licence.practitioner_id, vietnam_day(at)))
    rules.check_returned(period_of(suspension.period), returned_on)
    with changing(licence.practitioner_id, reason="returned to practice", by=by, at=at, seen=seen):
        suspension.returned_on, suspension.return_evidence = returned_on, evidence
        suspension.save(update_fields=["returned_on", "return_evidence"])
    return suspension


def revoke_licence(
    *,
    licence: Licence,
    effective_on: date,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> LicenceRevocation:
    """Revoke a licence from the day `effective_on` on (Law 15/2023/QH15 Art. 35); registrations under it end there too.

    Raises LicenceRevoked, PeriodWrong (a licence holds at least one day).
    """
    access.require_department(by, lambda: queries.provinces_of(licence.practitioner_id, vietnam_day(at)))
    revocation = LicenceRevocation(licence=licence, effective_on=effective_on, reason=reason, decision=decision)
    refusals = {"practitioners_licence_revocation_licence_id_key": lambda: errors.LicenceRevoked(number=licence.number)}
    with changing(licence.practitioner_id, reason=reason, by=by, at=at, seen=seen, refusals=refusals):
        revocation.save(force_insert=True)
        end_licence(licence, effective_on)
        touched = [
            one
            for one in registrations_within(licence.practitioner_id, Period(effective_on))
            if one.licence_id == licence.pk
        ]
        headed = [one for one in touched if one.is_technical_head]
        telling.tell_without_head(headed, effective_on, by=by, at=at)
        facilities, start = [one.facility for one in touched], telling.printed(effective_on)
        telling.tell_all(
            licence.practitioner, facilities, telling.REVOKED, by=by, at=at, start=start, decision=decision
        )
        for registration in touched:
            end_registration(registration, effective_on)
    return revocation


def registrations_within(practitioner_id: UUID, period: Period) -> list[PracticeRegistration]:
    """The person's registrations with any day of the period, locked, with their facilities."""
    rows = PracticeRegistration.objects.select_for_update(of=("self",)).select_related("facility")
    return list(rows.filter(practitioner=practitioner_id, valid__overlap=day_range(period)).order_by("pk"))


def step_down(registrations: Sequence[PracticeRegistration], period: Period, *, by: Actor, at: datetime) -> None:
    """Who is stopped as a whole is no technical head from the first day on: the row is closed, one without post opened.

    To be called before the stop itself is written: the database opens no row within it.
    """
    headed = [one for one in registrations if one.is_technical_head]
    for registration in headed:
        _leave_post(registration, period.start or date.min)
    telling.tell_without_head(headed, period.start or date.min, by=by, at=at)


def _leave_post(registration: PracticeRegistration, day: date) -> None:
    valid = period_of(registration.valid)
    if valid.start is None or valid.start >= day:
        registration.is_technical_head = False
        registration.save(update_fields=["is_technical_head"])
        return
    end_registration(registration, day)
    rest = going_on(registration, Period(day, valid.end))
    rest.is_technical_head = False
    rest.save(force_insert=True)
