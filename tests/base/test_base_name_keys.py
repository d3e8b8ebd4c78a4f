from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.name_keys import folded, person_order, reading_order
from ymach.base.vietnamese import fold, sort_key, tidy_name

words = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếờữĐÂ'", min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=5).map(" ".join).map(tidy_name)


@given(names)
def test_keys_word_by_word_are_the_keys_of_the_whole_name(name: str) -> None:
    assert (folded(name), person_order(name)) == (fold(name), sort_key(name))


@pytest.mark.parametrize("name", ["Đặng Thị Hoà", "Lý", "Tôn Nữ Thị Ngọc Ánh", "H'Hen Niê"])
def test_keys_of_real_names(name: str) -> None:
    assert (folded(name), person_order(name)) == (fold(name), sort_key(name))


def test_facilities_sort_from_their_first_word_on() -> None:
    given_names = ["Trạm Y tế An Bình", "Bệnh viện Bạch Mai", "Bệnh viện Đa khoa", "Bệnh viện Da liễu"]
    assert sorted(given_names, key=reading_order) == [
        *("Bệnh viện Bạch Mai", "Bệnh viện Da liễu", "Bệnh viện Đa khoa", "Trạm Y tế An Bình")
    ]
