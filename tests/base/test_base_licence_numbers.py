from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.licence_numbers import author_number, authors_in, number_key

serials = st.from_regex(r"[0-9]{4,7}", fullmatch=True)
issuers = st.sampled_from(["BYT", "HCM", "SYT", "ĐNA", "BR-VT"])
kinds = st.sampled_from(["CCHN", "GPHN", "GPHĐ"])
numbers = st.builds("{}/{}-{}".format, serials, issuers, kinds)
blanks = st.text(alphabet=" \t\u00a0", max_size=3)


@given(st.text(max_size=60))
def test_key_of_a_key_is_the_key(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)


@given(numbers, blanks, blanks, blanks)
def test_blanks_and_case_make_no_difference(number: str, before: str, around: str, after: str) -> None:
    sloppy = before + number.lower().replace("/", f"{around}/{around}").replace("-", f"{around}-{around}") + after
    assert number_key(sloppy) == number_key(number)


@given(serials, serials, issuers, kinds)
def test_different_serials_stay_different(one: str, other: str, issuer: str, kind: str) -> None:
    same = number_key(f"{one}/{issuer}-{kind}") == number_key(f"{other}/{issuer}-{kind}")
    assert same == (one == other)


@given(numbers, st.from_regex(r"[0-9]{2}[0-9A-Z]{3}", fullmatch=True))
def test_seconded_form_is_taken_apart(number: str, facility: str) -> None:
    author = author_number(f"{number}.HD.{facility}")
    assert (author.key, author.seconded_from) == (number_key(number), facility)


@given(st.lists(numbers, max_size=4))
def test_list_gives_each_author_in_order(given_numbers: list[str]) -> None:
    assert [author.key for author in authors_in("; ".join(given_numbers))] == list(map(number_key, given_numbers))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("02222/HCM-GPHĐ", "02222/HCM-GPHD"),
        ("02222/HCM-GPHD", "02222/HCM-GPHD"),
        (" 0012345 / byt – cchn ", "0012345/BYT-CCHN"),
        ("0012345/HCM-CCHN", "0012345/HCM-CCHN"),
        ("0113004567", "0113004567"),
    ],
)
def test_numbers_as_they_are_written(written: str, key: str) -> None:
    assert number_key(written) == key


def test_leading_zeros_count() -> None:
    assert number_key("012/BYT-GPHN") != number_key("12/BYT-GPHN")


@pytest.mark.parametrize("field", ["", " ; ", ";;"])
def test_blank_field_has_no_author(field: str) -> None:
    assert authors_in(field) == ()
