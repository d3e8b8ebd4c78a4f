from __future__ import annotations

import re

import pytest

from ymach.places.map import Projection, country_map, svg_path
from ymach.places.reading import read_places

SPECIAL_ZONES = {"20333": "48", "22736": "56"}
POINTS = {"Bạch Long Vĩ", "Cồn Cỏ", "Lý Sơn", "Phú Quý", "Côn Đảo", "Thổ Châu"}


def test_map_holds_all_34_provinces() -> None:
    codes = [outline.province_code for outline in country_map().outlines]
    assert codes == sorted({row["code"] for row in read_places().provinces})
    assert len(codes) == 34


def test_map_always_holds_hoang_sa_and_truong_sa_under_their_provinces() -> None:
    frames = country_map().frames
    assert {frame.zone_code: frame.province_code for frame in frames} == SPECIAL_ZONES
    assert [frame.name.vi for frame in frames] == ["Hoàng Sa", "Trường Sa"]
    assert all(len(frame.islands) > 10 for frame in frames)


def test_islands_too_small_for_an_outline_are_points() -> None:
    assert {island.name for island in country_map().islands} == POINTS


def test_zones_on_the_map_are_communes_of_the_province_they_are_drawn_with() -> None:
    drawn = country_map()
    parents = {row["code"]: row["province_id"] for row in read_places().communes}
    for item in (*drawn.islands, *drawn.frames):
        assert parents[item.zone_code] == item.province_code


def test_islands_of_a_frame_lie_inside_it() -> None:
    for frame in country_map().frames:
        for island in frame.islands:
            assert frame.x < island.x - island.radius
            assert island.x + island.radius < frame.x + frame.width
            assert frame.y < island.y - island.radius
            assert island.y + island.radius < frame.text_y - 10


def test_everything_lies_inside_the_view_box() -> None:
    drawn = country_map()
    assert drawn.view_box == f"0 0 {drawn.width} {drawn.height}"
    for item in (*drawn.outlines, *drawn.islands, *drawn.frames, *drawn.labels):
        assert 0 < item.x < drawn.width
        assert 0 < item.y < drawn.height


@pytest.mark.parametrize("outline", country_map().outlines, ids=lambda outline: outline.province_code)
def test_paths_are_rounded_to_a_tenth(outline: object) -> None:
    path = outline.path
    assert re.fullmatch(r"(M\d+(\.\d)? \d+(\.\d)?l(-?\d+(\.\d)? ?)+z)+", path)


def test_neighbours_share_their_border_points() -> None:
    projection = Projection(west=102.1187, north=23.3663)
    assert projection.tenths(105.2818, 21.1715) == projection.tenths(105.28181, 21.17149)


def test_path_starts_absolute_goes_on_relative_and_never_stands_still() -> None:
    assert svg_path([[(100, 205), (100, 205), (110, 205), (110, 190), (100, 205)]]) == "M10 20.5l1 0 0 -1.5 -1 1.5z"


def test_ring_without_area_is_not_drawn() -> None:
    assert svg_path([[(100, 205), (101, 205), (100, 205)]]) == ""
