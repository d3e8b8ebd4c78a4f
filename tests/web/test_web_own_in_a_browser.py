"""A citizen's book in a real browser, on a telephone: in through VNeID, read, taken along, a card switched on and off."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.support.browser import leave, open_page, overflow, violations
from tests.support.site import seeded

from ymach.sandbox.http import serving as serving_stand_in
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidPerson

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAU = VneidPerson("999168000017", "Nguyễn Thị Mẫu", "1968-03-15")
RICH = ("health", "measures", "plans")
PLAIN = ("medicines", "about", "files")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving_stand_in(Vneid([MAU])) as provider:
        vneid = {
            "YMACH_VNEID_URL": provider,
            "YMACH_VNEID_CLIENT_ID": CLIENT_ID,
            "YMACH_VNEID_CLIENT_SECRET": CLIENT_SECRET,
        }
        with seeded("seed_own.py", host="localhost", **vneid) as address:
            yield address


def test_a_citizen_reads_takes_along_and_shows_their_book(browser: Browser, site: str) -> None:
    page = open_page(browser, site, width=390)
    page.goto(f"{site}/sign-in")
    page.click("text=Đăng nhập bằng VNeID")
    page.click(f"text={MAU.name}")
    expect(page).to_have_url(f"{site}/records")
    expect(page.locator(".alerts")).to_contain_text("Dị ứng nặng: Penicillin")
    fine(page)
    for part in RICH:
        page.goto(f"{site}/records/{part}")
        fine(page)
    for part in PLAIN:
        page.goto(f"{site}/records/{part}")
        assert overflow(page) == 0, part
    the_emergency_is_told(page, site)
    the_files_hold_the_book(page, site)
    the_card_goes_on_and_off(page, site)
    the_childs_book_says_whose_it_is(page, site)
    leave(page)


def fine(page: Page) -> None:
    """No barrier, and nothing wider than the telephone."""
    assert (violations(page), overflow(page)) == ([], 0), page.url


def the_emergency_is_told(page: Page, site: str) -> None:
    page.goto(f"{site}/records/readers")
    fine(page)
    expect(page.locator("#readers li").first).to_contain_text("Chờ người khác xem lại")
    page.click("text=Tôi không biết người này >> nth=0")
    page.fill("#f-words", "Tôi chưa từng khám ở đây, vì sao xem sổ của tôi?")
    page.click("main form button.is-main")
    expect(page).to_have_url(re.compile("/own/requests/"))


def the_files_hold_the_book(page: Page, site: str) -> None:
    pdf = page.request.get(f"{site}/records/files/book.pdf").body()
    words = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    assert "Penicillin" in words
    summary = json.loads(page.request.get(f"{site}/records/files/ips.json").body())
    assert summary["entry"][0]["resource"]["resourceType"] == "Composition"
    page.goto(f"{site}/records/visits")
    assert overflow(page) == 0
    page.click(".own-stays a >> nth=0")
    expect(page.locator("#next")).to_contain_text("Lời dặn")
    fine(page)


def the_card_goes_on_and_off(page: Page, site: str) -> None:
    page.goto(f"{site}/records/card")
    assert overflow(page) == 0
    page.check("input[value='allergy:penicillin']")
    page.fill("#f-contact_name", "Trần Văn Con")
    page.fill("#f-contact_phone", "0912 345 678")
    page.click("button:has-text('Bật thẻ')")
    expect(page.locator("#held")).to_contain_text("Thẻ đang BẬT")
    fine(page)
    page.click("text=Xem như người quét")
    expect(page.locator(".sos")).to_contain_text("Penicillin")
    fine(page)
    address = page.url
    page.goto(f"{site}/records/card")
    page.click("button:has-text('Tắt thẻ')")
    expect(page.locator("#held")).to_contain_text("Thẻ đang TẮT")
    assert page.request.get(address).status == 404


def the_childs_book_says_whose_it_is(page: Page, site: str) -> None:
    page.goto(f"{site}/records")
    page.click(".own-switch button >> nth=1")
    expect(page.locator(".own-for")).to_contain_text("Nguyễn Văn Con")
    page.goto(f"{site}/records/card")
    expect(page.locator(".own-for")).to_be_visible()
