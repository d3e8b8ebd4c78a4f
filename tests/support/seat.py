"""One page at which people sit in turn, each with a session of their own: a browser for each takes half a second more."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.support.browser import open_page
from tests.support.site import PASSWORD


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
        """The page at `path` for somebody of the seed, who signs in the first time, without looking at the form."""
        page, address = self.of(username), f"{self._site}/sign-in"
        if username not in self._sessions:
            page.context.request.get(address)
            token = next(one["value"] for one in page.context.cookies() if one["name"] == "csrftoken")
            form = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
            assert page.context.request.post(address, form=form, max_redirects=0).status == 302
            self._sessions[username] = page.context.cookies()
        if page.viewport_size != (size := {"width": width, "height": 900}):
            page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{self._site}{path}")
        return page

    def leave(self) -> None:
        """Close the page with all sessions."""
        self.page.context.close()
