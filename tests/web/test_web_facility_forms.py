"""Forms of a facility: who may write what, refusals beside their fields, nothing typed lost, two people at one profile."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.facility_profile import TECHNIQUES, fill_profile
from tests.support.factories import make_facility
from tests.web.test_web_facility_profile import read

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now, vietnam_day
from ymach.changes.models import ChangeRequest
from ymach.facilities.models import Facility, OpeningHours
from ymach.facilities.oxygen.queries import oxygen_overview
from ymach.facilities.profile.queries import FacilityProfile, profile, techniques

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_facility(_kept_rows: None) -> Facility:
    at = now()
    return fill_profile(make_facility("99001"), at=at, on=vietnam_day(at) - timedelta(days=100))


@pytest.fixture
def facility(_opened_facility: Facility) -> Facility:
    return deepcopy(_opened_facility)


@pytest.fixture
def staff(facility: Facility) -> Client:
    return signed_in(Role.FACILITY, facility_id=facility.pk)


@pytest.fixture
def department(facility: Facility) -> Client:
    return signed_in(Role.DEPARTMENT, province_code="01")


def held(facility: Facility) -> FacilityProfile:
    return profile(facility.pk, on=vietnam_day(now()))


def send(client: Client, form: str, facility: Facility, query: str = "", **values: Any) -> Any:
    given = {"seen": held(facility).revision, "do": "save", **values}
    return client.post(f"/facilities/99001/edit/{form}{query}", given)


def test_staff_change_their_opening_hours(staff: Client, facility: Facility) -> None:
    answer = send(staff, "hours", facility, schedule="T2-T6: 08:00 đến 17:00", note="Nghỉ Tết")
    assert answer.status_code == 302
    found = held(facility).opening_hours
    assert found is not None
    assert found.facts.note == "Nghỉ Tết"
    assert OpeningHours.objects.filter(facility=facility).count() == 2


def test_a_wrong_value_stands_beside_its_field_and_the_rest_is_kept(staff: Client, facility: Facility) -> None:
    answer = send(staff, "hours", facility, schedule="từ sáng đến tối", note="Ghi chú đang gõ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-schedule-e"' in page
    assert "từ sáng đến tối" in page
    assert "Ghi chú đang gõ" in page


def test_what_the_rules_refuse_stands_beside_its_field(staff: Client, facility: Facility) -> None:
    page = send(staff, "reach", facility, phone="024 3826 0000", email="", website="benhvien.test").content.decode()
    assert 'id="f-website-e"' in page
    page = send(staff, "place", facility, latitude="105.85", longitude="21.02").content.decode()
    assert 'id="f-latitude-e"' in page
    page = send(staff, "offer", facility, founded_year="1700").content.decode()
    assert 'id="f-founded_year-e"' in page
    page = send(staff, "contact", facility, role="HOTLINE", name="Trực").content.decode()
    assert 'id="f-phone-e"' in page


def test_a_stale_form_tells_what_the_other_changed_and_keeps_what_was_typed(staff: Client, facility: Facility) -> None:
    page = read(staff, "/facilities/99001/edit/reach")
    shown = json.loads(re.search(r'name="shown" value="([^"]*)"', page)[1].replace("&quot;", '"'))  # type: ignore[index]
    seen = facility.revision
    assert send(staff, "reach", facility, phone="024 1111 1111", email="", website="").status_code == 302
    given = {"phone": "024 2222 2222", "email": "", "website": "", "seen": seen, "shown": json.dumps(shown)}
    answer = staff.post("/facilities/99001/edit/reach", given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>024 3826 0000</del>" in page
    assert "<ins>024 1111 1111</ins>" in page
    assert 'value="024 2222 2222"' in page
    assert f'name="seen" value="{held(facility).revision}"' in page


def test_equipment_is_added_changed_and_ended(staff: Client, facility: Facility) -> None:
    send(staff, "equipment", facility, kind="MRI", name="Máy MRI", state="working", quantity="1")
    item = next(one.thing for one in held(facility).equipment if one.facts.name == "Máy MRI")
    send(staff, "equipment", facility, f"?item={item}", kind="MRI", name="Máy MRI", state="in_repair", quantity="2")
    changed = next(one.facts for one in held(facility).equipment if one.thing == item)
    assert (changed.state, changed.quantity) == ("in_repair", 2)
    send(staff, "equipment", facility, f"?item={item}", do="end")
    assert item not in {one.thing for one in held(facility).equipment}


def test_an_oxygen_source_is_asked_for_by_its_kind_and_unusual_values_are_told(
    staff: Client, facility: Facility
) -> None:
    assert "Bồn oxy lỏng" in read(staff, "/facilities/99001/edit/oxygen-source")
    page = send(staff, "oxygen-source", facility, "?kind=CONC", flow="500", working="2", state="working")
    assert 'id="f-flow-e"' in page.content.decode()
    answer = send(staff, "oxygen-source", facility, "?kind=CONC", flow="5", working="2", purity="70", state="working")
    assert answer.status_code == 302
    assert "nằm ngoài mức thường" in read(staff, "/facilities/99001")


def test_a_source_that_is_down_needs_a_reason(staff: Client, facility: Facility) -> None:
    page = send(staff, "oxygen-source", facility, "?kind=PSA", rated_output="20", state="down").content.decode()
    assert 'id="f-down_reason-e"' in page


def test_consumption_of_a_month_is_recorded_and_corrected(staff: Client, facility: Facility) -> None:
    month = oxygen_overview(facility.pk, on=vietnam_day(now())).consumption[0].month
    values = {"month": f"{month:%m/%Y}", "quantity": "9000", "unit": "NM3"}
    assert send(staff, "oxygen-use", facility, "?kind=LOX_TANK", **values).status_code == 302
    used = oxygen_overview(facility.pk, on=vietnam_day(now())).consumption
    assert [int(one.normal_m3) for one in used if (one.month, one.kind) == (month, "LOX_TANK")] == [9000]
    page = send(staff, "oxygen-use", facility, "?kind=LOX_TANK", month="13/2026", quantity="1", unit="NM3")
    assert 'id="f-month-e"' in page.content.decode()


@pytest.mark.parametrize("form", ["identity", "legal-person", "department", "suspend", "revoke", "close", "licence"])
def test_staff_never_write_verified_facts_themselves(staff: Client, form: str) -> None:
    assert staff.get(f"/facilities/99001/edit/{form}").status_code == 403
    assert AuditEvent.objects.filter(action=f"facility:{form}:refused").exists()


def test_another_province_and_another_facility_find_nothing_and_it_stays_in_the_journal(facility: Facility) -> None:
    other = make_facility("79001", province_code="79")
    for client in (
        signed_in(Role.DEPARTMENT, province_code="79"),
        signed_in(Role.FACILITY, facility_id=other.pk),
    ):
        assert client.post("/facilities/99001/edit/hours", {"schedule": ""}).status_code == 404
    assert AuditEvent.objects.filter(action="facility:hours:refused").count() == 2
    assert signed_in(Role.MINISTRY).get("/facilities/99001/edit/hours").status_code == 403


def test_unknown_forms_and_things_are_not_found(staff: Client) -> None:
    assert staff.get("/facilities/99001/edit/nothing").status_code == 404
    assert staff.get("/facilities/99001/edit/contact?item=nothing").status_code == 404
    assert staff.get("/facilities/99001/edit/oxygen-source?item=nothing").status_code == 404


def test_the_department_writes_departments_and_the_legal_person(department: Client, facility: Facility) -> None:
    beds = {"code": "K19", "name": "Ngoại", "beds_planned": "30", "beds_actual": "30", "beds_icu": "40"}
    assert 'id="f-beds_icu-e"' in send(department, "department", facility, **beds).content.decode()
    assert send(department, "department", facility, **{**beds, "beds_icu": "2"}).status_code == 302
    assert held(facility).beds.planned == 80
    owner = {"name": "Tổng công ty Mẫu", "enterprise_number": "123"}
    assert 'id="f-enterprise_number-e"' in send(department, "legal-person", facility, **owner).content.decode()
    send(department, "legal-person", facility, name="Tổng công ty Mẫu")
    owned = held(facility).legal_person
    assert owned is not None
    assert owned.facts.name == "Tổng công ty Mẫu"


def test_staff_confirm_that_the_profile_is_right(staff: Client, facility: Facility) -> None:
    staff.post("/facilities/99001/confirm", {"seen": facility.revision})
    assert held(facility).confirmed_by == "Lê Thị Hạnh"
    staff.post("/facilities/99001/confirm", {"seen": facility.revision})
    assert held(facility).revision == facility.revision + 1


def test_a_technique_list_is_compared_before_it_is_written(department: Client, facility: Facility) -> None:
    upload = SimpleUploadedFile("list.csv", "Mã\n01.0115.0297\n01.0117.0118\n".encode())
    page = department.post("/facilities/99001/techniques/new", {"file": upload, "do": "look"}).content.decode()
    for words in ("01.0117.0118", "01.0116.0118", "99.9999.0001"):
        assert words in page
    values = {"codes": "01.0115.0297 01.0117.0118", "do": "write", "seen": facility.revision, "release": "4440-2020"}
    answer = department.post("/facilities/99001/techniques/new", values)
    assert answer.status_code == 422
    assert 'id="f-decision-e"' in answer.content.decode()
    full = {**values, "decision": "34/QĐ-SYT", "approved_on": f"{vietnam_day(now()):%d/%m/%Y}"}
    assert department.post("/facilities/99001/techniques/new", full).status_code == 302
    kept = {one.facts.code: one.facts.decision for one in techniques(facility.pk, on=vietnam_day(now()))}
    assert kept == {"01.0115.0297": "12/QĐ-SYT", "01.0117.0118": "34/QĐ-SYT"}


def test_a_file_that_is_no_list_is_told_beside_the_field(department: Client) -> None:
    for content in (b"PK\x03\x04nothing", b"\xff\xfe\x00", b"\n\n"):
        upload = SimpleUploadedFile("list.xlsx", content)
        answer = department.post("/facilities/99001/techniques/new", {"file": upload})
        assert answer.status_code == 422
        assert 'id="f-file-e"' in answer.content.decode()


def test_staff_send_the_difference_of_a_technique_list_to_the_department(staff: Client, facility: Facility) -> None:
    page = staff.post("/facilities/99001/techniques/new", {"codes": " ".join([*TECHNIQUES[:2], "01.0117.0118"])})
    text = page.content.decode()
    assert f"/changes/new/technique-list?subject={facility.pk}" in text
    values = {"added": "01.0117.0118", "removed": "99.9999.0001", "do": "add-paper"}
    form = staff.post(f"/changes/new/technique-list?subject={facility.pk}", values).content.decode()
    assert "01.0117.0118" in form
    assert not ChangeRequest.objects.exists()
