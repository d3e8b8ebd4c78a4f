"""The licence check in a real browser: results come while typing; without script the form answers the same."""

import pytest
from playwright.sync_api import Browser, expect
from tests.support.browser import leave, open_page, overflow, violations

pytestmark = pytest.mark.browser
NUMBER = "0099900/BYT-CCHN"


def test_results_come_while_somebody_types(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    page.goto(f"{site}/licences")
    page.type("#f-q", NUMBER)
    expect(page.locator(".result article")).to_have_count(1)
    leave(page)


def test_without_script_the_form_answers_the_same(browser: Browser, site: str) -> None:
    page = open_page(browser, site, script=False)
    page.goto(f"{site}/licences")
    page.fill("#f-q", NUMBER)
    page.click(".ask .btn")
    expect(page.locator(".result article")).to_have_count(1)
    page.context.close()


@pytest.mark.parametrize(
    ("width", "scheme", "language", "paths"),
    [
        (390, "dark", "en", [f"/licences?q={NUMBER}", "/licences/qr/a.b.c"]),
        (1440, "light", "vi", [f"/licences/number/{NUMBER}", "/licences?q=zzz"]),
    ],
)
def test_the_pages_have_no_barrier_and_fit(
    browser: Browser, site: str, width: int, scheme: str, language: str, paths: list[str]
) -> None:
    page = open_page(browser, site, width=width, scheme=scheme, language=language)
    for path in paths:
        page.goto(site + path)
        assert violations(page) == []
        assert overflow(page) <= 0
    leave(page)
