"""Oxygen in the database: what a facility and a province have, use and lack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests.support.facility_facts import LATER, LATER_DAY, TANK, WARD
from tests.support.factories import AT, BY, make_facility

from ymach.base.history.attribution import attributed
from ymach.facilities import errors
from ymach.facilities.facts import ConsumptionFacts, OxygenSourceFacts
from ymach.facilities.models import Facility, OxygenConsumption
from ymach.facilities.oxygen.actions import put_oxygen_source, record_oxygen_consumption
from ymach.facilities.oxygen.queries import oxygen_overview, province_oxygen
from ymach.facilities.oxygen.rules import Used
from ymach.facilities.profile.actions import put_department

pytestmark = pytest.mark.django_db
PLANT = OxygenSourceFacts("PSA", "Máy PSA", {"rated_output": "10", "purity": "88"})


def use(facility: Facility, month: int, quantity: str, kind: str = "LOX_TANK", unit: str = "L_LIQUID") -> None:
    facts = ConsumptionFacts(date(2026, month, 1), kind, Decimal(quantity), unit)
    record_oxygen_consumption(facility=facility, facts=facts, by=BY, at=LATER)


def test_consumption_is_kept_as_delivered_and_in_cubic_metres() -> None:
    facility = make_facility()
    use(facility, 2, "1234.567")
    row = OxygenConsumption.objects.get()
    assert (row.quantity, row.unit) == (Decimal("1234.567"), "L_LIQUID")
    assert row.normal_m3 == Decimal("1234.567") * Decimal("860.6") / 1000


def test_a_month_said_again_is_corrected() -> None:
    facility = make_facility()
    use(facility, 2, "10")
    use(facility, 2, "12")
    assert OxygenConsumption.objects.get().quantity == 12


def test_a_month_is_its_first_day_in_the_database_too() -> None:
    facility = make_facility()
    use(facility, 2, "10")
    with pytest.raises(IntegrityError, match="of_a_month"), attributed(by=BY, reason="x", at=AT):
        OxygenConsumption.objects.update(month=date(2026, 2, 2))


def test_details_are_checked_before_they_are_kept() -> None:
    facility = make_facility()
    with pytest.raises(errors.OxygenDetailWrong):
        put_oxygen_source(facility=facility, facts=replace(PLANT, details={}), by=BY, at=AT)
    assert not facility.oxygen_sources.exists()


def test_the_overview_says_how_long_the_stock_lasts_and_what_is_missing() -> None:
    facility = make_facility()
    put_department(facility=facility, facts=replace(WARD, beds_actual=105, beds_icu=5), by=BY, at=AT)
    put_oxygen_source(
        facility=facility, facts=replace(TANK, details={**TANK.details, "vaporiser_capacity": "4"}), by=BY, at=AT
    )
    put_oxygen_source(facility=facility, facts=replace(PLANT, state="down", down_reason="PARTS"), by=BY, at=AT)
    for month, quantity in ((3, "310"), (4, "300"), (5, "310")):
        use(facility, month, quantity)
    found = oxygen_overview(facility.pk, on=LATER_DAY)
    assert (found.stock, found.output, found.needed) == (Decimal("4303"), 4, Decimal("5.4"))
    assert (found.mean_daily, found.autonomy_days) == (Decimal("8.606"), Decimal(500))
    assert found.gap == Decimal("1.4")
    assert [(one.kind, one.share) for one in found.shares] == [("LOX_TANK", 1)]
    assert [finding.field for warned in found.warnings for finding in warned.findings] == ["purity"]


def test_cylinders_count_with_what_they_give_on_a_mean_day() -> None:
    facility = make_facility()
    put_department(facility=facility, facts=replace(WARD, beds_actual=100, beds_icu=0), by=BY, at=AT)
    use(facility, 4, "120", "CYL", "CYL_40")  # 720 Nm³ in 30 days: one an hour
    assert oxygen_overview(facility.pk, on=LATER_DAY).gap == Decimal("1.4")


def test_an_overview_without_figures_says_nothing_of_autonomy() -> None:
    found = oxygen_overview(make_facility().pk, on=LATER_DAY)
    assert (found.autonomy_days, found.mean_daily, found.shares, found.gap) == (None, None, (), 0)


def test_an_overview_takes_three_statements() -> None:
    facility = make_facility()
    for _ in range(4):
        put_oxygen_source(facility=facility, facts=TANK, by=BY, at=AT)
    with CaptureQueriesContext(connection) as asked:
        oxygen_overview(facility.pk, on=LATER_DAY)
    assert len(asked) == 3


def test_a_province_sees_its_sources_its_use_and_what_is_down() -> None:
    first, second, elsewhere = (
        make_facility("01001"),
        make_facility("01002"),
        make_facility("79001", province_code="79"),
    )
    for facility in (first, second, elsewhere):
        put_oxygen_source(facility=facility, facts=TANK, by=BY, at=AT)
        use(facility, 5, "1000")
    put_oxygen_source(facility=first, facts=replace(PLANT, state="down", down_reason="POWER"), by=BY, at=AT)
    with CaptureQueriesContext(connection) as asked:
        found = province_oxygen("01", on=LATER_DAY)
    assert [(one.kind, one.facilities, one.sources, one.down) for one in found.kinds] == [
        ("LOX_TANK", 2, 2, 0),
        ("PSA", 1, 1, 1),
    ]
    assert found.monthly == (Used(date(2026, 5, 1), "LOX_TANK", Decimal("1721.2")),)
    assert [(one.facility_code, one.reason) for one in found.down] == [("01001", "POWER")]
    assert len(asked) == 3
