"""The number of a health-insurance card, typed or scanned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.formats.cccd_qr import InsuranceNumber, InsuranceUnreadable, read_insurance_number

_ten = st.integers(1, 9_999_999_998).map(lambda n: f"{n:010d}").filter(lambda n: len(set(n)) > 1)
numbers = _ten.map(InsuranceNumber) | st.builds(
    InsuranceNumber, _ten, st.sampled_from(["DN", "HT", "TE", "GD", "QN"]), st.sampled_from("12345"), st.just("79")
)


@given(numbers, st.sampled_from(["", " ", "-", "."]))
def test_what_is_printed_in_groups_is_read_without_loss(number: InsuranceNumber, between: str) -> None:
    text = number.written
    printed = between.join((text[:2], text[2:3], text[3:5], text[5:])) if number.group else between.join(text)
    assert read_insurance_number(printed.lower()) == number


def test_a_scanned_insurance_card_starts_with_its_number() -> None:
    found = read_insurance_number(
        "DN4797912345678|4e677579|01/01/1980|1|-|79 - 024|01/01/2020|-|01/01/2020|797912345678$"
    )
    assert (found.group, found.level, found.province, found.number) == ("DN", "4", "79", "7912345678")


@pytest.mark.parametrize(("level", "share"), [("1", 100), ("2", 100), ("3", 95), ("4", 80), ("5", 100)])
def test_the_level_says_what_the_insurance_bears(level: str, share: int) -> None:
    assert read_insurance_number(f"HT{level}797912345678").share == share


def test_ten_digits_leave_group_and_level_unknown() -> None:
    found = read_insurance_number("7912345678")
    assert (found.written, found.share) == ("7912345678", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "YM-CARD-INSURANCE-EMPTY"),
        ("  - ", "YM-CARD-INSURANCE-EMPTY"),
        ("DN47979123456", "YM-CARD-INSURANCE-LENGTH"),
        ("DN9797912345678", "YM-CARD-INSURANCE-LEVEL"),
        ("0000000000", "YM-CARD-INSURANCE-NUMBER"),
        ("D14797912345678", "YM-CARD-INSURANCE-NUMBER"),
        ("791234567x", "YM-CARD-INSURANCE-NUMBER"),
    ],
)
def test_what_is_no_insurance_number_has_its_own_sentence(text: str, code: str) -> None:
    with pytest.raises(InsuranceUnreadable) as refused:
        read_insurance_number(text)
    assert refused.value.code == code
