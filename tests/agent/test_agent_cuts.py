"""The plug is pulled at random moments: nothing is lost, nothing is doubled, nothing half is left."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.agent.standin import FACILITY, Exchange, serving
from tests.support.programs import Running, agent_started

from ymach.agent.queue import Queue, State
from ymach.base.clock import now
from ymach.trust.demo_ca import DemoAuthority, new_key

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agent.conftest import Machine

DOSSIERS, KILLS = 20, 9


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """A facility whose key signs differently every time (ECDSA), so that a second signing would show as a double."""
    authority = DemoAuthority(at=now())
    with serving(authority.issue_facility("0100109106", "Bệnh viện Mất Điện", key=new_key("EC"))) as state:
        yield state


@pytest.fixture
def cut(exchange: Exchange, tmp_path: Path) -> Machine:
    from tests.agent.conftest import PASSWORD, Machine

    (tmp_path / "chứng thư.p12").write_bytes(exchange.issued.pkcs12(PASSWORD))
    made = Machine(tmp_path, exchange, {"YMACH_AGENT_P12_PASSWORD": PASSWORD})
    assert made.init().exit_code == 0
    return made


def start(machine: Machine) -> Running:
    arguments = ("--home", machine.home, "run", "--every", "0.05", "--settle", "0")
    return agent_started(machine.environment, *arguments, log=machine.folder / "said")


def kill_at_random(machine: Machine, random_: random.Random, done: int) -> None:
    """Start the service and kill it somewhere in its work, once the server has stored at least `done` dossiers."""
    process = start(machine)
    ends = time.monotonic() + 30
    while len(machine.exchange.stored) < done and time.monotonic() < ends:
        assert process.poll() is None, process.said()[-3000:]
        time.sleep(0.005)
    time.sleep(random_.uniform(0, 0.15) if done else random_.uniform(0, 1.5))
    process.kill()
    process.wait()


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_or_doubled(cut: Machine) -> None:
    seed = int(os.environ.get("YMACH_TEST_SEED", time.time_ns()))
    random_ = random.Random(seed)
    sources = {cut.dossier(f"hồ sơ {number}", str(number), cut.inbox).name for number in range(DOSSIERS)}
    cut.exchange.faults = [random_.choice(["", "", "cut", "503"]) for _ in range(DOSSIERS * 2)]
    left = []
    for kill in range(KILLS):
        kill_at_random(cut, random_, random_.randint(0, 2) + kill * (DOSSIERS - 3) // KILLS)
        left.append(DOSSIERS - len(cut.exchange.stored))
    assert any(left), "no kill found work to cut"
    last = start(cut)
    ends = time.monotonic() + 120
    while list(cut.inbox.rglob("*.xml")) and last.poll() is None and time.monotonic() < ends:
        time.sleep(0.1)
    last.terminate()
    assert last.wait(60) == 0, f"{seed} {last.said()[-3000:]}"
    check_whole(cut, sources, seed)


def check_whole(machine: Machine, sources: set[str], seed: int) -> None:
    """Every source was sent as exactly one signed document, has exactly one receipt, and lies where it belongs."""
    assert {path.name for path in (machine.home / "da-nhan").glob("*.xml")} == sources, seed
    assert len(machine.exchange.stored) == DOSSIERS, seed
    with Queue(machine.home) as queue:
        entries = queue.all()
        assert {one.state for one in entries} == {State.ACCEPTED}, seed
        kept = {one.digest: queue.content(one) for one in entries}
    assert kept.keys() == machine.exchange.stored.keys(), seed
    assert all(sha256(content or b"").hexdigest() == digest for digest, content in kept.items()), seed
    tokens = {path.read_text(encoding="ascii") for path in (machine.home / "receipts").glob("*.jws")}
    assert tokens == set(machine.exchange.stored.values()), seed
    assert machine.run("receipts", "--verify").exit_code == 0
    assert FACILITY in machine.run("receipts", "--show", sorted(one.submission or "" for one in entries)[0]).stdout
    assert machine.run("reconcile").exit_code == 0


@pytest.mark.slow
def test_the_very_first_start_may_be_cut_anywhere(cut: Machine) -> None:
    """Key file, queue and folders are made on the first start: a cut there must not leave a queue without its key."""
    random_ = random.Random(11)
    cut.dossier("a", "1", cut.inbox)
    for _ in range(4):
        process = start(cut)
        while process.poll() is None and not (cut.home / "queue.sqlite3").exists():
            time.sleep(0.001)
        time.sleep(random_.uniform(0, 0.02))
        process.kill()
        process.wait()
        with Queue(cut.home) as queue:
            assert queue.counts()[State.FAILED] == 0
        if not cut.exchange.stored:
            for path in cut.home.glob("queue.*"):
                path.unlink()
