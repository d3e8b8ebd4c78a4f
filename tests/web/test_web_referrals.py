"""The pages of referrals and appointments: whose they are, what is withheld, what a refusal keeps."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from tests.support.intake import AT, RECEIVER, example, open_desk
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.base.clock import vietnam_day
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_sent(_kept_rows: None) -> Referral:
    desk = open_desk("99002")
    desk.send_one(desk.sign(example("02-inpatient-referral.xml")))
    return Referral.objects.get()


@pytest.fixture
def sent(_opened_sent: Referral) -> Referral:
    return deepcopy(_opened_sent)


def of(code: str) -> Client:
    return reader(Role.FACILITY, f"staff-{code}", facility_id=Facility.objects.get(code=code).pk)


def test_the_receivers_first_look_is_a_step_and_who_has_no_part_in_it_finds_nothing(sent: Referral) -> None:
    assert of(RECEIVER).get(f"/referrals/{sent.id}").status_code == 200
    open_desk("99003", authors=())
    assert of("99003").get(f"/referrals/{sent.id}").status_code == 404
    sent.refresh_from_db()
    assert sent.state == "seen"


def test_a_patient_on_the_way_stands_first_in_the_receivers_day_until_it_answers(sent: Referral) -> None:
    client = of(RECEIVER)
    todo = client.get("/today").content.decode().split('<ul class="todo">')[1].split("</ul>")[0]
    assert "1 giấy chuyển đến chờ trả lời." in todo
    assert "1 giấy đã quá hạn trả lời." in todo
    assert f"/referrals/{sent.id}" in client.get("/referrals?state=open&late=1").content.decode()
    client.post(f"/referrals/{sent.id}", {"do": "accept"})
    assert "chờ trả lời" not in client.get("/today").content.decode()


def test_the_sender_of_an_overdue_paper_is_told_what_to_do_and_steps_name_places(sent: Referral) -> None:
    page = of("99002").get(f"/referrals/{sent.id}").content.decode()
    assert "Nơi nhận chưa trả lời đúng hạn" in page
    steps = page.split('id="steps"')[1]
    assert Facility.objects.get(code="99002").name in steps


def test_a_restricted_compartment_is_withheld_in_list_page_and_records(sent: Referral) -> None:
    Referral.objects.update(compartment="hiv")
    client, secret = of(RECEIVER), sent.diagnosis_text
    for address in ("/referrals", f"/referrals/{sent.id}", f"/referrals/{sent.id}/records"):
        page = client.get(address).content.decode()
        assert secret not in page
        assert "không hiện" in page
        assert "HIV" not in page


def test_a_refused_answer_keeps_what_was_typed_beside_the_field(sent: Referral) -> None:
    client = of(RECEIVER)
    client.post(f"/referrals/{sent.id}", {"do": "accept"})
    answer = client.post(f"/referrals/{sent.id}", {"do": "answer", "text": "x" * 5000, "may_read_visit": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "x" * 5000 in page
    assert "dài quá 4000 ký tự" in page
    assert 'name="may_read_visit" value="1" checked' in page


def test_who_declines_or_moves_is_told_everything_that_is_wrong_at_once(sent: Referral) -> None:
    row = Appointment.objects.get(facility_id=sent.facility_id)
    declined = of(RECEIVER).post(f"/referrals/{sent.id}", {"do": "decline", "suggested_code": "98Z98"})
    moved = of("99002").post(f"/appointments/{row.id}", {"do": "move", "on_day": "31/31/2026"})
    for answer, names in ((declined, ("reason", "suggested_code")), (moved, ("on_day", "reason"))):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert all(f'href="#f-{name}"' in page and f'id="f-{name}-e"' in page for name in names)


def test_an_appointment_is_moved_on_its_page_and_a_wrong_day_is_refused(sent: Referral) -> None:
    row = Appointment.objects.get(facility_id=sent.facility_id)
    later = vietnam_day(AT) + timedelta(days=400)
    client, address = of("99002"), f"/appointments/{row.id}"
    refused = client.post(address, {"do": "move", "on_day": "31/31/2026", "reason": "Bác sĩ nghỉ"})
    assert (refused.status_code, "31/31/2026" in refused.content.decode()) == (422, True)
    assert (
        client.post(address, {"do": "move", "on_day": f"{later:%d/%m/%Y}", "reason": "Bác sĩ nghỉ"}).status_code == 302
    )
    week = client.get("/appointments", {"view": "week", "at": later.isoformat()})
    assert week.content.decode().count('<a class="visit"') == 1
    sheet = client.get("/appointments", {"at": later.isoformat(), "format": "csv"})
    assert row.number in sheet.content.decode("utf-8-sig")
    assert of(RECEIVER).get(address).status_code == 404


def test_the_dossiers_page_leads_to_its_referral_and_to_the_week_of_its_appointment(sent: Referral) -> None:
    page = of("99002").get(f"/submissions/{sent.submission_id}/dossiers/0").content.decode()
    assert 'href="/referrals?way=out"' in page
    assert 'href="/appointments?view=week&amp;at=2026-11-27"' in page
