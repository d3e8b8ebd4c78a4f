"""Oxygen: units are exact, sources are read strictly, and what follows is reckoned as planning guides do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.catalogues.reading import DATA
from ymach.facilities.errors import (
    OxygenDetailUnknown,
    OxygenDetailWrong,
    OxygenKindUnknown,
    OxygenMonthWrong,
    OxygenStateWrong,
    OxygenUnitWrong,
    QuantityWrong,
)
from ymach.facilities.facts import ConsumptionFacts, DepartmentFacts, OxygenSourceFacts
from ymach.facilities.oxygen import rules
from ymach.facilities.oxygen.kinds import kinds, read_details, unusual
from ymach.facilities.oxygen.rules import Used
from ymach.facilities.oxygen.units import normal_m3, units

QUANTITIES = st.decimals(min_value=0, max_value=10**10, places=3)
UNITS = st.sampled_from(sorted(units()))
DAY = date(2026, 3, 2)


@given(one=QUANTITIES, other=QUANTITIES, unit=UNITS)
def test_converting_a_sum_is_the_sum_of_the_conversions(one: Decimal, other: Decimal, unit: str) -> None:
    assert normal_m3(one + other, unit) == normal_m3(one, unit) + normal_m3(other, unit)


@given(quantity=QUANTITIES, unit=UNITS)
def test_converting_loses_nothing(quantity: Decimal, unit: str) -> None:
    assert normal_m3(quantity, unit) * 1000 / units()[unit].litres == quantity
    assert normal_m3(quantity, unit) == round(normal_m3(quantity, unit), 8)


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("1", "L_LIQUID", "0.8606"),
        ("1", "LB", "0.34424"),
        ("1000", "L", "1"),
        ("2", "TONNE", "1509.8"),
        ("10", "CYL_J", "68"),
        ("1", "CYL_40", "6"),
    ],
)
def test_a_unit_gives_the_gas_the_guides_say(quantity: str, unit: str, expected: str) -> None:
    assert normal_m3(Decimal(quantity), unit) == Decimal(expected)


def test_a_kilogram_agrees_with_a_litre_of_liquid() -> None:
    assert abs(normal_m3(Decimal("1.14"), "KG") - normal_m3(Decimal(1), "L_LIQUID")) < Decimal("0.0001")


def test_every_kind_of_the_catalogue_is_known_and_the_network() -> None:
    listed = (DATA / "oxygen_source_type.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in listed} | {"NETWORK"} == set(kinds())
    assert all(set(kind.units) <= set(units()) for kind in kinds().values())


def test_details_are_kept_in_plain_decimal_text() -> None:
    given = {"rated_output": "30,50", "purity": Decimal("93.0"), "last_service": date(2026, 1, 5), "backup": " "}
    assert read_details("PSA", given) == {"rated_output": "30.5", "purity": "93", "last_service": "2026-01-05"}


@given(value=st.decimals(min_value="0.5", max_value=1000, places=2))
def test_reading_details_twice_changes_nothing(value: Decimal) -> None:
    once = read_details("VSA", {"rated_output": value})
    assert read_details("VSA", once) == once
    assert Decimal(once["rated_output"]) == value


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        ("PSA", {}, "rated_output"),
        ("PSA", {"rated_output": "much"}, "rated_output"),
        ("PSA", {"rated_output": "NaN"}, "rated_output"),
        ("PSA", {"rated_output": "5000"}, "rated_output"),
        ("PSA", {"rated_output": "5", "purity": "101"}, "purity"),
        ("PSA", {"rated_output": "5", "power_source": "WIND"}, "power_source"),
        ("PSA", {"rated_output": "5", "last_service": "5/1/2026"}, "last_service"),
        ("CYL", {"size": "CYL_J", "full": "2.5"}, "full"),
        ("CYL", {"size": "CYL_Z", "full": "2"}, "size"),
        ("NETWORK", {"outlets": "4", "departments": "x" * 300}, "departments"),
    ],
)
def test_a_wrong_detail_is_refused_by_name(kind: str, details: dict[str, str], field: str) -> None:
    with pytest.raises(OxygenDetailWrong) as refusal:
        read_details(kind, details)
    assert refusal.value.field == f"details.{field}"
    assert "—" not in refusal.value.text.vi


def test_a_detail_of_another_kind_is_refused() -> None:
    with pytest.raises(OxygenDetailUnknown):
        read_details("CONC", {"flow": "5", "working": "2", "level": "80"})


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(OxygenKindUnknown):
        read_details("BALLOON", {})


@pytest.mark.parametrize(
    ("kind", "details", "warned"),
    [
        ("CONC", {"purity": "81.9"}, ["purity"]),
        ("CONC", {"purity": "82", "flow": "10"}, []),
        ("PSA", {"purity": "89"}, ["purity"]),
        ("PSA", {"purity": "96"}, []),
        ("PSA", {"purity": "97"}, ["purity"]),
        ("NETWORK", {"line_pressure": "3.4"}, ["line_pressure"]),
        ("NETWORK", {"line_pressure": "4.5"}, []),
        ("NETWORK", {"line_pressure": "4.6"}, ["line_pressure"]),
    ],
)
def test_values_outside_the_usual_range_are_warned_about(kind: str, details: dict[str, str], warned: list[str]) -> None:
    found = unusual(kind, details)
    assert [one.field for one in found] == warned
    assert all("—" not in one.text.vi + one.text.en for one in found)


@pytest.mark.parametrize(("state", "reason"), [("down", ""), ("down", "MOOD"), ("working", "POWER"), ("asleep", "")])
def test_a_source_is_down_for_a_known_reason_or_not_down(state: str, reason: str) -> None:
    with pytest.raises(OxygenStateWrong):
        rules.check_state(OxygenSourceFacts("PSA", state=state, down_reason=reason))


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        (ConsumptionFacts(date(2026, 2, 1), "PSA", Decimal(1), "KG"), OxygenUnitWrong),
        (ConsumptionFacts(date(2026, 2, 2), "PSA", Decimal(1), "NM3"), OxygenMonthWrong),
        (ConsumptionFacts(date(2026, 4, 1), "PSA", Decimal(1), "NM3"), OxygenMonthWrong),
        (ConsumptionFacts(date(2026, 2, 1), "PSA", Decimal("-1"), "NM3"), QuantityWrong),
        (ConsumptionFacts(date(2026, 2, 1), "PSA", Decimal("0.0001"), "NM3"), QuantityWrong),
        (ConsumptionFacts(date(2026, 2, 1), "PSA", Decimal("NaN"), "NM3"), QuantityWrong),
        (ConsumptionFacts(date(2026, 2, 1), "NETWORK", Decimal(1), "NM3"), OxygenUnitWrong),
    ],
)
def test_wrong_consumption_is_refused(facts: ConsumptionFacts, error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.check_consumption(facts, on=DAY)


def test_demand_is_places_times_share_times_flow() -> None:
    ward = DepartmentFacts("K03", "Nội", beds_actual=120, beds_icu=10, beds_emergency=10, operating_tables=2)
    hourly = {one.text.en: one.hourly for one in rules.demand([ward])}
    assert hourly["Ward beds"] == Decimal("2.4")  # 100 × 0.2 × 2 × 60 / 1000
    assert hourly["Intensive-care beds"] == 6
    assert hourly["Operating tables"] == Decimal("0.96")


def test_stock_counts_liquid_as_gas_and_full_cylinders() -> None:
    tank = OxygenSourceFacts("LOX_TANK", details={"gross_volume": "10000", "level": "50"})
    loose = OxygenSourceFacts("CYL", details={"size": "CYL_J", "full": "10", "empty": "30"}, state="standby")
    manifold = OxygenSourceFacts("MANIFOLD", details={"size": "CYL_40", "left_bank": "5", "right_bank": "5"})
    assert rules.stock([tank, loose, manifold]) == Decimal("4303") + 68 + 60


def test_output_counts_working_sources_only() -> None:
    plant = OxygenSourceFacts("PSA", details={"rated_output": "30"})
    down = OxygenSourceFacts("PSA", details={"rated_output": "60"}, state="down", down_reason="PARTS")
    beds = OxygenSourceFacts("CONC", details={"flow": "10", "working": "5", "broken": "4"})
    assert rules.output([plant, down, beds]) == 33


def test_mean_daily_is_of_the_last_three_months_that_ended() -> None:
    months = [Used(date(2025, month, 1), "PSA", Decimal(10_000)) for month in (1, 2)]
    months += [Used(date(2025, 12, 1), "PSA", Decimal(310)), Used(date(2026, 1, 1), "CYL", Decimal(310))]
    months += [Used(date(2026, 2, 1), "PSA", Decimal(280)), Used(date(2026, 3, 1), "PSA", Decimal(9))]
    assert rules.mean_daily(months, on=DAY) == 10
    assert rules.mean_daily(months[-1:], on=DAY) is None


def test_autonomy_is_stock_over_mean_consumption() -> None:
    assert rules.autonomy(Decimal(45), Decimal(10)) == Decimal("4.5")
    assert rules.autonomy(Decimal(45), None) is None
    assert rules.autonomy(Decimal(45), Decimal(0)) is None


@given(amounts=st.lists(st.decimals(min_value=1, max_value=10**6, places=2), min_size=1, max_size=6))
def test_shares_of_the_sources_make_the_whole(amounts: list[Decimal]) -> None:
    used = [Used(DAY, f"K{place}", amount) for place, amount in enumerate(amounts)]
    shares = rules.shares(used)
    assert abs(sum(one.share for one in shares) - 1) <= Decimal("0.0005") * len(shares)
    assert [one.normal_m3 for one in shares] == sorted(amounts, reverse=True)


def test_gap_is_never_negative() -> None:
    assert rules.gap(Decimal(10), Decimal(4), Decimal(24)) == 5
    assert rules.gap(Decimal(10), Decimal(40)) == 0
