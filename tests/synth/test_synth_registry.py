"""The synthetic registry: the same by seed, and never against the rules of the real one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ymach.base.gln import is_gln
from ymach.base.licence_numbers import number_key
from ymach.base.vietnamese import sort_key
from ymach.synth.facilities import forms
from ymach.synth.fixed import fixed_codes
from ymach.synth.geography import provinces
from ymach.synth.model import Licence, Practitioner
from ymach.synth.numbers import MOST_PEOPLE, facility_code, personal_number, tax_code
from ymach.synth.practitioners import Shares
from ymach.synth.registry import PICTURE_DAY, Country, make_country


@pytest.fixture(scope="module")
def people(country: Country) -> list[Practitioner]:
    return list(country.practitioners())


def licences(people: list[Practitioner]) -> list[Licence]:
    return [licence for person in people for licence in person.licences]


def test_the_same_seed_gives_the_same_country(country: Country, people: list[Practitioner]) -> None:
    again = make_country(7, facilities=120, practitioners=1500)
    assert again.facilities == country.facilities
    assert list(again.practitioners()) == people


def test_another_seed_gives_another_country(country: Country) -> None:
    other = make_country(8, facilities=120, practitioners=1500)
    assert other.facilities[10:] != country.facilities[10:]
    assert other.facilities[:4] == country.facilities[:4]


def test_there_are_as_many_as_were_asked_for(country: Country, people: list[Practitioner]) -> None:
    assert (len(country.facilities), len(people)) == (120, 1500)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_nobody_works_at_two_places_in_the_same_hour(seed: int) -> None:
    for person in make_country(seed, facilities=60, practitioners=300).practitioners():
        work = [one for licence in person.licences for one in licence.registrations]
        for one, other in combinations(work, 2):
            assert not (one.valid.overlaps(other.valid) and one.schedule.overlaps(other.schedule))


def test_some_people_work_evenings_at_another_place(people: list[Practitioner]) -> None:
    assert any(len(person.licences[-1].registrations) > 1 for person in people[20:])


def test_numbers_are_held_by_one_person_only(people: list[Practitioner]) -> None:
    assert len({person.personal_number for person in people}) == len(people)
    held = [number_key(licence.number) for licence in licences(people)]
    assert len(set(held)) == len(held)


def test_a_person_holds_one_licence_at_a_time(people: list[Practitioner]) -> None:
    for person in people:
        assert not any(one.valid.overlaps(other.valid) for one, other in combinations(person.licences, 2))


def test_each_facility_has_one_technical_head_and_each_head_one_facility(
    country: Country, people: list[Practitioner]
) -> None:
    heads = [one for licence in licences(people) for one in licence.registrations if one.is_technical_head]
    assert Counter(one.facility_code for one in heads) == dict.fromkeys((one.code for one in country.facilities), 1)


def test_every_province_and_every_form_is_there(country: Country) -> None:
    assert {one.province_code for one in country.facilities} == {one.code for one in provinces()}
    assert {one.form for one in country.facilities} == set(forms())


def test_facilities_carry_valid_numbers_and_the_mark_of_invention(country: Country) -> None:
    assert all(is_gln(one.gln) for one in country.facilities)
    assert all(one.name.endswith("(mô phỏng)") for one in country.facilities)
    for numbers in zip(*((one.code, one.gln, one.tax_code) for one in country.facilities), strict=True):
        assert len(set(numbers)) == len(country.facilities)


def test_fixed_facilities_and_people_are_in_every_country() -> None:
    smallest = make_country(3, facilities=1, practitioners=0)
    assert {one.code for one in smallest.facilities} == fixed_codes() == {"99001", "99002", "99003", "99777"}
    assert "0099900/BYT-CCHN" in {licence.number for licence in licences(list(smallest.practitioners()))}


def test_both_generations_of_licences_are_held(people: list[Practitioner]) -> None:
    counted = Counter(licence.generation for licence in licences(people))
    assert min(counted["certificate"], counted["licence"]) > 200
    assert all(one.number.endswith("CCHN") == (one.generation == "certificate") for one in licences(people))


def test_the_chosen_share_cannot_practise() -> None:
    half = make_country(5, facilities=40, practitioners=2000, shares=Shares(250, 250, 250))
    last = [person.licences[-1] for person in half.practitioners()]
    assert 300 < sum(bool(one.suspensions) for one in last) < 700
    assert 300 < sum(one.revocation is not None for one in last) < 700
    assert 300 < sum(PICTURE_DAY not in one.valid and one.revocation is None for one in last) < 700


def test_family_names_come_as_often_as_real_ones(people: list[Practitioner]) -> None:
    nguyen = sum(person.full_name.startswith("Nguyễn ") for person in people) / len(people)
    assert 0.25 < nguyen < 0.4


def test_names_sort_by_the_given_name(people: list[Practitioner]) -> None:
    ordered = sorted((person.full_name for person in people), key=sort_key)
    given = [sort_key(name.rpartition(" ")[2]) for name in ordered]
    assert given == sorted(given)


@given(serial=st.integers(0, MOST_PEOPLE - 1), other=st.integers(0, MOST_PEOPLE - 1))
def test_serials_make_different_personal_numbers(serial: int, other: int) -> None:
    mine, his = (personal_number("40", "2", PICTURE_DAY, one) for one in (serial, other))
    assert len(mine) == 12
    assert (mine == his) == (serial == other)


@given(serial=st.integers(0, 4_900_000))
def test_tax_codes_end_with_their_check_digit(serial: int) -> None:
    digits = [int(one) for one in tax_code(serial)]
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    assert digits[-1] == 10 - sum(map(int.__mul__, digits, weights)) % 11


@given(serial=st.integers(1, 30_000))
def test_facility_codes_are_five_characters_and_different(serial: int) -> None:
    assert len(facility_code("01", serial)) == 5
    assert facility_code("01", serial) != facility_code("01", serial + 1)
