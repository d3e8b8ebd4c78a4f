"""The day's close, the insurer's list, addresses that are told and a checked receipt, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import leave, open_as, open_page, overflow, violations

from ymach.base.clock import now, vietnam_day

pytestmark = pytest.mark.browser


def day(back: int = 0) -> str:
    """So many days ago; asked for when it is needed: a run may go on past midnight."""
    return f"{vietnam_day(now()) - timedelta(days=back):%d/%m/%Y}"


def looked_at(page: Page) -> None:
    """No barrier at a desk, nothing wider than a phone."""
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_facility_closes_its_day_and_its_department_sees_it(browser: Browser, site: str) -> None:
    page = open_as(browser, site, "facility", "/reconciliation")
    page.fill("#f-day", day())
    page.fill("#f-lines", "không có mã nào")
    page.click("#new .btn.is-main")
    expect(page.locator("#f-lines-e")).to_contain_text("SHA-256")
    expect(page.locator("#f-lines")).to_have_value("không có mã nào")
    looked_at(page)
    page.fill("#f-lines", f"HS1;{'e' * 64}")
    page.click("#new .btn.is-main")
    page.wait_for_url("**/reconciliation/*-*")
    expect(page.locator("#missing .tools b")).to_have_text("1")
    looked_at(page)
    page.goto(f"{site}/reconciliation")
    expect(page.locator("#days tbody tr:first-child")).to_contain_text("Lệch")
    leave(page)
    page = open_as(browser, site, "department", f"/reconciliation?day={day()}&state=differs")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    leave(page)


def test_the_insurers_list_is_compared(browser: Browser, site: str, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    page = open_as(browser, site, "department", "/reconciliation/insurance")
    for content, marker in (("MA_LK;X\n", "#f-file-e"), ("MA_CSKCB;MA_LK;TRANG_THAI\n99001;X-1;đã nhận\n", "#list")):
        file.write_text(content, encoding="utf-8")
        page.fill("#f-first", day(1))
        page.fill("#f-last", day())
        page.set_input_files("#f-file", file)
        page.click("#new .btn.is-main")
        page.wait_for_selector(marker)
        looked_at(page)
    expect(page.locator("#list tbody")).to_contain_text("X-1")
    page.goto(f"{site}/reconciliation/insurance")
    expect(page.locator("#kept tbody tr")).to_have_count(1)
    leave(page)


def test_an_address_is_added_refused_paused_and_ended(browser: Browser, site: str) -> None:
    page = open_as(browser, site, "facility", "/subscriptions")
    page.fill("#f-name", "Phần mềm bệnh viện")
    page.fill("#f-url", "https://169.254.169.254/latest")
    page.click("#new .btn.is-main")
    expect(page.locator("#f-url-e")).to_contain_text("169.254.169.254")
    expect(page.locator("#f-name")).to_have_value("Phần mềm bệnh viện")
    looked_at(page)
    page.fill("#f-url", "https://hsba.example.vn/ymach")
    page.click("#new .btn.is-main")
    page.wait_for_url("**/subscriptions/*")
    looked_at(page)
    for act in ("pause", "resume", "end"):
        page.fill("#f-reason", "bảo trì máy chủ")
        page.click(f"button[value={act}]")
    expect(page.locator(".head")).to_contain_text("Đã kết thúc")
    leave(page)


def test_a_receipt_of_another_key_does_not_hold(browser: Browser, site: str) -> None:
    page = open_as(browser, site, "facility", "/submissions")
    page.goto(site + str(page.locator("#rows tbody th a").first.get_attribute("href")))
    receipt = page.request.get(page.url + "/receipt.jws").text()
    leave(page)
    page = open_page(browser, site)
    page.goto(f"{site}/receipts/check")
    page.fill("#f-receipt", receipt)
    page.click("#ask .btn.is-main")
    page.wait_for_selector("#f-receipt-e")
    looked_at(page)
    leave(page)
