"""What a tired person at five in the afternoon is told: the certificate's end, what happened, and what is left to do."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.support.programs import agent_started

from ymach.agent.commands import agent
from ymach.agent.keys import days_left
from ymach.base.clock import now
from ymach.trust.demo_ca import DemoAuthority, Issued, new_key

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

LAST_LINE = -1


def with_days(machine: Machine, days: int) -> None:
    """Give the machine a certificate that ends in some days (before today when negative)."""
    from tests.agent.conftest import PASSWORD

    authority = DemoAuthority(at=datetime.now(UTC) + timedelta(hours=1))
    made = authority.issue_facility("0100109106", "Bệnh viện Sắp Hết Hạn", days=(-360, days), key=new_key("EC"))
    (machine.folder / "chứng thư.p12").write_bytes(made.pkcs12(PASSWORD))
    machine.exchange.issued = made


@pytest.mark.parametrize(("days", "told"), [(31, False), (29, True), (1, True)])
def test_the_end_of_the_certificate_is_told_thirty_days_before(fresh: Machine, days: int, told: bool) -> None:
    with_days(fresh, days)
    assert fresh.init().exit_code == 0
    done = fresh.run("send", fresh.dossier("a"))
    assert (done.exit_code, f"Chứng thư còn {days} ngày" in done.stdout) == (0, told)
    assert (f"Chứng thư còn {days} ngày" in fresh.run("status").stdout) is told


def test_programs_are_told_the_end_of_the_certificate_as_well(fresh: Machine) -> None:
    with_days(fresh, 5)
    fresh.init()
    assert fresh.json("send", fresh.dossier("a"))[0] == {"warning": "YM-AGENT-CERTIFICATE-ENDS", "days": 5}
    assert fresh.json("status")[0]["certificate"]["days"] == 5


def test_an_ended_certificate_signs_and_sends_nothing_and_says_why(machine: Machine) -> None:
    with_days(machine, -1)
    done = machine.run("send", machine.dossier("a"))
    assert done.exit_code == 2
    assert "YM-AGENT-CERTIFICATE-ENDED" in done.output
    assert "Bệnh viện Sắp Hết Hạn" in done.output
    assert machine.exchange.requests == []


def test_an_ended_certificate_is_told_in_the_status_and_receipts_still_verify(machine: Machine) -> None:
    machine.run("send", machine.dossier("a"))
    with_days(machine, -1)
    (machine.home / "certificate.pem").write_bytes(machine.exchange.issued.certificate.pem())
    status = machine.run("status")
    assert (status.exit_code, "Chứng thư đã hết hạn" in status.stdout) == (0, True)
    assert machine.run("receipts", "--verify").exit_code == 0


def test_the_days_left_are_counted_whole(issued: Issued) -> None:
    ends = issued.certificate.not_after
    assert days_left(issued.certificate, at=ends - timedelta(days=30, hours=1)) is None
    assert days_left(issued.certificate, at=ends - timedelta(days=29, hours=1)) == 29
    assert days_left(issued.certificate, at=now()) is None


def last_lines(machine: Machine, *arguments: str | Path) -> list[str]:
    return machine.run(*arguments).stdout.splitlines()


def test_when_all_is_well_the_last_word_is_that_nothing_is_left(machine: Machine) -> None:
    said = last_lines(machine, "send", machine.dossier("a"))
    assert said == ["Đã nhận 1, đang giữ 0, bị trả lại 0, còn lại 0.", "Xong. Không phải làm gì thêm."]


def test_in_english_as_well(machine: Machine) -> None:
    said = CliRunner().invoke(
        agent, ["--home", str(machine.home), "--lang", "en", "send", str(machine.dossier("a"))], env=machine.environment
    )
    assert said.stdout.splitlines()[LAST_LINE] == "Done. There is nothing more to do."


def test_what_came_back_is_the_last_word(machine: Machine) -> None:
    said = last_lines(machine, "send", machine.dossier("sai"), "--no-sign")
    assert said[LAST_LINE].startswith("Việc cần làm: 1 hồ sơ bị trả lại. Sửa trong phần mềm bệnh viện")


def test_what_the_department_holds_is_no_work_for_the_clerk(machine: Machine) -> None:
    machine.exchange.outcomes = {b"<SO>7</SO>": "held"}
    said = last_lines(machine, "send", machine.dossier("a", "7"))
    assert "chưa phải làm gì" in said[-2]
    assert said[LAST_LINE].startswith("Xong.")


def test_without_a_line_files_are_queued_and_the_clerk_may_go_home(machine: Machine) -> None:
    config = machine.home / "agent.toml"
    config.write_text(config.read_text(encoding="utf-8").replace(machine.exchange.base, "http://127.0.0.1:9"))
    done = machine.run("send", machine.dossier("a"), machine.dossier("b", "2"), "--patience", "0")
    said = done.stdout.splitlines()
    assert (done.exit_code, said[0]) == (
        3,
        "Chưa nối được máy chủ. Các tệp vẫn được ký và xếp vào hàng gửi.",
    )
    assert said[LAST_LINE].startswith("2 hồ sơ còn trong hàng gửi của máy này, không mất gì.")
    config.write_text(config.read_text(encoding="utf-8").replace("http://127.0.0.1:9", machine.exchange.base))
    assert machine.run("send").exit_code == 0


def test_a_dossier_comes_in_by_standard_input(machine: Machine) -> None:
    content = machine.exchange.issued.signer().sign(machine.dossier("a").read_bytes()) + b"\r\n\x20\n"
    arguments = ["--home", str(machine.home), "--json", "send", "-"]
    done = CliRunner().invoke(agent, arguments, env=machine.environment, input=content)
    assert (done.exit_code, len(machine.exchange.stored)) == (0, 1)
    assert machine.signed() == [content]  # no line end and no letter was touched


def test_an_empty_standard_input_is_wrong_use(machine: Machine) -> None:
    done = CliRunner().invoke(agent, ["--home", str(machine.home), "send", "-"], env=machine.environment, input=b"")
    assert (done.exit_code, "YM-AGENT-NO-FILES" in done.output) == (2, True)


def test_standard_input_that_is_no_dossier_is_refused(machine: Machine) -> None:
    done = CliRunner().invoke(agent, ["--home", str(machine.home), "send", "-"], env=machine.environment, input=b"PK")
    assert (done.exit_code, "YM-SIG-NOT-XML" in done.output) == (1, True)


def command(machine: Machine, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "ymach", "agent", "--home", str(machine.home), *arguments]


def test_where_nobody_looks_there_is_no_bar_and_no_colour(machine: Machine) -> None:
    done = subprocess.run(
        command(machine, "send", str(machine.dossier("a"))),
        env={**os.environ, **machine.environment},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr == b""


def test_in_a_terminal_there_is_a_bar(machine: Machine) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(machine, "send", str(machine.dossier("a"))),
        env={**os.environ, **machine.environment, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end was closed: Linux's way to say that all was read
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert "Đang gửi".encode() in said
    assert b"Xong." in said


def test_ctrl_c_finishes_what_is_under_way_and_keeps_the_rest(machine: Machine) -> None:
    machine.exchange.faults = ["hang"]
    paths = [machine.dossier(name, name) for name in ("1", "2", "3")]
    arguments = ("--home", machine.home, "send", "--concurrency", "1", *paths)
    process = agent_started(machine.environment, *arguments, log=machine.folder / "said")
    while not machine.exchange.stored:
        assert process.poll() is None, process.said()
        time.sleep(0.02)
    process.interrupt()
    time.sleep(0.2)
    machine.exchange.go_on.set()
    assert (process.wait(), len(machine.exchange.stored)) == (3, 1)
    assert "Đã nhận 1" in process.said()
    assert "2 hồ sơ còn trong hàng gửi" in process.said()


def test_a_disk_that_cannot_be_written_is_told(machine: Machine) -> None:
    (machine.home / "queue.sqlite3").mkdir()
    done = machine.run("status")
    assert (done.exit_code, "YM-AGENT-DISK" in done.output) == (3, True)
