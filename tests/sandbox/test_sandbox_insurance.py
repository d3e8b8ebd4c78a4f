"""The stand-in keeps the portal's contract, and fails in every way it is told to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.sandbox.portal_contract import Door, PortalContract
from tests.support.delivery_fixtures import portal

from ymach.sandbox.http import serving
from ymach.sandbox.insurance_portal import PASSWORD, USERNAME, InsurancePortal

__all__ = ["portal"]


@pytest.fixture
def door(portal: str) -> Iterator[Door]:
    with httpx.Client(base_url=portal, trust_env=False) as client:
        yield Door(client, USERNAME, PASSWORD)


class TestStandIn(PortalContract):
    """The stand-in as it should be."""


def _behave(door: Door, **values: object) -> int:
    return door.client.post("sandbox/behaviour", content=json.dumps(values)).status_code


def _held(door: Door) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = door.client.get("sandbox/ledger").json()["entries"]
    return entries


def test_down_cuts_the_connection_and_takes_nothing(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, down=True)
    with pytest.raises(httpx.TransportError):
        door.send(headers, b"a")
    assert _held(door) == []


def test_forget_takes_the_file_and_cuts_the_connection(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, forget=True)
    with pytest.raises(httpx.TransportError):
        door.send(headers, b"a")
    assert len(_held(door)) == 1


def test_a_status_is_answered_instead_of_the_contract(door: Door) -> None:
    _behave(door, status=502)
    assert door.client.post("api/token/take").status_code == 502


def test_slow_answers_late(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, slow=0.2)
    start = time.monotonic()
    door.send(headers, b"a")
    assert time.monotonic() - start >= 0.2


def test_wrong_answer_is_no_json(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, wrong_answer=True)
    with pytest.raises(json.JSONDecodeError):
        door.send(headers, b"a")


def test_expired_token_ends_every_session_once(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, expired_token=True)
    assert door.send(headers, b"a")["maKetQua"] == "401"
    assert door.send(door.sign_in(), b"a")["maKetQua"] == "200"


def test_refuse_answers_with_the_code_and_takes_nothing(door: Door) -> None:
    _behave(door, refuse=205)
    assert door.send(door.sign_in(), b"a")["maKetQua"] == "205"
    assert _held(door) == []


def test_duplicate_answer_is_the_code_for_a_file_held_already(door: Door) -> None:
    headers = door.sign_in()
    _behave(door, duplicate_answer=1010)
    first, second = door.send(headers, b"a"), door.send(headers, b"a")
    assert (first["maKetQua"], second["maKetQua"]) == ("200", "1010")
    assert first["maGiaoDich"] == second["maGiaoDich"]


def test_times_limits_the_failure_to_the_next_requests(door: Door) -> None:
    _behave(door, status=500, times=1)
    statuses = [door.client.post("api/token/take").status_code for _ in range(2)]
    assert statuses == [500, 200]


@pytest.mark.parametrize("values", [{"unknown": 1}, {"slow": "long"}, {"down": 1}, {"refuse": True}])
def test_a_behaviour_that_makes_no_sense_is_refused(door: Door, values: dict[str, object]) -> None:
    assert _behave(door, **values) == 422


def test_the_ledger_in_a_file_outlives_the_stand_in(tmp_path: Path) -> None:
    numbers = []
    for _ in range(2):
        stand_in = InsurancePortal(file=tmp_path / "ledger.sqlite")
        with serving(stand_in) as address, httpx.Client(base_url=address, trust_env=False) as client:
            here = Door(client, USERNAME, PASSWORD)
            numbers.append(here.send(here.sign_in(), b"same")["maGiaoDich"])
            assert len(_held(here)) == 1
        stand_in.ledger.close()
    assert numbers[0] == numbers[1]


def test_the_command_starts_a_portal(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "ymach", "sandbox", "insurance", "--port", "0"]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split(": ", 1)[1].strip()
        with httpx.Client(base_url=address, trust_env=False) as client:
            here = Door(client, USERNAME, PASSWORD)
            assert here.send(here.sign_in(), b"a")["maKetQua"] == "200"
    finally:
        process.terminate()
        process.communicate()
