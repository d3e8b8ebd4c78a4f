"""A referral from a commune station to the central hospital and back, as both sides live it in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = pytest.mark.browser
PHONE = 390


@pytest.fixture(scope="module")
def exchange() -> Iterator[str]:
    """A site to which the station has sent its signed dossier."""
    with seeded("seed_referrals.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def looks_well(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == 0


def test_a_referral_goes_to_the_central_hospital_and_its_answer_comes_back(browser: Browser, exchange: str) -> None:
    seat = Seat(browser, exchange)
    hospital = seat.open("hospital", "/referrals", width=PHONE, scheme="dark")
    assert overflow(hospital) == 0
    hospital.locator("#list tbody a").first.click()
    expect(hospital.locator(".badge.is-large")).to_contain_text("Nơi nhận đã xem")
    looks_well(hospital)

    hospital.locator("main summary").click()
    hospital.fill("#f-suggested_code", "00000")
    hospital.get_by_role("button", name="Không nhận, báo nơi chuyển").click()
    expect(hospital.locator("#f-reason-e")).to_be_visible()
    expect(hospital.locator("#f-suggested_code")).to_have_value("00000")

    hospital.fill("#f-note", "Khoa Nội đón ở cổng cấp cứu")
    hospital.get_by_role("button", name="Nhận người bệnh").click()
    expect(hospital.locator(".badge.is-large")).to_contain_text("Nhận người bệnh")
    hospital.get_by_role("link", name="Đọc hồ sơ chuyển đến").click()
    expect(hospital.locator(".basis")).to_contain_text("được chuyển tới cơ sở bạn để điều trị")
    hospital.go_back()
    hospital.get_by_role("button", name="Người bệnh đã đến").click()
    hospital.fill("#f-text", "Viêm phổi nặng, đã thở oxy; theo dõi SpO2 tại nhà.")
    hospital.get_by_role("button", name="Gửi phản hồi").click()
    expect(hospital.locator(".badge.is-large")).to_contain_text("Đã phản hồi")

    station = seat.open("station", "/notices")
    station.locator("#unread li", has_text="đã phản hồi về người bệnh bạn chuyển").get_by_role("button").click()
    expect(station.locator("#answered")).to_contain_text("theo dõi SpO2 tại nhà")
    expect(station.locator(".badge.is-large")).to_contain_text("Xong")
    expect(station.locator("#steps li")).to_have_count(6)
    looks_well(station)
    station.goto(f"{exchange}/appointments?view=week&at=2026-11-27")
    expect(station.locator(".calendar .visit")).to_have_count(1)
    looks_well(station)
    station.locator(".calendar .visit").click()
    looks_well(station)
    seat.leave()
