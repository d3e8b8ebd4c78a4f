"""The stand-ins of all destinations: started by a command, told what goes wrong, keeping what they hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.support.partners import PARTNERS, reached

from ymach.cli.processes import free_port_from
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.prescriptions import PrescriptionSystem

COMMANDS = {
    "insurance": "insurance portal",
    "health-book": "health book",
    "prescriptions": "prescription system",
    "referrals": "referral receiver",
    "subscriber": "subscriber",
}


@pytest.mark.parametrize(("command", "name"), COMMANDS.items())
def test_the_command_starts_it_and_shows_what_it_holds(command: str, name: str) -> None:
    program = [sys.executable, "-m", "ymach", "sandbox", command, "--port", "0"]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told, _, address = process.stdout.readline().partition(": ")
        assert told == name
        ledger = httpx.get(f"{address.strip()}/sandbox/ledger", trust_env=False).json()
        assert ledger == {"doubled": 0, "entries": []}
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("name", sorted(PARTNERS))
@pytest.mark.parametrize("values", [{"unknown": 1}, {"slow": "long"}, {"certificate_change": 1}, {"refuse": True}, [1]])
def test_a_behaviour_that_makes_no_sense_is_refused(name: str, values: object) -> None:
    with reached(name) as partner:
        assert httpx.post(f"{partner.address}/sandbox/behaviour", json=values, trust_env=False).status_code == 422
        assert httpx.get(f"{partner.address}/sandbox/nothing", trust_env=False).status_code == 404


@pytest.mark.parametrize("name", sorted(PARTNERS))
def test_a_partner_without_memory_shows_what_was_doubled(name: str) -> None:
    with reached(name) as partner:
        partner.channel.send(partner.parcel())
        partner.stand_in.behaviour = Behaviour(amnesia=True)
        partner.channel.send(partner.parcel())
        assert partner.stand_in.ledger.as_dict()["doubled"] == 1


def test_prescriptions_in_a_file_outlive_the_stand_in(tmp_path: Path) -> None:
    first = PrescriptionSystem(file=tmp_path / "ledger.sqlite")
    first.ledger.keep("code", "body")
    first.ledger.close()
    second = PrescriptionSystem(file=tmp_path / "ledger.sqlite")
    assert second.ledger.kept("code") == "body"
    second.ledger.close()


def test_one_command_starts_all_five(tmp_path: Path) -> None:
    port = free_port_from(28130)
    program = [sys.executable, "-m", "ymach", "sandbox", "partners", "--port", str(port), "--folder", str(tmp_path)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(5)]
        assert sorted(int(line.rpartition(":")[2]) for line in told) == [port + place for place in range(5)]
        assert len(list(tmp_path.glob("*.sqlite3"))) == 5
    finally:
        process.terminate()
        process.communicate()
