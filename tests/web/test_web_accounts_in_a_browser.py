"""From an invitation to a working account, as people do it: page, letter, link, sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support import commands, databases
from tests.support.browser import leave, open_page, overflow, violations
from tests.support.mail import HOST, Mailbox, mail_server
from tests.support.site import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "bon-tu-khong-lien-quan"


@dataclass(frozen=True)
class Installation:
    """An empty installation that runs, with the environment of its commands."""

    site: str
    environment: dict[str, str]

    def ymach(self, *arguments: str) -> None:
        done = commands.ymach(self.environment, *arguments)
        assert done.returncode == 0, done.output


@pytest.fixture(scope="module")
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def installation(box: Mailbox) -> Iterator[Installation]:
    here = databases.server()
    with databases.copy(here, "accounts") as name, mail_server(box) as port:
        environment = {
            **databases.environment_for(here, name),
            "YMACH_SMTP_URL": f"smtp+plain://{HOST}:{port}",
            "YMACH_MAIL_FROM": "Ymach <no-reply@ymach.example>",
            "YMACH_SECOND_FACTOR": "offered",
        }
        with serving(environment, hashes=True) as site:
            yield Installation(site, environment)


def received(installation: Installation, box: Mailbox) -> str:
    """Let the worker carry the letters; the path of the link in the newest."""
    installation.ymach("worker", "--once", "--destination", "letters")
    found = re.search(r"/invitations/[\w-]+", box.letters[-1].get_content())
    assert found
    return found[0]


def open_account(page: Page, site: str, path: str, name: str, username: str) -> None:
    """Open the account behind the link, and sign in where that leads."""
    page.goto(site + path)
    page.fill("#f-full_name", name)
    page.fill("#f-password", PASSWORD)
    page.click(".sign-in-form .btn")
    page.wait_for_url(f"{site}/sign-in")
    page.fill("#f-username", username)
    page.fill("#f-password", PASSWORD)
    page.click(".sign-in-form .btn")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def test_from_the_first_command_to_a_department_that_works(
    installation: Installation, box: Mailbox, browser: Browser
) -> None:
    installation.ymach("account", "invite", "--role", "ministry", "--email", "viet@moh.gov.vn")
    path = received(installation, box)
    the_page_behind_the_link_is_accessible_and_fits(browser, installation.site + path)
    page = open_page(browser, installation.site)
    open_account(page, installation.site, path, "Phạm Quốc Việt", "viet@moh.gov.vn")
    page.goto(f"{installation.site}/accounts/invite?role=department-admin")
    page.select_option("#f-province", "40")
    page.fill("#f-email", "thu@nghean.gov.vn")
    page.click("form.form .btn.is-main")
    expect(page.locator(".toast")).to_contain_text("thu@nghean.gov.vn")
    leave(page)

    other = open_page(browser, installation.site)
    path = received(installation, box)
    assert box.letters[-1]["To"] == "thu@nghean.gov.vn"
    open_account(other, installation.site, path, "Nguyễn Thị Thu", "thu@nghean.gov.vn")
    other.goto(f"{installation.site}/accounts")
    expect(other.locator("table")).to_contain_text("Nguyễn Thị Thu")
    leave(other)


def the_page_behind_the_link_is_accessible_and_fits(browser: Browser, address: str) -> None:
    without_script = open_page(browser, address, width=390, script=False)
    without_script.goto(address)
    expect(without_script.locator("#f-full_name")).to_be_visible()
    assert overflow(without_script) == 0
    without_script.context.close()
    page = open_page(browser, address)
    page.goto(address)
    assert (violations(page), overflow(page)) == ([], 0)
    leave(page)
