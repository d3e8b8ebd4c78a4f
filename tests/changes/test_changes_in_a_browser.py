"""The department's day in a real browser: many approved by keyboard alone, on a phone, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import open_as, overflow, violations
from tests.support.site import seeded

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = 390


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """The address of a site with four requests, three of them ready to be decided."""
    with seeded("seed_changes.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def press_until(page: Page, selector: str, most: int = 80) -> None:
    """Go on by Tab until the element has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


@pytest.mark.parametrize("path", ["/worklist", "/deadlines", "/changes"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_department_fit_a_phone_and_have_no_barrier(
    browser: Browser, office: str, path: str, scheme: str
) -> None:
    page = open_as(browser, office, "department", path, width=PHONE, scheme=scheme)
    assert overflow(page) == 0
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize(
    "path", ["/deadlines", "/changes/import", "/changes/new/practice-registration?licence=000771/HN-GPHN"]
)
def test_pages_of_a_facility_fit_a_phone_and_have_no_barrier(browser: Browser, office: str, path: str) -> None:
    page = open_as(browser, office, "facility", path, width=PHONE)
    assert overflow(page) == 0
    assert violations(page) == []
    page.context.close()


def test_warnings_and_the_day_of_publication_are_where_one_decides(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "department", "/worklist", width=PHONE)
    page.locator("tbody th > a").first.click()
    expect(page.locator("#warnings-title")).to_be_visible()
    expect(page.locator("#f-publish_on")).to_be_visible()
    assert overflow(page) == 0
    assert violations(page) == []
    page.context.close()


def test_two_are_approved_at_once_by_keyboard_on_a_phone(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "department", "/worklist", width=PHONE)
    before = page.locator("input[name=chosen]").count()
    for number in range(2):
        press_until(page, f"tr:nth-of-type({number + 1}) input[name=chosen]")
        page.keyboard.press("Space")
    expect(page.locator("input[name=chosen]:checked")).to_have_count(2)
    press_until(page, "#f-decision_number")
    page.keyboard.type("12/QĐ-SYT")
    press_until(page, "button[value=approve]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/worklist/decide")
    assert overflow(page) == 0
    assert violations(page) == []
    page.goto(f"{office}/worklist")
    expect(page.locator("input[name=chosen]")).to_have_count(before - 2)
    page.context.close()
