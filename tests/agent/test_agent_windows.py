"""When the server wants what: its hours are obeyed, and what is told badly stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.agent.lanes import lane_claimed
from ymach.agent.windows import Windows, read
from ymach.base.clock import VIETNAM, now
from ymach.base.sending_hours import Window

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

NIGHT = read({"windows": [{"lane": "history", "from": "20:00", "to": "05:00"}]})
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


@pytest.mark.parametrize(("hour", "allowed"), [(20, True), (23, True), (0, True), (4, True), (5, False), (12, False)])
def test_hours_may_pass_midnight(hour: int, allowed: bool) -> None:
    assert NIGHT.open_now("history", at=at(hour)) is allowed


def test_a_lane_without_hours_is_always_open() -> None:
    assert NIGHT.open_now("current", at=at(12))


def test_hours_without_a_lane_hold_for_all() -> None:
    told = read({"windows": [{"from": "20:00", "to": "24:00"}]})
    assert not told.open_now("current", at=at(12))
    assert told.open_now("current", at=at(23, 59))


def test_the_next_opening_is_told_in_vietnam_time() -> None:
    assert NIGHT.opens_at("history", at=at(12)) == at(20)
    assert NIGHT.opens_at("history", at=at(21)) == at(21)


@given(opens=TIMES, closes=TIMES, minutes=st.integers(0, 2880))
def test_the_next_opening_is_open_and_no_later_than_a_day(opens: time, closes: time, minutes: int) -> None:
    windows, moment = Windows((Window("history", opens, closes),)), at(0) + timedelta(minutes=minutes)
    found = windows.opens_at("history", at=moment)
    assert windows.open_now("history", at=found)
    assert timedelta() <= found - moment <= timedelta(days=1)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"windows": None},
        {"windows": ["x", {"lane": "history"}, {"lane": "history", "from": "25:00", "to": "1"}]},
        {"windows": 3, "retry_after": "soon"},
        {"retry_after": True},
        {"retry_after": -5},
    ],
)
def test_what_is_not_understood_is_no_window(told: dict[str, Any]) -> None:
    assert read(told) == Windows()


def closed_now() -> dict[str, Any]:
    """Hours for old visits that start in two hours."""
    here = now().astimezone(VIETNAM)
    opens, closes = here + timedelta(hours=2), here + timedelta(hours=3)
    return {"windows": [{"lane": "history", "from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"}]}


def test_old_visits_wait_for_their_hours_and_todays_do_not(machine: Machine) -> None:
    machine.exchange.sending = closed_now()
    done = machine.run("send", machine.dossier("cũ", "1"), "--history")
    assert done.exit_code == 3
    assert "chỉ nhận loại hồ sơ này từ" in done.stdout
    assert machine.run("send", machine.dossier("mới", "2")).exit_code == 0
    assert len(machine.exchange.stored) == 1
    machine.exchange.sending = {"windows": []}
    assert machine.run("send").exit_code == 0
    assert len(machine.exchange.stored) == 2


def test_a_wait_for_everybody_is_obeyed(machine: Machine) -> None:
    machine.exchange.sending = {"retry_after": 600}
    done = machine.run("send", machine.dossier("a"), "--patience", "5")
    assert (done.exit_code, machine.exchange.requests) == (3, [])
    assert "không mất gì" in done.stdout


def test_a_short_wait_for_everybody_is_waited_for(machine: Machine) -> None:
    machine.exchange.sending = {"retry_after": 1}
    assert machine.run("send", machine.dossier("a")).exit_code == 0


def test_a_server_without_hours_takes_everything(machine: Machine) -> None:
    machine.exchange.offers.discard("sending")
    assert machine.run("send", machine.dossier("a"), "--history").exit_code == 0


def test_each_is_sent_in_its_lane(machine: Machine) -> None:
    letter = b"<FILEHOSO><LOAIHOSO>XML13</LOAIHOSO></FILEHOSO>"
    assert lane_claimed("current", letter) == "referral"
    assert lane_claimed("history", letter) == "history"
    machine.run("send", machine.dossier("cũ", "1"), "--history")
    machine.run("send", machine.dossier("mới", "2"))
    assert machine.exchange.lanes == ["history", "visit"]
