"""The lists behind the figures: the same states, the rows they stand for, in Vietnamese order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.base.vietnamese import fold
from ymach.facilities.models import Facility, OperatingLicence
from ymach.figures import queries
from ymach.figures.models import FacilityFigure, PractitionerFigure
from ymach.figures.queries import Scope
from ymach.figures.states import SUBJECTS, State, span_of
from ymach.practitioners.models import Licence, PracticeRegistration, Practitioner

CHUNK = 1000
Figure = PractitionerFigure | FacilityFigure


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. key: the title or the form; until: the last day of what ends soon (None: 90 days);
    q: a part of the name, with or without marks; on: the list as it stood on a day (None: today). after, before: the row
    the page begins behind, or ends before."""

    subject: str
    state: str
    province: str = ""
    key: str = ""
    q: str = ""
    until: date | None = None
    on: date | None = None
    after: UUID | None = None
    before: UUID | None = None

    @property
    def condition(self) -> State:
        return SUBJECTS[self.subject][self.state]


def count(scope: Scope, wanted: Wanted, today: date) -> int | None:
    """How many rows the list has, from the tallies; None for a search by name, which is not counted."""
    if wanted.q:
        return None
    state, within, today = wanted.condition, scope.within(wanted.province), wanted.on or today
    first, last = span_of(state, today, wanted.until)
    names = list(state.figures)
    if state.span:
        sums = queries.happening(wanted.subject, names, within, first, last)
    else:
        sums = queries.standing(wanted.subject, names, within, today)
    key = wanted.key or None
    return sum(sign * queries.total(sums, name, key=key) for name, sign in state.figures.items())


def rows(scope: Scope, wanted: Wanted, today: date) -> QuerySet[Any]:
    """All rows of the list, in order, without regard to pages."""
    found = _of(wanted.subject).filter(_condition(scope, wanted, today))
    return found.order_by("sort_key", "pk")


def page(scope: Scope, wanted: Wanted, today: date, size: int) -> list[Figure]:
    """At most `size` rows, behind `after` or before `before` if they are given (rows of the list, or once of it)."""
    found = rows(scope, wanted, today)
    edge = wanted.after or wanted.before
    if edge is None:
        return list(found[:size])
    mark = _of(wanted.subject).filter(pk=edge).values_list("sort_key", flat=True).first() or ""
    if wanted.after:
        behind = Q(sort_key__gt=mark) | Q(sort_key=mark, pk__gt=edge)
        return list(found.filter(sort_key__gte=mark).filter(behind)[:size])
    ahead = Q(sort_key__lt=mark) | Q(sort_key=mark, pk__lt=edge)
    return list(found.filter(sort_key__lte=mark).filter(ahead).order_by("-sort_key", "-pk")[:size])[::-1]


def chunks(scope: Scope, wanted: Wanted, today: date) -> Iterator[list[Figure]]:
    """The whole list, a thousand rows at a time, for files: nothing of it is held in memory."""
    wanted = replace(wanted, after=None, before=None)
    while found := page(scope, wanted, today, CHUNK):
        yield found
        if len(found) < CHUNK:
            return
        wanted = replace(wanted, after=found[-1].pk)


@dataclass(frozen=True, slots=True)
class Person:
    """A line of a list of people: the summary and what stands beside it."""

    figure: PractitionerFigure
    name: str
    licence: str
    workplaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a list of facilities."""

    figure: FacilityFigure
    code: str
    name: str
    licence: str
    head: str


def people(found: Sequence[PractitionerFigure], today: date) -> list[Person]:
    """The lines of some summaries, in three statements: names, newest licences, workplaces in force."""
    ids = [one.practitioner_id for one in found]
    names = dict(Practitioner.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    held = Licence.objects.filter(practitioner__in=ids).order_by("valid").values_list("practitioner_id", "number")
    licences = dict(held)
    where: dict[UUID, dict[str, None]] = {}
    registered = PracticeRegistration.objects.filter(practitioner__in=ids, valid__contains=today)
    for key, name in registered.order_by("valid").values_list("practitioner_id", "facility__name"):
        where.setdefault(key, {})[name] = None
    return [Person(one, names.get(one.pk, ""), licences.get(one.pk, ""), tuple(where.get(one.pk, ()))) for one in found]


def places(found: Sequence[FacilityFigure], today: date) -> list[Place]:
    """The lines of some summaries, in three statements: names, newest licences, technical heads in force."""
    ids = [one.facility_id for one in found]
    known = {
        key: (code, name) for key, code, name in Facility.objects.filter(pk__in=ids).values_list("pk", "code", "name")
    }
    licences = dict(
        OperatingLicence.objects.filter(facility__in=ids).order_by("valid").values_list("facility_id", "number")
    )
    heads = PracticeRegistration.objects.filter(facility__in=ids, is_technical_head=True, valid__contains=today)
    named = dict(heads.values_list("facility_id", "practitioner__full_name"))
    return [Place(one, *known.get(one.pk, ("", "")), licences.get(one.pk, ""), named.get(one.pk, "")) for one in found]


def _of(subject: str) -> QuerySet[Any]:
    return PractitionerFigure.objects.all() if subject == "practitioners" else FacilityFigure.objects.all()


def _condition(scope: Scope, wanted: Wanted, today: date) -> Q:
    condition = wanted.condition.holds(*span_of(wanted.condition, wanted.on or today, wanted.until))
    within = scope.within(wanted.province)
    if not within.is_country:
        condition &= Q(province_code__in=within.provinces)
    if wanted.key:
        condition &= Q(title=wanted.key) if wanted.subject == "practitioners" else Q(form=wanted.key)
    if wanted.q:
        condition &= Q(pk__in=_named(wanted))
    return condition


def _named(wanted: Wanted) -> QuerySet[Any]:
    model = Practitioner if wanted.subject == "practitioners" else Facility
    return model.objects.filter(name_folded__contains=fold(wanted.q)).values("pk")


def ending_first(scope: Scope, today: date, size: int) -> list[PractitionerFigure]:
    """The people whose licences end first within 90 days, at most `size`."""
    state = SUBJECTS["practitioners"]["expiring"]
    found = PractitionerFigure.objects.filter(state.holds(*span_of(state, today)))
    if not scope.is_country:
        found = found.filter(province_code__in=scope.provinces)
    return list(found.order_by("licence_until", "sort_key")[:size])
