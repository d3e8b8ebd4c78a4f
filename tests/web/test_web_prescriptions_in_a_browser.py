"""A prescription in real browsers: written in a signed dossier, dispensed in two parts at two pharmacies, then no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with seeded("seed_prescriptions.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def test_two_pharmacies_dispense_and_the_doctors_facility_sees_it_all(browser: Browser, site: str) -> None:
    seat = Seat(browser, site)
    code = the_facility_reads_the_code(seat.open("facility", "/prescriptions"))
    the_pharmacy_hands_over(seat.open("pharmacy", "/dispensing", width=390), site, code, "10", left="28")
    first = seat.open("pharmacy", f"/dispensing?code={code}", width=390)
    assert violations(first) == []
    the_pharmacy_hands_over(seat.open("pharmacy-two", "/dispensing"), site, code, "18", left="18")
    the_third_attempt_is_refused(seat.open("pharmacy", f"/dispensing?code={code}", width=390))
    the_facility_sees_both(seat.open("facility", f"/prescriptions/{code}"))
    seat.leave()


def the_facility_reads_the_code(page: Page) -> str:
    page.click("#list tbody a")
    expect(page.locator(".lede")).to_have_text("Đơn thuốc")
    assert violations(page) == []
    return page.locator(".rx-code b").inner_text()


def the_pharmacy_hands_over(page: Page, site: str, code: str, quantity: str, *, left: str) -> None:
    page.fill("#f-code", f"{site}/dispensing?code={code}")  # as a scanner types it
    page.press("#f-code", "Enter")
    expect(page.locator("#f-quantity-1")).to_have_value(left)
    assert overflow(page) <= 0
    page.fill("#f-quantity-1", quantity)
    page.click("#save .btn.is-main")
    expect(page.locator(".toast")).to_contain_text(code)
    expect(page.locator("#today")).to_contain_text(f"{quantity} Viên")


def the_third_attempt_is_refused(page: Page) -> None:
    page.click("#look .btn")
    expect(page.locator("#f-code-e")).to_contain_text("Đơn này đã được bán hết")
    expect(page.locator("#f-quantity-1")).to_have_count(0)


def the_facility_sees_both(page: Page) -> None:
    expect(page.locator("#paper .badge")).to_have_text("Đã bán hết")
    for told in ("Nhà thuốc 99101 đã bán", "10 Viên", "Nhà thuốc 99102 đã bán", "18 Viên"):
        expect(page.locator("#happened")).to_contain_text(told)
