"""One page at which people sit in turn, each with a session of their own: a browser for each takes half a second more."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.support.browser import leave, look, open_page, sign_in_unseen


class Seat:
    """A page of a site. What somebody sees is gone when the next sits down: each begins with an address."""

    def __init__(self, browser: Browser, site: str, **look: Any) -> None:
        self.page, self._site, self._who = open_page(browser, site, **look), site, ""
        self._fresh: Any = self.page.context.cookies()
        self._sessions: dict[str, Any] = {}

    def of(self, who: str) -> Page:
        """The page, with the session that `who` left it with; without any the first time."""
        context = self.page.context
        if who != self._who:
            self._sessions[self._who] = context.cookies()
            context.clear_cookies()
            context.add_cookies(self._sessions.get(who, self._fresh))
            self._who = who
        return self.page

    def open(self, username: str, path: str, *, width: int = 1440, scheme: str = "light") -> Page:
        """The page at `path` for somebody of the seed, who signs in the first time."""
        page = self.of(username)
        if username not in self._sessions:
            sign_in_unseen(page, self._site, username)
            self._sessions[username] = page.context.cookies()
        look(page, width, scheme)
        page.goto(f"{self._site}{path}")
        return page

    def leave(self) -> None:
        """Give back the page, without any session."""
        leave(self.page)
