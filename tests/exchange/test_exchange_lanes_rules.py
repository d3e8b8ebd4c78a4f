"""Lanes as plain rules: what may be claimed, who is let in, whose turn is next, when to come again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.clock import VIETNAM
from ymach.base.sending_hours import is_open, opens_at, read_windows
from ymach.exchange.lanes import rules
from ymach.exchange.lanes.doors import Ticket, ticket_of
from ymach.exchange.lanes.errors import LaneClosed, LaneUnknown
from ymach.exchange.lanes.rules import Lane
from ymach.exchange.lanes.windows import SPREAD_SECONDS, check_window

FRESH, LATE = timedelta(days=1), timedelta(days=400)
LANES = st.sampled_from(Lane)
NIGHT = "history 19:00-05:00"


@pytest.mark.parametrize(
    ("claimed", "kinds", "age", "is_false"),
    [
        (Lane.REFERRAL, {"visit", "referral"}, FRESH, False),
        (Lane.REFERRAL, {"visit", "prescription"}, FRESH, True),
        (Lane.PRESCRIPTION, {"visit", "prescription"}, FRESH, False),
        (Lane.PRESCRIPTION, {"visit", "referral"}, FRESH, False),
        (Lane.PRESCRIPTION, {"visit"}, FRESH, True),
        (Lane.LOOK_UP, {"referral"}, FRESH, True),
        (Lane.VISIT, {"visit"}, FRESH, False),
        (Lane.VISIT, {"visit", "referral"}, LATE, True),
        (Lane.HISTORY, {"visit"}, LATE, False),
    ],
)
def test_a_claim_is_false_when_nothing_inside_is_so_urgent(
    claimed: Lane, kinds: set[str], age: timedelta, is_false: bool
) -> None:
    assert rules.is_false_claim(claimed, kinds, age) is is_false


@pytest.mark.parametrize(
    ("method", "door", "header", "is_banned", "ticket"),
    [
        ("GET", "submissions", "", False, Ticket(Lane.LOOK_UP)),
        ("POST", "submissions", "", False, Ticket(Lane.VISIT)),
        ("POST", "submissions:batch", "", False, Ticket(Lane.HISTORY)),
        ("PUT", "uploads", "", False, Ticket(Lane.HISTORY)),
        ("POST", "submissions", "Referral ", False, Ticket(Lane.REFERRAL, "referral")),
        ("POST", "submissions:batch", "visit", False, Ticket(Lane.VISIT, "visit")),
        ("POST", "submissions", "referral", True, Ticket(Lane.VISIT)),
        ("POST", "submissions", "history", True, Ticket(Lane.HISTORY)),
        ("GET", "registry", "history", False, Ticket(Lane.HISTORY)),
        ("POST", "reconciliations", "look-up", False, Ticket(Lane.HISTORY)),
        ("POST", "something-new", "", False, Ticket(Lane.LOOK_UP)),
    ],
)
def test_a_door_has_a_lane_and_a_claim_is_believed_where_it_is_checked(
    method: str, door: str, header: str, is_banned: bool, ticket: Ticket
) -> None:
    assert ticket_of(method, door, header, is_banned=is_banned) == ticket


def test_a_lane_that_does_not_exist_is_told() -> None:
    with pytest.raises(LaneUnknown):
        ticket_of("POST", "submissions", "express", is_banned=False)


@given(inside=st.integers(0, 30), own=st.integers(0, 30), places=st.integers(1, 30))
def test_one_sender_never_has_more_than_half_of_a_lane(inside: int, own: int, places: int) -> None:
    if rules.may_enter(inside=inside, own=own, places=places):
        assert own + 1 <= max(places // 2, 1)
        assert inside + 1 <= places


def test_old_visits_leave_one_turn_free_while_anything_else_is_about() -> None:
    assert not rules.may_work(working=1, turns=2, urgent_lately=True)
    assert rules.may_work(working=1, turns=2, urgent_lately=False)
    assert rules.may_work(working=0, turns=1, urgent_lately=True)


@pytest.mark.parametrize(("urgent", "turns"), [(0.0, 16), (0.05, 3), (0.3, 3), (0.6, 2), (2.0, 1), (16.0, 1)])
def test_the_more_the_others_do_the_fewer_turns_old_visits_have(urgent: float, turns: int) -> None:
    assert rules.turns_for_history(16, urgent) == turns


def test_each_lane_gets_its_share_when_all_have_too_much_to_do() -> None:
    spent, had = dict.fromkeys(Lane, 0.0), dict.fromkeys(Lane, 0)
    for _ in range(2700):
        lane = rules.next_lane(Lane, spent)
        assert lane is not None
        had[lane] += 1
        spent[lane] = rules.spent_after(spent[lane], 1.0, lane)
    assert all(abs(had[lane] - 100 * rules.SHARES[lane]) <= 27 for lane in Lane)


@given(lane=LANES, served=st.integers(0, 10_000), refused=st.integers(0, 10_000), spread=st.floats(0, 1))
def test_who_is_refused_is_told_a_time_within_bounds(lane: Lane, served: int, refused: int, spread: float) -> None:
    assert 1 <= rules.come_back_after(lane, served=served, refused=refused, spread=spread) <= 1200


def test_the_more_come_in_vain_the_later_and_never_all_at_once() -> None:
    calm = rules.come_back_after(Lane.HISTORY, served=100, refused=0, spread=0)
    assert rules.come_back_after(Lane.HISTORY, served=100, refused=300, spread=0) == 4 * calm
    assert rules.come_back_after(Lane.HISTORY, served=100, refused=0, spread=1) == 2 * calm


def at(hour: int) -> datetime:
    return datetime(2026, 11, 23, hour, tzinfo=VIETNAM).astimezone(UTC)


def test_a_lane_outside_its_hours_is_told_when_they_begin() -> None:
    check_window(NIGHT, Lane.HISTORY, at=at(20))
    check_window(NIGHT, Lane.VISIT, at=at(12))
    with pytest.raises(LaneClosed) as told:
        check_window(NIGHT, Lane.HISTORY, at=at(12))
    assert 7 * 3600 <= told.value.values["retry_after"] <= 7 * 3600 + SPREAD_SECONDS
    assert "19:00 23/11" in told.value.text.vi


@given(opens=st.times(), closes=st.times(), minutes=st.integers(0, 2880))
def test_hours_written_by_an_operator_are_read_as_they_are_told(opens: time, closes: time, minutes: int) -> None:
    (window,) = read_windows(f"history {opens:%H:%M}-{closes:%H:%M}")
    moment = at(0) + timedelta(minutes=minutes)
    assert is_open([window], "history", at=opens_at([window], "history", at=moment))


@pytest.mark.parametrize("text", ["history", "history 19:00", "history 25:00-05:00", "history 19:00-05:00 history"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_windows(text)
