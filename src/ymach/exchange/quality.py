"""How clean what facilities send is, week by week: the share of records without a finding, from the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.exchange.models import Counter
from ymach.exchange.policies.rules import ACCEPTED, HELD, REJECTED
from ymach.facilities.queries import grants_with

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Quality:
    """Records of a week by outcome."""

    clean: int = 0
    held: int = 0
    rejected: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """Percent of records without a finding; None where there is no record."""
        return 100 * self.clean / self.total if self.total else None


def monday_of(day: date) -> date:
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


def by_week(actor: Actor, *, last: date, number: int, province_code: str = "") -> dict[date, Quality]:
    """The sums of `number` weeks up to the week that begins on Monday `last`, the oldest first. Raises NotAllowed."""
    mondays = [last - WEEK * back for back in range(number - 1, -1, -1)]
    rows = _rows(actor, mondays[0], last + WEEK, province_code)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, state, total in rows.values_list("day", "state").annotate(total=Sum("number")).order_by():
        week = found[monday_of(day)]
        week[state] = week.get(state, 0) + total
    return {monday: _quality(found[monday]) for monday in mondays}


def by_facility(actor: Actor, *, monday: date, province_code: str = "") -> dict[UUID, Quality]:
    """The sums of one week of every facility that the actor may see figures of. Raises NotAllowed."""
    rows = _rows(actor, monday, monday + WEEK, province_code)
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for key, state, total in rows.values_list("facility_id", "state").annotate(total=Sum("number")).order_by():
        found[key][state] = total
    return {key: _quality(states) for key, states in found.items()}


def sees_country(actor: Actor) -> bool:
    """Whether the actor's figures are of no one facility or province."""
    return any(
        grant.facility_id is None and grant.province_code is None
        for grant in grants_with(actor, Permission.COUNTER_SEE)
    )


def _rows(actor: Actor, start: date, end: date, province_code: str) -> QuerySet[Counter]:
    require(actor, Permission.COUNTER_SEE)
    rows = Counter.objects.filter(subject="record", day__gte=start, day__lt=end, number__gt=0)
    if sees_country(actor):
        return rows.filter(province_code=province_code)
    grants = list(grants_with(actor, Permission.COUNTER_SEE))
    facilities = [grant.facility_id for grant in grants if grant.facility_id is not None]
    provinces = [grant.province_code for grant in grants if grant.facility_id is None and grant.province_code]
    return rows.filter(facility_id__in=facilities) if not provinces else rows.filter(province_code__in=provinces)


def _quality(states: Mapping[str, int]) -> Quality:
    return Quality(states.get(ACCEPTED, 0), states.get(HELD, 0), states.get(REJECTED, 0), sum(states.values()))
