"""Consents in a real browser: a mother for her child, the child asked too, the clinic reads, and after a withdrawal no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.browser import overflow, violations
from tests.support.seat import Seat
from tests.support.site import seeded

from ymach.sandbox.http import serving as serving_stand_in
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidPerson

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOTHER = VneidPerson("001190000011", "LÊ THỊ MAI", "1990-05-01")
CHILD = VneidPerson("001318000012", "TRẦN MINH AN", "2017-11-25")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving_stand_in(Vneid([MOTHER, CHILD])) as provider:
        settings = {
            "YMACH_SECOND_FACTOR": "offered",
            "YMACH_VNEID_URL": provider,
            "YMACH_VNEID_CLIENT_ID": CLIENT_ID,
            "YMACH_VNEID_CLIENT_SECRET": CLIENT_SECRET,
        }
        with seeded("seed_consents.py", **settings) as address:
            yield address


def test_a_mother_consents_for_her_child_who_is_asked_too(browser: Browser, site: str) -> None:
    seat = Seat(browser, site)
    finds_nobody(seat.open("clerk", "/patients"))
    the_desk_records_the_mother(seat.open("clerk", "/consents"))
    the_mother_consents(seat.open("mother", "/own/consents", width=390), site)
    finds_nobody(seat.open("clerk", "/patients"))
    the_child_agrees(seat.open("child", "/own/consents", width=390))
    the_clinic_reads(seat.open("clerk", "/patients"))
    the_mother_withdraws(seat.open("mother", "/own/consents", width=390))
    finds_nobody(seat.open("clerk", "/patients"))
    seat.leave()


def look(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0


def ask_for_the_child(page: Page) -> None:
    page.fill("#f-number", CHILD.personal_number)
    page.press("#f-number", "Enter")


def finds_nobody(page: Page) -> None:
    ask_for_the_child(page)
    expect(page.locator(".change-trouble")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Trần Minh An")


def the_desk_records_the_mother(page: Page) -> None:
    page.fill("#f-number", CHILD.personal_number)
    page.fill("#f-full_name", "Trần Minh An")
    page.press("#f-full_name", "Enter")
    expect(page.locator("h1")).to_have_text("Trần Minh An")
    look(page)
    page.click("text=Thêm người đại diện")
    page.fill("#f-number", MOTHER.personal_number)
    page.fill("#f-full_name", "le thi mai")
    page.check("[name=relation][value=parent]")
    page.select_option("#f-evidence", "mandate")
    page.fill("#f-evidence_number", "12/2017")
    page.click("#proxy .btn.is-main")
    expect(page.locator(".change-trouble")).to_contain_text("giấy khai sinh")
    expect(page.locator("#f-full_name")).to_have_value("le thi mai")
    look(page)
    page.select_option("#f-evidence", "birth-certificate")
    page.click("#proxy .btn.is-main")
    expect(page.locator("#proxies")).to_contain_text("Lê Thị Mai")


def the_mother_consents(page: Page, site: str) -> None:
    page.click(".own-switch >> text=Con tôi")
    page.goto(f"{site}/own/consents/new")
    expect(page.locator("#terms :checked")).to_have_count(0)
    page.click("#terms .btn.is-main")
    expect(page.locator("#f-purpose-e")).to_be_visible()
    assert overflow(page) <= 0
    page.check("[name=purpose][value=treatment]")
    page.fill("#f-recipients", "01001")
    page.check("[name=part][value=all]")
    page.click("#terms .btn.is-main")
    expect(page.locator("#text")).to_contain_text("Phòng khám Đa khoa Sao Mai")
    expect(page.locator(".consent-note")).to_contain_text("7 tuổi")
    look(page)
    page.click("text=Xác nhận bằng VNeID")
    page.click("text=LÊ THỊ MAI")
    expect(page.locator(".badge")).to_contain_text("Chờ trẻ đồng ý")


def the_child_agrees(page: Page) -> None:
    page.click(".consent-list a")
    look(page)
    page.click("text=Tôi đồng ý, xác nhận bằng VNeID")
    page.click("text=TRẦN MINH AN")
    expect(page.locator(".badge")).to_contain_text("Đang có hiệu lực")


def the_clinic_reads(page: Page) -> None:
    ask_for_the_child(page)
    expect(page.locator("main")).to_contain_text("Hen phế quản")


def the_mother_withdraws(page: Page) -> None:
    page.click(".consent-list a")
    page.click("#withdraw .btn")
    expect(page.locator(".badge")).to_contain_text("Đã rút")
