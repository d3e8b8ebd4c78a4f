"""What follows from a facility's oxygen sources, beds and consumption. Plain functions; amounts are exact decimals.

A supply is reckoned as planning guides do; every figure here is an estimate for planning, not a measurement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from types import MappingProxyType

from ymach.base.text import Text
from ymach.facilities import errors
from ymach.facilities.facts import ConsumptionFacts, DepartmentFacts, OxygenSourceFacts
from ymach.facilities.lists import read_toml
from ymach.facilities.oxygen.kinds import down_reasons, kind, number
from ymach.facilities.oxygen.units import FILE, normal_m3

ZERO = Decimal(0)
MONTHS_OF_A_MEAN = 3
_STATES = {"working", "standby", "down"}
_MINUTES = Decimal(60)
_LITRES = Decimal(1000)
_HOURS = Decimal(24)


@dataclass(frozen=True, slots=True)
class Need:
    """A planning figure: this share of the places is on oxygen, at this flow (L/min) each."""

    text: Text
    share: Decimal
    flow: Decimal


@dataclass(frozen=True, slots=True)
class Demand:
    """What places of one sort need, in Nm³/h."""

    text: Text
    places: int
    hourly: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of source gave: Nm³, and its part of the whole (0 to 1, three decimals)."""

    kind: str
    normal_m3: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Used:
    """Consumption of a month from one kind of source, in Nm³."""

    month: date
    kind: str
    normal_m3: Decimal


def check_state(facts: OxygenSourceFacts) -> None:
    """Down with a known reason, or working or standing by without one. Raises OxygenStateWrong."""
    reason_fits = facts.down_reason in down_reasons() if facts.state == "down" else not facts.down_reason
    if facts.state not in _STATES or not reason_fits:
        raise errors.OxygenStateWrong(field="state" if facts.state not in _STATES else "down_reason")


def check_consumption(facts: ConsumptionFacts, *, on: date) -> None:
    """A month that has begun by the day `on`, a unit of the kind, a quantity of at most three decimals.

    Raises OxygenKindUnknown, OxygenUnitWrong, OxygenMonthWrong, QuantityWrong.
    """
    source = kind(facts.source_kind)
    if facts.unit not in source.units:
        raise errors.OxygenUnitWrong(field="unit", kind=source.text.vi, unit=facts.unit)
    if facts.month.day != 1 or facts.month > on:
        raise errors.OxygenMonthWrong(field="month", month=facts.month.isoformat())
    quantity = facts.quantity
    fits = quantity.is_finite() and ZERO <= quantity < 10**11 and quantity == round(quantity, 3)
    if not fits:
        raise errors.QuantityWrong(field="quantity", quantity=quantity)


@cache
def planning_needs() -> Mapping[str, Need]:
    """The planning figures by sort of place: ward, emergency, icu, newborn, theatre (`data/oxygen.toml`)."""
    rows = read_toml(FILE)["demand"]
    return MappingProxyType({code: _need(row) for code, row in rows.items()})


def demand(departments: Iterable[DepartmentFacts], needs: Mapping[str, Need] | None = None) -> tuple[Demand, ...]:
    """What the beds and tables need: places × share × flow × 60 / 1000, in Nm³/h, by sort of place.

    Beds that are neither intensive nor emergency nor newborn ones are ward beds.
    """
    known = planning_needs() if needs is None else needs
    places = _places(departments)
    return tuple(
        Demand(need.text, places[code], places[code] * need.share * need.flow * _MINUTES / _LITRES)
        for code, need in known.items()
    )


def stock(sources: Iterable[OxygenSourceFacts]) -> Decimal:
    """Oxygen at hand, in Nm³: liquid as gas, and full cylinders. Down or not, it is there."""
    return sum((_stock(one) for one in sources), ZERO)


def output(sources: Iterable[OxygenSourceFacts]) -> Decimal:
    """What working plants, concentrators and vaporisers can give, in Nm³/h. Cylinders and manifolds only hold a stock."""
    return sum((_output(one) for one in sources if one.state == "working"), ZERO)


def mean_daily(consumption: Sequence[Used], *, on: date) -> Decimal | None:
    """Mean daily consumption, in Nm³, over the last months with figures (three at most) that ended by `on`; None without."""
    ended = sorted({one.month for one in consumption if _next_month(one.month) <= on})[-MONTHS_OF_A_MEAN:]
    days = sum((_next_month(month) - month).days for month in ended)
    used = sum((one.normal_m3 for one in consumption if one.month in ended), ZERO)
    return _rounded(used / days, "0.001") if days else None


def autonomy(at_hand: Decimal, daily: Decimal | None) -> Decimal | None:
    """Days that the stock lasts at the mean consumption, one decimal; None when nothing is known of the consumption."""
    return _rounded(at_hand / daily, "0.1") if daily else None


def shares(consumption: Iterable[Used]) -> tuple[Share, ...]:
    """What each kind of source gave, the greatest first. Empty without consumption."""
    by_kind: dict[str, Decimal] = defaultdict(Decimal)
    for one in consumption:
        by_kind[one.kind] += one.normal_m3
    whole = sum(by_kind.values(), ZERO)
    ordered = sorted(by_kind.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Share(code, given, _rounded(given / whole, "0.001")) for code, given in ordered if whole)


def gap(needed: Decimal, can_give: Decimal, daily_from_stock: Decimal = ZERO) -> Decimal:
    """What is missing, in Nm³/h (zero when nothing is): demand less output, less what cylinders give on a mean day."""
    return max(needed - can_give - daily_from_stock / _HOURS, ZERO)


def _need(row: Mapping[str, str]) -> Need:
    return Need(Text(row["vi"], row["en"]), Decimal(row["share"]), Decimal(row["flow"]))


def _places(departments: Iterable[DepartmentFacts]) -> dict[str, int]:
    places: dict[str, int] = defaultdict(int)
    for one in departments:
        special = one.beds_icu + one.beds_emergency + one.beds_newborn
        places["ward"] += max(one.beds_actual - special, 0)
        places["emergency"] += one.beds_emergency
        places["icu"] += one.beds_icu
        places["newborn"] += one.beds_newborn
        places["theatre"] += one.operating_tables
    return places


def _stock(source: OxygenSourceFacts) -> Decimal:
    details = source.details
    match source.kind:
        case "LOX_TANK":
            return normal_m3(number(details, "gross_volume") * number(details, "level") / 100, "L_LIQUID")
        case "LOX_PORT":
            return normal_m3(number(details, "gross_volume") * number(details, "full"), "L_LIQUID")
        case "CYL":
            return normal_m3(number(details, "full"), details["size"])
        case "MANIFOLD":
            return normal_m3(number(details, "left_bank") + number(details, "right_bank"), details["size"])
    return ZERO


def _output(source: OxygenSourceFacts) -> Decimal:
    details = source.details
    match source.kind:
        case "PSA" | "VSA":
            return number(details, "rated_output")
        case "CONC":
            return number(details, "flow") * number(details, "working") * _MINUTES / _LITRES
        case "LOX_TANK":
            return number(details, "vaporiser_capacity")
    return ZERO


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_EVEN)
