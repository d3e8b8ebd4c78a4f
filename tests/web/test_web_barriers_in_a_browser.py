"""Every page that opens without naming a thing, read by axe: in turn on a phone and a desk, dark and light, in both
languages. Pages about one thing are read in the stories where the thing is made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Response
from tests.support.browser import leave, look, open_as, overflow, speak, violations
from tests.support.strangers import reads, routes

from ymach.accounts.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ACCOUNTS = {
    Role.FACILITY: "facility",
    Role.DEPARTMENT: "department",
    Role.MINISTRY: "ministry",
    Role.PRACTITIONER: "practitioner",
    Role.CITIZEN: "citizen",
    Role.AUDITOR: "auditor",
}
LOOKS = [(390, "light", "vi"), (1440, "dark", "vi"), (390, "dark", "en"), (1440, "light", "en")]
FILES = {"own-book-paper", "own-patient-summary"}
READ_IN_EVERY_LOOK = {"gallery", "findings"}
"""By tests/web/test_web_pages_in_a_browser.py."""


def pages_of(wanted: str) -> Iterator[str]:
    """The pages that one account reads for all: each page has one."""
    for page in routes(False):
        readers = [name for role, name in ACCOUNTS.items() if reads(role, page)]
        if readers[:1] == [wanted] and page.name not in FILES | READ_IN_EVERY_LOOK:
            yield reverse(page.name or "")


def shown_by(answer: Response) -> str:
    """Where one has come to: several addresses lead to one page, and what is refused looks the same everywhere."""
    return answer.url if answer.ok else str(answer.status)


@pytest.mark.parametrize("username", ACCOUNTS.values())
def test_no_page_has_a_barrier(browser: Browser, site: str, username: str) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    page = open_as(browser, site, username, "/notices")
    for path, (width, scheme, language) in zip(pages_of(username), cycle(LOOKS), strict=False):
        look(page, width, scheme)
        speak(page, site, language)
        answer = page.goto(f"{site}{path}")
        assert answer is not None
        assert answer.status < 500, path
        if not answer.headers["content-type"].startswith("text/html") or shown_by(answer) in seen:
            continue
        seen.add(shown_by(answer))
        found = [*violations(page), *([f"wider by {overflow(page)}"] if overflow(page) > 0 else [])]
        wrong.update({path: found} if found else {})
    assert wrong == {}
    leave(page)
