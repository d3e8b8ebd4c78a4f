"""A life in the registry, as people live it: a clinic, a doctor, a licence, a decision, and what each of them sees.

A real Chromium, the running site, a mail server, the facility's own tool against the real intake. Nothing is arranged
behind the pages but the clinic's certificate, which an authority issues outside.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support import commands, databases
from tests.support.browser import sign_in_unseen
from tests.support.changing import png
from tests.support.intake import example
from tests.support.mail import HOST, Mailbox, mail_server
from tests.support.qr import drawn, text_of
from tests.support.seat import Seat
from tests.support.site import PASSWORD, serving

from ymach.base.clock import now, vietnam_day
from ymach.exchange.receipts.claims import claims_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DEPARTMENT, CLINIC, DOCTOR = "thu@nghean.example", "hanh@saomai.example", "minh@saomai.example"
NAME, NUMBER, PERSONAL_NUMBER = "Đặng Thuỳ Minh", "004711/NA-GPHN", "040185001234"
PRESCRIPTION, TABLE = "03-prescription-only.xml", r"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>"


@dataclass
class Country:
    """An installation in which nobody is yet: its site, its letters, a folder for the clinic's machine. today: the first
    day of the story, in Viet Nam."""

    site: str
    environment: dict[str, str]
    box: Mailbox
    folder: Path
    seat: Seat
    today: date = field(default_factory=lambda: vietnam_day(now()))

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    def ymach(self, *arguments: str | Path) -> str:
        done = commands.ymach(self.environment, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.output}"
        return done.output

    def link_in_the_letter_to(self, address: str) -> str:
        """Let the worker carry the letters; the link in the newest one to `address`."""
        self.ymach("worker", "--once", "--destination", "letters")
        letter = [one for one in self.box.letters if one["To"] == address][-1]
        found = re.search(r"/invitations/[\w-]+", letter.get_content())
        assert found
        return self.site + found[0]

    def page_of(self, username: str) -> Page:
        """The browser of somebody, who is signed in once they have opened their account."""
        return self.seat.of(username)

    def visitor(self) -> Page:
        """The browser of somebody without an account."""
        return self.seat.of("")


@pytest.fixture
def country(browser: Browser, tmp_path: Path) -> Iterator[Country]:
    here, box, folder = databases.server(), Mailbox(), tmp_path
    with databases.copy(here, "life") as name, mail_server(box) as port:
        environment = {
            **databases.environment_for(here, name),
            "YMACH_VAR": str(folder / "var"),
            "YMACH_DEMO": "1",
            "YMACH_SMTP_URL": f"smtp+plain://{HOST}:{port}",
            "YMACH_MAIL_FROM": "Ymach <no-reply@ymach.example>",
            "YMACH_SECOND_FACTOR": "offered",
            "YMACH_AGENT_P12_PASSWORD": "demo",
        }
        (folder / "var").mkdir()
        with serving(environment) as site:
            seat = Seat(browser, site)
            yield Country(site, {**environment, "YMACH_BASE_URL": site}, box, folder, seat)
            seat.leave()


def test_a_clinic_a_doctor_and_a_decision(country: Country) -> None:
    a_department_begins(country)
    clinic = the_department_opens_a_clinic(country)
    the_clinic_accepts(country)
    the_clinic_enrols_a_doctor(country)
    the_department_approves(country)
    the_doctor_is_invited_and_accepts_with_the_personal_number(country)
    the_clinic_registers_the_doctor(country)
    the_doctor_confirms(country)
    the_department_approves(country)
    the_public_finds_the_licence_by_name_and_by_the_code(country, "Được phép hành nghề")
    the_clinics_tool_is_set_up(country, clinic)
    assert sent_prescription(country, clinic, "0000042")["outcome"].startswith("accepted")
    the_department_suspends_the_doctor_and_sees_what_it_touches(country, clinic)
    refused = sent_prescription(country, clinic, "0000043")
    assert the_receipt_refuses_the_prescription_for_the_suspension(refused)
    the_public_finds_the_licence_by_name_and_by_the_code(country, "Đang bị đình chỉ")
    the_timeline_tells_the_story(country)


def a_department_begins(country: Country) -> None:
    country.ymach("account", "invite", "--role", "department-admin", "--province", "40", "--email", DEPARTMENT)
    opens_account(country, DEPARTMENT, "Nguyễn Thị Thu")


def the_department_opens_a_clinic(country: Country) -> str:
    """Open it on the page, invite it from there; its code."""
    page = country.page_of(DEPARTMENT)
    page.goto(f"{country.site}/facilities/new")
    typed = {
        "name": "Phòng khám Đa khoa Sao Mai",
        "email": CLINIC,
        "number": "00471/NA-GPHĐ",
        "issued_on": "02/01/2025",
    }
    fill(page, typed)
    page.select_option("#f-form", index=1)
    page.select_option("#f-sector", index=1)
    page.click("form.change-form .btn.is-main")
    page.wait_for_url("**/opened")
    code = page.inner_text(".fac-given p:first-child b")
    page.click("#invite .btn.is-main")
    expect(page.locator(".toast")).to_contain_text(CLINIC)
    return code


def the_clinic_accepts(country: Country) -> None:
    opens_account(country, CLINIC, "Lê Thị Hạnh")


def the_clinic_enrols_a_doctor(country: Country) -> None:
    page = country.page_of(CLINIC)
    page.goto(f"{country.site}/changes/new/enrol-practitioner")
    person = {"full_name": NAME, "birth_date": "17/05/1985", "personal_number": PERSONAL_NUMBER}
    licence = {"number": NUMBER, "issuer": "Sở Y tế Nghệ An", "issuer_province": "40", "issued_on": "10/03/2024"}
    fill(page, {**person, **licence})
    page.select_option("#f-sex", "2")
    page.select_option("#f-generation", "licence")
    page.select_option("#f-title", "a")
    page.check("input[name=scopes][value=V]")
    page.set_input_files("#f-evidence", {"name": "giay-phep.png", "mimeType": "image/png", "buffer": png()})
    sends(page)


def the_department_approves(country: Country) -> None:
    """The first of the worklist, looked at and approved."""
    page = country.page_of(DEPARTMENT)
    page.goto(f"{country.site}/worklist")
    page.click(".change-worklist tbody th a")
    page.click("button[name=do][value=approve]")
    expect(page.locator(".toast")).to_contain_text("Đã duyệt")


def the_doctor_is_invited_and_accepts_with_the_personal_number(country: Country) -> None:
    page = country.page_of(DEPARTMENT)
    page.goto(f"{country.site}/accounts/invite?role=practitioner")
    fill(page, {"licence": NUMBER, "email": DOCTOR})
    page.click("form.form .btn.is-main")
    expect(page.locator(".toast")).to_contain_text(DOCTOR)
    opens_account(country, DOCTOR, NAME, personal_number=PERSONAL_NUMBER)


def the_clinic_registers_the_doctor(country: Country) -> None:
    page = country.page_of(CLINIC)
    page.goto(f"{country.site}/changes/new/practice-registration?licence={NUMBER}")
    fill(page, {"starts_on": printed(country.today - timedelta(days=30)), "position": "Bác sĩ nội khoa"})
    sends(page)


def the_doctor_confirms(country: Country) -> None:
    page = country.page_of(DOCTOR)
    page.goto(f"{country.site}/changes")
    page.click(".todo .btn")
    page.click("button[name=do][value=confirm]")
    expect(page.locator(".toast")).to_contain_text("Đã xác nhận")


def the_public_finds_the_licence_by_name_and_by_the_code(country: Country, state: str) -> None:
    page = country.visitor()
    page.goto(f"{country.site}/licences?q=dang+thuy+minh")
    expect(page.locator("main")).to_contain_text(NUMBER)
    page.click("main a[href^='/licences/0']")
    expect(page.locator(".card")).to_contain_text(state)
    code = page.locator("svg.qr")
    path, side = code.locator("path").get_attribute("d"), (code.get_attribute("viewBox") or "").split()[-1]
    address = text_of(drawn(path or "", int(side) - 4))
    assert address.startswith(f"{country.site}/licences/qr/")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Mã QR thật")
    expect(page.locator(".card")).to_contain_text(state)


def the_clinics_tool_is_set_up(country: Country, clinic: str) -> None:
    p12 = country.folder / "clinic.p12"
    country.ymach("synth", "certificate", "--facility", clinic, "--out", p12)
    to = ("--server", country.site, "--allow-http", "--facility", clinic)
    country.ymach("agent", "--home", country.folder / "agent", "init", *to, "--p12", p12)


def sent_prescription(country: Country, clinic: str, code: str) -> dict[str, Any]:
    """A prescription of yesterday by the doctor, signed and sent by the clinic's tool; what the receipt says."""
    file, home = country.folder / f"{code}.xml", country.folder / "agent"
    file.write_bytes(prescription(clinic, code, country.yesterday))
    before = set(home.rglob("*.jws"))
    country.ymach("agent", "--home", home, "send", file)
    (receipt,) = set(home.rglob("*.jws")) - before
    return claims_of(receipt.read_text(encoding="ascii").strip())


def the_department_suspends_the_doctor_and_sees_what_it_touches(country: Country, clinic: str) -> None:
    """From yesterday on: the preview and the page after it name the prescription that was accepted."""
    country.ymach("worker", "--once", "--destination", "mentions")
    page = country.page_of(DEPARTMENT)
    page.goto(f"{country.site}/registry/practitioners?q=dang+thuy+minh")
    page.click(f"main a:has-text('{NAME}')")
    page.click(".head .btn.is-main")
    page.click("a[href$='/decisions/suspend']")
    fill(page, {"starts_on": printed(country.yesterday), "last_day": printed(country.today + timedelta(days=60))})
    fill(page, {"decision": "87/QĐ-SYT", "reason": "Kết luận của Hội đồng chuyên môn"})
    page.click("button[value=preview]")
    expect(page.locator("#effects")).to_contain_text("Phòng khám Đa khoa Sao Mai")
    expect(page.locator("#touched")).to_contain_text(f"{clinic}.26.0000042")
    page.click("button[value=take]")
    page.wait_for_url("**/records-touched?decision=*")
    expect(page.locator("#records")).to_contain_text(f"{clinic}.26.0000042")


def the_receipt_refuses_the_prescription_for_the_suspension(claims: dict[str, Any]) -> bool:
    """The visit is held for the department; the prescription is refused, and says why."""
    (record,) = [one for one in claims["records"] if one["kind"] == "prescription"]
    codes = {found["code"] for found in record["findings"]}
    return record["outcome"] == "rejected" and "YM-STA-AUTHOR-SUSPENDED" in codes


def the_timeline_tells_the_story(country: Country) -> None:
    page = country.page_of(DEPARTMENT)
    page.goto(f"{country.site}/registry/practitioners?q=dang+thuy+minh&state=suspended")
    page.click(f"main a:has-text('{NAME}')")
    page.click("a[href$='/timeline']")
    story = page.locator("main")
    for told in ("004711/NA-GPHN", "Phòng khám Đa khoa Sao Mai", "đình chỉ", "87/QĐ-SYT", "Nguyễn Thị Thu"):
        expect(story).to_contain_text(told, ignore_case=True)


def opens_account(country: Country, address: str, name: str, *, personal_number: str = "") -> None:
    """Open the account behind the newest letter to `address`, and sign in."""
    page = country.page_of(address)
    page.goto(country.link_in_the_letter_to(address))
    fill(page, {"full_name": name, "password": PASSWORD})
    if personal_number:
        page.fill("#f-personal_number", personal_number)
    page.click(".sign-in-form .btn")
    page.wait_for_url(f"{country.site}/sign-in")
    sign_in_unseen(page, country.site, address)


def fill(page: Page, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        page.fill(f"#f-{name}", text)


def sends(page: Page) -> None:
    """Send the form of a change; it is taken in."""
    button: Locator = page.locator("button.is-main[name=do][value=send]")
    button.click()
    expect(page.locator(".toast")).to_contain_text("Đã gửi")


def printed(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def prescription(clinic: str, code: str, day: date) -> bytes:
    """The shipped prescription as this clinic and this doctor would have written it on that day."""
    written = {
        "99003.26.0000042": f"{clinic}.26.{code}",
        "20261105": day.strftime("%Y%m%d"),
        "99003": clinic,
        "0099900/BYT-CCHN": NUMBER,
        "0099901/BYT-CCHN": NUMBER,
    }

    def changed(text: str) -> str:
        for before, after in written.items():
            text = text.replace(before, after)
        return text

    def table(found: re.Match[str]) -> str:
        inside = changed(base64.b64decode(found[1]).decode())
        return f"<NOIDUNGFILE>{base64.b64encode(inside.encode()).decode()}</NOIDUNGFILE>"

    text = example(PRESCRIPTION).decode()
    kept = [table(found) for found in re.finditer(TABLE, text)]
    around = [changed(part) for part in re.split(TABLE.replace("(", "(?:"), text)]
    return "".join(part + inside for part, inside in zip(around, [*kept, ""], strict=True)).encode()
