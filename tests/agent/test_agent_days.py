"""The day's end: both sides are compared digest by digest, and what is missing is sent again when asked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from ymach.base.clock import now, vietnam_day

if TYPE_CHECKING:
    from tests.agent.conftest import Machine


@pytest.fixture
def sent(machine: Machine) -> Machine:
    """A machine that sent three dossiers today."""
    for number in range(3):
        machine.dossier(f"hồ sơ {number}", str(number))
    assert machine.run("send", machine.folder / "hồ sơ").exit_code == 0
    return machine


def lose_one(machine: Machine) -> str:
    """The server forgets one dossier; its digest."""
    digest = sorted(machine.exchange.stored)[0]
    machine.exchange.forget(digest)
    return digest


def test_a_day_that_agrees_is_told_in_one_sentence(sent: Machine) -> None:
    done = sent.run("reconcile")
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    assert "khớp. Máy này có 3 biên nhận, máy chủ có đủ cả 3" in done.stdout


def test_what_the_server_lost_is_named_by_file_and_receipt(sent: Machine) -> None:
    digest = lose_one(sent)
    done = sent.run("reconcile")
    assert done.exit_code == 1
    assert "Máy chủ không thấy: hồ sơ " in done.stdout
    assert "--send-missing" in done.stdout
    (found,) = sent.json("reconcile")
    assert [one["digest"] for one in found["missing"]] == [digest]
    assert found["matched"] == 2


def test_what_is_missing_is_sent_again_only_when_asked(sent: Machine) -> None:
    digest = lose_one(sent)
    sent.run("reconcile")
    assert sent.run("send").exit_code == 0
    assert digest not in sent.exchange.stored
    done = sent.run("reconcile", "--send-missing")
    assert "Đã xếp lại 1 hồ sơ" in done.stdout
    assert sent.run("send").exit_code == 0
    assert digest in sent.exchange.stored
    assert sent.run("reconcile").exit_code == 0


def test_an_answer_that_was_lost_is_found_and_fetched(sent: Machine) -> None:
    sent.exchange.faults = ["cut"]
    sent.run("send", sent.dossier("đứt", "9"), "--patience", "0")
    done = sent.run("reconcile", "--send-missing")
    assert "Máy chủ đã nhận nhưng máy này chưa có biên nhận: đứt.xml" in done.stdout
    assert sent.run("send").exit_code == 0
    assert sent.run("reconcile").exit_code == 0
    assert len(sent.exchange.stored) == 4


def test_what_another_machine_sent_is_named_and_not_touched(sent: Machine) -> None:
    sent.exchange.judge(b"<GIAMDINHHS/>", dry_run=False)
    done = sent.run("reconcile", "--send-missing")
    assert done.exit_code == 1
    assert re.search(r"nơi khác của cơ sở: số \S+, lúc \d\d:\d\d:\d\d \d\d/\d\d/\d{4}$", done.stdout, re.MULTILINE)
    assert "máy khác của cơ sở cũng gửi" in done.stdout


def test_what_both_have_but_not_alike_is_told_as_it_is(sent: Machine) -> None:
    sent.exchange.different = [{"digest": "ab", "submission": "7", "outcome": "rejected"}]
    done = sent.run("reconcile")
    assert (done.exit_code, "outcome rejected" in done.stdout) == (1, True)


def test_a_copy_that_is_no_longer_kept_is_told(sent: Machine) -> None:
    lose_one(sent)
    from ymach.agent.queue import Queue

    with Queue(sent.home) as queue:
        queue.forget(before=now())
    assert "không còn bản đã ký" in sent.run("reconcile", "--send-missing").stdout


def test_every_outcome_with_a_receipt_counts(machine: Machine) -> None:
    machine.run("send", machine.dossier("sai"), "--no-sign")
    assert "máy chủ có đủ cả 1" in machine.run("reconcile").stdout


def test_another_day_is_asked_for_in_either_way_of_writing(sent: Machine) -> None:
    for day in ("2026-01-31", "31/01/2026"):
        (found,) = sent.json("reconcile", "--day", day)
        assert (found["day"], found["ours"]) == ("2026-01-31", 0)
    assert sent.run("reconcile", "--day", "hôm qua").exit_code == 2


def test_the_outcome_is_kept_as_a_file(sent: Machine) -> None:
    sent.run("reconcile")
    day = vietnam_day(now()).isoformat()
    kept = json.loads((sent.home / "reconciliations" / f"{day}.json").read_text(encoding="utf-8"))
    assert (kept["agrees"], kept["ours"]) == (True, 3)


def test_a_server_without_that_door_is_told(sent: Machine) -> None:
    sent.exchange.offers.discard("reconciliations")
    done = sent.run("reconcile")
    assert (done.exit_code, "YM-AGENT-NOT-OFFERED" in done.output) == (3, True)
