"""A Chromium for browser tests: the one on PATH. Without one the tests are skipped, or fail if the run demands it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.site import PASSWORD

ARGUMENTS = [
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-gpu"),
]
AXE = Axe().axe_script
LOOK = """async () => {
    const context = {exclude: [['tbody > tr:nth-child(n+9)']]};
    return (await axe.run(context, {resultTypes: ['violations'], preload: false})).violations;
}"""


def chromium() -> str:
    """Its path; skips the test when there is none, or fails it when YMACH_TEST_BROWSER=required."""
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        reason = f"none of {', '.join(names)} on PATH (Debian: {names[0]}): what a browser shows is NOT tested here"
        if os.environ.get("YMACH_TEST_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def _started() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    """One Chromium for all modules of a process, and the loop that speaks with it."""
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield started, loop
        asyncio._set_running_loop(loop)
        started.close()


@pytest.fixture(scope="module")
def browser(_started: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """A Chromium. Its loop runs in this thread only while a module uses it: beside one, Django asks no database."""
    started, loop = _started
    asyncio._set_running_loop(loop)
    yield started
    for context in started.contexts:
        context.close()
    asyncio._set_running_loop(None)


_sessions: dict[tuple[str, str], Any] = {}


def open_page(
    browser: Browser, site: str, *, width: int = 1440, scheme: str = "light", language: str = "vi", script: bool = True
) -> Page:
    """A fresh page in a context of its own, with the language chosen. Close it with `page.context.close()`."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=script,
    )
    context.add_cookies([{"name": "ymach_language", "value": language, "url": site}])
    return context.new_page()


def sign_in(page: Page, site: str, username: str) -> None:
    """Sign in through the form."""
    page.goto(f"{site}/sign-in")
    _fill_in(page, username)


def _fill_in(page: Page, username: str) -> None:
    page.fill("#f-username", username)
    page.fill("#f-password", PASSWORD)
    page.click(".sign-in-form .btn")
    page.wait_for_load_state()


def open_as(browser: Browser, site: str, username: str, path: str, **look: Any) -> Page:
    """The page at `path` for somebody who has signed in, with `look` as for open_page; one signs in once on a site."""
    page = open_page(browser, site, **look)
    key = (site, username)
    page.context.add_cookies(_sessions.get(key, []))
    page.goto(f"{site}{path}")
    if page.locator(".sign-in-form").count():  # not yet here, or on another site that had this port before
        _fill_in(page, username)
        _sessions[key] = [one for one in page.context.cookies() if one["name"] != "ymach_language"]
        if page.url != f"{site}{path}":
            page.goto(f"{site}{path}")
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page, once it is loaded: rule and place. Eight rows stand for all of a table."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate(LOOK)
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window, once it is loaded."""
    page.wait_for_load_state()
    extra: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return extra
