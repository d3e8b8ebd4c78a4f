"""The pages in a real browser: readable by all, on a phone and a desk, in both schemes and languages.

Each account signs in once for the whole module; the width of a window changes under a page, as it does when somebody
turns a phone. Colours in transition are of neither scheme, so a page is loaded again for the other.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect
from tests.support.browser import leave, look, open_as, open_page, overflow, sign_in, speak, violations

pytestmark = pytest.mark.browser
PUBLIC = ["/gallery", "/sign-in", "/nowhere", "/findings"]
# The catalogue repeats one row, so that a part has every kind of element.
READ_WHOLE = ["/gallery", "/sign-in", "/nowhere", "/findings?q=SIG"]
WIDTHS = [320, 768, 1024, 1920]
PHONE, DESK = 390, 1440
BOTH = ((PHONE, "dark", "en"), (DESK, "light", "vi"))
Account = Callable[[str], Page]


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    """A page of somebody without an account."""
    page = open_page(browser, site)
    yield page
    leave(page)


@pytest.fixture
def complaints(visitor: Page) -> Iterator[list[str]]:
    """What the visitor's browser complains of: what the site's own policy forbids, and faults of a script."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Security Policy" in message.text:
            heard.append(message.text)

    def fail(error: Error) -> None:
        heard.append(str(error))

    visitor.on("console", hear)
    visitor.on("pageerror", fail)
    yield heard
    visitor.remove_listener("console", hear)
    visitor.remove_listener("pageerror", fail)


@pytest.fixture(scope="module")
def account(browser: Browser, site: str) -> Iterator[Account]:
    """A page signed in as a username, the same one each time."""
    pages: dict[str, Page] = {}

    def signed_in(username: str) -> Page:
        if username not in pages:
            pages[username] = open_as(browser, site, username, "/notices")
        return pages[username]

    yield signed_in
    for page in pages.values():
        leave(page)


@pytest.mark.parametrize("path", READ_WHOLE)
def test_a_page_has_no_barrier(visitor: Page, site: str, path: str) -> None:
    for width, scheme, language in BOTH:
        speak(visitor, site, language)
        look(visitor, width, scheme)
        visitor.goto(site + path)
        assert violations(visitor) == []


def test_a_dossier_opened_from_the_list_has_no_barrier(account: Account, site: str) -> None:
    page = account("facility-two")
    page.goto(f"{site}/today")
    page.click("#rows tbody tr:nth-child(2) a")
    assert violations(page) == []
    page.click("#contents a")
    assert violations(page) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_scrolls_sideways(visitor: Page, site: str, path: str) -> None:
    visitor.goto(site + path)
    for width in WIDTHS:
        look(visitor, width, "light")
        assert overflow(visitor) <= 0, width


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_breaks_no_rule_of_its_own_policy(visitor: Page, complaints: list[str], site: str, path: str) -> None:
    visitor.goto(site + path)
    assert complaints == []


def test_without_script_one_can_choose_a_language_sign_in_and_out(browser: Browser, site: str) -> None:
    page = open_page(browser, site, script=False)
    page.goto(f"{site}/sign-in")
    page.click("button[value=en]")
    expect(page).to_have_title("Sign in · Ymạch")
    sign_in(page, site, "nobody")
    expect(page.locator("main")).to_contain_text("no role yet")
    page.click(".who")
    page.click("#account button")
    expect(page).to_have_url(f"{site}/sign-in")
    page.context.close()


def test_the_first_tab_stop_leads_past_the_menu(visitor: Page, site: str) -> None:
    look(visitor, DESK, "light")
    visitor.goto(f"{site}/gallery")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#main")).to_be_focused()


def test_a_toast_is_closed_by_its_button(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/gallery")
    before = visitor.locator(".toast").count()
    visitor.locator(".toast [data-close]").first.click()
    expect(visitor.locator(".toast")).to_have_count(before - 1)


def test_a_head_of_a_column_sorts_and_says_so(account: Account, site: str) -> None:
    page = account("ministry")
    speak(page, site, "vi")
    look(page, DESK, "light")
    page.goto(f"{site}/facilities")
    page.click("thead th:nth-child(2) a")
    expect(page.locator("thead th:nth-child(2)")).to_have_attribute("aria-sort", "descending")


def test_a_table_is_had_as_a_file(account: Account, site: str) -> None:
    page = account("ministry")
    page.goto(f"{site}/facilities")
    with page.expect_download() as caught:
        page.click("#list .tools a[href*='format=csv']")
    assert caught.value.suggested_filename == "ymach-facilities.csv"


def test_a_facilitys_day_refreshes_itself_within_its_own_policy(account: Account, site: str) -> None:
    page = account("facility")
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", hear)
    page.goto(f"{site}/today")
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers, timeout=15_000) as refreshed:
        pass
    assert refreshed.value.status == 200
    page.wait_for_selector("#live .stats")
    assert complaints == []
    page.remove_listener("console", hear)
