"""A Chromium for browser tests: the one on PATH. Without one the tests are skipped, or fail if the run demands it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.site import PASSWORD

ARGUMENTS = [
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-gpu"),
    "--js-flags=--no-opt,--no-maglev",  # no page is open so long that better code pays for its making
]
AXE = Axe().axe_script
LOOK = (Path(__file__).parent / "look.js").read_text()
_readable: list[str] = []


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
        if not any(page.context == context for page in _left):
            context.close()
    asyncio._set_running_loop(None)


_sessions: dict[tuple[str, str], Any] = {}
_left: list[Page] = []


def open_page(
    browser: Browser, site: str, *, width: int = 1440, scheme: str = "light", language: str = "vi", script: bool = True
) -> Page:
    """A page of somebody new here, with the language chosen. Give it back with `leave`, or close its context."""
    page = _left.pop() if script and _left else browser.new_context(java_script_enabled=script).new_page()
    look(page, width, scheme)
    speak(page, site, language)
    return page


def leave(page: Page) -> None:
    """Give back a page with script that nothing listens to: whoever comes next has it warm, and without a trace."""
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.goto(urljoin(page.url, "/static/ymach/seal.svg"))
    page.context.clear_cookies()
    _left.append(page)


def look(page: Page, width: int, scheme: str) -> None:
    """In a window of that width in CSS pixels, by day (light) or by night (dark); colours change with the next page."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def speak(page: Page, site: str, language: str) -> None:
    """From its next page on, the site speaks this language."""
    page.context.add_cookies([{"name": "ymach_language", "value": language, "url": site}])


def sign_in(page: Page, site: str, username: str) -> None:
    """Sign in through the form."""
    page.goto(f"{site}/sign-in")
    page.fill("#f-username", username)
    page.fill("#f-password", PASSWORD)
    page.click(".sign-in-form .btn")
    page.wait_for_load_state()


def sign_in_unseen(page: Page, site: str, username: str) -> None:
    """Sign in as the form does, without looking at it."""
    asks = page.context.request
    asks.get(f"{site}/sign-in")
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
    form: dict[str, str | float | bool] = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert asks.post(f"{site}/sign-in", form=form, max_redirects=0).status == 302, username


def open_as(browser: Browser, site: str, username: str, path: str, **look: Any) -> Page:
    """The page at `path` for somebody who has signed in, with `look` as for open_page; one signs in once on a site."""
    page = open_page(browser, site, **look)
    known = _sessions.get((site, username))
    if known:
        page.context.add_cookies(known)
    else:
        sign_in_unseen(page, site, username)
    page.goto(f"{site}{path}")
    if known and page.locator(".sign-in-form").is_visible():  # of another site that had this port before
        sign_in_unseen(page, site, username)
        page.goto(f"{site}{path}")
    _sessions[site, username] = [one for one in page.context.cookies() if one["name"] != "ymach_language"]
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page, once it is loaded: rule and place. Eight rows stand for all of a table.

    A colour on its ground is judged once in a run: see look.js.
    """
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate(LOOK, _readable)
    _readable.extend(found["readable"])
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window, once it is loaded."""
    page.wait_for_load_state()
    extra: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return extra
