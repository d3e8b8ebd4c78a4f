"""What must hold of a profile's facts before they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.gln import is_gln
from ymach.facilities import codes, errors, lists
from ymach.facilities.facts import ContactFacts, DepartmentFacts, EquipmentFacts, LegalPersonFacts, TechniqueFacts
from ymach.facilities.profile import rules

DAY = date(2026, 3, 2)
WARD = DepartmentFacts("K03", "Nội tổng hợp", beds_planned=40, beds_actual=50, beds_icu=5, beds_emergency=5)
SCANNER = EquipmentFacts("CT", "Máy CT 64 dãy", made_year=2019)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("21.03", "105.85"), ("16.53", "111.61"), ("8.64", "111.92"), ("8.6", "104.7"), ("23.39", "105.32")],
)
def test_hanoi_hoang_sa_and_truong_sa_lie_in_viet_nam(latitude: str, longitude: str) -> None:
    rules.check_coordinates(Decimal(latitude), Decimal(longitude))
    with pytest.raises(errors.CoordinatesWrong):
        rules.check_coordinates(Decimal(longitude), Decimal(latitude))


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("105.85", "21.03"), ("0", "0"), ("21.03", None), (None, "105.85"), ("13.7", "100.5")]
)
def test_coordinates_elsewhere_swapped_or_by_half_are_refused(latitude: str | None, longitude: str | None) -> None:
    both = [None if one is None else Decimal(one) for one in (latitude, longitude)]
    with pytest.raises(errors.CoordinatesWrong):
        rules.check_coordinates(*both)


@pytest.mark.parametrize("year", [1849, 2027])
def test_founding_lies_in_the_past(year: int) -> None:
    rules.check_founded_year(2026, on=DAY)
    with pytest.raises(errors.FoundedYearWrong):
        rules.check_founded_year(year, on=DAY)


def test_nothing_is_older_than_the_facility() -> None:
    rules.check_not_before_founding(date(2000, 1, 1), 2000)
    with pytest.raises(errors.BeforeFounding):
        rules.check_not_before_founding(date(1999, 12, 31), 2000)


@pytest.mark.parametrize("code", ["K02", "K99", "K02.1", "K02.D01", "K61", "K02A"])
def test_department_codes_are_taken_even_if_our_list_lacks_them(code: str) -> None:
    rules.check_department(replace(WARD, code=code))
    with pytest.raises(errors.DepartmentCodeWrong):
        rules.check_department(replace(WARD, code=f"{code} "))


@pytest.mark.parametrize("code", ["", "02", "k02", "K2", "K02.", "K02 ", "K02.D01.1.2"])
def test_department_codes_begin_with_k_and_two_digits(code: str) -> None:
    with pytest.raises(errors.DepartmentCodeWrong):
        rules.check_department(replace(WARD, code=code))


@pytest.mark.parametrize(
    "numbers",
    [
        {"beds_planned": -1},
        {"beds_actual": 3001},
        {"beds_icu": 51},
        {"beds_icu": 30, "beds_emergency": 30},
        {"beds_negative_pressure": 51},
        {"operating_tables": -1},
    ],
)
def test_special_beds_are_part_of_the_actual_ones(numbers: dict[str, int]) -> None:
    with pytest.raises(errors.BedsWrong):
        rules.check_department(replace(WARD, **numbers))


def test_a_list_names_a_thing_once() -> None:
    technique = TechniqueFacts("2.10", "4440-2020", "1/QĐ-SYT", DAY)
    with pytest.raises(errors.Twice):
        rules.check_techniques([technique, technique])


def test_a_technique_list_has_an_end() -> None:
    technique = TechniqueFacts("2.10", "4440-2020", "1/QĐ-SYT", DAY)
    with pytest.raises(errors.TooLong):
        rules.check_techniques([technique] * 20_001)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"made_year": 2027},
        {"made_year": 1949},
        {"last_service_on": date(2026, 3, 3)},
        {"last_service_on": date(2026, 3, 1), "next_service_on": date(2026, 2, 1)},
    ],
)
def test_equipment_has_years_and_days_in_order(change: dict[str, object]) -> None:
    rules.check_equipment(SCANNER, on=DAY)
    with pytest.raises(errors.EquipmentWrong):
        rules.check_equipment(replace(SCANNER, **change), on=DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"kind": "TOASTER"}, {"state": "lost"}])
def test_equipment_is_of_a_known_kind_and_state(change: dict[str, str]) -> None:
    with pytest.raises(errors.ChoiceUnknown):
        rules.check_equipment(replace(SCANNER, **change), on=DAY)


def test_overdue_inspections_of_working_equipment_are_noticed() -> None:
    due = replace(SCANNER, inspection_due_on=date(2026, 3, 1))
    found = rules.overdue([due, replace(due, state="retired"), replace(due, inspection_due_on=DAY)], on=DAY)
    assert [one.code for one in found] == ["YM-EQUIPMENT-INSPECTION-OVERDUE"]


@pytest.mark.parametrize("number", ["0101234567", "0101234567-001", ""])
def test_enterprise_numbers_have_ten_digits_and_a_branch(number: str) -> None:
    rules.check_legal_person(LegalPersonFacts("Công ty Thử", enterprise_number=number))
    with pytest.raises(errors.EnterpriseNumberWrong):
        rules.check_legal_person(LegalPersonFacts("Công ty Thử", enterprise_number=f"{number}0"))


@pytest.mark.parametrize("number", ["010123456", "0101234567-1", "01012345670"])
def test_other_enterprise_numbers_are_refused(number: str) -> None:
    with pytest.raises(errors.EnterpriseNumberWrong):
        rules.check_legal_person(LegalPersonFacts("Công ty Thử", enterprise_number=number))


def test_a_contact_can_be_reached() -> None:
    rules.check_contact(ContactFacts("HOTLINE", phone="1900 1234"))
    for wrong, error in [
        (ContactFacts("HOTLINE"), errors.ContactUnreachable),
        (ContactFacts("HOTLINE", phone="gọi tôi"), errors.PhoneWrong),
        (ContactFacts("HOTLINE", email="a@b"), errors.EmailWrong),
        (ContactFacts("KING", phone="115"), errors.ChoiceUnknown),
    ]:
        with pytest.raises(error):
            rules.check_contact(wrong)


@pytest.mark.parametrize("website", ["benhvien.vn", "javascript:alert(1)", "https://"])
def test_a_website_is_an_address_of_the_web(website: str) -> None:
    rules.check_website("https://benhvien.example.vn/trang")
    with pytest.raises(errors.WebsiteWrong):
        rules.check_website(website)


def test_services_and_languages_are_on_the_lists_once() -> None:
    rules.check_choices("services", ["EMERGENCY", "DENTAL"], lists.services())
    with pytest.raises(errors.ChoiceUnknown):
        rules.check_choices("languages", ["tlh"], lists.languages())
    with pytest.raises(errors.Twice):
        rules.check_choices("languages", ["vi", "vi"], lists.languages())


@given(count=st.integers(0, 3000))
def test_the_next_code_is_one_nobody_held(count: int) -> None:
    taken: set[str] = set()
    for _ in range(min(count, 3)):
        taken.add(codes.next_code("01", taken))
    full = {f"01{number:03d}" for number in range(1, min(count, 999) + 1)}
    code = codes.next_code("01", full)
    assert code not in full
    assert len(code) == 5
    assert len(taken) == min(count, 3)


def test_codes_go_on_with_letters_and_end() -> None:
    digits = {f"01{number:03d}" for number in range(1, 1000)}
    assert codes.next_code("01", digits - {"01005"}) == "01005"
    assert codes.next_code("01", digits) == "01A00"
    everything = {"01" + tail for tail in codes._tails()}
    with pytest.raises(errors.NoCodeLeft):
        codes.next_code("01", everything)


@given(prefix=st.integers(893, 893_999_999).map(str), serial=st.integers(1, 99))
def test_given_location_numbers_check_and_go_up(prefix: str, serial: int) -> None:
    number = None
    for _ in range(min(serial, 5)):
        after = codes.next_gln(prefix, number)
        assert is_gln(after)
        assert number is None or after > number
        number = after


def test_a_used_up_prefix_gives_no_number() -> None:
    with pytest.raises(errors.NoCodeLeft):
        codes.next_gln("89312345678", "8931234567895")
