"""A dossier after its receipt in a real browser: versions side by side, cancelled on a phone, told why on every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with seeded("seed_corrections.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def test_a_facility_reads_what_changed_and_takes_its_dossier_back(browser: Browser, site: str) -> None:
    seat = Seat(browser, site)
    page = seat.open("facility", "/corrections", width=390)
    expect(page.locator("#registry")).to_contain_text("3 hồ sơ xét lại")
    assert overflow(page) == 0
    page.goto(f"{site}/submissions?q=99001.26.0001234")
    page.locator("table tbody a").first.click()
    page.get_by_role("link", name="Đọc hồ sơ").click()
    page.locator("#versions summary").click()
    expect(page.locator(".differences ins")).to_contain_text("Tái khám sau 5 ngày")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("#versions").get_by_role("link", name="Hủy hồ sơ").click()
    assert (violations(page), overflow(page)) == ([], 0)
    page.fill("#f-reason", "Gửi nhầm lượt khám")
    page.get_by_role("button", name="Hủy hồ sơ").click()
    expect(page.locator("#later")).to_contain_text("Gửi nhầm lượt khám")
    page.goto(f"{site}/corrections?cause=cancelled")
    expect(page.locator("#list")).to_contain_text("Gửi nhầm lượt khám")
    assert (violations(page), overflow(page)) == ([], 0)
    seat.leave()
