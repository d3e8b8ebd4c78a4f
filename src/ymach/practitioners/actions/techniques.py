"""Techniques beyond the licence's scope, assigned in writing (Circular 38/2024/TT-BYT Art. 9)."""

from __future__ import annotations

from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.periods import Period
from ymach.catalogues.queries import codes
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility
from ymach.facilities.rules import check_period
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions.changing import changing, ending
from ymach.practitioners.models import Practitioner, TechniqueAssignment


def assign_technique(
    *,
    practitioner: Practitioner,
    facility: Facility,
    technique: str,
    document: str,
    period: Period,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> TechniqueAssignment:
    """The facility assigns a technique of the catalogue `technique` to somebody registered there.

    document: number of the written assignment. Raises PeriodWrong, TechniqueMissing, NotRegisteredThere, TechniqueTwice.
    """
    access.require_place(by, facility)
    check_period(period)
    start = period.start or date.min
    _check_technique(technique, document, start)
    twice = {"technique_assigned_once_at_a_time": lambda: errors.TechniqueTwice(field="technique", technique=technique)}
    with changing(practitioner.pk, reason="technique assigned", by=by, at=at, seen=seen, refusals=twice):
        queries.require_registered(practitioner.pk, facility, start)
        return TechniqueAssignment.objects.create(
            practitioner=practitioner,
            facility=facility,
            technique=technique,
            document=document.strip(),
            period=day_range(period),
        )


def end_technique(
    *, assignment: TechniqueAssignment, ends_on: date, by: Actor, at: datetime, seen: int | None = None
) -> TechniqueAssignment:
    """The assignment ends on a day. Raises PeriodWrong."""
    access.require_place(by, assignment.facility)
    with changing(assignment.practitioner_id, reason="technique assignment ended", by=by, at=at, seen=seen):
        shorter = ending(period_of(assignment.period), ends_on)
        check_period(shorter)
        assignment.period = day_range(shorter)
        assignment.save(update_fields=["period"])
    return assignment


def _check_technique(technique: str, document: str, on: date) -> None:
    if not technique.strip() or not document.strip():
        raise errors.TechniqueMissing(field="technique" if document.strip() else "document")
    known = codes("technique", on)
    # The list held is partial: an unknown code is refused only where the list is the whole one.
    if known is not None and known.is_conclusive and technique not in known:
        raise errors.TechniqueMissing(field="technique")
