"""Oxygen of a facility and of a province on a day, with what follows from it. Amounts in Nm³, flows in Nm³/h."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from ymach.base.findings import Finding
from ymach.facilities.dated import period_of
from ymach.facilities.facts import DepartmentFacts, Held, OxygenSourceFacts, facts_of
from ymach.facilities.models import Department, OxygenConsumption, OxygenSource
from ymach.facilities.oxygen import rules
from ymach.facilities.oxygen.kinds import unusual
from ymach.facilities.oxygen.rules import Demand, Share, Used

_HELD_IN_STOCK = {"CYL", "MANIFOLD", "LOX_PORT"}
_MOST_DOWN = 100


@dataclass(frozen=True, slots=True)
class Warned:
    """A source with a value outside its usual range."""

    source: Held[OxygenSourceFacts]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OxygenOverview:
    """A facility's oxygen on a day.

    stock: at hand; output: what can be given in an hour; mean_daily: of the last three months with figures (None without);
    autonomy_days: how long the stock lasts; needed: demand of all places; gap: what is missing in an hour; shares: of the
    last twelve months; consumption: of these, the newest first.
    """

    on: date
    sources: tuple[Held[OxygenSourceFacts], ...]
    warnings: tuple[Warned, ...]
    consumption: tuple[Used, ...]
    demand: tuple[Demand, ...]
    stock: Decimal
    output: Decimal
    needed: Decimal
    mean_daily: Decimal | None
    autonomy_days: Decimal | None
    gap: Decimal
    shares: tuple[Share, ...]


def oxygen_overview(facility_id: UUID, *, on: date) -> OxygenOverview:
    """Everything about the oxygen of a facility on the day `on` (Viet Nam). Three statements."""
    sources = sources_of(facility_id, on=on)
    facts = [one.facts for one in sources]
    used = _consumption(facility_id, on)
    rows = Department.objects.filter(facility_id=facility_id, valid__contains=on)
    needs = rules.demand(facts_of(DepartmentFacts, row) for row in rows)
    at_hand, output = rules.stock(facts), rules.output(facts)
    needed = sum((one.hourly for one in needs), rules.ZERO)
    daily = rules.mean_daily(used, on=on)
    from_stock = rules.mean_daily([one for one in used if one.kind in _HELD_IN_STOCK], on=on) or rules.ZERO
    return OxygenOverview(
        on=on,
        sources=sources,
        warnings=tuple(Warned(one, found) for one in sources if (found := unusual(one.facts.kind, one.facts.details))),
        consumption=used,
        demand=needs,
        stock=at_hand,
        output=output,
        needed=needed,
        mean_daily=daily,
        autonomy_days=rules.autonomy(at_hand, daily),
        gap=rules.gap(needed, output, from_stock),
        shares=rules.shares(used),
    )


def sources_of(facility_id: UUID, *, on: date) -> tuple[Held[OxygenSourceFacts], ...]:
    """The sources on a day, by kind and name. One statement."""
    rows = OxygenSource.objects.filter(facility_id=facility_id, valid__contains=on).order_by("kind", "name", "item")
    return tuple(Held(row.pk, row.item, period_of(row.valid), facts_of(OxygenSourceFacts, row)) for row in rows)


@dataclass(frozen=True, slots=True)
class KindInProvince:
    """Sources of one kind in a province: how many facilities have it, how many sources, how many of them down."""

    kind: str
    facilities: int
    sources: int
    down: int


@dataclass(frozen=True, slots=True)
class DownSource:
    """A source that is down, and since when it is known."""

    facility_code: str
    facility_name: str
    kind: str
    name: str
    reason: str
    since: date


@dataclass(frozen=True, slots=True)
class ProvinceOxygen:
    """Oxygen of a province on a day. monthly: consumption of the last twelve months, the oldest first, in Nm³.

    down: at most a hundred, the longest down first.
    """

    province_code: str
    on: date
    kinds: tuple[KindInProvince, ...]
    monthly: tuple[Used, ...]
    down: tuple[DownSource, ...]


# Read from the sources and their facilities; of both a province has hundreds, not thousands.
_KINDS = """
SELECT s.kind, count(DISTINCT s.facility_id), count(*), count(*) FILTER (WHERE s.state = 'down')
FROM facilities_oxygen_source s JOIN facilities_facility f ON f.id = s.facility_id
WHERE f.province_code = %s AND s.valid @> %s::date GROUP BY s.kind ORDER BY s.kind
"""
_MONTHLY = """
SELECT c.month, c.source_kind, sum(c.normal_m3)
FROM facilities_oxygen_consumption c JOIN facilities_facility f ON f.id = c.facility_id
WHERE f.province_code = %s AND c.month >= %s AND c.month <= %s GROUP BY 1, 2 ORDER BY 1, 2
"""


def province_oxygen(province_code: str, *, on: date) -> ProvinceOxygen:
    """The oxygen of all facilities of a province on a day (Viet Nam). Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [province_code, on])
        kinds = tuple(KindInProvince(*row) for row in cursor.fetchall())
        cursor.execute(_MONTHLY, [province_code, _first_month(on), on])
        monthly = tuple(Used(*row) for row in cursor.fetchall())
    return ProvinceOxygen(province_code, on, kinds, monthly, _down(province_code, on))


def _down(province_code: str, on: date) -> tuple[DownSource, ...]:
    rows = OxygenSource.objects.filter(facility__province_code=province_code, valid__contains=on, state="down")
    found = rows.select_related("facility").order_by("valid", "id")[:_MOST_DOWN]
    return tuple(
        DownSource(row.facility.code, row.facility.name, row.kind, row.name, row.down_reason, row.valid.lower)
        for row in found
    )


def _consumption(facility_id: UUID, on: date) -> tuple[Used, ...]:
    rows = OxygenConsumption.objects.filter(facility_id=facility_id, month__gte=_first_month(on), month__lte=on)
    found = rows.order_by("-month", "source_kind").values_list("month", "source_kind", "normal_m3")
    return tuple(Used(*row) for row in found)


def _first_month(on: date) -> date:
    return date(on.year - 1, on.month, 1)
