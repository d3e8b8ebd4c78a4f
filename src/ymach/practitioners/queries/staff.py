"""The staff of a facility, its technical head, and what is worth saying about a person's week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from ymach.base.findings import Finding
from ymach.base.licence_numbers import number_key
from ymach.base.periods import Period
from ymach.base.vietnamese import fold
from ymach.base.weekly import Schedule
from ymach.facilities.actions import day_range, period_of
from ymach.facilities.models import Facility, Part
from ymach.practitioners.models import Licence, LicenceSuspension, PracticeRegistration, PractiseBan, Practitioner
from ymach.practitioners.queries.reading import workplace
from ymach.practitioners.rules import heads, hours


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """What of the staff is wanted; blank and None leave out nothing. text: of the name or of the licence number."""

    text: str = ""
    title: str = ""
    department: str = ""
    is_technical_head: bool | None = None
    is_published: bool | None = None
    is_blocked: bool | None = None


EVERYBODY = StaffFilter()


def staff(facility: Facility, *, on: date, only: StaffFilter = EVERYBODY) -> QuerySet[PracticeRegistration]:
    """The registrations at a facility on the day `on`, in the order of names, with person and licence (one statement).

    Each row has `is_blocked`: the person may not practise that day, without licence in force, suspended or banned.
    """
    rows = PracticeRegistration.objects.filter(facility=facility, valid__contains=on)
    rows = rows.select_related("practitioner", "licence").annotate(is_blocked=_blocked(on))
    return rows.filter(_wanted(only)).order_by("practitioner__sort_key", "pk")


def technical_head(facility: Facility, *, on: date) -> PracticeRegistration | None:
    """Who is responsible for technical expertise on the day."""
    rows = PracticeRegistration.objects.filter(facility=facility, is_technical_head=True, valid__contains=on)
    return rows.select_related("practitioner", "licence").first()


def days_without_head(facility: Facility, within: Period) -> tuple[Period, ...]:
    """The stretches of `within` on which nobody is (exactly one is required: Decree 96/2023/NĐ-CP Art. 40)."""
    rows = PracticeRegistration.objects.filter(facility=facility, is_technical_head=True)
    meeting = rows.filter(valid__overlap=day_range(within)).values_list("valid", flat=True)
    return heads.without_head(map(period_of, meeting), within)


def warnings_for(
    practitioner: Practitioner,
    *,
    on: date,
    facility: Facility | None = None,
    schedule: Schedule | None = None,
    is_full_time: bool = False,
    instead_of: PracticeRegistration | None = None,
) -> tuple[Finding, ...]:
    """Travel gaps, totals of the Labour Code, full-time at two places, on the day `on`.

    With facility and schedule: as it would be with such a registration as well; instead_of: the one it takes the place
    of. For forms, before they are saved; nothing is refused for these.
    """
    rows = PracticeRegistration.objects.filter(practitioner=practitioner, valid__contains=on).select_related("facility")
    places = [workplace(row) for row in rows if instead_of is None or row.pk != instead_of.pk]
    if facility is not None and schedule is not None:
        where = (facility.pk, facility.name, facility.province_code, facility.commune_code)
        places.append(hours.Workplace(*where, schedule, is_full_time))
    return hours.findings_of(places, hours.limits())


def _blocked(on: date) -> Case:
    mine = Q(practitioner=OuterRef("practitioner"))
    licensed = Licence.objects.filter(mine, valid__contains=on)
    suspended = LicenceSuspension.objects.filter(
        licence__practitioner=OuterRef("practitioner"),
        licence__valid__contains=on,
        part=Part.WHOLE,
        period__contains=on,
    )
    banned = PractiseBan.objects.filter(mine, period__contains=on)
    stopped = ~Exists(licensed) | Exists(suspended) | Exists(banned)
    return Case(When(stopped, then=True), default=False, output_field=BooleanField())


def _wanted(only: StaffFilter) -> Q:
    wanted = Q()
    if only.text.strip():
        by_number = Q(licence__number_key__contains=number_key(only.text))
        wanted &= Q(practitioner__name_folded__contains=fold(only.text)) | by_number
    if only.title:
        wanted &= Q(licence__title=only.title)
    if only.department:
        wanted &= Q(department=only.department)
    if only.is_technical_head is not None:
        wanted &= Q(is_technical_head=only.is_technical_head)
    if only.is_published is not None:
        wanted &= Q(published_on__isnull=not only.is_published)
    if only.is_blocked is not None:
        wanted &= Q(is_blocked=only.is_blocked)
    return wanted
