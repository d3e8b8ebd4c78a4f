"""What was typed, and what is made of records: plain functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.patients import NOW, entry

from ymach.base.errors import YmachError
from ymach.citizens.provisional.codes import code_of
from ymach.exchange.reading.asked import Asked, read_asked, read_birth
from ymach.exchange.reading.summary import days_of, medicines_of, number_of, problems_of, summarise, trends_of

TODAY = date(2026, 11, 22)
BAND = code_of(UUID(int=7))
CARD = "001158000412|012345678|Đặng Thị Ngọc Lan|12031958|Nữ|1 Phố Mẫu, Hà Nội|01012022"


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("001158000412", [("personal-number", "001158000412")]),
        (" 001 158 000-412 ", [("personal-number", "001158000412")]),
        ("012345678", [("old-number", "012345678")]),
        ("HT4012345678901", [("insurance-number", "2345678901")]),
        ("2345678901", [("insurance-number", "2345678901")]),
        ("c1234567", [("passport", "C1234567")]),
        (BAND.lower(), [("provisional", BAND)]),
        (f"https://ymach.example/desk/scan?code={BAND}", [("provisional", BAND)]),
        (CARD, [("personal-number", "001158000412"), ("old-number", "012345678")]),
    ],
)
def test_a_number_or_a_scan_is_understood_however_it_is_typed(typed: str, keys: list[tuple[str, str]]) -> None:
    assert list(read_asked(number=typed).keys) == keys


@pytest.mark.parametrize(
    ("number", "name", "birth", "code"),
    [
        ("", "", "", "YM-READ-NOTHING-ASKED"),
        ("000000000000", "", "", "YM-READ-NUMBER"),
        ("xin chào", "", "", "YM-READ-NUMBER"),
        ("https://ymach.example/licences/1", "", "", "YM-READ-NUMBER"),
        ("", "Lan", "12/03/1958", "YM-READ-NAME"),
        ("", "Đặng Thị Lan", "", "YM-READ-BIRTH"),
        ("", "Đặng Thị Lan", "00/00/1958", "YM-READ-BIRTH"),
        ("", "Đặng Thị Lan", "31/02/1958", "YM-READ-BIRTH"),
        ("", "Đặng Thị Lan", "1958", "YM-READ-BIRTH"),
        ("", "", "12/03/1958", "YM-READ-NAME"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_beside_its_field(number: str, name: str, birth: str, code: str) -> None:
    with pytest.raises(YmachError) as refused:
        read_asked(number=number, full_name=name, birth=birth)
    assert refused.value.code == code
    assert refused.value.field in {"number", "full_name", "birth"}


def test_a_card_of_something_else_is_refused_at_the_number() -> None:
    with pytest.raises(YmachError) as refused:
        read_asked(number="1|2|3")
    assert refused.value.field == "number"


def test_a_name_is_compared_without_marks_and_with_the_whole_date() -> None:
    asked = read_asked(number="", full_name="ĐẶNG  thị ngọc LAN", birth="2/3/1958")
    assert asked == Asked("name", name_folded="dang thi ngoc lan", born=date(1958, 3, 2))


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=12))
def test_no_typing_whatever_fails_otherwise_than_with_a_sentence(number: str, name: str, birth: str) -> None:
    try:
        read_asked(number=number, full_name=name, birth=birth)
    except YmachError as refused:
        assert refused.text.vi  # noqa: PT017 - whether it is refused is the typing's


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_there_is_can_be_typed(day: date) -> None:
    assert read_birth(f"{day:%d/%m/}{day.year:04d}") == day


@pytest.mark.parametrize(
    ("dosage", "days"),
    [
        ("1 viên/lần * 2 lần/ngày * 30 ngày [2 viên/ngày]", 30),
        ("Ngày uống 2 lần", None),
        ("", None),
        ("dùng 7 ngày, nghỉ 3 ngày", 3),
    ],
)
def test_a_dosage_says_for_how_many_days_it_is(dosage: str, days: int | None) -> None:
    assert days_of(dosage) == days


@pytest.mark.parametrize(
    ("ago", "dosage", "is_now"),
    [
        (10, "1 viên * 30 ngày", True),
        (36, "1 viên * 30 ngày", True),
        (38, "1 viên * 30 ngày", False),
        (29, "khi đau", True),
        (31, "khi đau", False),
    ],
)
def test_a_medicine_is_taken_until_it_has_run_out_and_a_week_more(ago: int, dosage: str, is_now: bool) -> None:
    told = entry("prescription", NOW - timedelta(days=ago), lines=[{"name": "Amlodipin", "dosage": dosage}])
    now, before = medicines_of([told], today=TODAY)
    assert (bool(now), bool(before)) == (is_now, not is_now)


def test_of_a_medicine_prescribed_again_only_the_last_prescription_counts() -> None:
    lines = [{"name": "Amlodipin", "strength": "5mg", "dosage": "30 ngày"}]
    last, first = entry("prescription", NOW, lines=lines), entry("prescription", NOW - timedelta(days=20), lines=lines)
    now, before = medicines_of([last, first], today=TODAY)
    assert ([one.prescribed_at for one in now], before) == ([NOW], ())


def test_an_old_diagnosis_written_once_is_no_problem_any_more_and_a_check_up_never_was() -> None:
    old = NOW - timedelta(days=900)
    told = [
        entry("visit", NOW, diagnosis="I10", other_diagnoses=["Z00.0"], diagnosis_text="Tăng huyết áp"),
        entry("visit", old, diagnosis="J18", other_diagnoses=["I10", "I10"]),
    ]
    (problem,) = problems_of(told, today=TODAY)
    assert (problem.code, problem.visits, problem.first_at, problem.text) == ("I10", 2, old, "Tăng huyết áp")


def test_results_make_one_line_for_each_unit_oldest_first() -> None:
    day = timedelta(days=1)
    told = [
        entry("visit", NOW, values=[["", "Glucose", "7,1", "mmol/L", None], ["", "Glucose", "128", "mg/dL", None]]),
        entry("visit", NOW - day, values=[["", "GLUCOSE", "6.4", "mmol/L", None], ["", "HIV", "âm tính", "", None]]),
    ]
    found = trends_of(told)
    assert [(one.unit, [point.value for point in one.points]) for one in found] == [
        ("mmol/L", [Decimal("6.4"), Decimal("7.1")]),
        ("mg/dL", [Decimal(128)]),
    ]


@pytest.mark.parametrize("text", ["", None, ">200", "NaN", "Infinity", "âm tính", "1,2,3"])
def test_what_is_no_number_is_no_point(text: str | None) -> None:
    assert number_of(text) is None


def test_a_summary_of_nothing_is_empty_and_says_so() -> None:
    found = summarise([], today=TODAY)
    assert (found.entries, found.allergies, found.trends, found.is_narrowed) == ((), (), (), False)


def test_allergies_come_grave_first_and_a_resolved_one_goes() -> None:
    told = [
        entry("health-book", NOW, allergies=[{"substance": "Aspirin", "status": "resolved"}]),
        entry("health-book", NOW - timedelta(days=9), allergies=[{"substance": "aspirin"}, {"substance": "Tôm"}]),
        entry("health-book", NOW - timedelta(days=99), allergies=[{"substance": "Penicillin", "criticality": "high"}]),
    ]
    found = summarise(told, today=TODAY)
    assert [one.substance for one in found.allergies] == ["Penicillin", "Tôm"]
