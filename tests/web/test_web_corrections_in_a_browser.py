"""A dossier after its receipt in a real browser: versions side by side, cancelled on a phone, told why on every page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.support import databases
from tests.support.browser import open_page, overflow, sign_in, violations
from tests.support.site import PASSWORD, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SEED = Path(__file__).parents[1] / "support" / "seed_corrections.py"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    here = databases.server()
    with databases.copy(here, "corrections") as name:
        environment = {
            **databases.environment_for(here, name),
            "PYTHONPATH": os.pathsep.join([str(SEED.parents[2]), *sys.path]),
            "YMACH_SECOND_FACTOR": "offered",
        }
        subprocess.run([sys.executable, str(SEED), PASSWORD], env=environment, check=True)
        with serving(environment) as address:
            yield address


def test_a_facility_reads_what_changed_and_takes_its_dossier_back(browser: Browser, site: str) -> None:
    page = open_page(browser, site, width=390)
    sign_in(page, site, "facility")
    page.goto(f"{site}/corrections")
    expect(page.locator("#registry")).to_contain_text("3 hồ sơ xét lại")
    assert (violations(page), overflow(page)) == ([], 0)
    page.goto(f"{site}/submissions?q=99001.26.0001234")
    page.locator("table tbody a").first.click()
    page.get_by_role("link", name="Đọc hồ sơ").click()
    page.locator("#versions summary").click()
    expect(page.locator(".differences ins")).to_contain_text("Tái khám sau 5 ngày")
    assert (violations(page), overflow(page)) == ([], 0)
    page.locator("#versions").get_by_role("link", name="Hủy hồ sơ").click()
    assert (violations(page), overflow(page)) == ([], 0)
    page.fill("#f-reason", "Gửi nhầm lượt khám")
    page.get_by_role("button", name="Hủy hồ sơ").click()
    expect(page.locator("#later")).to_contain_text("Gửi nhầm lượt khám")
    page.goto(f"{site}/corrections?cause=cancelled")
    expect(page.locator("#list")).to_contain_text("Gửi nhầm lượt khám")
    assert (violations(page), overflow(page)) == ([], 0)
    page.context.close()
