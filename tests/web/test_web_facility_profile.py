"""The profile of one facility: what it shows to whom, its long lists, its oxygen, and the oxygen of a province."""

from __future__ import annotations

import csv
import io
import time
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.accounts import signed_in
from tests.support.facility_profile import fill_oxygen, fill_profile
from tests.support.factories import BY, make_facility, make_licence, make_registration

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.weekly import parse_schedule
from ymach.facilities.models import Facility
from ymach.facilities.oxygen.autonomy import by_province, short, supplies
from ymach.practitioners.actions import alter_practice
from ymach.web.shown.facilities import week

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


@pytest.fixture(scope="module")
def _opened_facility(_kept_rows: None) -> Facility:
    at = now()
    return fill_profile(make_facility("99001"), at=at, on=vietnam_day(at) - timedelta(days=100))


@pytest.fixture
def facility(_opened_facility: Facility) -> Facility:
    return deepcopy(_opened_facility)


def test_the_profile_tells_everything_that_the_registry_holds(facility: Facility) -> None:
    page = read(signed_in(Role.MINISTRY), "/facilities/99001")
    for words in (
        *("Công ty Bệnh viện Thử", "1998", "https://benhvien.test", "Nội tổng hợp", "Hồi sức tích cực"),
        *("07:00–16:30", "Bồn số 1", "thiếu phụ tùng", "Máy CT 64 dãy", "12/QĐ-SYT", "21.0285, 105.8542", "Tiếng Anh"),
    ):
        assert words in page


def test_a_contact_that_is_not_public_is_shown_to_those_responsible_alone(facility: Facility) -> None:
    assert "024 9999 0000" not in read(signed_in(Role.MINISTRY), "/facilities/99001")
    page = read(signed_in(Role.DEPARTMENT, province_code="01"), "/facilities/99001")
    assert "024 9999 0000" in page


def test_a_facility_without_technical_head_says_since_when(facility: Facility) -> None:
    licence = make_licence("000777/BYT-GPHN", since=date(2015, 1, 1))
    registration = make_registration(licence, facility, is_technical_head=True)
    client = signed_in(Role.MINISTRY)
    assert "Không có người chịu trách nhiệm chuyên môn" not in read(client, "/facilities/99001")
    today = vietnam_day(now())
    left = today - timedelta(days=5)
    alter_practice(registration=registration, from_day=left, reason="left", by=BY, at=now(), is_technical_head=False)
    page = read(client, "/facilities/99001")
    assert f"Không có người chịu trách nhiệm chuyên môn từ {left:%d/%m/%Y}" in page


def test_each_reader_is_offered_what_they_may_do(facility: Facility) -> None:
    own, other = "/facilities/99001/edit/hours", "/facilities/99001/edit/suspend"
    page = read(signed_in(Role.FACILITY, facility_id=facility.pk), "/facilities/99001")
    assert own in page
    assert other not in page
    assert "/changes/new/facility-department?subject=" in page
    assert "Xác nhận còn đúng" in page
    page = read(signed_in(Role.DEPARTMENT, province_code="01"), "/facilities/99001")
    assert own in page
    assert other in page
    assert "Xác nhận còn đúng" not in page
    page = read(signed_in(Role.MINISTRY), "/facilities/99001")
    assert "/edit/" not in page


def test_the_profile_takes_a_fixed_number_of_statements(facility: Facility) -> None:
    client = signed_in(Role.MINISTRY)
    client.get("/facilities/99001")
    with CaptureQueriesContext(connection) as caught:
        client.get("/facilities/99001")
    assert len(caught) <= 58


def test_techniques_are_found_by_code_and_by_words_without_marks(facility: Facility) -> None:
    client = signed_in(Role.MINISTRY)
    page = read(client, "/facilities/99001/techniques?q=sieu am noi soi")
    assert "01.0115.0297" in page
    assert "01.0116.0118" not in page
    assert "01.0116.0118" in read(client, "/facilities/99001/techniques?q=01.0116")
    assert "Không có kỹ thuật nào khớp" in read(client, "/facilities/99001/techniques?q=khongcogi")


def test_techniques_can_be_had_as_a_file(facility: Facility) -> None:
    answer = signed_in(Role.MINISTRY).get("/facilities/99001/techniques?format=csv&q=99.9999")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["99.9999.0001"]


def test_equipment_is_filtered_by_state_and_words(facility: Facility) -> None:
    client = signed_in(Role.MINISTRY)
    page = read(client, "/facilities/99001/equipment?state=broken")
    assert "Máy thở Mẫu" in page
    assert "Máy CT 64 dãy" not in page
    assert "Máy CT 64 dãy" in read(client, "/facilities/99001/equipment?q=may ct")


def test_oxygen_of_a_facility_tells_how_long_it_lasts_and_what_is_unusual(facility: Facility) -> None:
    page = read(signed_in(Role.MINISTRY), "/facilities/99001/oxygen")
    for words in ("Đủ dùng bao lâu", "nằm ngoài mức thường", "Nguồn nào cấp bao nhiêu", "<svg"):
        assert words in page


def test_a_province_shows_who_runs_short_of_oxygen_and_what_is_down(facility: Facility) -> None:
    page = read(signed_in(Role.DEPARTMENT, province_code="01"), "/oxygen")
    assert "Bệnh viện Đa khoa Thử nghiệm" in page
    assert "Máy PSA nhà A" in page
    assert [one.code for one in short(supplies("01", on=vietnam_day(now())))] == ["99001"]
    assert [(one.province_code, one.down) for one in by_province(on=vietnam_day(now()))] == [("01", 1)]


def test_a_department_sees_no_other_province_and_a_facility_none(facility: Facility) -> None:
    assert signed_in(Role.DEPARTMENT, province_code="79").get("/oxygen?province=01").status_code == 403
    assert signed_in(Role.FACILITY, facility_id=facility.pk).get("/oxygen").status_code == 403
    assert signed_in(Role.MINISTRY).get("/oxygen?province=01").status_code == 200


def test_the_oxygen_of_a_province_is_there_at_once() -> None:
    at = now()
    day, statements = vietnam_day(at), []
    for number in range(4):
        fill_oxygen(make_facility(f"98{number:03d}", province_code="79"), at=at, on=day - timedelta(days=90))
        begin = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            assert len(supplies("79", on=day)) == number + 1
        assert time.process_time() - begin < 0.15
        statements.append(len(asked))
    assert len(set(statements)) == 1


def test_a_week_is_cut_at_midnight() -> None:
    days = week(parse_schedule("T2: 22:00 đến 24:00; T3: 00:00 đến 06:00"), vietnam_day(now()))
    assert [day.hours for day in days[:2]] == ["22:00–24:00", "00:00–06:00"]
    assert days[2].stretches == ()
