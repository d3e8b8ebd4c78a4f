"""The pages of people in a real browser, on a phone and a desk: no barrier, and from the list to an act and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import leave, look, open_as, overflow, speak, violations
from tests.support.site import seeded

pytestmark = pytest.mark.browser
PHONE, DESK = 390, 1440
LOOKS = {"day": (DESK, "light", "vi"), "night": (PHONE, "dark", "en")}


@pytest.fixture(scope="module")
def people_site() -> Iterator[str]:
    """A running site with one whole profile."""
    with seeded("seed_profiles.py") as address:
        yield address


def check(page: Page, site: str, at: str) -> None:
    """No barrier, on a desk by day in Vietnamese or on a phone by night in English; nothing wider than either window."""
    address = page.url
    for name, (width, scheme, language) in sorted(LOOKS.items(), reverse=True):  # the day last: the story is Vietnamese
        look(page, width, scheme)
        speak(page, site, language)
        page.goto(address)
        for more in page.locator("details.more > summary").all()[:2]:
            more.click()
        assert overflow(page) <= 0
        if name == at:
            assert violations(page) == []


def test_a_practitioner_confirms_what_waits_and_the_profile(browser: Browser, people_site: str) -> None:
    page = open_as(browser, people_site, "own", "/profile")
    check(page, people_site, "night")
    page.click("text=Xem và xác nhận")
    page.click("text=Xác nhận là đúng")
    page.goto(f"{people_site}/profile")
    page.click("#confirm .btn")
    page.wait_for_selector("text=mọi thứ còn đúng. Cảm ơn bạn.")
    expect(page.locator(".person-head .badge[data-state=accepted]")).to_have_count(2)
    leave(page)


def test_a_facility_goes_from_its_staff_to_a_person_and_changes_the_hours(browser: Browser, people_site: str) -> None:
    page = open_as(browser, people_site, "staff", "/")
    page.click(".side summary:has-text('hành nghề')")
    page.click(".side a[href='/staff']")
    check(page, people_site, "day")
    page.fill("#f-q", "hien")
    page.keyboard.press("Enter")
    page.click("#list tbody a")
    page.wait_for_selector("svg.week")
    check(page, people_site, "night")
    page.click("text=Đổi giờ hành nghề")
    expect(page).to_have_url(re.compile(r"/changes/new/schedule-change\?subject="))
    leave(page)


def test_a_facility_adds_somebody_by_licence_number(browser: Browser, people_site: str) -> None:
    page = open_as(browser, people_site, "staff", "/staff/add")
    page.fill("#f-licence", "000999/NA-GPHN")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Cao Bá Quát")
    check(page, people_site, "day")
    page.click("text=Đăng ký hành nghề tại cơ sở")
    expect(page).to_have_url(re.compile(r"/changes/new/practice-registration\?subject="))
    leave(page)


def test_a_department_reads_why_somebody_may_not_practise_on_a_phone(browser: Browser, people_site: str) -> None:
    page = open_as(browser, people_site, "staff", "/staff?q=kim+chi")
    address = page.get_attribute("#list tbody a", "href")
    leave(page)
    page = open_as(browser, people_site, "department", address or "")
    page.wait_for_selector("text=Cấm hành nghề từ ngày")
    page.wait_for_selector("text=Chuyển đổi sang giấy phép 000321/NA-GPHN")
    check(page, people_site, "night")
    leave(page)
