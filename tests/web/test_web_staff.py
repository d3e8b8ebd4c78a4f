"""A facility's people: found, narrowed, had as a file; what each line offers; adding somebody."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.support.changing import joining
from tests.support.factories import BY, make_facility, make_licence, make_practitioner, make_registration
from tests.support.profiles import NUMBER, PHONE, Whole, reader, whole_profile, words
from tests.support.settled import settled_together

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.periods import Period
from ymach.facilities.models import Facility
from ymach.practitioners import actions
from ymach.practitioners.models import TechniqueAssignment

pytestmark = pytest.mark.django_db
BUDGET = 22


@pytest.fixture(scope="module")
def _opened_whole(_kept_rows: None) -> Whole:
    return whole_profile()


@pytest.fixture
def whole(_opened_whole: Whole) -> Whole:
    return deepcopy(_opened_whole)


@pytest.fixture
def client(whole: Whole) -> Client:
    return reader(Role.FACILITY, facility_id=whole.facility.pk)


def colleague(facility: Facility, name: str, number: str, **licence: object) -> None:
    held = make_licence(number, practitioner=make_practitioner(name), **licence)  # type: ignore[arg-type]
    make_registration(held, facility, schedule="T2-T6: 07:00 đến 11:00")


def names(client: Client, **asked: str) -> list[str]:
    answer = client.get("/staff", asked)
    assert answer.status_code == 200
    return re.findall(r'scope="row" class="key"><a href="[^"]+">([^<]+)</a>', answer.content.decode())


def test_people_stand_in_vietnamese_order_of_their_given_names(client: Client, whole: Whole) -> None:
    for number, name in enumerate(["Vũ Văn Đạt", "Bùi Thị An", "Lê Thị Êm", "Trần Văn Dũng", "Cao Thị Ánh"]):
        colleague(whole.facility, name, f"00{number}/NA-GPHN")
    order = ["Bùi Thị An", "Cao Thị Ánh", "Trần Văn Dũng", "Vũ Văn Đạt", "Lê Thị Êm", "Phan Thị Hiền"]
    assert names(client) == order


def test_people_are_found_by_name_without_marks_and_by_licence_number(client: Client, whole: Whole) -> None:
    colleague(whole.facility, "Bùi Thị An", "000777/NA-GPHN")
    assert names(client, q="bui thi") == ["Bùi Thị An"]
    assert names(client, q="000123/NA") == ["Phan Thị Hiền"]
    assert names(client, q="không ai") == []


def test_people_are_narrowed_by_title_department_and_state(client: Client, whole: Whole) -> None:
    colleague(whole.facility, "Bùi Thị An", "000777/NA-GPHN", title="d", scopes=("XII",))
    assert names(client, title="d") == ["Bùi Thị An"]
    assert names(client, department="Khoa Nội") == ["Phan Thị Hiền"]
    assert names(client, state="blocked") == []
    assert len(names(client, state="unpublished")) == 2


def test_who_may_not_practise_is_marked_and_found(client: Client, whole: Whole) -> None:
    today = vietnam_day(now())
    actions.suspend_licence(
        licence=whole.licence,
        period=Period(today, today + timedelta(days=30)),
        reason="x",
        decision="45/QĐ-SYT",
        by=BY,
        at=now(),
    )
    assert names(client, state="blocked") == ["Phan Thị Hiền"]
    assert names(client, state="working") == []
    assert "đang bị đình chỉ" in words(client.get("/staff"))


def test_a_licence_that_ends_within_six_months_is_found(client: Client, whole: Whole) -> None:
    ends = vietnam_day(now()) + timedelta(days=100)
    colleague(whole.facility, "Bùi Thị An", "000777/NA-GPHN", valid=Period(date(2024, 1, 1), ends))
    assert names(client, state="expiring") == ["Bùi Thị An"]


def test_only_people_of_the_own_facility_are_listed(client: Client) -> None:
    other = make_facility("40009", province_code="40")
    colleague(other, "Bùi Thị An", "000777/NA-GPHN")
    assert names(client) == ["Phan Thị Hiền"]


def test_the_list_holds_nothing_private(client: Client) -> None:
    for query in ({}, {"format": "csv"}):
        content = b"".join(client.get("/staff", query)).decode()
        assert "Phan Thị Hiền" in content
        assert NUMBER not in content
        assert PHONE not in content


def test_each_line_offers_what_happens_to_people(client: Client, whole: Whole) -> None:
    page = client.get("/staff").content.decode()
    for kind in ("schedule-change", "technique-assignment", "end-of-practice"):
        assert f"/changes/new/{kind}?subject={whole.person.pk}" in page
    assert "/accounts/invite?role=practitioner&amp;licence=000123/NA-GPHN" in page
    invite = client.get("/accounts/invite", {"role": "practitioner", "licence": "000123/NA-GPHN"})
    assert 'value="000123/NA-GPHN"' in invite.content.decode()


def test_who_has_an_account_is_not_invited_again(client: Client, whole: Whole) -> None:
    reader(Role.PRACTITIONER, practitioner_id=whole.person.pk)
    text = words(client.get("/staff"))
    assert "Có tài khoản riêng" in text
    assert "Mời mở tài khoản" not in text


def test_open_requests_stand_above_the_list(client: Client, whole: Whole) -> None:
    somebody = make_licence("000999/NA-GPHN", practitioner=make_practitioner("Cao Bá Quát")).practitioner
    joining(somebody, whole.facility)
    assert "Đăng ký hành nghề: Cao Bá Quát" in words(client.get("/staff"))


def test_a_facility_without_technical_head_is_told(client: Client) -> None:
    assert "chưa có người chịu trách nhiệm chuyên môn" in words(client.get("/staff"))


def test_the_list_is_had_as_a_workbook_with_the_same_filters(client: Client, whole: Whole) -> None:
    colleague(whole.facility, "Bùi Thị An", "000777/NA-GPHN")
    answer = client.get("/staff", {"format": "xlsx", "q": "hien"})
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[0] for row in rows[1:]] == ["Phan Thị Hiền"]
    assert rows[1][6] == 47.5


def test_a_long_list_has_pages_and_costs_few_statements(client: Client, whole: Whole) -> None:
    with settled_together():
        for number in range(55):
            colleague(whole.facility, f"Bùi Thị {'ABCDE'[number % 5]}n", f"{number:06d}/HCM-GPHN")
    assert len(names(client)) == 50
    assert len(names(client, page="2")) == 6
    with CaptureQueriesContext(connection) as asked:
        client.get("/staff")
    statements = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= BUDGET, "\n".join(statements)


def test_somebody_known_is_found_by_licence_and_led_to_the_registration(client: Client) -> None:
    person = make_licence("000999/NA-GPHN", practitioner=make_practitioner("Cao Bá Quát")).practitioner
    answer = client.get("/staff/add", {"licence": "000999/na-gphn"})
    assert "Cao Bá Quát" in words(answer)
    assert f"/changes/new/practice-registration?subject={person.pk}" in answer.content.decode()
    assert client.get(f"/changes/new/practice-registration?subject={person.pk}").status_code == 200


def test_somebody_unknown_is_led_to_enrolment(client: Client) -> None:
    answer = client.get("/staff/add", {"licence": "999999/BYT-GPHN"})
    assert answer.status_code == 404
    assert "/changes/new/enrol-practitioner" in answer.content.decode()
    assert 'value="999999/BYT-GPHN"' in answer.content.decode()


def test_somebody_who_may_not_practise_is_not_registered(client: Client) -> None:
    make_licence("000999/NA-GPHN", practitioner=make_practitioner("Cao Bá Quát"), revoked=date(2026, 1, 1))
    answer = client.get("/staff/add", {"licence": "000999/NA-GPHN"})
    assert "hiện không được hành nghề" in words(answer)
    assert "practice-registration" not in answer.content.decode()


def test_a_colleague_is_not_registered_twice(client: Client) -> None:
    assert "đang đăng ký hành nghề tại cơ sở" in words(client.get("/staff/add", {"licence": "000123/NA-GPHN"}))


def test_a_technique_is_assigned_at_once(client: Client, whole: Whole) -> None:
    address = f"/changes/new/technique-assignment?subject={whole.person.pk}"
    form = {"technique": "03.0001.0002", "document": "20/QĐ-BVV", "starts_on": "01/11/2026", "last_day": ""}
    answer = client.post(address, {**form, "seen": str(whole.person.revision)})
    assert answer.status_code == 302, words(answer)
    assert TechniqueAssignment.objects.filter(practitioner=whole.person, technique="03.0001.0002").exists()


def test_a_technique_ends_on_its_last_day(client: Client, whole: Whole) -> None:
    held = TechniqueAssignment.objects.get(practitioner=whole.person)
    address = f"/changes/new/end-of-technique?subject={whole.person.pk}"
    form = {"assignment": str(held.pk), "last_day": "30/11/2026", "seen": str(whole.person.revision)}
    assert client.post(address, form).status_code == 302
    held.refresh_from_db()
    assert held.period.upper == date(2026, 12, 1)


def test_an_account_without_a_facility_has_no_staff() -> None:
    assert reader(Role.DEPARTMENT, province_code="40").get("/staff").status_code == 404
    assert reader(Role.MINISTRY).get("/staff").status_code == 404
