"""A doctor in a real browser: denied, allowed by a referral, an emergency with its review."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STRANGER = "001158000412"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with seeded("seed_patients.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def looks_well(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == 0


def test_a_doctor_is_denied_referred_allowed_and_opens_in_an_emergency_that_is_reviewed(
    browser: Browser, site: str
) -> None:
    seat = Seat(browser, site)
    doctor = seat.open("doctor", "/patients")
    finds_nobody(doctor)
    reads_under_a_referral(doctor, site)
    opens_in_an_emergency(doctor, site)
    reviews(seat.open("head", "/emergencies", width=390, scheme="dark"))
    patient = seat.open("patient", "/notices")
    expect(patient.locator("main")).to_contain_text("không có lý do chính đáng")
    seat.leave()


def finds_nobody(doctor: Page) -> None:
    doctor.fill("#f-number", "000000000000")
    doctor.get_by_role("button", name="Tìm", exact=True).click()
    expect(doctor.locator("#f-number-e")).to_contain_text("Chưa đọc được mã này")
    doctor.fill("#f-number", STRANGER)
    doctor.get_by_role("button", name="Tìm", exact=True).click()
    expect(doctor.get_by_role("alert")).to_contain_text("Không tìm thấy ai mà bạn được xem")
    looks_well(doctor)


def reads_under_a_referral(doctor: Page, site: str) -> None:
    doctor.goto(f"{site}/patients")
    doctor.fill("#f-full_name", "pham van chuyen")
    doctor.fill("#f-birth", "00/00/1960")
    doctor.get_by_role("button", name="Tìm theo tên").click()
    expect(doctor.locator("#f-birth-e")).to_be_visible()
    doctor.fill("#f-birth", "1/2/1960")
    doctor.get_by_role("button", name="Tìm theo tên").click()
    expect(doctor.locator(".basis")).to_contain_text("Bạn đang xem theo: giấy chuyển cơ sở")
    expect(doctor.locator(".alerts")).to_contain_text("Dị ứng NẶNG: Penicillin")
    expect(doctor.locator(".basis .hid")).to_contain_text("Có dữ liệu không hiện ra")
    expect(doctor.locator("#results")).to_contain_text("HbA1c")
    looks_well(doctor)
    doctor.locator("#moves a").first.click()
    expect(doctor.locator(".basis")).to_contain_text("giấy chuyển cơ sở")
    looks_well(doctor)


def opens_in_an_emergency(doctor: Page, site: str) -> None:
    doctor.goto(f"{site}/patients")
    doctor.locator("main summary").click()
    doctor.fill("#f-number", STRANGER)
    doctor.select_option("#f-kind", "unconscious")
    doctor.get_by_role("button", name="Tôi chịu trách nhiệm").click()
    expect(doctor.locator("#f-reason-e")).to_contain_text("Ghi tình trạng lúc này")
    expect(doctor.locator("#f-number")).to_have_value(STRANGER)
    doctor.fill("#f-reason", "Hôn mê, cần biết thuốc đang dùng")
    doctor.get_by_role("button", name="Tôi chịu trách nhiệm").click()
    expect(doctor.locator(".basis")).to_contain_text("mở khẩn cấp")
    expect(doctor.locator(".basis .until")).to_contain_text(
        "một người khác ở cơ sở bạn, Sở Y tế hoặc bên kiểm tra sẽ xem lại"
    )
    expect(doctor.locator("#medicines")).to_contain_text("Metformin")
    expect(doctor.locator("main")).not_to_contain_text("Bí mật")


def reviews(head: Page) -> None:
    head.locator("#list tbody a").first.click()
    expect(head.locator("#read")).to_contain_text("trang tóm tắt người bệnh")
    head.get_by_role("button", name="Ghi kết luận").click()
    expect(head.get_by_role("alert")).to_contain_text("Chọn: có lý do chính đáng, hoặc không")
    head.get_by_label("Không chính đáng").check()
    head.fill("#f-note", "Người bệnh tỉnh, hỏi được")
    looks_well(head)
    head.get_by_role("button", name="Ghi kết luận").click()
    expect(head.locator(".badge.is-large")).to_contain_text("Không chính đáng")
