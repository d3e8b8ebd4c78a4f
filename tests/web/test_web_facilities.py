"""The page of one facility, the list of facilities, and the way from a figure to what made it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.factories import make_facility
from tests.support.intake import Desk, example, open_desk

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Permission, Role
from ymach.accounts.queries import actor_of
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.base.periods import Period
from ymach.web import formatting, lookups

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    desk.send_one(example("01-outpatient.xml"), at=now())
    return desk


def _read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def _table(client: Client, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


def test_a_facility_shows_what_the_registry_holds_and_who_works_there(desk: Desk) -> None:
    page = _read(signed_in(Role.MINISTRY), "/facilities/99001")
    for words in ("Bệnh viện đa khoa", "Thành phố Hà Nội", "99001/SYT-GPHĐ", "Được phép hoạt động", "Bác sỹ"):
        assert words in page
    assert "0099900/BYT-CCHN" in page
    assert "không cố định giờ" in page
    assert re.search(r"hết hạn \d\d/\d\d/\d{4}", page)
    assert "/submissions?facility=99001" not in page


def test_a_suspended_facility_says_until_when_and_by_which_decision() -> None:
    today = vietnam_day(now())
    make_facility("99005", suspended=Period(today - timedelta(days=3), today + timedelta(days=8)))
    page = _read(signed_in(Role.DEPARTMENT, province_code="01"), "/facilities/99005")
    assert "Đang bị đình chỉ" in page
    assert f"đến hết {formatting.day(today + timedelta(days=7))}" in page
    assert "12/QĐ-SYT" in page


def test_a_facility_out_of_sight_is_not_found(desk: Desk) -> None:
    make_facility("79001", province_code="79")
    client = signed_in(Role.DEPARTMENT, province_code="79")
    assert client.get("/facilities/99001").status_code == 404
    assert client.get("/facilities/79001").status_code == 200
    assert client.get("/submissions?facility=99001").status_code == 404


def test_a_department_narrows_submissions_to_one_facility(desk: Desk) -> None:
    make_facility("99007", name="Phòng khám Thử nghiệm")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    assert "Cơ sở 99001" in _read(client, "/submissions")
    assert "99001.26.0001234" in _read(client, "/submissions?facility=99001")
    assert "99001.26.0001234" not in _read(client, "/submissions?facility=99007")


def test_holding_an_actor_to_a_facility_never_widens_what_it_sees(desk: Desk) -> None:
    far = make_facility("79001", province_code="79")
    user = create_user(username="both", full_name="Lê Thị Hạnh", password=None, by=SYSTEM, at=now())
    for role, limits in ((Role.MINISTRY, {}), (Role.DEPARTMENT, {"province_code": "01"})):
        grant_role(user=user, role=role, by=SYSTEM, at=now() - timedelta(days=1), **limits)
    actor = actor_of(user, on=vietnam_day(now()))
    assert lookups.facility_of(actor, "79001") == far
    assert lookups.at_facility(actor, far).grants == ()
    held = lookups.at_facility(actor, desk.facility)
    assert {grant.facility_id for grant in held.grants} == {desk.facility.id}
    assert all(Permission.SUBMISSION_SEE.value in grant.permissions for grant in held.grants)


def test_a_figure_of_the_country_opens_the_facilities_that_made_it(desk: Desk) -> None:
    make_facility("99007", name="Phòng khám Thử nghiệm")
    client = signed_in(Role.MINISTRY)
    found = re.findall(r'href="(/facilities\?outcome=rejected[^"]*)"', _read(client, "/country"))
    listing = found[0].replace("&amp;", "&")
    page = _read(client, listing)
    assert "Cơ sở 99001" in page
    assert "Phòng khám Thử nghiệm" not in page
    assert 'aria-sort="descending"' in page
    assert "Cơ sở 99001" not in _read(client, listing.replace("rejected", "held"))


def test_facilities_are_sorted_by_the_figure_that_the_address_names(desk: Desk) -> None:
    make_facility("99007", name="An Thử nghiệm")
    client = signed_in(Role.MINISTRY)
    names = [row[0] for row in _table(client, "/facilities?sort=-total&format=csv")[1:]]
    assert names[0] == "99001"
    assert [row[0] for row in _table(client, "/facilities?sort=total&format=csv")[1:]][-1] == "99001"


def test_the_file_of_a_list_has_its_filters(desk: Desk) -> None:
    make_facility("79001", province_code="79")
    rows = _table(signed_in(Role.MINISTRY), "/facilities?province=01&format=csv")
    assert rows[0][:4] == ["Mã", "Tên", "Tỉnh, thành phố", "Hồ sơ"]
    assert [row[0] for row in rows[1:]] == ["99001"]
    assert rows[1][3:] == ["2", "1", "0", "0", "1"]


def test_submissions_and_practitioners_can_be_had_as_files(desk: Desk) -> None:
    client = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    sent = _table(client, "/submissions?outcome=rejected&format=csv")
    assert [row[6] for row in sent[1:]] == ["YM-SIG-MISSING"]
    people = _table(client, "/facilities/99001?format=csv")
    assert {row[1] for row in people[1:]} >= {"0099900/BYT-CCHN"}


def test_readers_who_may_not_open_facilities_get_no_link_to_them(desk: Desk) -> None:
    page = _read(signed_in(Role.AUDITOR), "/country")
    assert "Số khớp." in page
    assert 'href="/facilities' not in page
