"""How long the oxygen of each facility of a province lasts, and how provinces stand to each other, in few statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from ymach.facilities.facts import OxygenSourceFacts
from ymach.facilities.oxygen import rules
from ymach.facilities.oxygen.rules import Used

DAYS_ENOUGH = Decimal(3)
"""A stock below this many days is shown as too small. Ours: the law names no figure."""

_MONTHS_READ = 4  # three months of a mean, and the one that has not ended
_SOURCES = """
SELECT f.id, f.code, f.name, s.kind, s.state, s.details
FROM facilities_oxygen_source s JOIN facilities_facility f ON f.id = s.facility_id
WHERE f.province_code = %s AND f.valid @> %s::date AND s.valid @> %s::date ORDER BY f.sort_key, f.id
"""
_USED = """
SELECT c.facility_id, c.month, c.source_kind, c.normal_m3
FROM facilities_oxygen_consumption c JOIN facilities_facility f ON f.id = c.facility_id
WHERE f.province_code = %s AND c.month >= %s AND c.month <= %s
"""
_BY_PROVINCE = """
SELECT f.province_code, count(DISTINCT s.facility_id), count(*) FILTER (WHERE s.state = 'down'), count(*)
FROM facilities_oxygen_source s JOIN facilities_facility f ON f.id = s.facility_id
WHERE s.valid @> %s::date GROUP BY f.province_code
"""


@dataclass(frozen=True, slots=True)
class Supply:
    """The oxygen of a facility. stock: Nm³ at hand; output: Nm³/h; daily: mean used a day (None: not known); days: how long
    the stock lasts; plants, plants_down: plants and tanks, and how many of them are down.
    """

    facility_id: UUID
    code: str
    name: str
    stock: Decimal
    output: Decimal
    daily: Decimal | None
    days: Decimal | None
    plants: int
    plants_down: int

    @property
    def is_short(self) -> bool:
        """Whether the stock lasts for too few days."""
        return self.days is not None and self.days < DAYS_ENOUGH


@dataclass(frozen=True, slots=True)
class ProvinceState:
    """Facilities with oxygen sources in a province, their sources, and how many of these are down."""

    province_code: str
    facilities: int
    down: int
    sources: int


def supplies(province_code: str, *, on: date) -> tuple[Supply, ...]:
    """The supply of each facility with sources on the day `on` (Viet Nam), the shortest first. Two statements."""
    first = date(on.year - (on.month <= _MONTHS_READ), (on.month - _MONTHS_READ - 1) % 12 + 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, [province_code, on, on])
        rows = cursor.fetchall()
        cursor.execute(_USED, [province_code, first, on])
        used: dict[UUID, list[Used]] = defaultdict(list)
        for facility_id, *rest in cursor.fetchall():
            used[facility_id].append(Used(*rest))
    sources: dict[tuple[UUID, str, str], list[OxygenSourceFacts]] = defaultdict(list)
    for key, code, name, kind, state, details in rows:
        sources[key, code, name].append(
            OxygenSourceFacts(kind, "", json.loads(details) if isinstance(details, str) else details, state)
        )
    found = (_supply(*place, facts, used[place[0]], on) for place, facts in sources.items())
    return tuple(sorted(found, key=_urgency))


def by_province(*, on: date) -> tuple[ProvinceState, ...]:
    """How the provinces stand on the day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_PROVINCE, [on])
        return tuple(ProvinceState(*row) for row in cursor.fetchall())


def _supply(
    key: UUID, code: str, name: str, facts: Sequence[OxygenSourceFacts], used: Sequence[Used], on: date
) -> Supply:
    stock, daily = rules.stock(facts), rules.mean_daily(used, on=on)
    plants = [one for one in facts if one.kind in {"PSA", "VSA", "LOX_TANK"}]
    down = sum(1 for one in plants if one.state == "down")
    days = rules.autonomy(stock, daily)
    return Supply(key, code, name, stock, rules.output(facts), daily, days, len(plants), down)


def _urgency(one: Supply) -> tuple[bool, Decimal, int]:
    return one.days is None, one.days or rules.ZERO, -one.plants_down


def short(found: Iterable[Supply]) -> tuple[Supply, ...]:
    """Those whose stock lasts for too few days."""
    return tuple(one for one in found if one.is_short)
