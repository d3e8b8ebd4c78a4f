"""A department goes through probable pairs, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def department() -> Iterator[str]:
    with seeded("seed_persons.py", YMACH_SECOND_FACTOR="offered") as address:
        yield address


def test_a_pair_is_opened_and_decided_and_leaves_the_list(browser: Browser, department: str) -> None:
    seat = Seat(browser, department)
    page = seat.open("so", "/persons/pairs", width=390)
    expect(page.locator(".person-pairs tbody tr")).to_have_count(3)
    assert overflow(page) == 0
    page.get_by_role("link", name="NGUYEN THI HOA").click()
    expect(page.get_by_text("khớp khi bỏ dấu")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == 0
    page.get_by_role("button", name="Hai người khác nhau").click()
    expect(page.get_by_text("Chưa ghi câu trả lời.")).to_be_visible()
    page.fill("#f-reason", "Đã gọi điện cho cả hai: hai chị em họ")
    page.get_by_role("button", name="Hai người khác nhau").click()
    expect(page.get_by_text("Hai người", exact=True)).to_be_visible()
    page.goto(f"{department}/persons/pairs")
    expect(page.locator(".person-pairs tbody tr")).to_have_count(2)
    seat.leave()
