"""Sending: nothing is lost by a cut, nothing is sent twice, and every file ends with a receipt that verifies."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from tests.support.programs import agent_started

from ymach.trust import xmldsig
from ymach.trust.platform import PlatformKey

if TYPE_CHECKING:
    from tests.agent.conftest import Machine


def test_a_folder_is_signed_sent_and_receipted(machine: Machine) -> None:
    for number in range(3):
        machine.dossier(f"hồ sơ số {number}", str(number))
    done = machine.run("send", machine.folder / "hồ sơ")
    assert done.exit_code == 0, done.output
    assert "Đã nhận 3" in done.stdout
    assert len(list((machine.home / "receipts").glob("*.jws"))) == 3
    assert machine.run("receipts", "--verify").exit_code == 0


def test_a_receipt_is_of_the_bytes_that_were_sent(machine: Machine) -> None:
    (result,) = machine.json("send", machine.dossier("a"))
    (sent,) = machine.signed()
    claims = json.loads(machine.run("receipts", "--show", result["submission"]).stdout)
    assert claims["digest"]["value"] == sha256(sent).hexdigest() == result["digest"]


def test_what_has_a_receipt_is_not_sent_again(machine: Machine) -> None:
    path = machine.dossier("a")
    machine.run("send", path)
    again = machine.run("send", path)
    assert again.exit_code == 0
    assert len(machine.exchange.requests) == 1


def test_a_copy_under_another_name_is_not_sent_again(machine: Machine) -> None:
    machine.run("send", machine.dossier("a"), machine.dossier("b"))
    assert len(machine.exchange.requests) == 1


def test_a_changed_file_is_sent_as_a_new_one(machine: Machine) -> None:
    machine.run("send", machine.dossier("a", "1"))
    machine.run("send", machine.dossier("a", "2"))
    assert len(machine.exchange.stored) == 2


def test_a_line_cut_after_storing_ends_with_the_same_receipt(machine: Machine) -> None:
    machine.exchange.faults = ["cut"]
    done = machine.run("send", machine.dossier("a"))
    assert done.exit_code == 0, done.output
    assert len(machine.exchange.requests) == 2
    (kept,) = (machine.home / "receipts").glob("*.jws")
    assert kept.read_text() == next(iter(machine.exchange.stored.values()))


def test_a_send_that_gave_up_is_resumed_with_the_same_bytes(machine: Machine) -> None:
    machine.exchange.faults = ["cut"]
    first = machine.run("send", machine.dossier("a"), "--patience", "0")
    assert first.exit_code == 3
    (waiting,) = machine.json("status")
    assert waiting["entries"][0]["state"] == "waiting"
    assert machine.run("send").exit_code == 0
    assert len(machine.exchange.stored) == 1
    assert machine.json("status")[0]["counts"]["accepted"] == 1


def test_a_killed_send_is_resumed_with_the_same_receipt(machine: Machine) -> None:
    machine.exchange.faults = ["hang"]
    path = machine.dossier("a")
    killed = agent_started(machine.environment, "--home", machine.home, "send", path, log=machine.folder / "said")
    while not machine.exchange.stored:
        assert killed.poll() is None
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    machine.exchange.go_on.set()
    assert machine.json("status")[0]["counts"]["sending"] == 1
    assert machine.run("send", path).exit_code == 0
    (kept,) = (machine.home / "receipts").glob("*.jws")
    assert [kept.read_text()] == list(machine.exchange.stored.values())


@pytest.mark.parametrize("fault", ["429", "503", "html"])
def test_a_busy_server_is_asked_again_later(machine: Machine, fault: str) -> None:
    machine.exchange.faults = [fault]
    assert machine.run("send", machine.dossier("a")).exit_code == 0
    assert len(machine.exchange.requests) == 2


def test_a_wait_longer_than_the_patience_is_left_for_later(machine: Machine) -> None:
    machine.exchange.faults = ["429"]
    done = machine.run("send", machine.dossier("a"), "--patience", "0.5")
    assert done.exit_code == 3
    assert len(machine.exchange.requests) == 1
    assert "còn lại 1" in done.stdout


def test_a_server_that_is_away_leaves_the_queue_whole(machine: Machine) -> None:
    config = machine.home / "agent.toml"
    config.write_text(config.read_text().replace(machine.exchange.base, "http://127.0.0.1:9"))
    done = machine.run("send", machine.dossier("a"), "--patience", "0")
    assert done.exit_code == 3
    assert machine.json("status")[0]["counts"]["waiting"] == 1


def test_a_batch_is_answered_dossier_by_dossier(machine: Machine) -> None:
    paths = [machine.dossier(f"{number}", str(number)) for number in range(5)]
    bad = machine.folder / "hồ sơ" / "bad.xml"
    bad.write_bytes(machine.exchange.issued.signer().sign(paths[0].read_bytes()).replace(b"99001", b"99002"))
    results = machine.json("send", machine.folder / "hồ sơ", "--batch", "4")
    states = {Path(one["file"]).stem: one["state"] for one in results}
    assert states == {
        "0": "accepted",
        "1": "accepted",
        "2": "accepted",
        "3": "accepted",
        "4": "accepted",
        "bad": "rejected",
    }
    assert machine.exchange.requests == ["/api/v1/submissions:batch"] * 2


def test_a_batch_that_is_too_large_is_sent_one_by_one(machine: Machine) -> None:
    machine.exchange.faults = ["413"]
    paths = [machine.dossier(f"{number}", str(number)) for number in range(3)]
    assert machine.run("send", *paths, "--batch", "3").exit_code == 0
    assert machine.exchange.requests == ["/api/v1/submissions:batch"] + ["/api/v1/submissions"] * 3


def test_many_at_once_lose_nothing(machine: Machine) -> None:
    for number in range(12):
        machine.dossier(f"{number}", str(number))
    machine.exchange.faults = ["cut", "", "503", "cut"]
    done = machine.run("send", machine.folder / "hồ sơ", "--concurrency", "4")
    assert done.exit_code == 0, done.output
    assert len(machine.exchange.stored) == len(list((machine.home / "receipts").glob("*.jws"))) == 12


def test_a_refusal_says_what_and_what_to_do_and_keeps_its_receipt(machine: Machine) -> None:
    path = machine.dossier("sai")
    done = machine.run("send", path, "--no-sign")
    assert done.exit_code == 1
    assert "chưa được ký số" in done.stdout
    assert "→ Ký số bằng chứng thư" in done.stdout
    assert len(list((machine.home / "receipts").glob("*.jws"))) == 1


def test_a_refused_file_is_sent_again_only_when_asked(machine: Machine) -> None:
    path = machine.dossier("sai")
    machine.run("send", path, "--no-sign")
    assert machine.run("send", path, "--no-sign").exit_code == 1
    assert len(machine.exchange.requests) == 1
    machine.run("send", path, "--no-sign", "--again")
    assert len(machine.exchange.requests) == 2


def test_a_held_dossier_is_done_for_the_sender(machine: Machine) -> None:
    machine.exchange.outcomes = {b"<SO>7</SO>": "held"}
    done = machine.run("send", machine.dossier("a", "7"))
    assert done.exit_code == 0
    assert "Sở Y tế đang giữ" in done.stdout


def test_a_dry_run_stores_nothing(machine: Machine) -> None:
    done = machine.run("send", machine.dossier("a"), "--dry-run")
    assert done.exit_code == 0, done.output
    assert machine.exchange.stored == {}
    assert machine.json("status")[0]["entries"] == []
    assert not (machine.home / "receipts").exists()
    assert machine.run("send", machine.dossier("b", "2"), "--dry-run", "--no-sign").exit_code == 1


def test_a_receipt_for_other_bytes_is_not_kept(machine: Machine) -> None:
    machine.exchange.faults = ["false-receipt"]
    done = machine.run("send", machine.dossier("a"))
    assert done.exit_code == 1
    assert "YM-AGENT-WRONG-RECEIPT" in done.stdout
    assert not (machine.home / "receipts").exists()


def test_a_receipt_of_another_key_is_not_kept(machine: Machine) -> None:
    machine.exchange.key = PlatformKey.create()
    done = machine.run("send", machine.dossier("a"))
    assert "YM-RCP-UNKNOWN-KEY" in done.stdout
    assert machine.json("status")[0]["counts"]["failed"] == 1


def test_a_machine_that_is_not_registered_is_told_so(machine: Machine) -> None:
    config = machine.home / "agent.toml"
    config.write_text(config.read_text().replace("99001", "99009"))
    done = machine.run("send", machine.dossier("a"))
    assert done.exit_code == 2
    assert "chưa cho máy này vào" in done.output
    assert machine.json("status")[0]["counts"]["waiting"] == 1


def test_a_file_that_is_no_xml_harms_no_other(machine: Machine) -> None:
    broken = machine.dossier("broken")
    broken.write_bytes(b"PK\x03\x04")
    results = machine.json("send", broken, machine.dossier("a"))
    assert [(one["state"], one["code"]) for one in results] == [("failed", "YM-SIG-NOT-XML"), ("accepted", None)]


def test_signing_into_a_folder_sends_nothing(machine: Machine) -> None:
    out = machine.folder / "đã ký"
    assert machine.run("sign", machine.dossier("a"), "--out", out, "--signing-time").exit_code == 0
    verified = xmldsig.verify(etree.fromstring((out / "a.xml").read_bytes()))
    assert verified.claimed_at is not None
    assert machine.exchange.requests == []
    assert machine.run("send", out).exit_code == 0
    assert machine.exchange.stored.keys() == {sha256((out / "a.xml").read_bytes()).hexdigest()}


def test_what_becomes_of_a_submission_is_asked_of_the_server(machine: Machine) -> None:
    (result,) = machine.json("send", machine.dossier("a"))
    told = machine.run("status", result["submission"])
    assert told.exit_code == 0
    assert "Cổng giám định: waiting" in told.stdout
