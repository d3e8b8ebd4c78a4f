"""Consents from a desk's software: recorded, waiting for a child, withdrawn, refused."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.support.changing import pdf
from tests.support.factories import make_facility
from tests.support.patients import make_patient
from tests.support.people import BY, make_proxy

from ymach.base.clock import now
from ymach.citizens.models import Citizen
from ymach.consent.models import Consent, Withdrawal
from ymach.exchange.events.models import StreamEvent
from ymach.exchange.events.sequencing import catch_up
from ymach.exchange.platform import access_tokens
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
LAN = {"number": "001158000301", "full_name": "Đặng Thị Ngọc Lan"}
AN = {"number": "001318000302", "full_name": "Trần Minh An"}
SCAN = base64.b64encode(pdf()).decode()


@pytest.fixture
def here() -> Facility:
    make_patient(number=LAN["number"])
    return make_facility()


@pytest.fixture
def program(here: Facility) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(here.code, at=now())}"})


def body(**changes: Any) -> dict[str, Any]:
    made = {
        "patient": LAN,
        "capacity": "self",
        "purpose": "treatment",
        "facilities": ["01001"],
        "text_version": "treatment-2026-1",
        "signer": LAN["full_name"],
        "paper": SCAN,
    }
    return {**made, **changes}


def post(client: Client, door: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/{door}", said, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_signed_paper_is_recorded_and_withdrawn(program: Client) -> None:
    status, told = post(program, "consents", body())
    assert (status, told["state"]) == (201, "in-force")
    assert told["receipt"].count(".") == 2
    status, over = post(program, "consents:withdraw", {"patient": LAN, "consent": told["id"]})
    assert (status, over["state"]) == (200, "withdrawn")
    assert post(program, "consents:withdraw", {"patient": LAN, "consent": told["id"]})[0] == 409


def test_a_childs_consent_waits_unless_the_child_has_signed(program: Client) -> None:
    child = make_patient(AN["full_name"], born=date(2018, 3, 9), number=AN["number"])
    mother = Citizen.objects.get(full_name=LAN["full_name"])
    Citizen.objects.filter(pk=mother.pk).update(birth_year=1990)
    make_proxy(Citizen.objects.get(pk=child), mother, by=BY, at=now())
    said = body(patient=AN, giver=LAN, capacity="parent")
    assert post(program, "consents", said)[1]["state"] == "waiting"
    signed = post(
        program, "consents", {**said, "purpose": "insurance", "text_version": "insurance-2026-1", "child_signed": True}
    )
    assert signed[1]["state"] == "in-force"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"patient": {**LAN, "full_name": "Lê Văn Khác"}}, 404, "YM-READ-NOBODY"),
        ({"patient": {**LAN, "number": "001158000999"}}, 404, "YM-READ-NOBODY"),
        ({"facilities": ["99999"]}, 422, "YM-CONSENT-RECIPIENT-UNKNOWN"),
        ({"facilities": []}, 422, "YM-CONSENT-RECIPIENT"),
        ({"paper": "not base64!"}, 422, "YM-CONSENT-SIGNATURE"),
        ({"paper": base64.b64encode(b"MZ").decode()}, 422, "YM-EVIDENCE-TYPE"),
        ({"text_version": "treatment-2025-9"}, 409, "YM-CONSENT-TEXT"),
        ({"until": "2020-01-01"}, 422, "YM-CONSENT-PERIOD"),
        ({"capacity": "guardian"}, 422, "YM-CONSENT-NOT-PROXY"),
        ({"purpose": "sale"}, 422, "YM-CONSENT-PURPOSE"),
    ],
)
def test_what_is_refused_says_why(program: Client, changes: dict[str, Any], status: int, code: str) -> None:
    answered, told = post(program, "consents", body(**changes))
    assert (answered, told["code"]) == (status, code)
    assert not Consent.objects.exists()


def test_another_facility_withdraws_nothing(program: Client) -> None:
    _, told = post(program, "consents", body())
    make_facility("01002")
    other = Client(headers={"Authorization": f"Bearer {access_tokens().issue('01002', at=now())}"})
    assert post(other, "consents:withdraw", {"patient": LAN, "consent": told["id"]})[0] == 404
    assert not Withdrawal.objects.exists()


def test_followers_are_told_of_a_withdrawal_without_the_person(program: Client) -> None:
    _, told = post(program, "consents", body())
    post(program, "consents:withdraw", {"patient": LAN, "consent": told["id"], "reason": "Bị hen"})
    catch_up(at=now())
    event = StreamEvent.objects.get(kind="consent:withdrawn")
    assert (event.facility_code, event.subject, event.detail) == ("01001", f"consent:{told['id']}", {})
