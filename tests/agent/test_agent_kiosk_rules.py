"""What a check-in at the kiosk says, and who is sent to the desk instead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.support.kiosks import OLD_MAN, WOMAN, sample

from ymach.agent.errors import WrongSetting
from ymach.agent.kiosk.rules import Pays, Wish, is_child, is_newborn, notice, visit_code
from ymach.agent.kiosk.settings import FILE_NAME, load
from ymach.clinical.check_in import CheckIn
from ymach.clinical.person import PartialDate
from ymach.formats.cccd_qr import read, read_insurance_number
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import read_dossier
from ymach.formats.xml130.write import write_check_in

AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # 00:30 of the 24th in Viet Nam


def written(wish: Wish, home: Path) -> CheckIn:
    """The notice as a reader of its XML sees it."""
    made = notice(wish, sample(home), facility="99001", code="K1", patient_code="KX", at=AT)
    reading = read_dossier(open_envelope(etree.fromstring(write_check_in(made))).dossiers[0])
    assert not reading.findings
    assert reading.dossier is not None
    assert reading.dossier.check_in is not None
    return reading.dossier.check_in


def test_the_notice_of_an_insured_person_reads_back_whole(tmp_path: Path) -> None:
    room = sample(tmp_path).rooms[0]
    found = written(Wish(read(WOMAN), Pays.INSURANCE, room, read_insurance_number("DN4797912345678")), tmp_path)
    assert (found.full_name, found.personal_number, found.sex) == ("Nguyễn Thị Hòa", "001185004321", "2")
    assert (found.birth_date, found.insurance_cards) == (PartialDate(1985, 3, 5), ("DN4797912345678",))
    assert (found.patient_category, found.kind, found.facility_code) == ("1.1", "01", "99001")
    assert (found.service_code, found.service_name) == (room.service_code, room.service_name)
    assert found.started_at == found.ordered_at == AT


def test_who_pays_alone_states_no_insurance_even_if_a_number_was_typed(tmp_path: Path) -> None:
    wish = Wish(read(WOMAN), Pays.SELF, sample(tmp_path).rooms[0], read_insurance_number("7912345678"))
    found = written(wish, tmp_path)
    assert (found.patient_category, found.insurance_cards) == ("9", ())


def test_a_birth_of_which_only_the_year_is_known_stays_so(tmp_path: Path) -> None:
    assert written(Wish(read(OLD_MAN), Pays.SELF, sample(tmp_path).rooms[0]), tmp_path).birth_date == PartialDate(1945)


@settings(max_examples=60)
@given(st.dates(date(1990, 1, 1), date(2026, 11, 23)), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_child_is_under_sixteen_on_the_day(birth: date, on: date) -> None:
    sixteenth = (
        date(birth.year + 16, birth.month, min(birth.day, 28)) if birth.month == 2 else birth.replace(birth.year + 16)
    )
    if birth.day == 29 and birth.month == 2:
        return
    assert is_child(PartialDate.of(birth), on=on) == (on < sixteenth)


@pytest.mark.parametrize(
    ("birth", "newborn"),
    [(PartialDate(2026, 11, 1), True), (PartialDate(2026, 10, 20), False), (PartialDate(2026), False)],
)
def test_a_newborn_needs_the_hour_of_birth(birth: PartialDate, newborn: bool) -> None:
    assert is_newborn(birth, on=date(2026, 11, 24)) is newborn


def test_the_visit_is_of_the_vietnamese_day(tmp_path: Path) -> None:
    assert visit_code(sample(tmp_path), "NOI", 7, at=AT, spread="AB2C") == "K261124-NOI-007-AB2C"


@pytest.mark.parametrize(
    "wrong", ["rooms = []", 'letter = "ab"', "forget_after = 10", 'name = 1\nrooms = "x"', "again_minutes = [", ""]
)
def test_wrong_settings_are_told(tmp_path: Path, wrong: str) -> None:
    sample(tmp_path)
    good = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    left = good.replace('letter = ""', wrong, 1) if wrong.startswith(("letter", "forget")) else wrong
    (tmp_path / FILE_NAME).write_text(left.replace("forget_after = 45", ""), encoding="utf-8")
    with pytest.raises(WrongSetting):
        load(tmp_path)
