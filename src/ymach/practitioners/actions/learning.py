"""Diplomas, continuing education, supervised practice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.periods import Period
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility
from ymach.facilities.rules import check_period
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions.changing import changing, ending
from ymach.practitioners.models import CmeActivity, Diploma, Practitioner, Supervision
from ymach.practitioners.rules import heads
from ymach.practitioners.rules import learning as rules
from ymach.practitioners.rules.spans import months_later
from ymach.practitioners.rules.tables import diploma_kinds

INSTRUCTOR_MONTHS = 36  # Decree 96/2023/NĐ-CP Art. 7


def add_diploma(
    *,
    practitioner: Practitioner,
    kind: str,
    speciality: str,
    school: str,
    issued_on: date,
    by: Actor,
    at: datetime,
    country: str = "VN",
    number: str = "",
    evidence: UUID | None = None,
    seen: int | None = None,
) -> Diploma:
    """A diploma as the person states it; it counts once verified. kind: a code of `rules.tables.diploma_kinds`.

    Raises DiplomaKindUnknown, IssuedInFuture, DiplomaTooEarly, DiplomaTwice.
    """
    access.require_own_word(by, practitioner.pk, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    birth, today = practitioner.birth_date, vietnam_day(at)
    rules.check_diploma(kind, issued_on, birth=birth, kinds=diploma_kinds(), today=today)
    diploma = Diploma(practitioner=practitioner, kind=kind, speciality=speciality, issued_on=issued_on)
    diploma.school, diploma.country, diploma.number, diploma.evidence = school, country, number.strip(), evidence
    twice = {"diploma_once_per_person": lambda: errors.DiplomaTwice(field="number")}
    with changing(practitioner.pk, reason="diploma added", by=by, at=at, seen=seen, refusals=twice):
        diploma.save(force_insert=True)
    return diploma


def verify_diploma(*, diploma: Diploma, by: Actor, at: datetime, seen: int | None = None) -> Diploma:
    """The department has seen the diploma. Raises VerifiedAlready."""
    access.require_department(by, lambda: queries.provinces_of(diploma.practitioner_id, vietnam_day(at)))
    with changing(diploma.practitioner_id, reason="diploma verified", by=by, at=at, seen=seen):
        if not Diploma.objects.filter(pk=diploma.pk, verified_at=None).update(verified_at=at, verified_by=str(by)):
            raise errors.VerifiedAlready
    return Diploma.objects.get(pk=diploma.pk)


def add_cme(
    *,
    practitioner: Practitioner,
    provider: str,
    topic: str,
    hours: Decimal,
    on: date,
    evidence: UUID,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> CmeActivity:
    """An activity of continuing education that ended on a day (Circular 32/2023/TT-BYT Art. 3), as the person states it.

    evidence: the document shown; each counts once. Raises CmeHoursWrong, IssuedInFuture, CmeTwice.
    """
    access.require_own_word(by, practitioner.pk, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    rules.check_cme(hours, on, today=vietnam_day(at))
    activity = CmeActivity(practitioner=practitioner, provider=provider, topic=topic, hours=hours, on=on)
    activity.evidence = evidence
    twice = {"cme_evidence_once": lambda: errors.CmeTwice(field="evidence")}
    with changing(practitioner.pk, reason="continuing education added", by=by, at=at, seen=seen, refusals=twice):
        activity.save(force_insert=True)
    return activity


def verify_cme(*, activity: CmeActivity, by: Actor, at: datetime, seen: int | None = None) -> CmeActivity:
    """The department has seen the evidence; the hours count for renewal. Raises VerifiedAlready."""
    access.require_department(by, lambda: queries.provinces_of(activity.practitioner_id, vietnam_day(at)))
    with changing(activity.practitioner_id, reason="continuing education verified", by=by, at=at, seen=seen):
        waiting = CmeActivity.objects.filter(pk=activity.pk, verified_at=None)
        if not waiting.update(verified_at=at, verified_by=str(by)):
            raise errors.VerifiedAlready
    return CmeActivity.objects.get(pk=activity.pk)


def supervise(
    *,
    instructor: Practitioner,
    trainee: Practitioner,
    facility: Facility,
    period: Period,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> Supervision:
    """A trainee practises under an instructor (Decree 96/2023/NĐ-CP Art. 7: at most five at once, three years of practice).

    Raises PeriodWrong, NotRegisteredThere, InstructorTooNew, TooManyTrainees, SupervisedTwice.
    """
    access.require_place(by, facility)
    check_period(period)
    twice = {"supervised_once_at_a_time": lambda: errors.SupervisedTwice(field="trainee")}
    with changing(instructor.pk, reason="supervised practice", by=by, at=at, seen=seen, refusals=twice):
        _check_instructor(instructor, facility, period.start or date.min)
        held = Supervision.objects.filter(practitioner=instructor).values_list("period", flat=True)
        rules.check_trainees(period, [period_of(one) for one in held])
        return Supervision.objects.create(
            practitioner=instructor, trainee=trainee, facility=facility, period=day_range(period)
        )


def end_supervision(
    *, supervision: Supervision, ends_on: date, by: Actor, at: datetime, seen: int | None = None
) -> Supervision:
    """Supervised practice ends on a day. Raises PeriodWrong."""
    access.require_place(by, supervision.facility)
    with changing(supervision.practitioner_id, reason="supervised practice ended", by=by, at=at, seen=seen):
        shorter = ending(period_of(supervision.period), ends_on)
        check_period(shorter)
        supervision.period = day_range(shorter)
        supervision.save(update_fields=["period"])
    return supervision


def _check_instructor(instructor: Practitioner, facility: Facility, start: date) -> None:
    queries.require_registered(instructor.pk, facility, start)
    licence = queries.licence_on(instructor.pk, start)
    past = queries.practice_of(instructor.pk)
    had = 0
    if licence is not None:
        now = heads.Held(licence.title, frozenset(licence.scopes), period_of(licence.valid))
        had = heads.days_in_scope(now, past.held, past.registered, past.stopped, until=start)
    if had < (start - months_later(start, -INSTRUCTOR_MONTHS)).days:
        raise errors.InstructorTooNew(field="practitioner", months=INSTRUCTOR_MONTHS, had=had * 12 // 365)
