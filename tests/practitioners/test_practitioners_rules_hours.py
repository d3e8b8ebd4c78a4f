from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.findings import Finding
from ymach.base.weekly import WEEK, Schedule, Slot, parse_schedule
from ymach.practitioners.rules import findings, hours

LIMITS = hours.limits()
HERE, THERE = UUID(int=1), UUID(int=2)

slots = st.tuples(st.integers(0, WEEK - 1), st.integers(1, 1000)).map(lambda p: Slot(p[0], min(p[0] + p[1], WEEK)))
schedules = st.lists(slots, max_size=8).map(Schedule.of)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


def place(key: UUID, text: str, *, province: str = "01", commune: str = "00001", full: bool = False) -> hours.Workplace:
    return hours.Workplace(key, f"Cơ sở {key.int}", province, commune, parse_schedule(text), full)


@given(schedules)
def test_minutes_of_the_days_add_up_to_the_week(schedule: Schedule) -> None:
    assert sum(hours.minutes_by_day(schedule.slots)) == schedule.minutes


@given(schedules, schedules)
def test_overlap_of_schedules_is_a_shared_minute(one: Schedule, other: Schedule) -> None:
    shared = any(max(a.start, b.start) < min(a.end, b.end) for a in one.slots for b in other.slots)
    assert one.overlaps(other) is other.overlaps(one) is shared


@given(st.lists(schedules, max_size=3))
def test_week_is_over_exactly_when_the_sum_is_over_48_hours(places: list[Schedule]) -> None:
    total = sum(one.minutes for one in places)
    found = codes(hours.labour_findings(places, LIMITS))
    assert (findings.WEEK_OVER_HOURS.code in found) is (total > 48 * 60)
    assert (findings.OVERTIME_OVER_YEAR.code in found) is ((total - 48 * 60) * 52 > 200 * 60)


@given(st.lists(schedules, max_size=3))
def test_every_day_over_ten_hours_is_told_once(places: list[Schedule]) -> None:
    days = hours.minutes_by_day([slot for one in places for slot in one.slots])
    found = codes(hours.labour_findings(places, LIMITS))
    assert found.count(findings.DAY_FAR_OVER_HOURS.code) == sum(day > 600 for day in days)
    assert found.count(findings.DAY_OVER_HOURS.code) == sum(480 < day <= 600 for day in days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T2-T6: 07:00 đến 15:00", []),
        ("T2: 07:00 đến 16:30", [findings.DAY_OVER_HOURS.code]),
        ("T2: 07:00 đến 17:01", [findings.DAY_FAR_OVER_HOURS.code]),
        (
            "T2-T7: 07:00 đến 15:00, 16:00 đến 16:30",
            [findings.WEEK_OVER_HOURS.code] + 6 * [findings.DAY_OVER_HOURS.code],
        ),
    ],
)
def test_labour_code_totals(text: str, expected: list[str]) -> None:
    assert codes(hours.labour_findings([parse_schedule(text)], LIMITS)) == expected


def test_duty_shift_over_midnight_is_shared_between_its_days() -> None:
    assert hours.minutes_by_day(parse_schedule("T2: 19:00 đến 07:00").slots)[:2] == (300, 420)


def test_duty_shift_of_sunday_night_goes_on_on_monday() -> None:
    assert hours.minutes_by_day(parse_schedule("CN: 19:00 đến 07:00").slots) == (420, 0, 0, 0, 0, 0, 300)


def test_duty_shift_over_midnight_overlaps_the_next_morning() -> None:
    assert parse_schedule("CN: 19:00 đến 07:00").overlaps(parse_schedule("T2: 06:30 đến 11:00"))


@pytest.mark.parametrize(
    ("province", "commune", "starts", "warned"),
    [
        ("01", "00001", "11:40", False),
        ("01", "00001", "11:39", True),
        ("01", "00002", "11:59", True),
        ("01", "00002", "12:00", False),
        ("01", "", "11:59", True),
        ("79", "00001", "13:29", True),
        ("79", "00001", "13:30", False),
    ],
)
def test_travel_needs_time_by_commune_province_or_further(
    province: str, commune: str, starts: str, warned: bool
) -> None:
    places = [
        place(HERE, "T3: 07:00 đến 11:30"),
        place(THERE, f"T3: {starts} đến 16:00", province=province, commune=commune),
    ]
    expected = [findings.TRAVEL_TOO_SHORT.code] if warned else []
    assert codes(hours.travel_findings(places, LIMITS)) == expected


def test_travel_is_counted_over_midnight_of_sunday() -> None:
    places = [place(HERE, "CN: 19:00 đến 24:00"), place(THERE, "T2: 00:05 đến 04:00")]
    assert codes(hours.travel_findings(places, LIMITS)) == [findings.TRAVEL_TOO_SHORT.code]


def test_nobody_travels_within_one_facility() -> None:
    places = [place(HERE, "T2: 07:00 đến 11:30"), place(HERE, "T2: 11:30 đến 16:00")]
    assert not hours.travel_findings(places, LIMITS)


def test_travel_names_both_places_and_the_minutes() -> None:
    places = [place(HERE, "T3: 07:00 đến 11:30"), place(THERE, "T3: 11:35 đến 16:00", commune="00002")]
    (found,) = hours.travel_findings(places, LIMITS)
    assert "Cơ sở 1 end at 11:30" in found.text.en
    assert "5 minutes to travel (30 needed)" in found.text.en


def test_limits_are_configurable() -> None:
    places = [place(HERE, "T3: 07:00 đến 11:30"), place(THERE, "T3: 11:35 đến 16:00")]
    assert not hours.travel_findings(places, replace(LIMITS, same_commune=5))


def test_full_time_at_two_facilities_is_told() -> None:
    places = [place(HERE, "", full=True), place(THERE, "", full=True)]
    assert codes(hours.findings_of(places, LIMITS)) == [findings.FULL_TIME_TWICE.code]
    assert not hours.findings_of(places[:1], LIMITS)


def test_one_place_is_never_a_travel() -> None:
    assert not hours.travel_findings([place(uuid4(), "T2-CN: 00:00 đến 24:00")], LIMITS)
