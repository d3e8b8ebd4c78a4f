from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ymach.web import formatting


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1284906, "1.284.906", "1,284,906"),
        (Decimal("1234.50"), "1.234,5", "1,234.5"),
        (Decimal("61.00"), "61", "61"),
        (0, "0", "0"),
        (None, "—", "—"),
    ],
)
def test_a_number_has_the_separators_of_its_language(value: Decimal, vi: str, en: str) -> None:
    assert (formatting.number(value, "vi"), formatting.number(value, "en")) == (vi, en)


def test_percent_has_a_no_break_space_in_vietnamese_only() -> None:
    assert formatting.percent(98.6, "vi") == "98,6\u00a0%"
    assert formatting.percent(98.6, "en") == "98.6%"


def test_whole_percents_have_no_decimals() -> None:
    assert formatting.percent(99, "vi") == "99\u00a0%"


def test_money_is_dong_without_decimals() -> None:
    assert formatting.money(Decimal("1250000.00"), "vi") == "1.250.000\u00a0đ"
    assert formatting.money(1250000, "en") == "VND\u00a01,250,000"


def test_a_moment_is_shown_on_the_clocks_of_viet_nam() -> None:
    at = datetime(2026, 11, 20, 17, 26, 31, tzinfo=UTC)
    assert formatting.moment(at) == "00:26 21/11/2026"
    assert formatting.clock(at, seconds=True) == "00:26:31"


def test_a_title_names_the_weekday() -> None:
    assert formatting.long_day(date(2026, 11, 20), "vi") == "thứ\u00a0Sáu 20/11/2026"
    assert formatting.long_day(date(2026, 11, 20), "en") == "Friday 20/11/2026"


@pytest.mark.parametrize(
    ("last", "vi"),
    [
        (date(2026, 12, 8), "còn 18 ngày, hết hạn 08/12/2026"),
        (date(2026, 11, 20), "hết hạn hôm nay, 20/11/2026"),
        (date(2026, 11, 19), "đã hết hạn 19/11/2026"),
        (date(2027, 12, 8), "hết hạn 08/12/2027"),
    ],
)
def test_a_deadline_within_60_days_says_both_days_left_and_day(last: date, vi: str) -> None:
    assert formatting.deadline(last, date(2026, 11, 20)).vi == vi


def test_one_day_left_is_singular_in_english() -> None:
    assert formatting.deadline(date(2026, 11, 21), date(2026, 11, 20)).en.startswith("1 day left")


@pytest.mark.parametrize(
    ("seconds", "vi"), [(0.31, "0,3\u00a0giây"), (6720, "1 giờ 52 phút"), (180, "3 phút"), (90000, "1 ngày 1 giờ")]
)
def test_a_wait_has_its_two_largest_units(seconds: float, vi: str) -> None:
    assert formatting.duration(seconds).vi == vi
