"""Searching: what is found, in which order, and that nothing anybody types is an error."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration
from tests.support.settled import settled_together

from ymach.base.periods import Period
from ymach.practitioners.models import Licence
from ymach.publication import vocabulary
from ymach.publication.numbers import key_of, near
from ymach.publication.search import Found, Wanted, search, tsquery
from ymach.publication.spelling import same_names, same_person, spelling_of
from ymach.publication.vocabulary import Vocabulary, is_near

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
WORDS = st.text(st.sampled_from("abcdeghinostuv"), min_size=1, max_size=7)


def licence_of(name: str, number: str | None = None, **more: object) -> Licence:
    return make_licence(number, practitioner=make_practitioner(name), **more)  # type: ignore[arg-type]


def names(found: Found) -> list[str]:
    return [entry.name for entry in found.entries]


def ask(text: str = "", **more: str) -> Found:
    return search(Wanted(text, **more), on=ON)


@pytest.mark.parametrize(
    "text", ["Trần Minh Đức", "tran minh duc", "TRAN  MINH duc", "minh duc", "duc minh tran", "tran minh d", "trần đức"]
)
def test_a_name_is_found_with_or_without_marks_in_part_and_in_any_order(text: str) -> None:
    licence_of("Trần Minh Đức")
    licence_of("Lê Thị Hoa")
    assert names(ask(text)) == ["Trần Minh Đức"]


def test_the_same_marks_come_first_when_marks_are_given() -> None:
    for name in ("Trần Văn Dũng", "Trần Văn Dung", "Trần Văn Dụng"):
        licence_of(name)
    assert names(ask("Trần Văn Dụng"))[0] == "Trần Văn Dụng"
    assert names(ask("tran van dung")) == ["Trần Văn Dung", "Trần Văn Dũng", "Trần Văn Dụng"]


def test_both_ways_of_placing_a_tone_mark_are_one_name() -> None:
    licence_of("Nguyễn Thị Hòa")
    licence_of("Nguyễn Thị Hoa")
    assert names(ask("Nguyễn Thị Hoà"))[0] == "Nguyễn Thị Hòa"
    assert len(same_names("Hoà Thuý")) == 4


def test_the_whole_name_comes_before_its_beginning_and_that_before_a_slip() -> None:
    for name in ("Lê Văn Toàn Thắng", "Lê Văn Toàn", "Lê Văn Toán Em"):
        licence_of(name)
    assert names(ask("le van toan"))[0] == "Lê Văn Toàn"
    assert sorted(names(ask("le van toan"))[1:]) == ["Lê Văn Toàn Thắng", "Lê Văn Toán Em"]


def test_a_licence_in_force_comes_before_one_that_has_ended() -> None:
    licence_of("Lê Văn Toàn", "000001/HCM-GPHN", valid=Period(date(2024, 1, 1), date(2025, 1, 1)))
    licence_of("Lê Văn Toàn", "000002/HCM-GPHN")
    assert [entry.number for entry in ask("le van toan").entries] == ["000002/HCM-GPHN", "000001/HCM-GPHN"]


@pytest.mark.parametrize("text", ["tran mnih duc", "tran minh duk", "trn minh duc", "traan minh duc"])
def test_a_name_with_one_slip_is_offered_as_nearly_the_same(text: str) -> None:
    licence_of("Trần Minh Đức")
    found = ask(text)
    assert (names(found), found.near) == (["Trần Minh Đức"], 0)


@pytest.mark.parametrize("text", ["000123/HCM-GPHN", " 000123 / hcm - gphn", "000123HCM-GPHN", "000123"])
def test_a_number_is_found_however_it_is_typed(text: str) -> None:
    licence_of("Trần Minh Đức", "000123/HCM-GPHN")
    assert ask(text).near == 1


@pytest.mark.parametrize(
    "text", ["000128/HCM-GPHN", "000123/HCM-GPHM", "00123/HCM-GPHN", "001023/HCM-GPHN", "123/HCM-GPHN"]
)
def test_a_number_with_one_slip_suggests_the_right_one(text: str) -> None:
    licence_of("Trần Minh Đức", "000123/HCM-GPHN")
    found = ask(text)
    assert ([entry.number for entry in found.entries], found.near) == (["000123/HCM-GPHN"], 0)


def test_a_search_is_narrowed_by_facility_province_and_title() -> None:
    here, there = licence_of("Trần Minh Đức"), licence_of("Trần Minh Đức", title="c")
    make_registration(here, make_facility("01001", province_code="01", name="Phòng khám Ban Mai"))
    make_registration(there, make_facility("79001", province_code="79", name="Phòng khám Hoa Sen"))
    by_code, by_name = ask("minh duc", facility="01001"), ask("tran minh duc", facility="ban mai")
    assert {one.licence_id for found in (by_code, by_name) for one in found.entries} == {here.id}
    assert [one.licence_id for one in ask("tran minh duc", province="79").entries] == [there.id]
    assert [one.licence_id for one in ask("tran minh duc", title="c").entries] == [there.id]
    assert [one.licence_id for one in ask(facility="79001").entries] == [there.id]
    assert ask("tran minh duc", facility="không có nơi này").entries == ()


def test_who_has_left_a_facility_is_not_found_there() -> None:
    licence = licence_of("Trần Minh Đức")
    make_registration(licence, make_facility("01001"), valid=Period(date(2024, 1, 1), date(2025, 1, 1)))
    assert ask("tran minh duc", facility="01001").entries == ()


def test_a_text_that_names_no_person_offers_facilities_of_that_name() -> None:
    make_facility("01001", name="Phòng khám Ban Mai")
    assert [one.code for one in ask("phong kham ban mai").facilities] == ["01001"]


def test_a_name_of_hundreds_is_said_to_be_too_common() -> None:
    with settled_together():
        holder = [licence_of("Nguyễn Văn An") for _ in range(101)]
    found = ask("nguyen van an")
    assert (len(holder), len(found.entries), found.is_more, found.count) == (101, 20, True, 101)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text("'\\:*&|!()<>%_-/0123abcđ ", max_size=40), other=st.text(max_size=12))
def test_nothing_that_is_typed_is_an_error(text: str, other: str) -> None:
    vocabulary.vocabulary()
    assert isinstance(search(Wanted(text, other, other[:2], other[:2]), on=ON), Found)


@given(word=WORDS, place=st.integers(0, 8), letter=st.sampled_from("abehinot"), words=st.sets(WORDS, max_size=30))
def test_the_vocabulary_finds_exactly_the_words_one_slip_away(
    word: str, place: int, letter: str, words: set[str]
) -> None:
    slipped = word[:place] + letter + word[place + 1 :]
    known = Vocabulary.of(words | {word}, {})
    assert word in known.near(slipped)
    assert known.near(slipped) == sorted(one for one in words | {word} if is_near(one, slipped))


@given(
    key=st.from_regex(r"\A[0-9]{6}/[A-Z]{2,3}-GPHN\Z"), place=st.integers(0, 13), digit=st.sampled_from("0123456789")
)
def test_a_number_is_among_those_near_its_own_slips(key: str, place: int, digit: str) -> None:
    slipped = key[:place] + (digit if key[place].isdigit() else "X") + key[place + 1 :]
    assert slipped == key or key in near(slipped)
    assert key_of(key.replace("/", "")) == key


def test_a_given_name_may_lack_marks_but_not_have_others() -> None:
    assert same_person("nguyen van dung", "Nguyễn Văn Dũng")
    assert same_person("Nguyễn Văn Dũng", "Nguyễn Văn Dũng")
    assert not same_person("Nguyễn Văn Dụng", "Nguyễn Văn Dũng")
    assert spelling_of("Hoà").agrees_with("Hòa")


def test_a_word_with_signs_of_the_query_language_is_only_a_word() -> None:
    assert tsquery([["a'b"], ["c\\", "d:*"]]) == "('a''b') & ('c\\\\' | 'd':*)"
