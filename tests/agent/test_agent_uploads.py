"""Large files go in pieces over a line that breaks, and only the piece that was under way is lost."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.agent.standin import CHUNK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agent.conftest import Machine


@pytest.fixture
def lined(machine: Machine) -> Machine:
    """A machine that sends everything in pieces."""
    config = machine.home / "agent.toml"
    config.write_text(config.read_text().replace("upload_above_mb = 8", "upload_above_mb = 0"))
    return machine


def large(machine: Machine, name: str = "lớn") -> Path:
    """About five pieces."""
    return machine.dossier(name, "7" * 5 * CHUNK)


def puts(machine: Machine) -> list[int]:
    return [int(one.rpartition("/")[2]) for one in machine.exchange.others if "/chunks/" in one]


def test_a_large_file_arrives_whole_with_its_receipt(lined: Machine) -> None:
    (result,) = lined.json("send", large(lined))
    assert (result["state"], lined.exchange.requests) == ("accepted", [])
    assert puts(lined) == [0, 1, 2, 3, 4, 5]
    assert list(lined.exchange.stored) == [result["digest"]] == [sha256(lined.signed()[0]).hexdigest()]


def test_a_small_file_goes_at_once(machine: Machine) -> None:
    machine.run("send", large(machine))
    assert machine.exchange.others == []


def test_a_line_that_breaks_costs_one_piece(lined: Machine) -> None:
    lined.exchange.chunk_faults = ["", "", "cut"]
    assert lined.run("send", large(lined)).exit_code == 0
    assert puts(lined) == [0, 1, 2, 2, 3, 4, 5]


def test_another_run_goes_on_where_the_line_broke(lined: Machine) -> None:
    lined.exchange.chunk_faults = ["", "", "", "cut"]
    assert lined.run("send", large(lined), "--patience", "0").exit_code == 3
    assert lined.run("send").exit_code == 0
    assert puts(lined) == [0, 1, 2, 3, 3, 4, 5]
    assert list((lined.home / "uploads").iterdir()) == []


@pytest.mark.parametrize("fault", ["404", "409"])
def test_an_upload_the_server_lost_begins_anew(lined: Machine, fault: str) -> None:
    lined.exchange.chunk_faults = ["", "", fault]
    assert lined.run("send", large(lined)).exit_code == 0
    assert puts(lined) == [0, 1, 2, 0, 1, 2, 3, 4, 5]


def test_an_upload_that_never_succeeds_goes_in_one_request(lined: Machine) -> None:
    lined.exchange.chunk_faults = ["409"] * 9
    assert lined.run("send", large(lined)).exit_code == 0
    assert lined.exchange.requests == ["/api/v1/submissions"]


def test_a_server_without_that_door_gets_it_in_one_request(lined: Machine) -> None:
    lined.exchange.offers.discard("uploads")
    assert lined.run("send", large(lined)).exit_code == 0
    assert lined.exchange.requests == ["/api/v1/submissions"]


def test_a_refusal_at_the_end_is_a_refusal_of_the_dossier(lined: Machine) -> None:
    done = lined.run("send", large(lined), "--no-sign")
    assert (done.exit_code, "chưa được ký số" in done.stdout) == (1, True)


def test_bodies_travel_as_zstd(machine: Machine) -> None:
    machine.run("send", machine.dossier("a"))
    assert machine.exchange.encodings == ["zstd"]


def test_a_server_without_zstd_gets_gzip_and_is_not_asked_again(machine: Machine) -> None:
    machine.exchange.offers.discard("zstd")
    for number in range(3):
        machine.dossier(f"{number}", str(number))
    assert machine.run("send", machine.folder / "hồ sơ", "--concurrency", "1").exit_code == 0
    assert machine.exchange.encodings == ["zstd", "gzip", "gzip", "gzip"]
