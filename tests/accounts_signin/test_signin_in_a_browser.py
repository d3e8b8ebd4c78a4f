"""Signing in as people do it, in a real Chromium: a passkey, a code app, VNeID."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import Browser, Page, expect
from tests.accounts_signin.conftest import KHAI, STRANGER
from tests.support.browser import leave, open_page, overflow, sign_in, violations
from tests.support.site import seeded

from ymach.sandbox.http import serving as serving_stand_in
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def door() -> Iterator[str]:
    """A running site that demands a second factor of staff and knows a stand-in of VNeID; browsers want a name."""
    with serving_stand_in(Vneid([KHAI, STRANGER])) as provider:
        known = {"YMACH_VNEID_CLIENT_ID": CLIENT_ID, "YMACH_VNEID_CLIENT_SECRET": CLIENT_SECRET}
        settings = {"YMACH_SECOND_FACTOR": "required", "YMACH_VNEID_URL": provider, **known}
        with seeded("seed_signin.py", host="localhost", **settings) as address:
            yield address


@pytest.fixture
def page(browser: Browser, door: str) -> Iterator[Page]:
    page = open_page(browser, door)
    yield page
    leave(page)


@pytest.fixture
def authenticator(page: Page) -> Iterator[None]:
    """The page's device keeps passkeys and recognises its owner."""
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield
    session.send("WebAuthn.disable")
    session.detach()


def sign_out(page: Page) -> None:
    page.click(".who")
    page.click("#account .btn:has-text('Đăng xuất')")
    page.wait_for_url("**/sign-in")


def test_a_passkey_is_made_and_then_signs_in_alone(page: Page, authenticator: None, door: str) -> None:
    sign_in(page, door, "passkey")
    expect(page).to_have_url(f"{door}/security/begin")
    assert (violations(page), overflow(page)) == ([], 0)
    page.click("text=Tạo khóa truy cập")
    page.click(".sign-in-form .btn")
    expect(page).to_have_url(f"{door}/security/codes")
    expect(page.locator(".codes li")).to_have_count(10)
    page.click("text=Tôi đã cất, tiếp tục")
    expect(page).to_have_url(f"{door}/today")
    sign_out(page)
    page.click("text=Đăng nhập bằng khóa truy cập")
    expect(page).to_have_url(f"{door}/today")
    page.goto(f"{door}/security")
    expect(page.locator("#sign-ins tbody tr").first).to_contain_text("khóa truy cập")


def test_a_passkey_is_the_second_step_after_the_password_and_proves_again(
    page: Page, authenticator: None, door: str
) -> None:
    sign_in(page, door, "pictures")
    page.goto(f"{door}/security/passkeys")
    page.click(".sign-in-form .btn")
    expect(page).to_have_url(f"{door}/security/codes")
    sign_out(page)
    sign_in(page, door, "pictures")
    expect(page).to_have_url(f"{door}/sign-in/second-factor")
    page.click(".ways-more .btn")
    expect(page).to_have_url(f"{door}/today")
    page.goto(f"{door}/security/confirm?next=/security/password")
    page.click(".ways-more .btn")
    expect(page).to_have_url(f"{door}/security/password")


def test_without_a_passkey_the_page_says_so_and_the_password_still_works(
    page: Page, authenticator: None, door: str
) -> None:
    page.goto(f"{door}/sign-in")
    page.click("text=Đăng nhập bằng khóa truy cập")
    expect(page.locator("[data-passkey-trouble]")).to_be_visible()
    expect(page.locator("#f-username")).to_be_editable()


def test_a_code_app_is_set_up_from_the_page_and_asked_for_next_time(page: Page, door: str) -> None:
    sign_in(page, door, "app")
    page.click("text=Dùng ứng dụng tạo mã")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("#f-code", f"{hotp_value(secret, int(time.time()) // 30 - 1):06d}")
    page.click(".steps-panel .btn.is-main")
    expect(page).to_have_url(f"{door}/security/codes")
    sign_out(page)
    sign_in(page, door, "app")
    page.fill("#f-code", f"{hotp_value(secret, int(time.time()) // 30):06d}")
    page.click(".sign-in-form .btn")
    expect(page).to_have_url(f"{door}/today")


def test_vneid_opens_the_practitioners_account(page: Page, door: str) -> None:
    page.goto(f"{door}/profile")
    page.click("text=Đăng nhập bằng VNeID")
    page.click(f"text={KHAI.name}")
    expect(page).to_have_url(f"{door}/profile")
    expect(page.locator("h1")).to_have_text(KHAI.name)


def test_vneid_taken_back_with_the_back_button_is_told(page: Page, door: str) -> None:
    page.goto(f"{door}/sign-in")
    page.click("text=Đăng nhập bằng VNeID")
    with page.expect_request(re.compile("/sign-in/vneid/answer")) as asked:
        page.click(f"text={KHAI.name}")
    sign_out(page)
    page.goto(asked.value.url)
    expect(page.locator("main")).to_contain_text("YM-VNEID-REPLAYED")


def test_vneid_opens_a_book_of_their_own_for_whom_nobody_invited(page: Page, door: str) -> None:
    page.goto(f"{door}/sign-in")
    page.click("text=Đăng nhập bằng VNeID")
    page.click(f"text={STRANGER.name}")
    expect(page).to_have_url(f"{door}/records")
    expect(page.locator(".lede").first).to_have_text(STRANGER.name)
