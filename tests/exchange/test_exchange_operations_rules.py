"""How a destination stands follows from what the workers that live say; rules without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.exchange.deliveries.delays import BOUNDS, Delays, bucket_of, median
from ymach.exchange.operations.rules import (
    SILENT_AFTER,
    Outage,
    Standing,
    Way,
    Worker,
    mark_of,
    may_end,
    next_try,
    standing_of,
    time_away,
)

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SOON = AT + timedelta(seconds=40)


def worker(
    *,
    ways: dict[str, Way] | None = None,
    seen: timedelta = timedelta(0),
    parts: tuple[str, ...] = ("insurance", "webhook"),
) -> Worker:
    return Worker("host", 7, parts, ways or {}, AT - timedelta(hours=1), AT - seen)


def stands(*workers: Worker, name: str = "insurance", is_used: bool = True, waits: bool = False) -> Standing:
    return standing_of(name, workers, at=AT, is_used=is_used, waits=waits)


PAUSED = worker(ways={"insurance": Way(5, SOON)})


@pytest.mark.parametrize(
    ("workers", "expected"),
    [
        ((worker(),), Standing.ANSWERING),
        ((worker(ways={"insurance": Way(2)}),), Standing.FAILING),
        ((worker(), PAUSED), Standing.AWAY),
        ((worker(parts=("letters",)),), Standing.UNSERVED),
        ((), Standing.UNSERVED),
    ],
)
def test_a_destination_stands_as_the_worst_of_its_workers_says(workers: tuple[Worker, ...], expected: Standing) -> None:
    assert stands(*workers) is expected


def test_a_worker_that_is_silent_is_dead_and_its_word_counts_no_more() -> None:
    silent = worker(ways={"insurance": Way(5, SOON)}, seen=SILENT_AFTER + timedelta(seconds=1))
    assert silent.is_lost(AT)
    assert stands(silent) is Standing.UNSERVED
    assert stands(silent, worker()) is Standing.ANSWERING


def test_a_destination_without_an_address_is_unused_until_something_waits_for_it() -> None:
    assert stands(is_used=False) is Standing.UNUSED
    assert stands(is_used=False, waits=True) is Standing.UNSERVED


def test_one_receiver_that_is_away_does_not_make_its_family_away() -> None:
    assert stands(worker(ways={"webhook:1": Way(5, SOON)}), name="webhook") is Standing.FAILING


def test_an_outage_ends_only_when_nobody_pauses_any_more() -> None:
    assert not may_end("insurance", [worker(), PAUSED], at=AT)
    assert may_end("insurance", [worker()], at=AT)
    assert next_try("insurance", [worker(), PAUSED], at=AT) == SOON


def test_time_away_counts_what_overlaps_once_and_only_within_the_day() -> None:
    start = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # midnight in Viet Nam
    found = [
        Outage("insurance", start - timedelta(hours=1), start + timedelta(hours=1)),
        Outage("insurance", start + timedelta(minutes=30), start + timedelta(hours=2)),
        Outage("insurance", AT - timedelta(hours=1)),
    ]
    assert time_away(found, date(2026, 11, 23), at=AT) == timedelta(hours=3)
    assert time_away(found, date(2026, 11, 21), at=AT) == timedelta(0)


@pytest.mark.parametrize(
    ("days", "mark"), [(31, None), (30, 30), (15, 30), (14, 14), (7, 7), (1, 7), (0, None), (-3, None)]
)
def test_the_nearest_mark_of_a_certificate_is_told(days: int, mark: int | None) -> None:
    assert mark_of(AT + timedelta(days=days), at=AT, marks=(30, 14, 7)) == mark


@given(st.lists(st.floats(0, 200_000), min_size=1, max_size=50))
def test_the_median_of_the_classes_lies_in_the_class_of_the_true_median(seconds: list[float]) -> None:
    delays = Delays()
    for one in seconds:
        delays.note("insurance", one)
    taken = delays.take()
    found = median({bucket: number for (_, bucket), number in taken.items()})
    true = sorted(seconds)[(len(seconds) - 1) // 2]
    assert found is not None
    edges = (0.0, *BOUNDS, float("inf"))
    assert edges[bucket_of(true)] <= found <= edges[bucket_of(true) + 1]
    assert not delays.take()
