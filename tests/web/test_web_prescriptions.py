"""The pages of prescriptions: what a facility sees of its own, what a pharmacy's counter does with a code."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.intake import open_desk
from tests.support.prescriptions import Counter, of_yesterday, open_pharmacy, prescribe

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.exchange.prescriptions.models import Dispensing, Prescription
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db


def staff_of(facility: Facility) -> Client:
    return signed_in(Role.FACILITY, facility.code, facility_id=facility.id)


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


def words(client: Client, path: str, form: dict[str, str] | None = None, status: int = 200) -> str:
    answer = client.post(path, form) if form else client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_code_is_looked_up_dispensed_and_undone_at_the_counter(one: Prescription, counter: Counter) -> None:
    client = staff_of(counter.facility)
    assert client.get("/")["Location"] == "/dispensing"
    page = words(client, "/dispensing", {"do": "look", "code": f"https://ymach.test/dispensing?code={one.code}"})
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    form = {"do": "dispense", "code": one.code, "key": key[1], "pharmacist": counter.pharmacist}
    over = words(client, "/dispensing", {**form, "quantity-1": "28,5", "batch-1": "LÔ7"}, 409)
    assert all(kept in over for kept in ("28,5", "LÔ7", key[1], "chỉ còn 28"))
    for _ in range(2):  # pressed twice
        assert client.post("/dispensing", {**form, "quantity-1": "20,5"})["Location"] == "/dispensing"
    done = Dispensing.objects.get()
    assert "20,5 Viên" in words(client, "/dispensing")
    assert "Ghi lý do" in words(client, f"/dispensing/{one.code}/{done.id}", {"reason": ""}, 422)
    assert client.post(f"/dispensing/{one.code}/{done.id}", {"reason": "đổi thuốc"}).status_code == 302
    assert "đã hoàn" in words(client, "/dispensing")


def test_the_facility_sees_its_prescriptions_and_nobody_elses(one: Prescription, counter: Counter) -> None:
    mine, other = staff_of(Facility.objects.get(code="99003")), staff_of(counter.facility)
    assert mine.get("/")["Location"] == "/today"
    assert one.code in words(mine, "/prescriptions")
    assert one.code not in words(mine, "/prescriptions?state=dispensed")
    assert one.code in words(mine, f"/prescriptions?q={one.dossier_code}&format=csv")
    assert 'class="qr"' in words(mine, f"/prescriptions/{one.code}")
    assert one.code not in words(other, "/prescriptions")
    assert "YM-PRESCRIPTION-UNKNOWN" in words(other, f"/prescriptions/{one.code}", status=404)


def test_what_cannot_be_dispensed_is_said_beside_the_code(one: Prescription, counter: Counter) -> None:
    client = staff_of(counter.facility)
    assert "Không có đơn thuốc nào mang mã này" in words(client, "/dispensing", {"code": "99003zzzzzzz-c"}, 422)
    Prescription.objects.filter(code=one.code).update(state="cancelled")
    page = words(client, "/dispensing", {"code": one.code}, 422)
    assert "đã hủy đơn này" in page
    assert "LÝ THỊ" not in page
