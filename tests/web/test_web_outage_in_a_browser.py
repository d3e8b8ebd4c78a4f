"""A partner goes down and comes back, as a hospital, an operator and anybody see it.

The site, a worker and a stand-in of the insurance portal run as in life; the stand-in cuts every connection on demand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support import databases
from tests.support.browser import overflow, violations
from tests.support.deliveries import behave, ledger
from tests.support.programs import ymach_started
from tests.support.seat import Seat
from tests.support.site import PASSWORD, serving

from ymach.sandbox.http import serving as serving_stand_in
from ymach.sandbox.insurance_portal import PASSWORD as PORTAL_PASSWORD
from ymach.sandbox.insurance_portal import USERNAME, InsurancePortal

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOSSIERS = 12
PATIENCE = 90


@dataclass(frozen=True)
class Country:
    """A running site with a worker, and the portal that it sends to."""

    site: str
    portal: str


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    here, stand_in = databases.server(), InsurancePortal()
    with databases.copy(here, "outage") as name, serving_stand_in(stand_in) as portal:
        behave(portal, down=True)
        environment = {
            **databases.environment_for(here, name),
            "YMACH_INSURANCE_URL": portal,
            "YMACH_INSURANCE_USERNAME": USERNAME,
            "YMACH_INSURANCE_PASSWORD": PORTAL_PASSWORD,
        }
        with serving(environment, seed=("seed_outage.py", PASSWORD)) as site:
            worker = ymach_started(environment, "worker", log=tmp_path / "worker")
            try:
                yield Country(site, portal)
            finally:
                worker.terminate()
                worker.wait()
    stand_in.ledger.close()


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.5)


def _insurance(page: Page, site: str) -> dict[str, object]:
    """What programs are told of the portal: cheaper to ask again and again than the page."""
    found: list[dict[str, object]] = page.request.get(f"{site}/api/v1/status").json()["destinations"]
    return next(one for one in found if one["destination"] == "insurance")


def _has_no_barrier(page: Page, address: str) -> None:
    """On a phone by night; on a desk by day the page only must not be too wide."""
    page.set_viewport_size({"width": 390, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    assert violations(page) == []
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})
    assert overflow(page) <= 0


def test_an_outage_is_seen_by_all_and_costs_nothing(browser: Browser, country: Country) -> None:
    site, seat = country.site, Seat(browser, country.site)

    # Down: everybody sees it, and nobody has anything to do.
    anybody = seat.of("")
    _until(lambda: _insurance(anybody, site)["state"] == "away")
    _has_no_barrier(anybody, f"{site}/status")
    expect(anybody.locator("main")).to_contain_text("Cổng giám định BHYT tạm nghỉ từ")
    clerk = seat.open("facility", "/today")
    expect(clerk.get_by_label("Nơi nhận tạm nghỉ")).to_contain_text("không phải gửi lại")
    operator = seat.open("ministry", "/operations")
    row = operator.locator("#destinations tr", has_text="Cổng giám định BHYT")
    # While it is being tried again there is no next time to tell: a moment later there is, and the page asks by itself.
    expect(row).to_contain_text("thử lại lúc", timeout=PATIENCE * 1000)
    expect(row.locator('[data-state="stuck"]')).to_have_text("Tạm nghỉ")
    operator.get_by_role("link", name="Cách xử lý").first.click()
    expect(operator.locator(":target h2, #destination-away h2").first).to_be_visible()
    for page in ("", "/deliveries"):
        _has_no_barrier(operator, f"{site}/operations{page}")

    # Back: what waited has gone, once each, without anybody's hand.
    behave(country.portal)
    _until(lambda: len(ledger(country.portal)["entries"]) == DOSSIERS)
    anybody = seat.of("")
    _until(lambda: _insurance(anybody, site)["state"] == "answering")
    anybody.goto(f"{site}/status")
    expect(anybody.locator("main")).to_contain_text("Mọi nơi nhận đang thông.")
    assert ledger(country.portal)["doubled"] == 0
    operator = seat.open("ministry", "/operations")
    expect(operator.locator("#destinations").get_by_text("Thông").first).to_be_visible()
    expect(operator.locator("#outages")).to_contain_text("trở lại lúc")
    clerk = seat.open("facility", "/today")
    expect(clerk.locator("#live")).to_be_visible()
    expect(clerk.get_by_label("Nơi nhận tạm nghỉ")).to_have_count(0)
    seat.leave()
