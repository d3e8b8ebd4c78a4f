from __future__ import annotations

import pytest

from ymach.places import queries
from ymach.places.models import CommuneSuccession, Extent

pytestmark = pytest.mark.django_db


def split_codes() -> set[str]:
    pairs = CommuneSuccession.objects.exclude(old_code="").values_list("old_code", flat=True)
    seen, split = set(), set()
    for code in pairs:
        (split if code in seen else seen).add(code)
    return split


def test_whole_commune_has_one_successor_and_needs_no_asking() -> None:
    (found,) = queries.successors("00004")
    assert (found.new_code, found.extent, found.unit.full_name_vi) == ("00004", Extent.ALL, "Phường Ba Đình")
    assert not queries.needs_asking("00004")


def test_split_commune_names_all_its_successors_and_must_be_asked_about() -> None:
    found = queries.successors("00016")
    assert len(found) > 1
    assert {item.extent for item in found} <= {Extent.PART, Extent.PART_AREA, Extent.PART_AREA_ALL_POPULATION}
    assert queries.needs_asking("00016")


def test_440_old_communes_are_split() -> None:
    split = split_codes()
    assert len(split) == 440
    assert all(queries.needs_asking(code) for code in sorted(split)[::40])


def test_successor_carries_the_present_name() -> None:
    codes = CommuneSuccession.objects.filter(new_code="26368").values_list("old_code", flat=True)
    names = {item.unit.full_name_vi for item in queries.successors(codes[0]) if item.new_code == "26368"}
    assert names == {"Phường Long Thành"}


@pytest.mark.parametrize("code", ["", "99999"])
def test_unknown_old_code_has_no_successor_and_nothing_to_ask(code: str) -> None:
    assert queries.successors(code) == ()
    assert not queries.needs_asking(code)


@pytest.mark.parametrize(
    ("old", "new"),
    [("74", "Thành phố Hồ Chí Minh"), ("70", "Thành phố Đồng Nai"), ("54", "Tỉnh Đắk Lắk"), ("01", "Thành phố Hà Nội")],
)
def test_old_province_goes_whole_into_a_present_one(old: str, new: str) -> None:
    assert queries.province_successor(old).full_name_vi == new


def test_unknown_old_province_has_no_successor() -> None:
    assert queries.province_successor("00") is None


def test_former_commune_is_found_with_its_district() -> None:
    found = queries.search_former("phuong truc bach quan ba dinh")
    assert (found[0].code, found[0].name, found[0].district_name) == ("00004", "Phường Trúc Bạch", "Quận Ba Đình")
