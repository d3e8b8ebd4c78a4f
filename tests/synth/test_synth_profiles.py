"""Profiles of invented facilities: the same by facility, and never against the rules of real ones."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from tests.support.factories import AT, BY

from ymach.facilities.bulk import NewFacility, NewProfile, copy_facilities
from ymach.facilities.facts import Held, values_of
from ymach.facilities.lists import languages, services
from ymach.facilities.oxygen.kinds import read_details
from ymach.facilities.oxygen.queries import oxygen_overview
from ymach.facilities.oxygen.rules import check_consumption, check_state
from ymach.facilities.profile import rules
from ymach.facilities.profile.queries import profile, techniques
from ymach.synth.facilities import forms
from ymach.synth.model import Facility
from ymach.synth.profiles import Profile, furnish
from ymach.synth.registry import Country
from ymach.synth.spots import _is_inside, _islands, _middle, _outlines, spot_in


@pytest.fixture(scope="module")
def furnished(country: Country) -> list[tuple[Facility, Profile]]:
    return [(one, furnish(one, on=country.on)) for one in country.facilities]


@pytest.fixture(scope="module")
def hospital(furnished: list[tuple[Facility, Profile]]) -> tuple[Facility, Profile]:
    return next(pair for pair in furnished if pair[0].code == "99002")


def test_the_same_facility_has_the_same_profile(country: Country, furnished: list[tuple[Facility, Profile]]) -> None:
    assert [furnish(one, on=country.on) for one in country.facilities] == [made for _, made in furnished]


def test_own_words_keep_the_rules(country: Country, furnished: list[tuple[Facility, Profile]]) -> None:
    for facility, made in furnished:
        rules.check_coordinates(made.latitude, made.longitude)
        rules.check_founded_year(made.founded_year, on=country.on)
        rules.check_not_before_founding(facility.valid.start or country.on, made.founded_year)
        rules.check_choices("services", made.services, services())
        rules.check_choices("languages", made.languages, languages())
        rules.check_website(made.website)
        for contact in made.contacts:
            rules.check_contact(contact)
        for device in made.equipment:
            rules.check_equipment(device, on=country.on)


def test_verified_facts_keep_the_rules(furnished: list[tuple[Facility, Profile]]) -> None:
    for _, made in furnished:
        rules.check_legal_person(made.legal_person)
        for department in made.departments:
            rules.check_department(department)
        assert len({one.code for one in made.departments}) == len(made.departments)
        rules.check_techniques(made.techniques)


def test_oxygen_keeps_the_rules(country: Country, furnished: list[tuple[Facility, Profile]]) -> None:
    for _, made in furnished:
        for source in made.oxygen_sources:
            check_state(source)
            assert read_details(source.kind, source.details) == source.details
        for used in made.consumption:
            check_consumption(used, on=country.on)


def test_hospitals_have_beds_and_oxygen_and_others_do_not(furnished: list[tuple[Facility, Profile]]) -> None:
    for facility, made in furnished:
        is_hospital = facility.form.startswith("HOSP")
        assert bool(made.departments) == bool(made.oxygen_sources) == bool(made.techniques) == is_hospital


def test_every_form_offers_something(furnished: list[tuple[Facility, Profile]]) -> None:
    assert {facility.form for facility, made in furnished if made.services} == set(forms())


def test_communes_lie_in_their_province_or_on_their_islands(country: Country) -> None:
    for one in country.facilities:
        if one.commune_code not in _islands():
            assert _is_inside(*_middle(one.province_code, one.commune_code), _outlines()[one.province_code])


@pytest.mark.parametrize(("province", "zone", "west", "east"), [("48", "20333", 111, 113), ("56", "22736", 111.5, 116)])
def test_hoang_sa_and_truong_sa_stand_on_their_islands(province: str, zone: str, west: float, east: float) -> None:
    latitude, longitude = spot_in(province, zone, Random(1))
    assert west < longitude < east
    rules.check_coordinates(latitude, longitude)


@pytest.mark.django_db
def test_a_loaded_profile_reads_as_it_was_made(country: Country, hospital: tuple[Facility, Profile]) -> None:
    facility, made = hospital
    plain = {
        name: getattr(facility, name) for name in ("id", "code", "name", "form", "sector", "province_code", "valid")
    }
    loaded = NewFacility(**plain, profile=NewProfile(**values_of(made)))
    copy_facilities([loaded], reason="synthetic country", by=BY, at=AT)
    read = profile(facility.id, on=country.on)
    assert (read.latitude, read.longitude, read.founded_year) == (made.latitude, made.longitude, made.founded_year)
    assert (read.languages, read.services, read.website) == (made.languages, made.services, made.website)
    assert [one.facts for one in (read.legal_person, read.opening_hours) if one] == [
        made.legal_person,
        made.opening_hours,
    ]
    for held, given in _parts(read, made):
        assert len(held) == len(given)
        assert all(one.facts in given for one in held)
    assert {one.facts for one in techniques(facility.id, on=country.on)} == set(made.techniques)
    assert {one.valid.start for one in read.equipment} == {made.surveyed_on}
    assert oxygen_overview(facility.id, on=country.on).autonomy_days


def _parts(read: object, made: Profile) -> Iterator[tuple[tuple[Held[object], ...], tuple[object, ...]]]:
    for name in ("departments", "equipment", "contacts", "oxygen_sources"):
        yield getattr(read, name), getattr(made, name)
