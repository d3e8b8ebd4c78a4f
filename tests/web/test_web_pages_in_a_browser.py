"""The pages in a real browser: readable by all, on a phone and a desk, in both schemes and languages."""

import pytest
from playwright.sync_api import Browser
from tests.support.browser import open_page, overflow, sign_in, violations

pytestmark = pytest.mark.browser
PUBLIC = ["/gallery", "/sign-in", "/nowhere", "/findings"]
SIZES = [390, 1440]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_a_page_has_no_barrier(browser: Browser, site: str, path: str, scheme: str, width: int) -> None:
    page = open_page(browser, site, width=width, scheme=scheme, language="vi" if scheme == "light" else "en")
    page.goto(site + path)
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("username", ["facility", "ministry", "department", "practitioner", "citizen"])
def test_the_first_page_of_a_role_has_no_barrier(browser: Browser, site: str, username: str) -> None:
    for width, scheme, language in ((390, "dark", "en"), (1440, "light", "vi")):
        page = open_page(browser, site, width=width, scheme=scheme, language=language)
        sign_in(page, site, username)
        assert violations(page) == []
        assert overflow(page) <= 0
        page.context.close()


def test_a_dossier_opened_from_the_list_has_no_barrier(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    sign_in(page, site, "facility-two")
    page.click("#rows tbody tr:nth-child(2) a")
    assert violations(page) == []
    page.click("#contents a")
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("width", [320, 768, 1024, 1920])
@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_scrolls_sideways(browser: Browser, site: str, path: str, width: int) -> None:
    page = open_page(browser, site, width=width)
    page.goto(site + path)
    assert overflow(page) <= 0
    page.context.close()


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_breaks_no_rule_of_its_own_policy(browser: Browser, site: str, path: str) -> None:
    page = open_page(browser, site)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site + path)
    assert complaints == []
    page.context.close()


def test_without_script_one_can_choose_a_language_sign_in_and_out(browser: Browser, site: str) -> None:
    page = open_page(browser, site, script=False)
    page.goto(f"{site}/sign-in")
    page.click("button[value=en]")
    assert page.title() == "Sign in · Ymạch"
    sign_in(page, site, "nobody")
    assert "no role yet" in page.inner_text("main")
    page.click(".who")
    page.click("#account button")
    assert page.url.endswith("/sign-in")
    page.context.close()


def test_the_first_tab_stop_leads_past_the_menu(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    page.goto(f"{site}/gallery")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_a_toast_is_closed_by_its_button(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    page.goto(f"{site}/gallery")
    before = page.locator(".toast").count()
    page.locator(".toast [data-close]").first.click()
    assert page.locator(".toast").count() == before - 1
    page.context.close()


def test_a_facilitys_day_refreshes_itself_within_its_own_policy(browser: Browser, site: str) -> None:
    page = open_page(browser, site)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, site, "facility")
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers, timeout=15_000) as refreshed:
        pass
    assert refreshed.value.status == 200
    page.wait_for_selector("#live .stats")
    assert complaints == []
    page.context.close()
