"""A facility with a whole profile, for tests of its pages: departments, equipment, oxygen, contacts, techniques."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.support.factories import BY
from ymach.base.weekly import parse_schedule
from ymach.facilities.facts import (
    ConsumptionFacts,
    ContactFacts,
    DepartmentFacts,
    EquipmentFacts,
    LegalPersonFacts,
    OpeningHoursFacts,
    OxygenSourceFacts,
)
from ymach.facilities.models import Facility
from ymach.facilities.oxygen.actions import put_oxygen_source, record_oxygen_consumption
from ymach.facilities.profile import actions

TECHNIQUES = ("01.0115.0297", "01.0116.0118", "99.9999.0001")
SOURCES = (
    OxygenSourceFacts("LOX_TANK", "Bồn số 1", {"gross_volume": "5000", "level": "20", "vaporiser_capacity": "100"}),
    OxygenSourceFacts("PSA", "Máy PSA nhà A", {"rated_output": "20", "purity": "85"}, "down", "PARTS"),
    OxygenSourceFacts("CYL", "", {"size": "CYL_40", "full": "12", "empty": "4"}),
)


def fill_profile(facility: Facility, *, at: datetime, on: date) -> Facility:
    """Write everything a profile can say, from the day `on` on."""
    say: dict[str, Any] = {"facility": facility, "by": BY, "at": at}
    owner = LegalPersonFacts("Công ty Bệnh viện Thử", "0101234567", "0101234567", "Nguyễn Văn Mẫu")
    hours = OpeningHoursFacts(parse_schedule("T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:30"), "Nghỉ lễ theo quy định")
    wards = [
        DepartmentFacts("K01", "Khám bệnh", exam_tables=12),
        DepartmentFacts("K02", "Cấp cứu", beds_planned=10, beds_actual=12, beds_emergency=12),
        DepartmentFacts("K03", "Nội tổng hợp", beds_planned=40, beds_actual=50, beds_icu=5),
    ]
    actions.set_legal_person(facts=owner, on=on, **say)
    actions.set_opening_hours(facts=hours, on=on, **say)
    for ward in wards:
        actions.put_department(facts=ward, on=on, **say)
    actions.state_details(
        phone="024 3826 0000",
        email="lienhe@benhvien.test",
        website="https://benhvien.test",
        languages=["vi", "en"],
        services=[],
        founded_year=1998,
        latitude=Decimal("21.0285"),
        longitude=Decimal("105.8542"),
        **say,
    )
    actions.put_contact(facts=ContactFacts("HOTLINE", "Trực lãnh đạo", "1900 1234", is_public=True), on=on, **say)
    actions.put_contact(facts=ContactFacts("RECEPTION", "Phòng kỹ thuật", "024 9999 0000"), on=on, **say)
    actions.put_equipment(
        facts=EquipmentFacts("CT", "Máy CT 64 dãy", made_year=2019, department_code="K01"), on=on, **say
    )
    broken = EquipmentFacts("VENTILATOR", "Máy thở Mẫu", "broken", 2, "V60", "SN-1", "Hãng Mẫu")
    actions.put_equipment(facts=broken, on=on, **say)
    actions.replace_technique_list(codes=TECHNIQUES, release="4440-2020", decision="12/QĐ-SYT", approved_on=on, **say)
    fill_oxygen(facility, at=at, on=on)
    return Facility.objects.get(pk=facility.pk)


def fill_oxygen(facility: Facility, *, at: datetime, on: date) -> None:
    """Its sources from the day `on` on, and what they gave in the last six months."""
    for source in SOURCES:
        put_oxygen_source(facility=facility, facts=source, on=on, by=BY, at=at)
    for back in range(1, 7):
        index = at.year * 12 + at.month - 1 - back
        month = date(index // 12, index % 12 + 1, 1)
        for kind, unit, amount in (("LOX_TANK", "NM3", 15000 + 400 * back), ("CYL", "CYL_40", 60)):
            facts = ConsumptionFacts(month, kind, Decimal(amount), unit)
            record_oxygen_consumption(facility=facility, facts=facts, by=BY, at=at)
