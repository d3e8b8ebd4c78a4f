from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ymach.places import queries

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def names(text: str, on: date = TODAY, limit: int = 20) -> list[str]:
    return [unit.full_name_vi for unit in queries.search(text, on, limit)]


@pytest.mark.parametrize("text", ["Thanh Hóa", "Thanh Hoá", "thanh hoa", "  THANH   HOA "])
def test_tone_marks_case_and_blanks_do_not_matter(text: str) -> None:
    assert names(text)[0] == "Tỉnh Thanh Hóa"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("nghe na", "Tỉnh Nghệ An"), ("hai phog", "Thành phố Hải Phòng"), ("khanh hoaf", "Tỉnh Khánh Hòa")],
)
def test_small_typos_still_find(typed: str, meant: str) -> None:
    assert meant in names(typed)


def test_exact_name_comes_before_longer_ones() -> None:
    found = queries.search("Tân Phú", TODAY)
    assert {unit.name_vi for unit in found[:3]} == {"Tân Phú"}


def test_type_and_province_narrow_the_search() -> None:
    assert names("phường tân phú đồng nai")[0] == "Phường Tân Phú"
    assert queries.search("phường tân phú đồng nai", TODAY)[0].province_code == "75"


def test_beginning_of_a_name_is_enough() -> None:
    assert "Thành phố Hà Nội" in names("ha n")


def test_province_comes_before_communes_of_the_same_name() -> None:
    assert queries.search("Cà Mau", TODAY)[0].level == "province"


def test_name_of_the_day_is_found() -> None:
    before = date(2026, 4, 29)
    assert "Xã Trảng Bom" in names("trang bom", before)
    assert "Xã Trảng Bom" not in names("trang bom")
    assert names("tỉnh đồng nai", before)[0] == "Tỉnh Đồng Nai"


def test_special_zones_at_sea_are_found() -> None:
    assert names("hoang sa")[0] == "Đặc khu Hoàng Sa"
    assert names("truong sa")[0] == "Đặc khu Trường Sa"


def test_limit_is_kept() -> None:
    assert len(names("tan", limit=5)) == 5


@pytest.mark.parametrize("text", ["", "   "])
def test_empty_text_finds_nothing(text: str) -> None:
    assert names(text) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_any_text_is_harmless(text: str) -> None:
    assert len(names(text)) <= 20
