from hypothesis import given
from hypothesis import strategies as st

from ymach.places.map import country_map
from ymach.web import charts, maps

numbers = st.lists(st.floats(min_value=0, max_value=1e6), min_size=2, max_size=40)


def _heights(path: str) -> list[float]:
    return [float(point.split(" ")[1]) for point in path.removeprefix("M").split("L")]


@given(numbers)
def test_a_spark_stays_inside_its_box(values: list[float]) -> None:
    drawn = charts.spark(values)
    assert drawn is not None
    assert all(charts.SPARK_TOP <= y <= charts.SPARK_FLOOR for y in _heights(drawn.line))


def test_one_value_makes_no_spark() -> None:
    assert charts.spark([3]) is None


@given(numbers, st.floats(0, 100), st.floats(100, 1000))
def test_a_trend_and_its_band_stay_inside_the_box(values: list[float], low: float, high: float) -> None:
    drawn = charts.mini(values, low, high)
    assert drawn is not None
    assert 0 <= float(drawn.band_y) <= float(drawn.band_y) + float(drawn.band_height) <= charts.MINI_HEIGHT
    assert charts.MINI_TOP <= float(drawn.last_y) <= charts.MINI_FLOOR


def test_a_trend_without_reference_range_has_no_band() -> None:
    drawn = charts.mini([1, 2], None, None)
    assert drawn is not None
    assert drawn.band_height == "0"


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=48))
def test_the_scale_of_bars_begins_at_zero_and_covers_the_highest(values: list[int]) -> None:
    drawn = charts.bars([charts.Column(parts=(("good", value),)) for value in values])
    assert drawn.ticks[0].value == 0
    assert drawn.ticks[-1].value >= max(values)
    assert len(drawn.ticks) <= 6


@given(st.lists(st.integers(0, 200), min_size=1, max_size=20))
def test_the_scale_of_counts_has_whole_numbers(values: list[int]) -> None:
    drawn = charts.bars([charts.Column(parts=(("good", value),)) for value in values])
    assert all(type(tick.value) is int for tick in drawn.ticks)


def test_narrow_columns_share_their_labels_and_the_last_always_has_one() -> None:
    days = [charts.Column(f"{number:02d}/11") for number in range(1, 15)]
    shown = [label.text for label in charts.bars(days, width=640).labels]
    assert len(shown) == 7
    assert shown[-1] == "14/11"
    assert len(charts.bars(days, width=880).labels) == 14


def test_a_column_to_come_is_a_stub_and_the_present_stands_before_it() -> None:
    drawn = charts.bars([charts.Column(parts=(("good", 5),)), charts.Column(is_to_come=True)])
    assert [rect.tone for rect in drawn.rects] == ["good", "rest"]
    assert drawn.now_x is not None


def test_a_gauge_is_kept_inside_its_ends() -> None:
    assert [charts.share(value, 70) for value in (60, 70, 85, 100, 101)] == ["0", "0", "50", "100", "100"]


def test_hoang_sa_and_truong_sa_take_the_class_of_their_provinces() -> None:
    filled = maps.fill(country_map(), {"48": 95, "56": 70}, (78, 84, 88, 92), str)
    steps = {frame.frame.zone_code: {island.step for island in frame.islands} for frame in filled.frames}
    assert steps == {"20333": {5}, "22736": {1}}


def test_a_province_without_a_value_is_unknown_not_lowest() -> None:
    filled = maps.fill(country_map(), {}, (78, 84, 88, 92), str)
    assert {region.step for region in filled.regions} == {0}


@given(st.lists(st.sampled_from([one.province_code for one in country_map().outlines]), max_size=10, unique=True))
def test_no_word_of_the_map_lies_under_a_pin(pins: list[str]) -> None:
    filled = maps.fill(country_map(), {}, (), str, pins)
    assert not any(maps.is_under(label, filled.pins) for label in filled.labels)


def test_a_word_that_lay_under_a_pin_stands_beside_it() -> None:
    filled = maps.fill(country_map(), {}, (), str, ["01"])
    names = {label.text.vi for label in filled.labels}
    assert "Hà Nội" in names
    assert names == {label.text.vi for label in country_map().labels}
