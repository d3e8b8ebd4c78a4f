"""The breaker and the results of attempts as plain functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ymach.base.ids import new_id
from ymach.exchange.channels.contract import ChannelError, NotSent, PartnerAway, RefusedByPartner
from ymach.exchange.deliveries.breaker import OPENS_AFTER, Breaker, after_failure, after_success, allowance
from ymach.exchange.deliveries.parcels import Held, failed
from ymach.exchange.deliveries.rules import DEADLINE, LEASE, may_move

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def test_breaker_stays_closed_below_its_number_of_failures() -> None:
    breaker = Breaker()
    for _ in range(OPENS_AFTER - 1):
        breaker = after_failure(breaker, at=AT)
    assert allowance(breaker, at=AT, most=16) == 16


def test_open_breaker_lets_nothing_through_then_one() -> None:
    breaker = _opened()
    assert breaker.open_until is not None
    assert allowance(breaker, at=AT, most=16) == 0
    assert allowance(breaker, at=breaker.open_until, most=16) == 1


def test_a_success_closes_the_breaker_whatever_was() -> None:
    assert after_success(_opened()) == Breaker()


def test_each_failed_try_doubles_the_pause_up_to_two_minutes() -> None:
    breaker, pauses = Breaker(failures=OPENS_AFTER - 1), []
    at = AT
    for _ in range(8):
        breaker = after_failure(breaker, at=at)
        assert breaker.open_until is not None
        pauses.append((breaker.open_until - at).total_seconds())
        at = breaker.open_until
    assert pauses == [5, 10, 20, 40, 80, 120, 120, 120]


def test_failures_of_parcels_under_way_do_not_lengthen_the_pause() -> None:
    breaker = _opened()
    assert after_failure(breaker, at=AT) == breaker


@given(st.lists(st.booleans(), max_size=40))
def test_the_breaker_never_lets_more_through_than_asked_for(story: list[bool]) -> None:
    breaker, at = Breaker(), AT
    for is_success in story:
        breaker = after_success(breaker) if is_success else after_failure(breaker, at=at)
        at += timedelta(seconds=3)
        assert 0 <= allowance(breaker, at=at, most=7) <= 7


@given(
    st.sampled_from([PartnerAway(why="x"), RefusedByPartner(result=205, message="x"), NotSent()]),
    st.integers(1, 60),
    st.integers(-100, 100),
    st.floats(0, 0.999),
)
def test_a_failed_attempt_makes_an_allowed_move_and_waits_for_the_future(
    error: ChannelError, attempt: int, minutes_left: int, jitter: float
) -> None:
    held = _held(attempt, deadline_at=AT + timedelta(minutes=minutes_left))
    settled = failed(held, error, at=AT, jitter=jitter)
    assert may_move("sending", settled.state)
    assert (settled.state == "refused") == error.permanent
    assert (settled.state == "waiting") == (settled.due_at > AT)
    assert settled.error == error.code


def _opened() -> Breaker:
    breaker = Breaker()
    for _ in range(OPENS_AFTER):
        breaker = after_failure(breaker, at=AT)
    return breaker


def _held(attempt: int, *, deadline_at: datetime) -> Held:
    return Held(
        facility_id=new_id(),
        id=new_id(),
        submission_id=new_id(),
        facility_code="01001",
        province_code="01",
        destination="insurance",
        kind="visit",
        dossier_code="LK1",
        version=1,
        digest=b"",
        size=0,
        attempt=attempt,
        created_at=deadline_at - DEADLINE,
        deadline_at=deadline_at,
        lease_ends=AT + LEASE,
        is_recovered=False,
        cause="",
        citizens=(),
        stored=b"",
    )
