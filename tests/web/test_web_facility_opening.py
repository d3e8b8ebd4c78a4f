"""What the department decides about facilities: opening one, its licence, its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.factories import make_facility
from tests.web.test_web_facility_profile import read

from ymach.accounts.models import Invitation
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now, vietnam_day
from ymach.facilities.models import Facility
from ymach.facilities.profile.queries import profile

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Phòng khám Đa khoa Mẫu",
    "form": "HOSP_GEN",
    "sector": "PUBLIC",
    "email": "kythuat@phongkham.test",
    "number": "00999/SYT-GPHĐ",
    "issued_on": "01/11/2026",
    "issuer": "Sở Y tế Hà Nội",
    "province": "01",
}


@pytest.fixture
def department() -> Client:
    return signed_in(Role.DEPARTMENT, province_code="01")


def day(offset: int) -> str:
    return f"{vietnam_day(now()) + timedelta(days=offset):%d/%m/%Y}"


def state(code: str) -> str:
    facility = Facility.objects.get(code=code)
    licence = profile(facility.pk, on=vietnam_day(now())).licence
    return licence.state if licence else "NONE"


def send(client: Client, form: str, query: str = "", **values: Any) -> Any:
    revision = Facility.objects.get(code="99001").revision
    return client.post(f"/facilities/99001/edit/{form}{query}", {"seen": revision, **values})


def test_a_facility_is_opened_and_shows_what_it_was_given(department: Client) -> None:
    answer = department.post("/facilities/new", NEW)
    assert answer.status_code == 302
    facility = Facility.objects.get(name="Phòng khám Đa khoa Mẫu")
    assert facility.code.startswith("01")
    page = read(department, answer["Location"])
    assert facility.code in page
    assert "kythuat@phongkham.test" in page
    assert state(facility.code) == "ACTIVE"


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(department: Client) -> None:
    answer = department.post("/facilities/new", {**NEW, "email": "", "issued_on": "hôm qua"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("email", "issued_on"):
        assert f'id="f-{field}-e"' in page
    assert "Phòng khám Đa khoa Mẫu" in page
    assert "hôm qua" in page


def test_a_code_that_is_taken_and_a_main_facility_that_is_not_there_are_told_at_their_field(department: Client) -> None:
    make_facility("01777")
    assert 'id="f-code-e"' in department.post("/facilities/new", {**NEW, "code": "01777"}).content.decode()
    assert 'id="f-site_of-e"' in department.post("/facilities/new", {**NEW, "site_of": "01666"}).content.decode()


def test_opening_outside_the_province_is_refused_and_stays_in_the_journal(department: Client) -> None:
    assert department.post("/facilities/new", {**NEW, "province": "79"}).status_code == 403
    assert not Facility.objects.filter(name=NEW["name"]).exists()
    event = AuditEvent.objects.get(action="facility:open:refused")
    assert event.subject == "province:79"


def test_only_a_department_opens_facilities() -> None:
    facility = make_facility("99001")
    for client in (signed_in(Role.MINISTRY), signed_in(Role.FACILITY, facility_id=facility.pk)):
        assert client.get("/facilities/new").status_code == 403


def test_an_administrator_invites_the_facility_right_after(department: Client) -> None:
    admin = signed_in(Role.DEPARTMENT_ADMIN, province_code="01")
    page = read(admin, admin.post("/facilities/new", NEW)["Location"])
    assert 'action="/accounts/invite"' in page
    code = Facility.objects.get(name=NEW["name"]).code
    assert admin.post("/accounts/invite", {"role": "facility", "facility": code}).status_code == 302
    assert Invitation.objects.get().email == "kythuat@phongkham.test"
    assert mail.outbox == []


def test_a_licence_is_suspended_and_the_suspension_lifted(department: Client) -> None:
    make_facility("99001")
    answer = send(department, "suspend", starts_on=day(-2), last_day=day(-5), decision="1/QĐ-SYT", reason="Kiểm tra")
    assert 'id="f-last_day-e"' in answer.content.decode()
    assert send(department, "suspend", starts_on=day(-2), decision="1/QĐ-SYT", reason="Kiểm tra").status_code == 302
    assert state("99001") == "SUSPENDED"
    page = read(department, "/facilities/99001")
    assert "Chấm dứt đình chỉ" in page
    facility = Facility.objects.get(code="99001")
    held = profile(facility.pk, on=vietnam_day(now())).licence
    assert held is not None
    lift = f"?item={held.suspensions[0].id}"
    assert send(department, "lift", lift, ends_on=day(0), reason="Đã khắc phục").status_code == 302
    assert state("99001") == "ACTIVE"


def test_a_licence_is_revoked_and_a_new_one_granted(department: Client) -> None:
    make_facility("99001")
    assert 'id="f-decision-e"' in send(department, "revoke", effective_on=day(0), reason="Vi phạm").content.decode()
    send(department, "revoke", effective_on=day(0), decision="2/QĐ-SYT", reason="Vi phạm")
    assert state("99001") == "NONE"
    assert department.get("/facilities/99001/edit/revoke").status_code == 404
    send(department, "licence", number="00888/SYT-GPHĐ", issued_on=day(0), issuer="Sở Y tế")
    assert state("99001") == "ACTIVE"


def test_a_new_licence_takes_the_place_of_the_one_in_force(department: Client) -> None:
    make_facility("99001")
    send(department, "licence", number="00888/SYT-GPHĐ", issued_on=day(0), issuer="Sở Y tế")
    facility = Facility.objects.get(code="99001")
    licences = profile(facility.pk, on=vietnam_day(now())).licences
    assert [one.number for one in licences] == ["00888/SYT-GPHĐ", "99001/SYT-GPHĐ"]
    assert licences[1].valid.end == vietnam_day(now())


def test_a_facility_that_closes_keeps_its_page(department: Client) -> None:
    make_facility("99001")
    send(department, "close", ends_on=day(0), reason="Chủ cơ sở trả giấy phép")
    assert "Đã ngừng hoạt động" in read(department, "/facilities/99001")
