"""The kiosk's pages as a browser meets them: what each touch does, and who may touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import segno
from tests.support.kiosks import CHILD, OLD_MAN, WOMAN, sample
from tests.support.qr import drawn

from ymach.agent.kiosk.http import serving
from ymach.agent.kiosk.screens import Kiosk
from ymach.agent.kiosk.service import Line
from ymach.agent.kiosk.store import Store
from ymach.agent.kiosk.turns import Turns
from ymach.agent.seals import open_or_make


@dataclass
class Open:
    """A kiosk and the address of its screen; nothing is sent from here."""

    kiosk: Kiosk
    address: str


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Open]:
    book = Store(tmp_path, open_or_make(tmp_path / "queue.key", may_make=True))
    made = Kiosk("99001", sample(tmp_path), book, Line())
    with serving(made, port=0) as address:
        yield Open(made, address)
    book.close()


class Screen:
    """A browser at the kiosk, with the page it shows."""

    def __init__(self, kiosk: Open) -> None:
        self.kiosk, self.client = (
            kiosk,
            httpx.Client(base_url=kiosk.address, follow_redirects=True, trust_env=False, verify=False),
        )
        self.page = self.client.get("/")

    def touch(self, where: str, **form: str) -> str:
        """Send a form of the page shown; where it leads."""
        token = re.findall(r'data-form="([^"]+)"', self.page.text)[0]
        self.page = self.client.post(where, data={"form": token, **form})
        return self.page.url.path

    def says(self, text: str) -> bool:
        return text in self.page.text


@pytest.fixture
def screen(kiosk: Open) -> Iterator[Screen]:
    found = Screen(kiosk)
    yield found
    found.client.close()


def test_scan_who_room_number(screen: Screen) -> None:
    assert screen.touch("/scan", text=WOMAN) == "/who"
    assert screen.says("Nguyễn Thị Hòa")
    assert screen.says("Sinh năm 1985")
    assert not screen.says("001185004321")
    assert screen.touch("/pays", pays="insurance") == "/rooms"
    assert screen.touch("/rooms", room="NHI") == "/ticket"
    assert screen.says('<p class="big">1</p>')
    assert not screen.says("Nguyễn Thị Hòa")


def test_the_ticket_shows_the_code_of_the_visit_to_the_desks_scanner(screen: Screen) -> None:
    screen.touch("/scan", text=WOMAN)
    screen.touch("/pays", pays="self")
    screen.touch("/rooms", room="NOI")
    side, path = re.findall(r'viewBox="-2 -2 (\d+) \d+".*? d="([^"]+)"', screen.page.text)[0]
    visit = screen.kiosk.kiosk.store.waiting()[0].visit
    assert drawn(path, int(side) - 4) == [
        list(row) for row in segno.make_qr(visit, error="l", boost_error=False).matrix
    ]


def test_the_same_card_gets_the_same_number_at_once(screen: Screen) -> None:
    for _ in range(2):
        screen.touch("/scan", text=WOMAN)
        screen.touch("/pays", pays="self")
        screen.touch("/rooms", room="NOI")
    assert screen.touch("/scan", text=WOMAN) == "/ticket"
    assert screen.says("Bạn đã có số")
    assert len(screen.kiosk.kiosk.store.waiting()) == 1


def test_a_tile_touched_twice_is_one_check_in(screen: Screen) -> None:
    screen.touch("/scan", text=WOMAN)
    screen.touch("/pays", pays="self")
    screen.touch("/rooms", room="NOI")
    assert screen.touch("/rooms", room="NOI") == "/ticket"
    assert len(screen.kiosk.kiosk.store.waiting()) == 1


def test_half_a_check_in_is_nowhere(screen: Screen) -> None:
    screen.touch("/scan", text=WOMAN)
    screen.touch("/pays", pays="insurance")
    assert screen.touch("/forget") == "/"
    assert screen.client.get("/who").url.path == "/"
    assert screen.kiosk.kiosk.store.waiting() == []


def test_a_child_needs_an_adult_and_else_the_desk(screen: Screen) -> None:
    screen.touch("/scan", text=CHILD)
    assert screen.says("người lớn")
    assert screen.touch("/pays", pays="insurance") == "/who"
    assert screen.touch("/accompany") == "/who"
    assert screen.touch("/pays", pays="insurance") == "/rooms"
    screen.touch("/scan", text=CHILD)
    assert screen.touch("/desk") == "/ticket"
    assert screen.says("Quầy tiếp đón")


def test_no_card_gets_a_number_for_the_desk_and_no_notice(screen: Screen) -> None:
    assert screen.touch("/desk") == "/ticket"
    assert screen.says('<p class="big">1</p>')
    assert screen.kiosk.kiosk.store.waiting() == []


def test_a_typed_insurance_number_is_in_the_notice(screen: Screen) -> None:
    screen.touch("/scan", text=OLD_MAN)
    assert screen.touch("/pays", pays="number") == "/insurance"
    assert screen.touch("/insurance", number="12") == "/insurance"
    assert screen.says("2 ký tự")
    assert screen.says('value="12"')
    assert screen.touch("/insurance", number="79123 45678") == "/rooms"
    screen.touch("/rooms", room="NOI")
    assert b"<MA_THE_BHYT>7912345678</MA_THE_BHYT>" in screen.kiosk.kiosk.store.waiting()[0].content


def test_a_wrong_scan_says_what_it_was_and_keeps_nothing(screen: Screen) -> None:
    assert screen.touch("/scan", text="https://example.vn/<b>") == "/"
    assert screen.says("địa chỉ trang web")
    assert "địa chỉ trang web" not in screen.client.get("/").text


def test_the_name_on_a_card_is_text_and_never_markup(screen: Screen) -> None:
    screen.touch("/scan", text=WOMAN.replace("Thị Hòa", "<script>alert(1)</script>"))
    assert screen.says("&lt;script&gt;")
    assert not screen.says("<script>alert")


def test_english_stays_until_the_person_is_gone(screen: Screen) -> None:
    screen.touch("/language", to="en", page="/")
    screen.touch("/scan", text=WOMAN)
    assert screen.says("Is this you?")
    screen.touch("/forget")
    assert screen.says("Đăng ký khám")


def test_the_next_person_may_scan_while_the_last_number_is_shown(screen: Screen) -> None:
    screen.touch("/language", to="en", page="/")
    screen.touch("/desk")
    assert screen.touch("/scan", text=WOMAN) == "/who"
    assert screen.says("Có phải bạn không?")


def test_a_watchdog_without_cookies_never_displaces_the_screen(kiosk: Open, screen: Screen) -> None:
    screen.touch("/scan", text=WOMAN)
    with httpx.Client(base_url=kiosk.address, trust_env=False, verify=False) as watchdog:
        for _ in range(40):
            watchdog.get("/status")
            watchdog.cookies.clear()
            screen.client.get("/status")
    assert screen.touch("/pays", pays="self") == "/rooms"


FOREIGN = {
    "another name for this machine": {"Host": "evil.example:8650"},
    "a foreign page": {"Origin": "https://evil.example"},
    "a page of unknown origin": {"Origin": "null"},
    "a foreign frame or link": {"Sec-Fetch-Site": "cross-site"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
def test_other_pages_of_the_machine_are_refused(screen: Screen, headers: dict[str, str]) -> None:
    assert screen.client.get("/", headers=headers).status_code == 403
    assert screen.client.post("/desk", headers=headers).status_code == 403


def test_a_form_without_its_token_is_refused(screen: Screen) -> None:
    assert screen.client.post("/desk", data={"form": "guessed"}).status_code == 403
    assert screen.client.post("/desk", data={}).status_code == 403


def test_a_form_without_a_turn_starts_anew(kiosk: Open) -> None:
    answer = httpx.post(
        f"{kiosk.address}/desk", data={"form": "x"}, follow_redirects=True, trust_env=False, verify=False
    )
    assert answer.url.path == "/"
    assert kiosk.kiosk.store.give_plain("QUAY", at=kiosk.kiosk.clock()).number == 1


def test_a_body_longer_than_any_card_is_refused(screen: Screen) -> None:
    assert screen.client.post("/scan", content=b"x" * 20_000).status_code == 413


def test_every_answer_forbids_foreign_content_and_keeping(screen: Screen) -> None:
    for path in ("/", "/status", "/static/kiosk.js", "/nothing"):
        headers = screen.client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert not re.search(r"<script(?! src)|\son\w+=|style=", screen.page.text)


def test_a_person_nobody_dismissed_is_forgotten_by_the_machine_too() -> None:
    moment = [0.0]
    turns = Turns(45, clock=lambda: moment[0])
    turn = turns.begin()
    turn.accompanied, turn.language = True, "en"
    turn.card = object()  # type: ignore[assignment]
    moment[0] = 61.0
    found = turns.find(turn.key)
    assert found is not None
    assert (found.card, found.accompanied, found.language) == (None, False, "vi")
