"""The watched folder and the service: a file is taken when it has stopped growing, and moved by its outcome."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.programs import Running, agent_started

from ymach.agent import heartbeat
from ymach.agent.watch import Folders, Watch
from ymach.base.clock import VIETNAM, now

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

PATIENCE = 60.0


@dataclass
class Hand:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def watch(tmp_path: Path, hand: Hand) -> Watch:
    folders = Folders(tmp_path / "inbox")
    folders.make()
    return Watch(folders, settle=2.0, clock=hand)


def names(watch: Watch) -> list[str]:
    return [path.name for path in watch.ready()]


def test_a_file_is_taken_only_when_it_has_stopped_growing(watch: Watch, hand: Hand) -> None:
    path = watch.folders.inbox / "a.xml"
    path.write_text("<A", encoding="ascii")
    for _ in range(5):
        assert names(watch) == []
        hand.at += 1.5
        with path.open("a", encoding="ascii") as file:
            file.write(" ")
    names(watch)
    hand.at += 1.9
    assert (names(watch), watch.growing) == ([], 1)
    hand.at += 0.1
    assert (names(watch), watch.growing) == (["a.xml"], 0)


def test_a_file_written_over_starts_to_wait_again(watch: Watch, hand: Hand) -> None:
    path = watch.folders.inbox / "a.xml"
    path.write_text("<A/>", encoding="ascii")
    names(watch)
    hand.at += 3
    os.utime(path, ns=(5, 5))
    assert names(watch) == []


def test_a_file_that_waits_for_its_answer_is_not_read_again_until_it_changes(watch: Watch, hand: Hand) -> None:
    path = watch.folders.inbox / "a.xml"
    path.write_text("<A/>", encoding="ascii")
    names(watch)
    hand.at += 3
    assert names(watch) == ["a.xml"]
    watch.take(path)
    assert names(watch) == []
    path.write_text("<B/>   ", encoding="ascii")
    names(watch)
    hand.at += 3
    assert names(watch) == ["a.xml"]
    watch.take(path)
    watch.release(path)
    assert names(watch) == ["a.xml"]


@pytest.mark.parametrize("name", [".a.xml", "~$a.xml", "a.xml.part", "a.xml.tmp", "a.pdf", "a.xml.crdownload"])
def test_what_programs_leave_behind_is_not_taken(watch: Watch, hand: Hand, name: str) -> None:
    (watch.folders.inbox / name).write_text("x", encoding="ascii")
    names(watch)
    hand.at += 10
    assert names(watch) == []


@pytest.mark.parametrize(("language", "folder"), [("vi", "ho-so-cu"), ("en", "history")])
def test_old_visits_have_a_folder_of_their_own(tmp_path: Path, language: str, folder: str) -> None:
    folders = Folders(tmp_path / "inbox", language)
    assert folders.lane(tmp_path / "inbox" / folder / "a.xml") == "history"
    assert folders.lane(tmp_path / "inbox" / "phòng khám" / "a.xml") == "current"


def until(reached: Callable[[], object], process: Running | None = None) -> None:
    ends = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < ends, "not reached"
        assert process is None or process.poll() is None, "the service ended"
        time.sleep(0.05)


@contextmanager
def running(machine: Machine, *more: str) -> Iterator[Running]:
    """The service, as the system would start it; stopped by SIGTERM at the end."""
    arguments = ("--home", machine.name or machine.home, "run", "--every", "0.05", "--settle", "0.2", *more)
    process = agent_started(machine.environment, *arguments, log=machine.folder / "said")
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_files_are_moved_by_their_outcome_with_a_note_that_says_why(machine: Machine) -> None:
    machine.exchange.outcomes = {b"<SO>7</SO>": "held"}
    good = machine.dossier("tốt", "1", machine.inbox)
    machine.dossier("giữ", "7", machine.inbox / "phòng khám")
    signed = machine.exchange.issued.signer().sign(good.read_bytes()).replace(b"99001", b"99002")
    (machine.inbox / "sai.xml").write_bytes(signed)
    with running(machine) as process:
        until(lambda: not list(machine.inbox.rglob("*.xml")), process)
    there = {path.parent.name: path.name for path in machine.home.glob("*/*.xml")}
    assert there == {"da-nhan": "tốt.xml", "dang-giu": "giữ.xml", "bi-tra-lai": "sai.xml"}
    note = (machine.home / "bi-tra-lai" / "sai.xml.txt").read_text(encoding="utf-8")
    assert "bị trả lại" in note
    assert "→" in note


def test_a_folder_named_from_here_is_watched_as_well(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.dossier("a", "1", machine.inbox)
    monkeypatch.chdir(machine.folder)
    machine.name = Path(machine.home.name)
    with running(machine) as process:
        until((machine.home / "da-nhan" / "a.xml").exists, process)
    assert len(machine.exchange.stored) == 1


def test_the_service_takes_what_comes_later_and_stops_in_order(machine: Machine) -> None:
    with running(machine) as process:
        until(lambda: machine.inbox.exists(), process)
        machine.dossier("a", "1", machine.inbox)
        until(lambda: len(machine.exchange.stored) == 1 and not list(machine.inbox.rglob("*.xml")), process)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert "Đã dừng. Còn 0 hồ sơ" in process.said()
    assert "đã dừng lúc" in machine.run("status").stdout


def test_the_service_says_that_it_lives(machine: Machine) -> None:
    with running(machine) as process:
        until(lambda: heartbeat.read(machine.home), process)
        beat = heartbeat.read(machine.home)
        assert beat is not None
        assert beat.pid == process.pid
        assert "Đang chạy thường trực" in machine.run("status").stdout


def test_a_service_that_was_killed_is_known_to_be_dead_at_once(machine: Machine) -> None:
    with running(machine) as process:
        until(lambda: heartbeat.read(machine.home), process)
        process.kill()
        process.wait()
    assert "đã chết" in machine.run("status").stdout
    assert machine.json("status")[0]["service"]["doing"] == "died"


def test_while_the_service_runs_no_second_agent_sends(machine: Machine) -> None:
    with running(machine) as process:
        until(lambda: heartbeat.read(machine.home), process)
        done = machine.run("send", machine.dossier("a"))
        assert (done.exit_code, "YM-AGENT-RUNNING" in done.output) == (3, True)


def test_the_service_catches_up_when_the_server_comes_back(machine: Machine) -> None:
    machine.exchange.faults = ["503", "cut", "html", "cut"]
    machine.dossier("a", "1", machine.inbox)
    with running(machine) as process:
        until(lambda: not list(machine.inbox.rglob("*.xml")), process)
    assert len(machine.exchange.stored) == 1


def test_a_copy_that_pauses_half_way_is_not_given_up(machine: Machine) -> None:
    whole = machine.dossier("a", "1", machine.inbox)
    content = whole.read_bytes()
    whole.write_bytes(content[:40])
    with running(machine) as process:
        time.sleep(1.5)
        assert whole.exists()
        whole.write_bytes(content)
        until(lambda: not whole.exists(), process)
    assert len(machine.exchange.stored) == 1


def test_after_closing_the_day_is_compared(machine: Machine) -> None:
    config = machine.home / "agent.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("17:30", "00:00"), encoding="utf-8")
    machine.dossier("a", "1", machine.inbox)
    day = machine.home / "reconciliations" / f"{now().astimezone(VIETNAM).date().isoformat()}.json"
    with running(machine, "--send-missing") as process:
        until(day.exists, process)
    assert "/api/v1/reconciliations" in machine.exchange.others


def test_a_rejected_file_put_back_corrected_is_a_new_one(machine: Machine) -> None:
    bad = machine.exchange.issued.signer().sign(machine.dossier("a").read_bytes()).replace(b"99001", b"99002")
    machine.inbox.mkdir()
    (machine.inbox / "a.xml").write_bytes(bad)
    with running(machine) as process:
        until((machine.home / "bi-tra-lai" / "a.xml").exists, process)
        machine.dossier("a", "2", machine.inbox)
        until((machine.home / "da-nhan" / "a.xml").exists, process)
    assert b"<SO>2</SO>" in (machine.home / "da-nhan" / "a.xml").read_bytes()


def test_a_corrected_file_put_in_place_of_one_under_way_is_sent_as_well(machine: Machine) -> None:
    machine.exchange.faults = ["hang"]
    machine.dossier("a", "1", machine.inbox)
    with running(machine) as process:
        until(lambda: machine.exchange.stored, process)
        machine.dossier("a", "2", machine.inbox)
        machine.exchange.go_on.set()
        until(lambda: len(machine.exchange.stored) == 2 and not list(machine.inbox.rglob("*.xml")), process)
    (moved,) = (machine.home / "da-nhan").glob("*.xml")
    assert b"<SO>2</SO>" in moved.read_bytes()


def test_a_file_that_was_answered_before_is_put_away_and_not_sent_again(machine: Machine) -> None:
    machine.dossier("a", "1", machine.inbox)
    with running(machine) as process:
        until((machine.home / "da-nhan" / "a.xml").exists, process)
        machine.dossier("b", "1", machine.inbox)
        until((machine.home / "da-nhan" / "b.xml").exists, process)
    assert len(machine.exchange.requests) == 1


def test_a_server_that_gives_wrong_receipts_is_not_asked_again_and_again(machine: Machine) -> None:
    machine.exchange.faults = ["false-receipt"]
    machine.dossier("a", "1", machine.inbox)
    with running(machine) as process:
        until(lambda: machine.exchange.requests, process)
        time.sleep(2)
    assert len(machine.exchange.requests) == 1


@pytest.mark.parametrize(("system", "marks"), [("systemd", ["ExecStart=", "SIGTERM"]), ("windows", ["icacls"])])
def test_how_to_start_it_with_the_system_is_printed_with_this_folder(
    machine: Machine, system: str, marks: list[str]
) -> None:
    printed = machine.run("service", "--print", system).stdout
    assert all(mark in printed for mark in [*marks, str(machine.home.absolute())])
    assert "@" not in printed.replace("@echo", "")
    assert " -m ymach" not in printed  # a program to start is one path; what follows it are arguments


def test_the_unit_gives_the_secret_to_the_service_alone_and_never_repeats_a_wrong_one(machine: Machine) -> None:
    unit = machine.run("service", "--print", "systemd").stdout.splitlines()
    assert [line for line in unit if line.startswith("[")] == ["[Unit]", "[Service]", "[Install]"]
    assert {"LoadCredential=secret:/etc/ymach-agent/secret", "RestartPreventExitStatus=2", "UMask=0077"} <= set(unit)
    beside = [line for line in unit if line.startswith("ReadWritePaths=")]
    assert ".." not in beside[0]
