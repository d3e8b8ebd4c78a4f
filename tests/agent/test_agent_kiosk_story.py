"""A morning at the kiosk, in a browser: three people, the line gone in between; and somebody who walks away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.support.browser import overflow, violations
from tests.support.kiosks import CHILD, MAN, WOMAN, Standing, standing

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

pytestmark = pytest.mark.browser
SECONDS, TOUCHES = 15, 3


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    monkeypatch.setenv("YMACH_AGENT_P12_PASSWORD", machine.environment["YMACH_AGENT_P12_PASSWORD"])
    with standing(machine) as found:
        yield found


@pytest.fixture
def page(browser: Browser, here: Standing) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    opened = context.new_page()
    opened.goto(here.address)
    yield opened
    context.close()


class Visitor:
    """Somebody at the screen: counts touches and the seconds the machine took."""

    def __init__(self, page: Page) -> None:
        self.page, self.touches, self.seconds, self.faults = page, 0, 0.0, list[str]()

    def scan(self, card: str) -> None:
        """The scanner types into whatever has the focus, and ends with Enter."""
        self.page.wait_for_selector("#text:focus")
        self.page.keyboard.insert_text(card)
        self._timed(lambda: self.page.keyboard.press("Enter"))

    def touch(self, what: str) -> None:
        self.touches += 1
        self._timed(lambda: self.page.click(what))

    def look(self) -> None:
        """What is wrong with the page for somebody who sees or reaches badly."""
        self.faults += [*violations(self.page), *(["wider than the screen"] if overflow(self.page) else [])]

    def _timed(self, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        with self.page.expect_navigation():
            act()
        self.seconds += time.perf_counter() - began

    def number(self) -> str:
        return self.page.inner_text(".big")


def paper(page: Page) -> tuple[int, int]:
    """How many sheets the ticket takes, and how wide they are in millimetres."""
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return len(printed), round(float(printed[0].mediabox.width) * 25.4 / 72)


def test_three_people_check_in_and_one_of_them_without_a_line(here: Standing, page: Page) -> None:
    exchange, first, second, child = here.machine.exchange, Visitor(page), Visitor(page), Visitor(page)
    first.look()
    first.scan(WOMAN)
    first.look()
    first.touch("text=Bảo hiểm y tế >> nth=0")
    first.look()
    first.touch("text=Khám nội")
    first.look()
    assert (first.number(), first.touches <= TOUCHES, first.seconds < SECONDS) == ("1", True, True)
    assert paper(page) == (1, 80)
    here.turn()
    assert len(exchange.stored) == 1

    exchange.faults = ["cut"] * 50
    page.click("#done")
    second.scan(MAN)
    second.touch("text=thẻ giấy")
    second.look()
    page.click("[data-key='9']")
    with page.expect_navigation():  # a scanner's Enter sends what stands there, and presses no key again
        page.keyboard.press("Enter")
    for key in "7912345678":  # in place of what was refused
        page.click(f"[data-key='{key}']")
    second.touch("text=Tiếp tục")
    second.touch("text=Khám nội")
    here.turn()
    page.click("#done")
    expect(page.locator("#status")).to_contain_text("1 lượt chờ gửi, mạng mất từ")

    child.scan(CHILD)
    child.look()
    child.touch("text=người lớn đang ở đây")
    child.touch("text=Bảo hiểm y tế >> nth=0")
    child.touch("text=Khám nhi")
    assert (child.number(), child.touches <= TOUCHES) == ("1", True)
    exchange.faults = []
    here.turn_until_sent()
    assert len(exchange.stored) == 3
    assert first.faults + second.faults + child.faults == []


def test_left_alone_the_screen_asks_and_then_forgets(here: Standing, page: Page) -> None:
    page.clock.install()
    page.goto(here.address)
    Visitor(page).scan(WOMAN)
    page.clock.run_for(31_000)
    expect(page.get_by_text("Bạn còn ở đó không?")).to_be_visible()
    page.click("#here")
    expect(page.get_by_text("Bạn còn ở đó không?")).to_be_hidden()
    with page.expect_navigation():
        page.clock.run_for(46_000)
    expect(page.locator("body")).not_to_contain_text("Nguyễn Thị Hòa")
    page.go_back()
    page.wait_for_url(f"{here.address}/")
    assert here.kiosk.store.waiting() == []
