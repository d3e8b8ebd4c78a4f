"""The QR code of the citizen's card: what scanners do to it, and what is no card at all."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ymach.base.findings import Severity
from ymach.clinical.person import PartialDate
from ymach.formats.cccd_qr import Card, CardUnreadable, doubts, read, write
from ymach.formats.cccd_qr.findings import sex_of, year_of

TEXT = "001185004321|012345678|Nguyễn Thị Hòa|05031985|Nữ|Số 12, đường Lê Lợi, phường 5, thành phố Vũng Tàu|02012021"
CARD = Card(
    "001185004321",
    "012345678",
    "Nguyễn Thị Hòa",
    PartialDate(1985, 3, 5),
    "2",
    "Số 12, đường Lê Lợi, phường 5, thành phố Vũng Tàu",
    date(2021, 1, 2),
)

_letters = st.text("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYaăâàáảãạằắbđêếôơưừỳ' -.", min_size=1, max_size=40)
_names = _letters.map(lambda name: " ".join(unicodedata.normalize("NFC", name).split())).filter(
    lambda name: any(letter.isalpha() for letter in name)
)
_births = st.one_of(
    st.dates(date(1900, 1, 1), date(2026, 11, 1)).map(PartialDate.of), st.integers(1900, 2026).map(PartialDate)
)
cards = st.builds(
    Card,
    number=st.from_regex(r"(?!([0-9])\1{11})[0-9]{12}", fullmatch=True).filter(str.isascii),
    old_number=st.none() | st.from_regex(r"[0-9]{9}", fullmatch=True).filter(str.isascii),
    full_name=_names,
    birth=_births,
    sex=st.sampled_from(["1", "2", None]),
    address=_letters.map(lambda text: " ".join(unicodedata.normalize("NFC", text).split())),
    issued_on=st.none() | st.dates(date(2016, 1, 1), date(2026, 11, 1)),
)


@given(cards)
def test_what_is_written_is_read_without_loss(card: Card) -> None:
    assert read(write(card)) == card


def test_a_bar_inside_a_part_is_not_written() -> None:
    with pytest.raises(ValueError, match="bar"):
        write(replace(CARD, address="Tổ 1 | khu 2"))


DAMAGE = {
    "byte-order mark and line end": f"\ufeff{TEXT}\r\n",
    "prefix of the scanner": f"]Q1{TEXT}",
    "control characters": f"\x02{TEXT}\x03",
    "decomposed letters": unicodedata.normalize("NFD", TEXT),
    "new parts behind": f"{TEXT}|Trần Văn Bình|x",
    "bytes shown in Windows-1252": "".join(chr(one) for one in TEXT.encode()),
    "full-width bars and digits": TEXT.replace("|", "｜").replace("001185004321", "００１１８５００４３２１"),
    "another layout's bar": TEXT.replace("|", "~"),
    "Vietnamese layout's digits": TEXT.replace("001185004321", "đđăă\u0301\u0300đđôêâă"),
    "blanks around the parts": TEXT.replace("|", " | "),
    "read twice": f"{TEXT}\n{TEXT}\n",
    "read twice in one line": f"{TEXT}{TEXT}",
    "line end inside the address": TEXT.replace("phường 5, ", "phường 5,\r\n"),
    "dates with strokes": TEXT.replace("05031985", "05/03/1985"),
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_a_scanner_did_is_undone(text: str) -> None:
    assert read(text) == CARD


def _as_1258(byte: int) -> str:
    """The letter that Windows shows for a byte; the few that its page leaves empty are control characters."""
    shown = bytes([byte]).decode("cp1258", "replace")
    return chr(byte) if shown == "\ufffd" else shown


def test_utf8_shown_in_windows_1258_is_undone() -> None:
    assert read("".join(map(_as_1258, TEXT.encode()))) == CARD


def test_what_telex_swallowed_stays_swallowed_and_the_person_is_still_right() -> None:
    swallowed = TEXT.replace("Nguyễn Thị Hòa", "Ksor H'Jữr").replace("Lê Lợi", "Lê Lợ")
    found = read(swallowed)
    assert (found.number, found.birth, found.sex, found.issued_on) == (
        CARD.number,
        CARD.birth,
        CARD.sex,
        CARD.issued_on,
    )
    assert found.full_name == "Ksor H'Jữr"


LEFT_OUT = {
    "old number empty": (TEXT.replace("012345678", ""), replace(CARD, old_number=None)),
    "old number not there at all": (TEXT.replace("012345678|", ""), replace(CARD, old_number=None)),
    "no day of issue": (TEXT.removesuffix("|02012021"), replace(CARD, issued_on=None)),
    "strange day of issue": (TEXT.replace("02012021", "99992021"), replace(CARD, issued_on=None)),
    "only the year of birth": (TEXT.replace("05031985", "1985"), replace(CARD, birth=PartialDate(1985))),
    "day of birth unknown": (TEXT.replace("05031985", "00031985"), replace(CARD, birth=PartialDate(1985, 3))),
    "strange sex": (TEXT.replace("Nữ", "N"), replace(CARD, sex=None)),
}


@pytest.mark.parametrize(("text", "card"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_is_missing_is_none_and_the_rest_is_read(text: str, card: Card) -> None:
    assert read(text) == card


OTHERS = {
    "": "YM-CARD-EMPTY",
    "\ufeff \r\n": "YM-CARD-EMPTY",
    "x" * 2001: "YM-CARD-TOO-LONG",
    "https://example.vn/menu?ban=5": "YM-CARD-WEB-ADDRESS",
    "https://y.example.vn/licences/qr/eyJhbGciOiJFUzI1NiJ9.e30.sig": "YM-CARD-LICENCE",
    "DN4797900000001|4e677579|01/01/1980|1|-|79 - 024|01/01/2020|-$": "YM-CARD-INSURANCE",
    "GD4999900000017": "YM-CARD-INSURANCE",
    "IDVNM0850043213001185004321<<2": "YM-CARD-BACK",
    "001185004321": "YM-CARD-NUMBER-ONLY",
    "BN0001234": "YM-CARD-FACILITY",
    "99001a1b2c3d-C": "YM-CARD-FACILITY",
    "001185004321|012345678|Nguyễn": "YM-CARD-CUT",
    TEXT.replace("001185004321", "00118500432"): "YM-CARD-NUMBER",
    TEXT.replace("001185004321", "000000000000"): "YM-CARD-NUMBER",
    TEXT.replace("Nguyễn Thị Hòa", ""): "YM-CARD-NAME",
    TEXT.replace("Nguyễn Thị Hòa", "Nguy?n Th? Hòa"): "YM-CARD-GARBLED",
    TEXT.replace("05031985", "31021985"): "YM-CARD-BIRTH",
    TEXT.replace("05031985", "05032031"): "YM-CARD-FUTURE",
    f"{TEXT}\n{TEXT.replace('001185004321', '001185004322')}": "YM-CARD-TWO",
    TEXT + TEXT.replace("001185004321", "001185004322"): "YM-CARD-TWO",
    "WIFI:S:phong kham;T:WPA;P:matkhau;;": "YM-CARD-UNREADABLE",
}


@pytest.mark.parametrize(("text", "code"), OTHERS.items(), ids=[text[:24] or "empty" for text in OTHERS])
def test_what_is_no_card_has_a_code_and_a_sentence_of_its_own(text: str, code: str) -> None:
    with pytest.raises(CardUnreadable) as refused:
        read(text, on=date(2026, 11, 23))
    assert refused.value.code == code
    assert refused.value.text.vi != CardUnreadable.sentence.vi or code == "YM-CARD-UNREADABLE"


@given(st.text(max_size=200) | st.lists(st.text(max_size=12), min_size=5, max_size=9).map("|".join))
def test_any_text_is_a_card_or_a_sentence(text: str) -> None:
    with suppress(CardUnreadable):
        assert read(text, on=date(2026, 11, 23)).full_name


@settings(max_examples=40)
@given(cards)
def test_doubts_are_warnings_and_say_where_number_and_fields_differ(card: Card) -> None:
    found = doubts(card)
    expected = {
        *(["YM-CARD-SEX-DIFFERS"] if card.sex not in {None, sex_of(card.number)} else []),
        *(["YM-CARD-YEAR-DIFFERS"] if card.birth.year != year_of(card.number) else []),
    }
    assert {one.code for one in found} == expected
    assert all(one.kind.severity is Severity.WARNING for one in found)


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [
        ("001099000001", 1999, "1"),
        ("001199000001", 1999, "2"),
        ("001205000001", 2005, "1"),
        ("001305000001", 2005, "2"),
    ],
)
def test_the_number_states_year_and_sex(number: str, year: int, sex: str) -> None:
    assert (year_of(number), sex_of(number)) == (year, sex)
