"""One practitioner's page: who sees what, what each may ask for, confirming, checking."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import DateRange
from pydantic import SecretStr
from tests.support.changing import joining, self_of
from tests.support.factories import BY, make_facility
from tests.support.profiles import EMAIL, NUMBER, PHONE, Whole, reader, whole_profile, words

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.history.attribution import attributed
from ymach.base.periods import Period
from ymach.changes import actions as changes
from ymach.population.contract import Person
from ymach.practitioners import actions
from ymach.practitioners.models import Licence, Practitioner
from ymach.practitioners.rules.tables import ban_cases
from ymach.sandbox.http import serving
from ymach.sandbox.population import TOKEN, PopulationDatabase

pytestmark = pytest.mark.django_db
BUDGET = 18
PRIVATE = (PHONE, EMAIL, "040•••••0123", "17/05/1985")


@pytest.fixture(scope="module")
def _opened_whole(_kept_rows: None) -> Whole:
    return whole_profile()


@pytest.fixture
def whole(_opened_whole: Whole) -> Whole:
    return deepcopy(_opened_whole)


@pytest.fixture
def own(whole: Whole) -> Client:
    return reader(Role.PRACTITIONER, practitioner_id=whole.person.pk)


@pytest.fixture
def staff(whole: Whole) -> Client:
    return reader(Role.FACILITY, facility_id=whole.facility.pk)


@pytest.fixture
def department(whole: Whole) -> Client:
    return reader(Role.DEPARTMENT, province_code="40")


def seen(client: Client, whole: Whole) -> str:
    answer = client.get(whole.address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return words(answer)


@pytest.mark.parametrize("who", ["own", "staff", "department"])
def test_the_person_their_facility_and_their_department_see_how_to_reach_them(
    request: pytest.FixtureRequest, whole: Whole, who: str
) -> None:
    text = seen(request.getfixturevalue(who), whole)
    assert all(one in text for one in PRIVATE)


def test_the_ministry_sees_the_file_but_no_contact(whole: Whole) -> None:
    text = seen(reader(Role.MINISTRY), whole)
    assert "Hồi sức cấp cứu" in text
    assert not any(one in text for one in PRIVATE)


def test_a_former_facility_sees_only_what_is_public_anyway(whole: Whole) -> None:
    text = seen(reader(Role.FACILITY, facility_id=whole.former.pk), whole)
    assert "000123/NA-GPHN" in text
    assert "Bệnh viện Vinh" in text
    assert not any(one in text for one in (*PRIVATE, "Hồi sức cấp cứu", "03.3821.0216", "Đối chiếu"))


def test_the_department_of_a_former_place_sees_no_contact(whole: Whole) -> None:
    text = seen(reader(Role.DEPARTMENT, province_code="01"), whole)
    assert not any(one in text for one in PRIVATE)


@pytest.mark.parametrize("who", ["own", "staff", "department"])
def test_the_personal_number_is_nowhere_on_the_page(request: pytest.FixtureRequest, whole: Whole, who: str) -> None:
    answer = request.getfixturevalue(who).get(whole.address)
    assert NUMBER not in answer.content.decode()


def test_others_find_nobody(whole: Whole) -> None:
    elsewhere = make_facility("79001", province_code="79")
    for client in (
        reader(Role.FACILITY, facility_id=elsewhere.pk),
        reader(Role.DEPARTMENT, username="d79", province_code="79"),
    ):
        assert client.get(whole.address).status_code == 404
    assert Client().get(whole.address).status_code in {302, 401}


def test_the_page_shows_every_part_of_the_profile(whole: Whole, department: Client) -> None:
    text = seen(department, whole)
    parts = ["Phan Thị Hiền", "Đang hiệu lực", "000123/NA-GPHN", "Bệnh viện Vinh", "Phòng khám Bến Thủy", "Khoa Nội"]
    parts += ["T2-T6: 07:00 đến 16:30", "50,5 giờ một tuần", "03.3821.0216", "15/QĐ-BVV", "48 / 120", "Hồi sức cấp cứu"]
    parts += ["Đại học Y Hà Nội", "Chờ xác minh", "Chưa đối chiếu", "Bệnh viện Cũ", "Nơi hành nghề chính"]
    assert [one for one in parts if one not in text] == []


def test_hours_beyond_the_labour_code_are_told(whole: Whole, department: Client) -> None:
    assert "YM-PRA-WEEK-OVER-HOURS" in seen(department, whole)


def test_the_life_of_a_licence_is_told_with_its_decisions(whole: Whole, department: Client) -> None:
    today = vietnam_day(now())
    actions.suspend_licence(
        licence=whole.licence,
        period=Period(today, today + timedelta(days=90)),
        reason="sai sót chuyên môn",
        decision="45/QĐ-SYT",
        by=BY,
        at=now(),
    )
    text = seen(department, whole)
    assert "Đình chỉ hành nghề từ ngày" in text
    assert "Quyết định 45/QĐ-SYT" in text
    assert "sai sót chuyên môn" in text


def test_a_ban_stands_on_the_page_with_its_case(whole: Whole, department: Client) -> None:
    today = vietnam_day(now())
    case = next(iter(ban_cases()))
    actions.ban_practitioner(
        practitioner=whole.person,
        period=Period(today),
        case=case,
        reason="bản án",
        decision="7/2026/HS-ST",
        by=BY,
        at=now(),
    )
    text = seen(department, whole)
    assert ban_cases()[case].vi in text
    assert "7/2026/HS-ST" in text


def test_each_reader_is_offered_what_they_may_ask_for(whole: Whole, own: Client, staff: Client) -> None:
    def offered(client: Client) -> set[str]:
        page = client.get(whole.address).content.decode()
        kinds = ("practitioner-contact", "identity-correction", "cme", "schedule-change", "technique-assignment")
        return {one for one in kinds if f"/changes/new/{one}?subject={whole.person.pk}" in page}

    assert offered(own) == {"practitioner-contact", "identity-correction", "cme", "schedule-change"}
    assert offered(staff) == {"identity-correction", "cme", "schedule-change", "technique-assignment"}
    assert offered(reader(Role.MINISTRY)) == set()


def test_what_is_offered_opens(whole: Whole, staff: Client) -> None:
    for kind in ("identity-correction", "schedule-change", "technique-assignment", "end-of-technique"):
        assert staff.get(f"/changes/new/{kind}?subject={whole.person.pk}").status_code == 200


def test_a_former_facility_is_offered_to_register_the_person_again(whole: Whole) -> None:
    page = reader(Role.FACILITY, facility_id=whole.former.pk).get(whole.address).content.decode()
    assert f"/changes/new/practice-registration?subject={whole.person.pk}" in page


def test_the_page_costs_few_statements(whole: Whole, own: Client, staff: Client, department: Client) -> None:
    joining(whole.person, whole.former)
    for client in (own, staff, department, reader(Role.MINISTRY)):
        seen(client, whole)
        with CaptureQueriesContext(connection) as asked:
            seen(client, whole)
        statements = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(statements) <= BUDGET, "\n".join(statements)


def test_the_person_confirms_that_all_is_right(whole: Whole, own: Client) -> None:
    assert "Chưa xác nhận lần nào" in seen(own, whole)
    answer = own.post(f"{whole.address}/confirm", {"seen": whole.person.revision}, follow=True)
    assert answer.redirect_chain[-1][0] == "/profile"
    assert "Còn đúng" in words(answer)
    assert Practitioner.objects.get(pk=whole.person.pk).confirmed_at is not None


def test_a_confirmation_of_an_older_page_shows_what_was_changed(whole: Whole, own: Client) -> None:
    actions.edit_contact(practitioner=whole.person, phone="0987654321", email=EMAIL, by=BY, at=now())
    answer = own.post(f"{whole.address}/confirm", {"seen": whole.person.revision})
    assert answer.status_code == 409
    assert "có người vừa sửa hồ sơ này" in words(answer)
    assert "điện thoại" in words(answer)
    assert Practitioner.objects.get(pk=whole.person.pk).confirmed_at is None
    assert f'name="seen" value="{whole.person.revision + 1}"' in answer.content.decode()


def test_nobody_else_confirms(whole: Whole, staff: Client, department: Client) -> None:
    for client in (staff, department):
        assert client.post(f"{whole.address}/confirm", {"seen": whole.person.revision}).status_code == 403
        assert "Mọi thứ còn đúng?" not in seen(client, whole)


def test_a_confirmation_grows_old(whole: Whole, department: Client) -> None:
    long_ago = now() - timedelta(days=130)
    actions.confirm_profile(practitioner=whole.person, by=BY, at=long_ago)
    assert "Chưa xác nhận 130 ngày" in seen(department, whole)


def test_the_own_page_begins_with_what_waits(whole: Whole, own: Client) -> None:
    request = joining(whole.person, whole.former)
    text = words(own.get("/profile"))
    assert "Chờ bạn xác nhận: Đăng ký hành nghề" in text
    assert "Xem lại hồ sơ và xác nhận còn đúng" in text
    changes.confirm(request_id=request.pk, by=self_of(whole.person), at=now())
    assert "Chờ bạn xác nhận" not in words(own.get("/profile"))


def test_a_licence_that_ends_soon_waits_for_its_holder(whole: Whole, own: Client) -> None:
    valid = DateRange(date(2024, 1, 1), vietnam_day(now()) + timedelta(days=40))
    with attributed(by=BY, reason="test", at=now()):
        Licence.objects.filter(pk=whole.licence.pk).update(valid=valid)
    text = words(own.get("/profile"))
    assert "Gia hạn giấy phép 000123/NA-GPHN" in text
    assert "còn thiếu 72 giờ đào tạo liên tục" in text


def test_a_check_without_a_database_says_so(whole: Whole, department: Client) -> None:
    answer = department.post(f"{whole.address}/check", follow=True)
    assert "Chưa hỏi được Cơ sở dữ liệu quốc gia về dân cư" in words(answer)


def test_a_check_tells_field_by_field_and_no_value(whole: Whole, department: Client, settings: LazySettings) -> None:
    known = PopulationDatabase([Person(NUMBER, "Phan Thị Hiện", date(1985, 5, 17), "2")], odd=False)
    with serving(known) as address:
        told = {"population_url": address, "population_token": SecretStr(TOKEN)}
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=told)
        text = words(department.post(f"{whole.address}/check", follow=True))
    assert "Có điểm không khớp" in text
    assert "Họ và tên chỉ khác dấu" in text
    assert "Phan Thị Hiện" not in text


def test_a_former_facility_checks_nobody(whole: Whole) -> None:
    client = reader(Role.FACILITY, facility_id=whole.former.pk)
    assert client.post(f"{whole.address}/check").status_code == 403


def test_the_page_is_read_in_english(whole: Whole, department: Client) -> None:
    department.cookies["ymach_language"] = "en"
    text = seen(department, whole)
    assert "In force" in text
    assert "Main place of practice" in text
    assert "Verified hours in 5 years" in text
