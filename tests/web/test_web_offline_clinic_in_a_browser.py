"""A clinic that worked without a line for a day: its tool keeps everything encrypted, catches up, and the day agrees.

A real server that is away and comes back, the facility's own tool, a real Chromium.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page, expect
from tests.support import databases
from tests.support.browser import overflow, violations
from tests.support.intake import example
from tests.support.seat import Seat
from tests.support.site import PASSWORD, serving

from ymach.agent.commands import agent
from ymach.agent.errors import LATER
from ymach.base.clock import VIETNAM, now, vietnam_day

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE, EXAMPLE_DAY = "99001.26.0001234", "20261110"
TABLE = re.compile(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>")


@dataclass
class Clinic:
    """The clinic's machine and the environment of the server it sends to. port: 0 until the server was first seen. day: of
    the visits, yesterday."""

    folder: Path
    environment: dict[str, str]
    port: int = 0
    day: date = field(default_factory=lambda: vietnam_day(now()) - timedelta(days=1))

    @property
    def home(self) -> Path:
        return self.folder / "tool"

    def agent(self, *arguments: str | Path) -> Result:
        given = ["--home", str(self.home), *map(str, arguments)]
        return CliRunner().invoke(agent, given, env={"YMACH_AGENT_P12_PASSWORD": PASSWORD}, catch_exceptions=False)

    def told(self, *arguments: str | Path) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.agent("--json", *arguments).stdout.splitlines()]

    def write(self, number: int, folder: str = "day") -> Path:
        """One outpatient dossier of the day, under a code of its own."""
        path = self.folder / folder / f"{number}.xml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TABLE.sub(lambda found: _of_day(found[1], number, self.day), example("01-outpatient.xml")))
        return path


def _of_day(table: bytes, number: int, day: date) -> bytes:
    text = base64.b64decode(table).replace(EXAMPLE_DAY.encode(), f"{day:%Y%m%d}".encode())
    written = text.replace(CODE.encode(), f"{CODE}.{number}".encode())
    return b"<NOIDUNGFILE>" + base64.b64encode(written) + b"</NOIDUNGFILE>"


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    here = databases.server()
    with databases.copy(here, "clinic") as name:
        later = now().astimezone(VIETNAM) + timedelta(hours=2)
        closed = f"history {later:%H:00}-{later + timedelta(hours=1):%H:00}"
        environment = {**databases.environment_for(here, name), "YMACH_SENDING_WINDOWS": closed}
        yield Clinic(tmp_path, environment | {"YMACH_SECOND_FACTOR": "offered"})


def test_a_day_without_a_line_is_caught_up_and_agrees(clinic: Clinic, browser: Browser) -> None:
    p12 = clinic.folder / "clinic.p12"
    with serving(clinic.environment, seed=("seed_clinic.py", PASSWORD, str(p12))) as site:
        clinic.port = urlsplit(site).port or 0
        done = clinic.agent("init", "--server", site, "--facility", "99001", "--p12", p12, "--allow-http")
        assert done.exit_code == 0, done.output
    day, old = [clinic.write(number) for number in range(1, 5)], clinic.write(9, "old")
    _works_without_a_line(clinic, day, old)
    with serving(clinic.environment, port=clinic.port) as site:
        _catches_up(clinic)
        _sees_the_day(browser, site, clinic.day)


def _works_without_a_line(clinic: Clinic, day: list[Path], old: Path) -> None:
    """Everything is signed and queued; nothing on the disk tells who was ill."""
    assert clinic.agent("send", *day, "--patience", "0").exit_code == LATER
    assert clinic.agent("send", old, "--history", "--patience", "0").exit_code == LATER
    kept = b"".join(path.read_bytes() for path in clinic.home.rglob("*") if path.is_file())
    assert len(kept) > 5 * 1000
    for secret in ("NGUYỄN THỊ MẪU", CODE, "999168000017", "GIAMDINHHS"):
        assert secret.encode() not in kept
        assert base64.b64encode(secret.encode())[:-4] not in kept


def _catches_up(clinic: Clinic) -> None:
    """The day goes at once, the old visit waits for its hours; every receipt is genuine and the day agrees."""
    sent = clinic.told("send", "--patience", "60")
    states = [one.get("state") for one in sent if "state" in one]
    assert states.count("accepted") == 4, sent
    assert len(list((clinic.home / "receipts").rglob("*.jws"))) == 4
    assert clinic.agent("receipts", "--verify").exit_code == 0
    assert clinic.agent("status").exit_code in {0, LATER}
    compared = clinic.told("reconcile")
    assert (compared[-1]["agrees"], compared[-1]["matched"]) == (True, 4)


def _sees_the_day(browser: Browser, site: str, day: date) -> None:
    """The receipts of today, and in a dossier the times of the day on which the patient was there."""
    seat = Seat(browser, site)
    page = seat.open("clinic", "/today", width=390)
    expect(page.get_by_text("4", exact=True).first).to_be_visible()
    page.goto(f"{site}/submissions")
    expect(page.locator("#rows tbody tr")).to_have_count(4)
    received = now().astimezone(VIETNAM)
    expect(page.locator("#rows tbody tr").first).to_contain_text(f"{received:%d/%m/%Y}")
    page.get_by_role("link", name=f"{CODE}.1", exact=True).click()
    page.get_by_role("link", name="Đọc hồ sơ").first.click()
    expect(page.locator("main")).to_contain_text(f"{day:%d/%m/%Y}")
    _opens_a_conformance_run(page, site)
    seat.leave()


def _opens_a_conformance_run(page: Page, site: str) -> None:
    """The pages for the maker of the clinic's software, on a telephone."""
    page.goto(f"{site}/conformance")
    assert overflow(page) == 0
    page.get_by_label("Tên và phiên bản phần mềm").fill("HIS An Bình 5.2")
    page.get_by_role("button", name="Mở lượt kiểm thử").click()
    expect(page.get_by_role("heading", name="Lượt kiểm thử", exact=True)).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Kết thúc và ký báo cáo").click()
    expect(page.get_by_role("link", name="Tải báo cáo có chữ ký")).to_be_visible()
    page.goto(f"{site}/conformance/verify")
    assert overflow(page) == 0
