"""A citizen asks for a correction and keeps others out; the facility answers. On a phone, without a mouse's precision."""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat


def test_a_citizen_asks_and_the_facility_answers(browser: Browser, site: str) -> None:
    seat = Seat(browser, site)
    phone = seat.open("citizen", "/own/requests", width=390)
    assert overflow(phone) == 0
    phone.click(".request-ways a[href*=correct]")
    assert (overflow(phone), violations(phone)) == (0, [])
    phone.select_option("#f-record", index=1)
    phone.fill("#f-words", "Nhóm máu của tôi là O, không phải A.")
    phone.click(".request-form .btn.is-main")
    phone.wait_for_url("**/own/requests/*")
    key = phone.url.rsplit("/", 1)[1]
    phone.goto(f"{site}/own/requests/new?kind=restrict")
    phone.check("input[value=all]")
    phone.click(".request-form .btn.is-main")
    phone.get_by_role("button", name="Bỏ hạn chế này").wait_for()
    assert (overflow(phone), violations(phone)) == (0, [])

    desk = seat.open("facility", "/requests")
    desk.click(f"a[href$='{key}']")
    assert violations(desk) == []
    desk.get_by_role("button", name="Nhận giải quyết").click()
    desk.locator("textarea[name=words]").first.fill("Đã sửa nhóm máu, phiên bản 2.")
    desk.get_by_role("button", name="Ghi: đã xong").click()
    desk.get_by_text("Đã sửa nhóm máu, phiên bản 2.").wait_for()
    phone = seat.open("citizen", f"/own/requests/{key}", width=390)
    expect(phone.get_by_text("Đã sửa nhóm máu, phiên bản 2.")).to_be_visible()
    seat.leave()
