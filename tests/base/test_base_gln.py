from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.gln import check_digit, is_gln

twelve = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii)


@pytest.mark.parametrize("gln", ["9436465792104", "8930000000019", "8931234567897"])
def test_known_numbers_check(gln: str) -> None:
    assert is_gln(gln)


@given(twelve)
def test_exactly_one_last_digit_checks(first: str) -> None:
    assert [digit for digit in "0123456789" if is_gln(first + digit)] == [check_digit(first)]


@given(twelve, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first: str, place: int, shift: int) -> None:
    wrong = first[:place] + str((int(first[place]) + shift) % 10) + first[place + 1 :]
    assert not is_gln(wrong + check_digit(first))


@pytest.mark.parametrize("text", ["", "893000000001", "89300000000190", "893000000001x", "٨٩٣٠٠٠٠٠٠٠٠١٩"])
def test_other_text_is_no_gln(text: str) -> None:
    assert not is_gln(text)
