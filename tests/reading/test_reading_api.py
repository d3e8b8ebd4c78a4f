"""Patients for programs: found, read, refused; and that it costs few statements."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.support.factories import make_facility
from tests.support.intake import RECEIVER, Desk, example, open_desk
from tests.support.patients import make_patient, make_record

from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.citizens.models import Citizen
from ymach.exchange.models import Record
from ymach.exchange.platform import access_tokens

pytestmark = pytest.mark.django_db
NUMBER = "001158000412"


def program(code: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(code, at=now())}"})


def found(client: Client, **asked: str) -> dict[str, object]:
    answer = client.post("/api/v1/patients:lookup", asked, content_type="application/json")
    assert answer.status_code == 200, answer.content
    body: dict[str, object] = answer.json()
    return body


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    """A signed dossier with a referral to RECEIVER, and one more visit of the patient at a third facility."""
    desk = open_desk("99002")
    desk.send_one(desk.sign(example("02-inpatient-referral.xml")))
    make_record(Record.objects.filter(kind="visit").get().citizen_id, make_facility("48001", province_code="48"))
    return desk


def test_a_referred_patient_is_found_read_and_opened_whole(desk: Desk) -> None:
    record = Record.objects.get(kind="visit", facility_id=desk.facility.id)
    ours = program(RECEIVER)
    make_record(record.citizen_id, make_facility("48002", province_code="48"), kind="check-in")
    told = ours.get(f"/api/v1/patients/{handle_for(ours, record)}/summary").json()
    assert (told["basis"], told["withheld"], len(told["visits"])) == ("referral", True, 1)
    rows = ours.get(f"/api/v1/patients/{handle_for(ours, record)}/records?kind=visit").json()
    assert [row["id"] for row in rows["records"]] == [str(record.id)]
    address = f"/api/v1/patients/{handle_for(ours, record)}/records/{record.id}/dossier"
    assert ours.get(address).json()["resourceType"] == "Bundle"
    event = AuditEvent.objects.get(facility_id=desk.facility.id, action="dossier:read")
    assert (event.actor, event.basis, event.detail["part"]) == (f"machine:{RECEIVER}", "referral", "dossier")


def handle_for(client: Client, record: Record) -> str:
    """The patient looked up by name and date of birth, as the dossier states them."""
    person = Citizen.objects.get(pk=record.citizen_id)
    birth = f"{person.birth_day:02d}/{person.birth_month:02d}/{person.birth_year}"
    return str(found(client, full_name=person.full_name, birth=birth)["patient"])


def test_a_record_of_a_third_facility_is_not_opened_by_its_id(desk: Desk) -> None:
    ours, mine = program(RECEIVER), Record.objects.get(kind="visit", facility_id=desk.facility.id)
    other = Record.objects.exclude(facility_id=desk.facility.id).get()
    answer = ours.get(f"/api/v1/patients/{handle_for(ours, mine)}/records/{other.id}/dossier")
    assert (answer.status_code, answer.json()["code"]) == (404, "YM-READ-RECORD")


def test_nobody_is_a_404_and_a_handle_of_another_facility_too() -> None:
    here, there = make_facility("01001"), make_facility("79001", province_code="79")
    make_record(make_patient(number=NUMBER), here)
    handle = found(program(here.code), number=NUMBER)["patient"]
    answer = program(there.code).post("/api/v1/patients:lookup", {"number": NUMBER}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "YM-READ-NOBODY")
    stranger = program(there.code).get(f"/api/v1/patients/{handle}/summary")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "YM-READ-HANDLE")
    assert program(here.code).get(f"/api/v1/patients/{handle}/summary").json()["basis"] == "own-record"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"birth": "00/00/1958", "full_name": "Đặng Thị Lan"}, "YM-READ-BIRTH"),
        ({}, "YM-READ-NOTHING-ASKED"),
        ({"number": "1"}, "YM-READ-NUMBER"),
    ],
)
def test_what_cannot_be_looked_for_has_a_code_of_its_own(body: dict[str, str], code: str) -> None:
    make_facility("01001")
    answer = program("01001").post("/api/v1/patients:lookup", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
