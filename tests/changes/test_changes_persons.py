"""Nobody types the same citizen twice: at the form, on the staff page, in a staff list, through the API."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pydantic import SecretStr
from tests.changes.test_changes_pages import client_of, text_of
from tests.population.population_people import BICH, UNKNOWN, address, database
from tests.support.changing import AT, department_of, pdf, staff_of
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.accounts.queries import actor_of
from ymach.audit.models import AuditEvent
from ymach.base.clock import now, vietnam_day
from ymach.changes import actions, staff_lists
from ymach.changes.models import ChangeRequest, StaffLine
from ymach.exchange.platform import access_tokens
from ymach.facilities.models import Facility
from ymach.practitioners.identification import ALLOWED, last_check
from ymach.practitioners.identification.turns import admit
from ymach.practitioners.models import Practitioner
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.population import TOKEN, PopulationDatabase

__all__ = ["address", "database"]
pytestmark = pytest.mark.django_db
ENROL = "/changes/new/enrol-practitioner"
NUMBER = "001190000009"
CARD = {"full_name": "Trần Thị Bích", "birth_date": "17/05/1985", "sex": "2"}
LICENCE = {
    "generation": "licence",
    "number": "000999/BYT-GPHN",
    "title": "a",
    "issuer": "Bộ Y tế",
    "issued_on": "01/02/2024",
}


@pytest.fixture(autouse=True)
def _population(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "population_url", address)
    monkeypatch.setattr(settings.ENVIRONMENT, "population_token", SecretStr(TOKEN))
    monkeypatch.setattr(settings.ENVIRONMENT, "second_factor", "offered")


@pytest.fixture(scope="module")
def _opened_facility(_kept_rows: None) -> Facility:
    return make_facility("01001")


@pytest.fixture
def facility(_opened_facility: Facility) -> Facility:
    return deepcopy(_opened_facility)


@pytest.fixture(scope="module")
def _opened_known(_kept_rows: None) -> Practitioner:
    """Somebody who works elsewhere."""
    licence = make_licence("000777/BYT-GPHN", practitioner=make_practitioner("Lê Thị Na", personal_number=NUMBER))
    make_registration(licence, make_facility("79001", province_code="79", name="Phòng khám Bến Thành"))
    return licence.practitioner


@pytest.fixture
def known(_opened_known: Practitioner) -> Practitioner:
    return deepcopy(_opened_known)


@pytest.fixture
def staff(facility: Facility) -> Client:
    return client_of(Role.FACILITY, "staff", facility_id=facility.pk)


def looked_up(client: Client, number: str, address: str = ENROL, **typed: str) -> str:
    return text_of(client.post(address, {"personal_number": number, "do": "lookup", **typed}))


def paper_of(client: Client) -> str:
    page = text_of(client.post(ENROL, {"evidence": SimpleUploadedFile("a.pdf", pdf()), "do": "add-paper"}))
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sent(client: Client, **typed: str) -> Any:
    return client.post(ENROL, {**CARD, **LICENCE, **typed, "kept": paper_of(client), "do": "send"})


def test_somebody_who_is_here_is_named_with_public_facts_and_no_more(staff: Client, known: Practitioner) -> None:
    page = looked_up(staff, NUMBER)
    assert "Người này đã có trong sổ bộ: Lê Thị Na" in page
    assert "000777/BYT-GPHN" in page
    assert "Phòng khám Bến Thành" in page
    assert f"/changes/new/practice-registration?subject={known.pk}" in page
    assert "17/05/1985" not in page
    assert f"/practitioners/{known.pk}" not in page


def test_who_may_open_the_profile_is_led_there(known: Practitioner) -> None:
    department = client_of(Role.DEPARTMENT, "department", province_code="79")
    page = looked_up(department, NUMBER, f"{ENROL}?facility=79001")
    assert f'href="/practitioners/{known.pk}"' in page
    assert 'value="Lê Thị Na" readonly' in page
    assert 'value="17/05/1985" readonly' in page


def test_a_citizen_is_filled_in_with_source_and_time_and_stands_fast(facility: Facility) -> None:
    department = client_of(Role.DEPARTMENT, "department", province_code="01")
    page = looked_up(department, BICH.number, f"{ENROL}?facility=01001")
    assert 'value="Trần Thị Bích" readonly' in page
    assert '<input type="hidden" name="sex" value="2">' in page
    assert "Cơ sở dữ liệu quốc gia về dân cư, lúc" in page


def test_a_facility_names_the_citizen_first(staff: Client) -> None:
    assert 'data-said="unnamed"' in looked_up(staff, BICH.number)
    page = looked_up(staff, f" {BICH.number[:3]} {BICH.number[3:]}", full_name="tran thi bich")
    assert 'data-said="match"' in page
    assert 'value="17/05/1985" readonly' in page


def test_a_field_that_differs_is_named_and_stays_as_typed(staff: Client) -> None:
    page = looked_up(staff, BICH.number, **{**CARD, "birth_date": "18/05/1985"})
    assert "Không khớp: ngày sinh" in page
    assert 'value="18/05/1985"' in page
    assert "17/05/1985" not in page


def test_a_number_nobody_has_and_a_number_of_another_form(staff: Client) -> None:
    assert 'data-said="unknown-number"' in looked_up(staff, UNKNOWN, full_name="Ai Đó")
    answer = staff.post(ENROL, {"personal_number": "123", "do": "lookup", "full_name": "Ai Đó"})
    assert answer.status_code == 422
    assert "12 chữ số" in text_of(answer)
    assert 'value="Ai Đó"' in text_of(answer)


def test_typing_anew_empties_what_was_filled_in(staff: Client) -> None:
    page = text_of(staff.post(ENROL, {"personal_number": BICH.number, **CARD, "issuer": "Bộ Y tế", "do": "retype"}))
    assert "readonly" not in page
    assert "Trần Thị Bích" not in page
    assert 'value="Bộ Y tế"' in page


def test_the_script_gets_the_fields_alone(staff: Client) -> None:
    answer = staff.post(ENROL, {"personal_number": BICH.number, **CARD, "do": "lookup"}, headers={"HX-Request": "true"})
    assert text_of(answer).lstrip().startswith('<div class="stack change-person"')


def test_what_was_checked_goes_to_the_department_and_with_the_person(facility: Facility, staff: Client) -> None:
    assert sent(staff, personal_number=BICH.number).status_code == 302
    change = ChangeRequest.objects.get()
    department = client_of(Role.DEPARTMENT, "department", province_code="01")
    assert "Khớp dữ liệu dân cư" in text_of(department.get(f"/changes/{change.pk}"))
    actions.approve(request_id=change.pk, by=department_of("01"), at=AT, decision_number="1/QĐ-SYT")
    person = Practitioner.objects.get(personal_number=BICH.number)
    check = last_check(person.pk)
    assert check is not None
    assert check.outcome == "match"


def test_a_database_that_is_away_lets_the_form_go_on_marked_as_not_checked(
    staff: Client, database: PopulationDatabase
) -> None:
    database.behaviour = Behaviour(down=True)
    assert 'data-said="unavailable"' in looked_up(staff, BICH.number, **CARD)
    assert sent(staff, personal_number=BICH.number).status_code == 302
    change = ChangeRequest.objects.get()
    assert "Chưa kiểm tra" in text_of(staff.get(f"/changes/{change.pk}"))


def test_a_twin_is_refused_and_the_profile_named(staff: Client, known: Practitioner) -> None:
    answer = sent(staff, personal_number=NUMBER)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Lê Thị Na, 000777/BYT-GPHN" in page
    assert f"/changes/new/practice-registration?subject={known.pk}" in page
    assert 'value="000999/BYT-GPHN"' in page
    assert not ChangeRequest.objects.exists()


def test_sending_is_no_way_around_the_limit(staff: Client) -> None:
    by = actor_of(User.objects.get(username="staff"), on=vietnam_day(now()))
    for _ in range(ALLOWED - 1):
        admit(by, now())
    assert "YM-TOO-MANY" not in looked_up(staff, UNKNOWN)
    answer = sent(staff, personal_number=NUMBER)
    assert answer.status_code == 429
    assert AuditEvent.objects.filter(action="identity:look-up:refused").count() == 1


def test_the_staff_page_finds_by_number_and_hands_on_to_the_form(staff: Client, known: Practitioner) -> None:
    page = text_of(staff.post("/staff/add", {"personal_number": NUMBER}))
    assert f"/changes/new/practice-registration?subject={known.pk}" in page
    answer = staff.post("/staff/add", {"personal_number": BICH.number})
    assert answer.status_code == 404
    assert f'<input type="hidden" name="personal_number" value="{BICH.number}">' in text_of(answer)
    assert staff.post("/staff/add", {"personal_number": "12"}).status_code == 422


HEAD = ["Số định danh cá nhân", "Họ và tên", "Vị trí chuyên môn", "Làm việc từ ngày"]


def line_of(facility: Facility, *cells: str, head: list[str] = HEAD) -> StaffLine:
    kept = staff_lists.take([head, list(cells)], facility=facility, name="a.csv", by=staff_of(facility), at=AT)
    staff_lists.go_on(kept, by=staff_of(facility), at=AT, seconds=60)
    line: StaffLine = kept.lines.get()
    return line


def test_a_line_by_number_and_name_names_the_profile(facility: Facility, known: Practitioner) -> None:
    line = line_of(facility, NUMBER, "le thi na", "Bác sĩ", "01/12/2026")
    assert (line.state, line.practitioner_id, line.who) == ("ready", known.pk, "Lê Thị Na")
    assert line.cells["licence"] == "000777/BYT-GPHN"
    assert NUMBER not in str(line.cells)


def test_a_wrong_number_and_a_wrong_name_are_told_alike(facility: Facility, known: Practitioner) -> None:
    lines = [
        line_of(facility, NUMBER, "Người Khác", "Bác sĩ", "01/12/2026"),
        line_of(facility, UNKNOWN, "Lê Thị Na", "Bác sĩ", "01/12/2026"),
    ]
    assert [(one.state, one.practitioner_id) for one in lines] == [("wrong", None)] * 2
    assert lines[0].errors == lines[1].errors
    assert lines[0].errors[0][0] == "personal_number"
    assert AuditEvent.objects.filter(action="identity:looked-up", basis="staff-list").count() == 2


def test_a_line_with_two_peoples_numbers_is_to_be_mended(facility: Facility, known: Practitioner) -> None:
    make_licence("000778/BYT-GPHN", practitioner=make_practitioner("Trần Đức"))
    head = ["Số giấy phép", *HEAD]
    line = line_of(facility, "000778/BYT-GPHN", NUMBER, "Trần Đức", "Bác sĩ", "01/12/2026", head=head)
    assert (line.state, line.errors[0][0]) == ("wrong", "personal_number")


@pytest.fixture
def software(facility: Facility) -> Client:
    token = access_tokens().issue(facility.code, at=now(), scopes=[])
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def told(client: Client, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/registry/{path}", orjson.dumps(body), content_type="application/json")
    return answer.status_code, orjson.loads(answer.content)


def test_software_looks_a_person_up(software: Client, known: Practitioner) -> None:
    status, body = told(software, "people/lookup", {"personal_number": NUMBER})
    assert (status, body["outcome"], body["licence"]) == (200, "registered", "000777/BYT-GPHN")
    assert body["person"] == {"full_name": "Lê Thị Na"}
    _, body = told(software, "people/lookup", {"personal_number": BICH.number, "full_name": "Trần Thị Bích"})
    assert (body["outcome"], body["person"]["birth_date"]) == ("match", "1985-05-17")
    assert told(software, "people/lookup", {"personal_number": "12"})[0] == 422


def test_software_names_a_person_by_number(software: Client, known: Practitioner) -> None:
    values = {"starts_on": "2026-12-01", "position": "Bác sĩ"}
    asked = {"kind": "practice-registration", "values": values}
    status, body = told(software, "requests", {**asked, "personal_number": NUMBER})
    assert (status, body["subject"]["id"]) == (201, str(known.pk))
    assert told(software, "requests", {**asked, "personal_number": UNKNOWN})[0] == 404


def test_software_enters_nobody_twice_and_sees_what_was_checked(software: Client, known: Practitioner) -> None:
    paper = software.post("/api/v1/registry/papers?name=a.pdf", pdf(), content_type="application/pdf")
    card = {**CARD, **LICENCE, "birth_date": "1985-05-17", "issued_on": "2024-02-01"}
    asked = {"kind": "enrol-practitioner", "evidence": [orjson.loads(paper.content)["id"]]}
    status, body = told(software, "requests", {**asked, "values": {**card, "personal_number": NUMBER}})
    assert (status, body["code"], body["field"]) == (409, "YM-PRACTITIONER-KNOWN", "personal_number")
    status, body = told(software, "requests", {**asked, "values": {**card, "personal_number": BICH.number}})
    assert (status, body["identity"]["outcome"]) == (201, "match")
