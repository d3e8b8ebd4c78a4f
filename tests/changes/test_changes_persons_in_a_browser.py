"""Looking a person up by number at the form, in Chromium: with script, without it, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.population.population_people import BICH
from tests.support.browser import open_as, overflow, violations
from tests.support.site import seeded

from ymach.sandbox.http import serving as serving_partner
from ymach.sandbox.population import TOKEN, PopulationDatabase

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ENROL = "/changes/new/enrol-practitioner"


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """The address of a site with a facility's account, and a population database that knows Bích."""
    with serving_partner(PopulationDatabase([BICH], odd=False)) as population:
        settings = {"YMACH_POPULATION_URL": population, "YMACH_POPULATION_TOKEN": TOKEN}
        with seeded("seed_changes.py", YMACH_SECOND_FACTOR="offered", **settings) as address:
            yield address


def at_the_form(browser: Browser, office: str, *, script: bool = True, width: int = 390, scheme: str = "light") -> Page:
    return open_as(browser, office, "facility", ENROL, width=width, script=script, scheme=scheme)


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_is_filled_in_and_stands_fast(browser: Browser, office: str, script: bool) -> None:
    page = at_the_form(browser, office, script=script)
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
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_with_its_answer_fits_a_phone_and_has_no_barrier(browser: Browser, office: str, scheme: str) -> None:
    page = at_the_form(browser, office, scheme=scheme)
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
    page.context.close()


def test_the_staff_page_hands_the_number_on_to_the_form(browser: Browser, office: str) -> None:
    page = open_as(browser, office, "facility", "/staff/add", width=390)
    page.fill("#f-personal_number", BICH.number)
    page.click("form[method=post].staff-add .btn")
    assert overflow(page) == 0
    assert violations(page) == []
    page.click("#unknown button")
    expect(page.locator("#f-personal_number")).to_have_value(BICH.number)
    assert BICH.number not in page.url
    page.context.close()
