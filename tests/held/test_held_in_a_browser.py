"""What is held, as a department and the ministry work with it: a real Chromium on the running site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import leave, open_as, overflow, violations
from tests.support.site import seeded

from ymach.base.clock import now, vietnam_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def held_site() -> Iterator[str]:
    """A site of its own, with a week of held dossiers."""
    with seeded("seed_held.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def sound(page: Page) -> None:
    assert (violations(page), overflow(page)) == ([], 0)


def test_department_decides_and_the_facility_knows(browser: Browser, held_site: str) -> None:
    page = open_as(browser, held_site, "department", "/held", width=390)
    sound(page)
    before = page.locator(".held-queue input[name=chosen]").count()  # the page has been looked at: it is there
    for place in (0, 1):
        page.locator("input[name=chosen]").nth(place).check()
    page.fill("#f-reason", "sai")
    page.click("button[value=return]")
    expect(page.locator("#f-reason-e")).to_be_visible()
    expect(page.locator("input[name=chosen]:checked")).to_have_count(2)
    page.fill("#f-reason", "Ghi đúng số giấy phép của bác sĩ rồi gửi lại.")
    page.click("button[value=return]")
    expect(page.locator("#results [data-state=waiting]")).to_have_count(2)
    page.goto(f"{held_site}/held")
    expect(page.locator("input[name=chosen]")).to_have_count(before - 2)
    page.locator(".held-queue tr", has=page.locator(".good")).first.locator("th a").click()
    expect(page.locator("#registry .good").first).to_be_visible()
    sound(page)
    page.click("button[value=release]")
    expect(page.locator("#decided")).to_be_visible()
    page.goto(f"{held_site}/quality?week={vietnam_day(now() - timedelta(days=7)).isoformat()}")
    expect(page.locator("#facilities")).to_be_visible()
    sound(page)
    leave(page)
    page = open_as(browser, held_site, "facility", "/held/own?state=returned", width=390)
    expect(page.locator(".held-queue")).to_contain_text("Ghi đúng số giấy phép")
    assert overflow(page) == 0
    leave(page)


def test_ministry_changes_the_policy_with_four_eyes(browser: Browser, held_site: str) -> None:
    page = open_as(browser, held_site, "ministry", "/policies")
    page.click('a[href="/policies/YM-STA-AUTHOR-SUSPENDED"]')
    page.select_option("#f-outcome", "rejected")
    page.fill("#f-decision_number", "1234/QĐ-BYT")
    page.fill("#f-reason", "Người bị đình chỉ không được ghi hồ sơ.")
    page.click("#draft .btn")
    expect(page.locator("#shifts")).to_be_visible()
    sound(page)
    number = page.locator("#propose b").inner_text()
    page.fill("#f-number", number)
    page.click("button[value=propose]")
    expect(page.locator("#waits")).to_be_visible()
    address = page.url
    leave(page)
    path = address.removeprefix(held_site)
    page = open_as(browser, held_site, "ministry-two", path, scheme="dark", language="en")
    sound(page)
    page.click("button[value=confirm]")
    expect(page.locator(".badge[data-state=accepted]").first).to_contain_text("Confirmed")
    page.goto(f"{held_site}/held/provinces")
    assert overflow(page) == 0
    leave(page)
