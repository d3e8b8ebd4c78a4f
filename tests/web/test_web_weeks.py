"""The week as a figure: every minute once, in the column of its day, nothing outside the frame."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ymach.base.weekly import DAY, WEEK, Schedule, Slot, parse_schedule
from ymach.web.weeks import COLUMN, HOUR, LEFT, WIDTH, tone_of, week

starts = st.integers(0, WEEK - 30)
slots = starts.flatmap(lambda start: st.integers(start + 1, min(start + DAY, WEEK)).map(lambda end: Slot(start, end)))
schedules = st.lists(st.lists(slots, max_size=6).map(Schedule.of), max_size=4)


def test_no_fixed_hours_draw_nothing() -> None:
    assert week([], minute=0) is None
    assert week([Schedule()], minute=0) is None


def test_a_day_shift_is_one_block_in_its_column() -> None:
    drawn = week([parse_schedule("T3: 08:00 đến 11:00")], minute=0)
    assert drawn is not None
    assert [(block.number, block.height) for block in drawn.blocks] == [(1, str(3 * HOUR))]
    assert LEFT + COLUMN <= float(drawn.blocks[0].x) < LEFT + 2 * COLUMN


def test_a_night_shift_is_cut_at_midnight() -> None:
    drawn = week([parse_schedule("T2: 19:00 đến 07:00")], minute=0)
    assert drawn is not None
    assert len(drawn.blocks) == 2


def test_the_present_hour_is_marked_only_within_the_hours_shown() -> None:
    hours = [parse_schedule("T2-T6: 08:00 đến 16:00")]
    by_day, by_night = week(hours, minute=10 * 60), week(hours, minute=3 * 60)
    assert by_day is not None
    assert by_night is not None
    assert by_day.now is not None
    assert by_night.now is None


def test_a_fifth_place_begins_the_colours_anew() -> None:
    assert tone_of(1) == tone_of(5)
    assert len({tone_of(number) for number in range(1, 5)}) == 4


@given(schedules, st.integers(0, WEEK - 1))
def test_all_minutes_are_drawn_within_the_frame(places: list[Schedule], minute: int) -> None:
    drawn = week(places, minute=minute)
    if drawn is None:
        assert not any(places)
        return
    minutes = sum(float(block.height) for block in drawn.blocks) / HOUR * 60
    assert abs(minutes - sum(one.minutes for one in places)) <= len(drawn.blocks) * 0.5
    for block in drawn.blocks:
        assert LEFT <= float(block.x) <= float(block.x) + float(block.width) <= WIDTH
        assert 0 <= float(block.y) <= float(block.y) + float(block.height) <= float(drawn.height)
