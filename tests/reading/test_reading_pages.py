"""The pages: what a doctor is shown, what is refused, what a refusal keeps."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.support.factories import make_facility
from tests.support.patients import make_patient, make_record, make_referral
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.exchange.reading.models import Emergency
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
NUMBER = "001158000412"
EMERGENCY = {"kind": "unconscious", "reason": "Hôn mê sau tai nạn, cần biết thuốc"}


@pytest.fixture
def here() -> Facility:
    return make_facility("01001")


@pytest.fixture
def there() -> Facility:
    return make_facility("79001", province_code="79", name="Phòng khám Ban Mai")


@pytest.fixture
def patient(there: Facility) -> UUID:
    made, at = make_patient(number=NUMBER), now() - timedelta(days=3)
    values = [["", "HbA1c", "8.6", "%", None]]
    make_record(made, there, at=at, diagnosis="E11.9", diagnosis_text="Đái tháo đường", reason="Mệt", values=values)
    make_record(made, there, kind="prescription", at=at, lines=[{"name": "Metformin", "dosage": "2 viên * 30 ngày"}])
    make_record(made, there, kind="health-book", at=at, allergies=[{"substance": "Penicillin", "criticality": "high"}])
    make_record(made, there, compartment="hiv", at=at, diagnosis="B20", diagnosis_text="Ngăn riêng bí mật")
    return made


@pytest.fixture
def doctor(here: Facility) -> Client:
    return reader(Role.FACILITY, "bac-si", facility_id=here.pk)


def test_a_doctor_is_denied_then_referred_then_sees_what_matters(
    doctor: Client, patient: UUID, here: Facility, there: Facility
) -> None:
    denied = doctor.post("/patients", {"number": NUMBER})
    assert "Không tìm thấy ai mà bạn được xem" in denied.content.decode()
    make_referral(patient, there, here, at=now())
    page = doctor.post("/patients", {"number": NUMBER}, follow=True).content.decode()
    for shown in (
        "Đặng Thị Ngọc Lan",
        "Dị ứng NẶNG: Penicillin",
        "giấy chuyển cơ sở của Phòng khám Ban Mai",
        "Metformin",
    ):
        assert shown in page
    assert "Có dữ liệu không hiện ra với bạn" in page
    assert "Ngăn riêng bí mật" not in page
    assert NUMBER not in page


def test_the_list_of_everything_goes_by_the_address_and_into_a_file(
    doctor: Client, patient: UUID, here: Facility, there: Facility
) -> None:
    make_referral(patient, there, here, at=now())
    address = doctor.post("/patients", {"number": NUMBER})["Location"]
    narrowed = doctor.get(f"{address}?kind=prescription&q=metFORmin").content.decode().split('id="records"')[1]
    assert "<b>1</b>" in narrowed
    assert "Không có hồ sơ nào khớp" in doctor.get(f"{address}?q=khongco").content.decode()
    rows = doctor.get(f"{address}?format=csv&table=results").getvalue().decode()
    assert "HbA1c,8.6,%" in rows


def test_the_form_keeps_what_was_typed_and_puts_the_error_beside_its_field(doctor: Client) -> None:
    refused = doctor.post("/patients", {"full_name": "Đặng Thị Lan", "birth": "00/00/1958"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'value="00/00/1958"' in page
    assert 'id="f-birth-e"' in page
    nothing = doctor.post("/patients/emergency", {}).content.decode()
    assert all(f'id="f-{name}-e"' in nothing for name in ("number", "kind", "reason"))


def test_an_emergency_opens_what_a_look_up_does_not_and_needs_a_reason(doctor: Client, patient: UUID) -> None:
    refused = doctor.post("/patients/emergency", {"number": NUMBER, "kind": "life", "reason": "gấp"})
    assert (refused.status_code, Emergency.objects.count()) == (422, 0)
    assert f'value="{NUMBER}"' in refused.content.decode()
    page = doctor.post("/patients/emergency", {"number": NUMBER, **EMERGENCY}, follow=True).content.decode()
    assert "mở khẩn cấp" in page
    assert "Metformin" in page
    assert "Ngăn riêng bí mật" not in page


def test_an_emergency_for_nobody_is_the_same_sentence(doctor: Client) -> None:
    page = doctor.post("/patients/emergency", {"number": "001158000499", **EMERGENCY}).content.decode()
    assert "Không tìm thấy ai mà bạn được xem" in page
    assert Emergency.objects.count() == 0


def test_an_address_of_a_patient_is_of_no_use_to_a_colleague_elsewhere(
    doctor: Client, patient: UUID, here: Facility
) -> None:
    address = doctor.post("/patients/emergency", {"number": NUMBER, **EMERGENCY})["Location"]
    assert doctor.get(address).status_code == 200
    other = reader(Role.FACILITY, "khac", facility_id=here.pk)
    assert other.get(address).status_code == 404


def test_what_was_open_and_is_no_more_says_why(doctor: Client, patient: UUID, here: Facility, there: Facility) -> None:
    sent = make_referral(patient, there, here, at=now())
    address = doctor.post("/patients", {"number": NUMBER})["Location"]
    type(sent).objects.filter(id=sent.id).update(state="withdrawn")
    closed = doctor.get(address)
    assert closed.status_code == 403
    assert "Chưa có căn cứ để đọc" in closed.content.decode()


def test_a_reviewer_finds_it_in_the_list_and_decides_and_the_opener_cannot(
    doctor: Client, patient: UUID, here: Facility
) -> None:
    doctor.post("/patients/emergency", {"number": NUMBER, **EMERGENCY}, follow=True)
    (one,) = Emergency.objects.all()
    assert "Bạn là người mở" in doctor.get(f"/emergencies/{one.id}").content.decode()
    head = reader(Role.DEPARTMENT, "so", province_code="01")
    assert str(one.id) in head.get("/emergencies").content.decode()
    refused = head.post(f"/emergencies/{one.id}", {"verdict": "justified", "note": ""})
    assert refused.status_code == 422
    assert "trang tóm tắt người bệnh" in refused.content.decode()
    head.post(f"/emergencies/{one.id}", {"verdict": "not-justified", "note": "Không phải cấp cứu"})
    assert "Không phải cấp cứu" in head.get(f"/emergencies/{one.id}").content.decode()
    assert "Không có lần mở nào" in head.get("/emergencies").content.decode()
