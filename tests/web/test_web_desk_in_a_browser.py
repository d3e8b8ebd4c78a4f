"""An unconscious patient arrives, is treated under a wristband and is known later; twins are born: in a real browser."""

from __future__ import annotations

import json
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

pytestmark = pytest.mark.browser
PHONE = 390
FORM = "0198a000-0000-7000-8000-0000000000de"
CARD = "001085012345|012345678|Lê Văn An|17051985|Nam|Phường 1, Hà Nội|02052022"
MOTHER = "001190054321||Phạm Thị Mai|02031990|Nữ|Phường 2, Hà Nội|02052022"


@pytest.fixture(scope="module")
def emergency_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with one hospital, and what its software will send under the first wristband."""
    sending = tmp_path_factory.mktemp("desk") / "sending.json"
    with seeded("seed_desk.py", str(sending), FORM, YMACH_SECOND_FACTOR="offered") as address:
        yield address, sending


def looks_well(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == 0


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def software_sends(site: str, sending: Path) -> None:
    """The dossier that was written under the wristband before anybody knew a name."""
    kept = json.loads(sending.read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {kept['token']}", "Content-Type": "application/xml"}
    request = urllib.request.Request(f"{site}/api/v1/submissions", b64decode(kept["dossier"]), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201


def test_a_patient_without_papers_and_twins(browser: Browser, emergency_room: tuple[str, Path]) -> None:
    site, sending = emergency_room
    seat = Seat(browser, site)
    page = seat.open("desk", "/desk", width=PHONE, scheme="dark")
    page.get_by_role("link", name="Chưa rõ là ai").click()
    page.locator("input[name=form]").evaluate("(field, form) => { field.value = form }", FORM)
    page.fill("#f-found_at", "Ngã tư Sở, xe cứu thương 115")
    page.fill("#f-age", "40t")
    press(page, "Cấp vòng tay")
    expect(page.locator("#f-age-e")).to_be_visible()
    looks_well(page)
    page.fill("#f-age", "40")
    press(page, "Cấp vòng tay")
    expect(page.locator(".badge.is-large")).to_contain_text("Chưa rõ là ai")
    code = page.url.rpartition("/")[2]

    page.get_by_role("link", name="In vòng tay").click()
    looks_well(page)
    software_sends(site, sending)
    page.goto(f"{site}/desk/scan")
    page.fill("#f-code", code.lower())
    page.press("#f-code", "Enter")
    expect(page.locator("#dossiers li")).to_have_count(1)
    looks_well(page)

    page.get_by_role("link", name="Đây là ai?").click()
    page.fill("#f-scan", CARD)
    press(page, "Xem trước khi nối")
    expect(page.locator("#side-other")).to_have_text("Lê Văn An")
    looks_well(page)
    page.fill("#f-reason", "Tỉnh lại, đưa thẻ")
    press(page, "Đúng một người, nối")
    expect(page.locator(".desk-joined")).to_contain_text("Lê Văn An")
    expect(page.locator(".badge.is-large")).to_contain_text("Đã đọc thẻ căn cước")
    looks_well(page)

    page.goto(f"{site}/desk/new/newborn")
    page.fill("#f-mother", MOTHER)
    page.fill("#f-birth_order", "1")
    press(page, "Cấp vòng tay")
    page.get_by_role("link", name="Cấp vòng tay cho trẻ sinh cùng").click()
    press(page, "Cấp vòng tay")
    expect(page.get_by_role("heading", level=1)).to_have_text("Con bà Phạm Thị Mai (2)")
    seat.leave()
