"""The share of records without a finding, by week and facility, as each reader may see it."""

from datetime import timedelta

import pytest
from tests.support.accounts import signed_in
from tests.support.held import SOME, department, outpatient
from tests.support.intake import AT, Desk

from ymach.accounts.permissions import Role
from ymach.base.clock import vietnam_day
from ymach.exchange.quality import Quality, by_facility, by_week, monday_of

pytestmark = pytest.mark.django_db
MONDAY = monday_of(vietnam_day(AT))


def test_weeks_and_facilities_are_summed_from_the_counters_of_the_own_province(desk: Desk) -> None:
    desk.send_one(outpatient(desk, "Q-1", doctor=SOME[0]))
    desk.send_one(outpatient(desk, "Q-2"))
    desk.send_one(outpatient(desk, "Q-0", doctor=SOME[0]), at=AT - timedelta(days=7))
    weeks = by_week(department(), last=MONDAY, number=2)
    assert list(weeks.values()) == [Quality(2, 0, 0, 2), Quality(2, 1, 1, 4)]
    assert weeks[MONDAY].share == 50
    assert by_facility(department(), monday=MONDAY) == {desk.facility.id: Quality(2, 1, 1, 4)}
    assert by_facility(department("79"), monday=MONDAY) == {}


def test_page_is_for_departments_facilities_and_the_ministry_by_province(desk: Desk) -> None:
    desk.send_one(outpatient(desk, "Q-2"))
    address = f"/quality?week={MONDAY.isoformat()}"
    assert "Cơ sở 99001" in signed_in(Role.DEPARTMENT, province_code="01").get(address).content.decode()
    ministry = signed_in(Role.MINISTRY)
    assert "Cơ sở 99001" not in ministry.get(address).content.decode()
    assert "99001" in ministry.get(f"{address}&province=01&format=csv").content.decode()
    own = signed_in(Role.FACILITY, facility_id=desk.facility.id).get(address)
    assert (own.status_code, 'id="facilities"' in own.content.decode()) == (200, False)


def test_an_auditor_reads_names_that_lead_nowhere_it_may_not_go(desk: Desk) -> None:
    desk.send_one(outpatient(desk, "Q-2"))
    page = signed_in(Role.AUDITOR).get(f"/quality?week={MONDAY.isoformat()}&province=01").content.decode()
    assert "Cơ sở 99001" in page
    assert "/facilities/99001" not in page
