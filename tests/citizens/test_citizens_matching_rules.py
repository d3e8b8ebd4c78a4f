"""How far two identities agree, what forbids linking them, and what follows: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.vietnamese import fold
from ymach.citizens.identify import Born
from ymach.citizens.matching import comparators, vetoes
from ymach.citizens.matching.blocks import MOST_KEYS, keys
from ymach.citizens.matching.comparators import LEVELS, birth_level, compare, name_level, number_level, within_one_edit
from ymach.citizens.matching.names import LEAST, MOST, shares_of
from ymach.citizens.matching.profile import Profile
from ymach.citizens.matching.rules import Limits, Verdict, in_force, verdict, weigh
from ymach.citizens.matching.weights import SMALLEST, shipped

LIMITS = Limits(date(2025, 7, 1), Decimal(11), Decimal(-2))
PRIOR = shipped().prior(SMALLEST)
NAMES = st.lists(st.sampled_from(["Nguyễn", "Thị", "Hòa", "Văn", "Bình", "Đặng"]), min_size=1, max_size=4).map(" ".join)
PARTS = st.tuples(st.integers(1930, 2026), st.integers(1, 12), st.integers(1, 28))
BIRTHS = st.one_of(PARTS, st.just((None, None, None)), PARTS.map(lambda born: (born[0], None, None)))


def named(name: str, born: Born = (1985, 5, 17), **stated: str) -> Profile:
    return Profile(UUID(int=len(name)), fold(name), name.casefold(), born, **{"sex": "2", **stated})  # type: ignore[arg-type]


PERSON = named("Nguyễn Thị Hòa", phone="p", province="01", commune="00070", insurance="i")


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Nguyễn Thị Hòa", "NGUYỄN THỊ HÒA", "exact"),
        ("Nguyễn Thị Hòa", "NGUYEN THI HOA", "folded"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hoà", "folded"),
        ("Nguyễn Thị Hòa", "Hòa Nguyễn Thị", "moved"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòaa", "typo"),
        ("Nguyễn Thị Hòa", "Nguyễn TịH Hòa", "typo"),
        ("Nguyễn Thị Hòa", "Nguyễn Hòa", "shortened"),
        ("Nguyễn Thị Hòa", "Nguyễn Ngọc Hòa", "ends"),
        ("Nguyễn Thị Hòa", "Trần Thị Hòa", "given"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Lan", "different"),
        ("Nguyễn Thị Hòa", "", "unknown"),
    ],
)
def test_names(one: str, other: str, level: str) -> None:
    assert name_level(named(one), named(other)) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ((1985, 5, 17), (1985, 5, 17), "exact"),
        ((1985, 1, 1), (1985, 1, 1), "new-year"),
        ((1985, 5, 7), (1985, 7, 5), "swapped"),
        ((1985, 5, 17), (1985, 5, 11), "digit"),
        ((1985, 5, 17), (1986, 5, 17), "digit"),
        ((1985, 5, 17), (1985, None, None), "year"),
        ((1985, 5, 17), (1985, 1, 1), "year"),
        ((1985, 5, 17), (1985, 11, 2), "same-year"),
        ((1985, 5, 17), (1970, 11, 2), "different"),
        ((1985, 5, 17), (1970, None, None), "different"),
        ((1985, 5, 17), (None, None, None), "unknown"),
    ],
)
def test_birthdays(one: Born, other: Born, level: str) -> None:
    assert birth_level(one, other) == birth_level(other, one) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("001185012345", "001185012345", "exact"),
        ("001185012345", "001185012346", "digit"),
        ("001185012345", "001185012354", "swapped"),
        ("001185012345", "079170999999", "different"),
        ("001185012345", "012345678", "unknown"),
        ("001185012345", "", "unknown"),
    ],
)
def test_numbers(one: str, other: str, level: str) -> None:
    assert number_level(one, other) == number_level(other, one) == level


@given(NAMES, BIRTHS, NAMES, BIRTHS)
def test_comparing_is_symmetric_and_knows_every_level(name: str, born: Born, other: str, other_born: Born) -> None:
    one, two = named(name, born), named(other, other_born)
    levels = compare(one, two)
    assert levels == compare(two, one)
    assert all(level in LEVELS[field] for field, level in zip(LEVELS, levels, strict=True))


@given(st.text("abc", max_size=6), st.integers(0, 5), st.sampled_from("abcd"))
def test_one_letter_more_or_less_or_other_is_one_edit(word: str, place: int, letter: str) -> None:
    assert within_one_edit(word, word[:place] + letter + word[place:])
    assert within_one_edit(word[:place] + letter + word[place + 1 :], word) or place >= len(word)


@pytest.mark.parametrize(
    ("other", "veto"),
    [
        (replace(PERSON, insurance="", name="nguyen thi lan", marked="nguyễn thị lan"), "twins"),
        (replace(PERSON, insurance="", name="nguyen thi hoan", marked="nguyễn thị hoan"), "near-twins"),
        (replace(PERSON, name="tran van binh", marked="trần văn bình"), "given-name"),
        (replace(PERSON, name="con ba hoa", marked="con bà hòa"), "unnamed-newborn"),
        (replace(PERSON, insurance="", born=(1985, None, None)), "year-alone"),
        (replace(PERSON, insurance="", born=(1985, 1, 1)), "year-alone"),
        (replace(PERSON, sex="1"), "sexes"),
        (replace(PERSON, insurance="", phone="", commune="00073"), "nothing-beside"),
        (replace(PERSON, insurance="", name="nguyen hoa", born=(1985, 5, 11)), "both-vague"),
    ],
)
def test_what_is_never_linked_without_a_person(other: Profile, veto: str) -> None:
    comparison = weigh(PERSON, other, weights=shipped(), prior=PRIOR)
    assert veto in {one.name for one in comparison.vetoes}
    assert verdict(comparison, LIMITS) is not Verdict.LINK


def test_two_different_numbers_are_a_veto_and_a_slip_is_none() -> None:
    one = replace(PERSON, number="001185012345")
    apart = weigh(one, replace(PERSON, number="001185999999"), weights=shipped(), prior=PRIOR)
    slip = weigh(one, replace(PERSON, number="001185012346"), weights=shipped(), prior=PRIOR)
    assert [veto.name for veto in apart.vetoes] == ["two-numbers"]
    assert verdict(apart, LIMITS) is Verdict.ASK
    assert verdict(slip, LIMITS) is Verdict.LINK


def test_one_number_of_two_people_is_asked_about_however_little_agrees() -> None:
    one = Profile(UUID(int=1), "le an", "lê an", (1950, 2, 3), "1", "001050012345")
    other = Profile(UUID(int=2), "tran thi binh", "trần thị bình", (1999, 8, 9), "2", "001050012345")
    comparison = weigh(one, other, weights=shipped(), prior=PRIOR)
    assert comparison.weight < LIMITS.worklist
    assert verdict(comparison, LIMITS) is Verdict.ASK


def test_twins_are_not_even_asked_about() -> None:
    one = named("Lê Minh An", (2024, 3, 4), phone="p", guardian="le van b", province="01", commune="00070")
    other = named("Lê Minh Phúc", (2024, 3, 4), phone="p", guardian="le van b", province="01", commune="00070")
    assert verdict(weigh(one, other, weights=shipped(), prior=PRIOR), LIMITS) is Verdict.APART


def test_same_name_elders_of_one_commune_are_asked_about_at_most() -> None:
    one = named("Nguyễn Văn Hùng", (1940, None, None), province="01", commune="00070")
    assert verdict(weigh(one, one, weights=shipped(), prior=PRIOR), LIMITS) is not Verdict.LINK


@given(NAMES, BIRTHS, NAMES, BIRTHS)
def test_the_weight_is_the_sum_of_its_reasons(name: str, born: Born, other: str, other_born: Born) -> None:
    comparison = weigh(named(name, born), named(other, other_born), weights=shipped(), prior=PRIOR)
    assert comparison.weight == pytest.approx(comparison.prior + sum(bits for _, _, bits in comparison.fields))
    assert all(bits == 0 for _, level, bits in comparison.fields if level == comparators.UNKNOWN)


def test_thresholds_are_those_of_the_day() -> None:
    later = Limits(date(2027, 1, 1), Decimal(14), Decimal(0))
    assert in_force([later, LIMITS], date(2026, 12, 31)) == LIMITS
    assert in_force([LIMITS, later], date(2027, 1, 1)) == later
    with pytest.raises(LookupError):
        in_force([LIMITS], date(2025, 6, 30))


def test_a_larger_country_asks_for_more_and_a_small_index_for_no_less() -> None:
    weights = shipped()
    assert weights.prior(100_000_000) < weights.prior(1_000_000) == weights.prior(500)


def test_every_veto_has_its_own_name_and_words() -> None:
    assert len({veto.name for veto in vetoes.VETOES}) == len(vetoes.VETOES)
    assert all(veto.name in vetoes.TEXTS for veto in vetoes.VETOES)


@pytest.mark.parametrize(
    "slip",
    [
        {"name": "nguyen hoa"},
        {"name": "thi hoa nguyen"},
        {"name": "nguyen thi hoaa"},
        {"born": (1985, 12, 17)},
        {"born": (1985, None, None)},
        {"phone": "", "insurance": ""},
        {"commune": "00073"},
    ],
)
def test_an_identity_is_found_again_in_spite_of_a_slip(slip: dict[str, object]) -> None:
    found = keys(replace(PERSON, **slip), secret=b"s")  # type: ignore[arg-type]
    assert set(found) & set(keys(PERSON, secret=b"s"))


@given(NAMES, PARTS)
def test_day_and_month_in_either_order_share_a_key(name: str, born: tuple[int, int, int]) -> None:
    year, month, day = born[0], born[1], min(born[2], 12)
    one, other = named(name, (year, month, day)), named(name, (year, day, month))
    assert (month, day) == (1, 1) or set(keys(one, secret=b"s")) & set(keys(other, secret=b"s"))


def test_keys_are_few_and_of_this_installation() -> None:
    one = replace(PERSON, number="001185012345", guardian="le van b")
    assert len(keys(one, secret=b"s")) <= MOST_KEYS
    assert not set(keys(one, secret=b"s")) & set(keys(one, secret=b"t"))


def test_a_rare_name_says_more_than_a_common_one_and_both_within_bounds() -> None:
    names = shipped().names
    assert names is not None
    common, rare = names.bits("nguyen van hung"), names.bits("cao ba quat")
    assert LEAST <= common < rare <= MOST
    assert names.bits("") >= LEAST


def test_how_common_words_are_is_counted_by_their_place_in_the_name() -> None:
    found = shares_of(["nguyen van an", "nguyen an", "le van binh", "an"])
    assert found.words["family"] == {"nguyen": 0.5, "le": 0.25, "": 0.25}
    assert found.words["given"] == {"an": 0.75, "binh": 0.25}
    assert found.words["middle"] == {"van": 1.0}
