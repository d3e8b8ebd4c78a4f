"""Changes in a real browser, on a phone: many approved by keyboard alone, a person looked up by number at the form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.population.population_people import BICH
from tests.support.browser import leave, open_as, overflow, violations
from tests.support.site import seeded

from ymach.sandbox.http import serving as serving_partner
from ymach.sandbox.population import TOKEN, PopulationDatabase

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = 390
ENROL = "/changes/new/enrol-practitioner"


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """A site with four requests, three of them ready to be decided, and a population database that knows Bích."""
    with serving_partner(PopulationDatabase([BICH], odd=False)) as population:
        settings = {"YMACH_POPULATION_URL": population, "YMACH_POPULATION_TOKEN": TOKEN}
        with seeded("seed_changes.py", YMACH_SECOND_FACTOR="offered", **settings) as address:
            yield address


def press_until(page: Page, selector: str, most: int = 80) -> None:
    """Go on by Tab until the element has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


@pytest.mark.parametrize(
    ("username", "path", "scheme"),
    [
        ("department", "/worklist", "dark"),
        ("department", "/deadlines", "light"),
        ("facility", "/changes/new/practice-registration?licence=000771/HN-GPHN", "dark"),
    ],
)
def test_pages_fit_a_phone_and_have_no_barrier(
    browser: Browser, office: str, username: str, path: str, scheme: str
) -> None:
    page = open_as(browser, office, username, path, width=PHONE, scheme=scheme)
    assert overflow(page) == 0
    assert violations(page) == []
    leave(page)


def test_warnings_and_the_day_of_publication_are_where_one_decides(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "department", "/worklist", width=PHONE)
    page.locator("tbody th > a").first.click()
    expect(page.locator("#warnings-title")).to_be_visible()
    expect(page.locator("#f-publish_on")).to_be_visible()
    assert overflow(page) == 0
    assert violations(page) == []
    leave(page)


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
    leave(page)


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_is_filled_in_and_stands_fast(browser: Browser, office: str, script: bool) -> None:
    page = open_as(browser, office, "facility", ENROL, width=PHONE, script=script)
    page.fill("#f-personal_number", BICH.number)
    page.fill("#f-issuer", "Bộ Y tế")
    page.click("#lookup")
    expect(page.locator("[data-said='unnamed']")).to_be_visible()
    page.fill("#f-full_name", "tran thi bich")
    page.click("#lookup")
    expect(page.locator("[data-said='match']")).to_contain_text("Cơ sở dữ liệu quốc gia về dân cư")
    expect(page.locator("#f-full_name")).to_have_value(BICH.full_name)
    expect(page.locator("#f-birth_date")).to_have_value("17/05/1985")
    expect(page.locator("#f-birth_date")).not_to_be_editable()
    expect(page.locator("#f-issuer")).to_have_value("Bộ Y tế")
    assert BICH.number not in page.url
    page.click("#retype")
    expect(page.locator("#f-full_name")).to_have_value("")
    if script:
        leave(page)


def test_the_form_with_its_answer_fits_a_phone_and_has_no_barrier(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "facility", ENROL, width=PHONE, scheme="dark")
    page.fill("#f-personal_number", BICH.number)
    page.fill("#f-full_name", "Trần Thị Bích")
    page.locator("#f-personal_number").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#lookup")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said='match']")).to_be_visible()
    expect(page.locator("#lookup")).to_be_focused()
    assert overflow(page) == 0
    assert violations(page) == []
    leave(page)


def test_the_staff_page_hands_the_number_on_to_the_form(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "facility", "/staff/add", width=PHONE)
    page.fill("#f-personal_number", BICH.number)
    page.click("form[method=post].staff-add .btn")
    assert overflow(page) == 0
    page.click("#unknown button")
    expect(page.locator("#f-personal_number")).to_have_value(BICH.number)
    assert BICH.number not in page.url
    leave(page)
