from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.weekly import (
    DAY,
    NO_FIXED_HOURS,
    WEEK,
    NotASchedule,
    Schedule,
    Slot,
    from_multirange,
    minute_of_week,
    parse_schedule,
    print_schedule,
    to_multirange,
)

bounds = st.tuples(st.integers(0, WEEK), st.integers(0, WEEK)).filter(lambda pair: pair[0] != pair[1])
slots = bounds.map(lambda pair: Slot(min(pair), max(pair)))
schedules = st.lists(slots, max_size=8).map(Schedule.of)


@given(schedules)
def test_what_is_printed_reads_back_the_same(schedule: Schedule) -> None:
    assert parse_schedule(print_schedule(schedule)) == schedule


@given(schedules)
def test_multirange_text_reads_back_the_same(schedule: Schedule) -> None:
    assert from_multirange(to_multirange(schedule)) == schedule


@given(st.lists(slots, max_size=8), st.integers(0, WEEK - 1))
def test_joining_slots_keeps_every_minute(given_slots: list[Slot], minute: int) -> None:
    assert (minute in Schedule.of(given_slots)) == any(slot.start <= minute < slot.end for slot in given_slots)


@given(schedules)
def test_slots_lie_apart_and_in_order(schedule: Schedule) -> None:
    pairs = zip(schedule.slots, schedule.slots[1:], strict=False)
    assert all(first.end < second.start for first, second in pairs)


@given(schedules, schedules)
def test_overlap_is_mutual_and_means_a_shared_minute(one: Schedule, other: Schedule) -> None:
    starts = [slot.start for slot in (*one.slots, *other.slots)]
    assert one.overlaps(other) == other.overlaps(one) == any(m in one and m in other for m in starts)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        schedule = parse_schedule(text)
    except NotASchedule:
        return
    assert 0 <= schedule.minutes <= WEEK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T2: 07:00 đến 16:30", [(420, 990)]),
        ("T2: 07:00 -> 17:00", [(420, 1020)]),
        ("Thứ 3: 7h30 - 11h30", [(DAY + 450, DAY + 690)]),
        ("T2, T4: 07:00 đến 08:00", [(420, 480), (2 * DAY + 420, 2 * DAY + 480)]),
        ("T2-T3: 07:00 đến 08:00, 13:00 đến 14:00", [(420, 480), (780, 840), (1860, 1920), (2220, 2280)]),
        ("T7: 19:00 đến 07:00", [(5 * DAY + 1140, 6 * DAY + 420)]),
        ("CN: 19:00 đến 07:00", [(0, 420), (6 * DAY + 1140, WEEK)]),
        ("Chủ nhật: 00:00 đến 24:00", [(6 * DAY, WEEK)]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, expected: list[tuple[int, int]]) -> None:
    assert [(slot.start, slot.end) for slot in parse_schedule(text).slots] == expected


@pytest.mark.parametrize(
    "text", ["T8: 07:00 đến 16:30", "T2: 25:00 đến 26:00", "T2: 07:61 đến 08:00", "hành chính", "T2:"]
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(NotASchedule):
        parse_schedule(text)


def test_days_with_the_same_hours_are_printed_together() -> None:
    text = "T2-T6: 07:00 đến 11:30, 13:00 đến 16:30; T7: 07:00 đến 11:00"
    assert print_schedule(parse_schedule(text)) == text


def test_night_shift_is_printed_on_the_day_it_begins() -> None:
    assert print_schedule(parse_schedule("CN: 19:00 đến 07:00")) == "CN: 19:00 đến 07:00"


def test_no_fixed_hours_prints_as_nothing() -> None:
    assert print_schedule(NO_FIXED_HOURS) == ""
    assert not NO_FIXED_HOURS


@pytest.mark.parametrize(
    ("at", "minute"),
    [
        (datetime(2026, 3, 1, 17, 0, tzinfo=UTC), 0),  # Monday 00:00 in Viet Nam
        (datetime(2026, 3, 1, 16, 59, tzinfo=UTC), WEEK - 1),
        (datetime(2026, 3, 2, 2, 30, tzinfo=UTC), 9 * 60 + 30),
    ],
)
def test_minute_of_week_counts_from_monday_midnight_in_viet_nam(at: datetime, minute: int) -> None:
    assert minute_of_week(at) == minute


def test_slot_outside_the_week_is_refused() -> None:
    with pytest.raises(NotASchedule):
        Slot(0, WEEK + 1)
