"""Prescriptions for programs: the facility learns its codes, a pharmacy looks up, dispenses, takes back."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.support.intake import open_desk
from tests.support.prescriptions import Counter, of_yesterday, open_pharmacy, prescribe

from ymach.base.clock import now
from ymach.exchange.platform import access_tokens
from ymach.exchange.prescriptions.models import Prescription

pytestmark = pytest.mark.django_db


def machine(code: str) -> Client:
    token = access_tokens().issue(code, at=now(), scopes=[])
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.fixture(scope="module")
def _opened_counter(_kept_rows: None) -> Counter:
    return open_pharmacy()


@pytest.fixture
def counter(_opened_counter: Counter) -> Counter:
    return deepcopy(_opened_counter)


@pytest.fixture(scope="module")
def _opened_one(_kept_rows: None) -> Prescription:
    return prescribe(open_desk("99003"), of_yesterday(), now())


@pytest.fixture
def one(_opened_one: Prescription) -> Prescription:
    return deepcopy(_opened_one)


def dispense(client: Client, code: str, quantity: str, key: str = "k-1", **changes: Any) -> HttpResponse:
    body = {"lines": [{"line": 1, "quantity": quantity, "batch": "A1"}], "pharmacist": "000101/NA-CCHND", **changes}
    address = f"/api/v1/prescriptions/{code}/dispensings"
    return client.post(address, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_a_prescription_from_its_submission_to_its_last_tablet(one: Prescription, counter: Counter) -> None:
    facility, pharmacy = machine("99003"), machine("99101")
    (told,) = facility.get(f"/api/v1/prescriptions?submission={one.submission_id}").json()["prescriptions"]
    assert (told["code"], told["state"]) == (one.code, "issued")
    seen = pharmacy.post("/api/v1/prescriptions:lookup", {"code": told["code"]}, content_type="application/json").json()
    assert (seen["lines"][0]["left"], seen["patient"]["name"]) == ("28", "LÝ THỊ DỮ LIỆU")
    assert not {"dossier", "submission"} & seen.keys()
    first, again = (dispense(pharmacy, one.code, "10") for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 200, "true")
    assert first.content == again.content
    assert dispense(pharmacy, one.code, "18.5", "k-2").json()["code"] == "YM-PRESCRIPTION-TOO-MUCH"
    undone = pharmacy.post(
        f"/api/v1/prescriptions/{one.code}/dispensings/{first.json()['id']}/undo",
        {"reason": "trả lại thuốc"},
        content_type="application/json",
    )
    assert undone.json()["undone_why"] == "trả lại thuốc"
    assert dispense(pharmacy, one.code, "28", "k-3").json()["state"] == "dispensed"
    whole = facility.get(f"/api/v1/prescriptions/{one.code}").json()
    assert (whole["state"], [bool(done["undone_at"]) for done in whole["dispensings"]]) == ("dispensed", [True, False])
    assert pharmacy.get(f"/api/v1/prescriptions/{one.code}").json()["code"] == "YM-PRESCRIPTION-UNKNOWN"


@pytest.mark.parametrize(
    ("code", "changes", "status", "told"),
    [
        ("99003zzzzzzz-c", {}, 404, "YM-PRESCRIPTION-UNKNOWN"),
        ("99003", {}, 422, "YM-PRESCRIPTION-CODE"),
        ("", {"lines": [{"line": 1, "quantity": "một"}]}, 422, "YM-PRESCRIPTION-QUANTITY"),
        ("", {"pharmacist": ""}, 422, "YM-PRESCRIPTION-PHARMACIST-MISSING"),
        ("", {"lines": [{"line": 0, "quantity": "1"}]}, 422, "YM-REQ-PARAMETER"),
    ],
)
def test_what_is_wrong_has_its_code(
    one: Prescription, counter: Counter, code: str, changes: dict[str, Any], status: int, told: str
) -> None:
    answer = dispense(machine("99101"), code or one.code, "1", **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, told)
