"""The clock: asked of the server before signing, judged by what was learnt when the line is down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ymach.agent.clock import FILE_NAME, Clock, boot_of
from ymach.agent.errors import ClockOff, ClockTurnedBack

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

START = datetime(2026, 11, 23, 1, tzinfo=UTC)


@dataclass
class Hands:
    """The two clocks of a machine, moved by hand."""

    wall: datetime = START
    steady: float = 1000.0

    def clock(self, folder: Path, boot: str = "first") -> Clock:
        return Clock(folder, wall=lambda: self.wall, steady=lambda: self.steady, boot=boot)

    def pass_time(self, delta: timedelta) -> None:
        self.wall += delta
        self.steady += delta.total_seconds()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.mark.parametrize(("ahead", "told"), [(59, False), (61, True), (-61, True), (-59, False)])
def test_more_than_a_minute_is_told(tmp_path: Path, hands: Hands, ahead: int, told: bool) -> None:
    assert hands.clock(tmp_path).learn(timedelta(seconds=ahead)).to_tell is told


@pytest.mark.parametrize("ahead", [301, -301])
def test_more_than_five_minutes_refuses_to_sign(tmp_path: Path, hands: Hands, ahead: int) -> None:
    clock = hands.clock(tmp_path)
    clock.learn(timedelta(seconds=ahead))
    with pytest.raises(ClockOff) as refused:
        clock.check_before_signing()
    assert "301" in refused.value.text.vi


@pytest.mark.parametrize("ahead", [299, -299, 0])
def test_up_to_five_minutes_signs(tmp_path: Path, hands: Hands, ahead: int) -> None:
    clock = hands.clock(tmp_path)
    clock.learn(timedelta(seconds=ahead))
    assert not clock.check_before_signing().too_far


def test_what_was_learnt_is_known_offline_after_days(tmp_path: Path, hands: Hands) -> None:
    hands.clock(tmp_path).learn(timedelta(seconds=90))
    hands.pass_time(timedelta(days=3))
    offset = hands.clock(tmp_path).offset()
    assert (offset.ahead, offset.known) == (timedelta(seconds=90), "before")


@pytest.mark.parametrize("moved", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_clock_that_somebody_set_is_found_offline(tmp_path: Path, hands: Hands, moved: timedelta) -> None:
    hands.clock(tmp_path).learn(timedelta())
    hands.pass_time(timedelta(hours=1))
    hands.wall += moved
    with pytest.raises(ClockOff):
        hands.clock(tmp_path).check_before_signing()


def test_after_a_restart_a_clock_before_the_last_moment_is_refused(tmp_path: Path, hands: Hands) -> None:
    hands.clock(tmp_path).learn(timedelta())
    hands.wall, hands.steady = START - timedelta(days=365), 5.0
    with pytest.raises(ClockTurnedBack):
        hands.clock(tmp_path, boot="second").check_before_signing()


def test_after_a_restart_the_offset_learnt_last_holds(tmp_path: Path, hands: Hands) -> None:
    hands.clock(tmp_path).learn(timedelta(minutes=6))
    hands.wall, hands.steady = START + timedelta(days=1), 5.0
    with pytest.raises(ClockOff):
        hands.clock(tmp_path, boot="second").check_before_signing()


def test_a_clock_that_was_never_compared_may_sign(tmp_path: Path, hands: Hands) -> None:
    assert hands.clock(tmp_path).check_before_signing().known == "unknown"


@pytest.mark.parametrize("written", [b"", b"[]", b'{"ahead": "x"}', b"\xff"])
def test_a_broken_record_counts_as_none(tmp_path: Path, hands: Hands, written: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(written)
    assert hands.clock(tmp_path).offset().known == "unknown"


def test_where_the_system_does_not_number_its_starts_only_this_process_is_trusted(tmp_path: Path) -> None:
    assert boot_of(tmp_path / "none") == boot_of(tmp_path / "none")
    assert boot_of(tmp_path / "none").startswith("process")


def test_a_clock_ten_minutes_off_signs_nothing(machine: Machine) -> None:
    machine.exchange.skew = timedelta(minutes=-10)
    done = machine.run("send", machine.dossier("a"))
    assert (done.exit_code, "YM-AGENT-CLOCK" in done.output) == (2, True)
    assert machine.exchange.stored == {}
    assert machine.json("status")[0]["entries"] == []


def test_signing_into_a_folder_is_refused_as_well(machine: Machine, tmp_path: Path) -> None:
    machine.exchange.skew = timedelta(minutes=10)
    assert machine.run("sign", machine.dossier("a"), "--out", tmp_path / "out").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_clock_two_minutes_off_is_told_and_signs(machine: Machine) -> None:
    machine.exchange.skew = timedelta(minutes=2)
    done = machine.run("send", machine.dossier("a"))
    assert done.exit_code == 0, done.output
    assert "chậm 120 giây" in done.stdout or "chậm 119 giây" in done.stdout


def test_what_is_signed_already_is_sent_with_a_wrong_clock(machine: Machine) -> None:
    machine.exchange.faults = ["cut"]
    assert machine.run("send", machine.dossier("a"), "--patience", "0").exit_code == 3
    machine.exchange.skew = timedelta(minutes=10)
    assert machine.run("send").exit_code == 0


def test_offline_the_last_known_offset_refuses_to_sign(machine: Machine) -> None:
    machine.exchange.skew = timedelta(minutes=10)
    machine.run("send", machine.dossier("a"))
    config = machine.home / "agent.toml"
    config.write_text(config.read_text().replace(machine.exchange.base, "http://127.0.0.1:9"))
    done = machine.run("send", machine.dossier("a"), "--patience", "0")
    assert (done.exit_code, "YM-AGENT-CLOCK" in done.output) == (2, True)


def test_the_server_without_that_door_is_dated_by_its_answers(machine: Machine) -> None:
    machine.exchange.offers.clear()
    machine.exchange.skew = timedelta(minutes=10)
    assert "YM-AGENT-CLOCK" in machine.run("send", machine.dossier("a")).output
