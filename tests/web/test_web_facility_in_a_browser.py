"""A facility's pages in a real browser: no barrier on a phone and a desk, hours changed with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import leave, look, open_as, overflow, speak, violations

pytestmark = pytest.mark.browser
LOOKS = ((390, "dark", "en"), (1440, "light", "vi"))
OPENED = {
    "facility": [
        *("/facilities/99001", "/facilities/99001/oxygen", "/facilities/99001/equipment"),
        *("/facilities/99001/techniques", "/facilities/99001/techniques/new", "/facilities/99001/edit/equipment"),
        *("/facilities/99001/edit/oxygen-source", "/facilities/99001/edit/oxygen-source?kind=LOX_TANK"),
    ],
    "department": ["/facilities/99001/edit/suspend", "/facilities/99001", "/oxygen"],
    "ministry": ["/oxygen?province=01"],
}
Account = Callable[[str], Page]


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


@pytest.fixture(scope="module")
def told(account: Account, site: str) -> None:
    """The facility has stated a tank, what it used, a device and a contact, through the forms."""
    page = account("facility")
    forms: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("oxygen-source?kind=LOX_TANK", {"gross_volume": "5000", "level": "20"}, {"state": "working"}),
        ("oxygen-source?kind=CONC", {"flow": "5", "working": "2", "purity": "70"}, {"state": "working"}),
        ("oxygen-use?kind=LOX_TANK", {"quantity": "9000"}, {"unit": "NM3"}),
        ("equipment", {"name": "Máy thở Mẫu"}, {"kind": "VENTILATOR", "state": "broken"}),
        ("contact", {"phone": "1900 1234"}, {"role": "HOTLINE"}),
    ]
    for address, typed, chosen in forms:
        page.goto(f"{site}/facilities/99001/edit/{address}")
        for name, value in typed.items():
            page.fill(f"#f-{name}", value)
        for name, value in chosen.items():
            page.select_option(f"#f-{name}", value)
        page.click("#save .btn.is-main")
        page.wait_for_url("**/facilities/99001#*")


@pytest.mark.parametrize("username", OPENED)
def test_a_page_of_a_facility_has_no_barrier(account: Account, site: str, told: None, username: str) -> None:
    page = account(username)
    for path, (width, scheme, language) in zip(OPENED[username], cycle(LOOKS), strict=False):
        look(page, width, scheme)
        speak(page, site, language)
        page.goto(site + path)
        assert (violations(page), overflow(page)) == ([], 0), path


def test_a_refused_form_has_no_barrier_and_keeps_what_was_typed(account: Account, site: str) -> None:
    page = account("facility")
    look(page, 390, "light")
    speak(page, site, "vi")
    page.goto(f"{site}/facilities/99001/edit/hours")
    page.fill("#f-schedule", "từ sáng đến tối")
    page.click("#save .btn.is-main")
    expect(page.locator("#f-schedule")).to_have_value("từ sáng đến tối")
    expect(page.locator("#f-schedule-e")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0


def test_hours_are_changed_without_script(browser: Browser, site: str) -> None:
    page = open_as(browser, site, "facility-two", "/facilities/99002", width=390, script=False)
    page.click("#hours a")
    page.fill("#f-schedule", "T2-T6: 07:30 đến 16:00")
    page.click("#save .btn.is-main")
    expect(page.locator("#hours")).to_contain_text("07:30–16:00")
    page.context.close()
