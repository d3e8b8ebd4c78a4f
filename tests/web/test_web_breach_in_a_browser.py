"""An auditor's evening: the journal holds, an account was misused, whom it reached, and the 72 hours begin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

from ymach.base.clock import now, vietnam_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def looked_at(page: Page) -> None:
    """The page as it is, wide and narrow."""
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_auditor_finds_whom_an_account_reached_and_opens_an_incident(browser: Browser) -> None:
    day = (vietnam_day(now()) - timedelta(days=2)).strftime("%d/%m/%Y")
    with seeded("seed_breach.py", YMACH_SECOND_FACTOR="offered") as site:
        seat = Seat(browser, site)
        page = seat.open("kiem-toan", "/audit")
        expect(page.locator("#health .badge")).to_have_text("Nhật ký còn nguyên")
        page.fill("#f-account", "bac-si")
        page.fill("#f-from", f"19:00 {day}")
        page.fill("#f-until", f"23:00 {day}")
        page.click(".filters .btn")
        expect(page.locator("#persons")).to_contain_text("24 người")
        looked_at(page)
        page.click("text=Ghi thành sự cố")
        looked_at(page)
        page.fill("#f-summary", "Mật khẩu của bác sĩ bị lộ; có người xem 24 hồ sơ trong một tối.")
        page.fill("#f-data_kinds", "Họ tên, chẩn đoán, đơn thuốc")
        page.fill("#f-contact", "Trịnh Công Tâm, 024 3000 0000")
        page.click("text=Ghi sự cố")
        expect(page.locator("#persons")).to_contain_text("Nguyễn Thị Hoa")
        page.select_option("#f-step", "measure")
        page.fill("#f-text", "Khóa tài khoản, đổi mật khẩu.")
        page.click("text=Ghi vào biên bản")
        expect(page.locator("#notice")).to_contain_text("Khóa tài khoản")
        looked_at(page)
        seat.leave()
