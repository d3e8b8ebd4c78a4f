"""What was checked in is signed, sent and answered; without a line it waits and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from tests.agent.standin import Exchange
from tests.agent.standin import serving as exchange_at
from tests.support.kiosks import MAN, WOMAN, Standing, standing

from ymach.agent.kiosk.http import PortTaken, serving
from ymach.agent.kiosk.rules import Pays
from ymach.agent.kiosk.screens import choose_payer, choose_room, scan
from ymach.agent.kiosk.turns import Turn
from ymach.agent.queue import State
from ymach.trust import xmldsig
from ymach.trust.demo_ca import Issued

if TYPE_CHECKING:
    from tests.agent.conftest import Machine


def check_in(here: Standing, card: str, room: str = "NOI") -> Turn:
    turn = Turn()
    scan(here.kiosk, turn, {"text": card})
    choose_payer(here.kiosk, turn, {"pays": Pays.INSURANCE.value})
    choose_room(here.kiosk, turn, {"room": room})
    return turn


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    monkeypatch.setenv("YMACH_AGENT_P12_PASSWORD", machine.environment["YMACH_AGENT_P12_PASSWORD"])
    with standing(machine) as found:
        yield found


def test_a_check_in_is_signed_by_the_facility_and_answered(here: Standing) -> None:
    check_in(here, WOMAN)
    here.turn()
    [entry] = here.queue.all()
    assert xmldsig.verify(etree.fromstring(here.queue.content(entry) or b""))
    assert (entry.state, here.kiosk.store.open_count()) == (State.ACCEPTED, 0)


@pytest.fixture
def cut_off(tmp_path: Path, issued: Issued) -> tuple[Machine, Exchange, int]:
    """A machine that is set up, whose server has gone away since; the server, and the port where it may come back."""
    from tests.agent.conftest import PASSWORD, Machine

    (tmp_path / "chứng thư.p12").write_bytes(issued.pkcs12(PASSWORD))
    with exchange_at(issued) as exchange:
        machine = Machine(tmp_path, exchange, {"YMACH_AGENT_P12_PASSWORD": PASSWORD})
        assert machine.init().exit_code == 0
    return machine, exchange, int(exchange.base.rpartition(":")[2])


def test_without_a_line_check_ins_wait_and_are_caught_up(
    cut_off: tuple[Machine, Exchange, int], issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, exchange, port = cut_off
    monkeypatch.setenv("YMACH_AGENT_P12_PASSWORD", machine.environment["YMACH_AGENT_P12_PASSWORD"])
    with standing(machine) as here:
        assert [check_in(here, card).ticket.number for card in (WOMAN, MAN)] == [1, 2]  # type: ignore[union-attr]
        here.turn()
        text, tone = here.kiosk.status()
        assert (tone, text.vi.startswith("2 lượt chờ gửi, mạng mất từ")) == ("note", True)
        with exchange_at(issued, port, exchange):
            here.turn_until_sent()
        assert here.kiosk.status()[1] == "good"
        assert {one.state for one in here.queue.all()} == {State.ACCEPTED}
    assert len(exchange.stored) == 2


def test_a_check_in_that_was_not_signed_yet_survives_a_restart(here: Standing) -> None:
    check_in(here, WOMAN)
    with standing(here.machine) as again:
        again.turn()
        assert (again.kiosk.store.open_count(), len(again.machine.exchange.stored)) == (0, 1)


def test_a_clock_that_is_off_keeps_check_ins_sealed_until_it_is_right(here: Standing) -> None:
    here.machine.exchange.skew = timedelta(hours=1)
    ticket = check_in(here, WOMAN).ticket
    here.turn()
    assert ticket is not None
    assert (len(here.kiosk.store.waiting()), here.queue.all()) == (1, [])
    here.service.clock.learn(timedelta())
    here.turn()
    assert here.kiosk.store.open_count() == 0


def test_what_was_sent_back_is_told_to_the_staff(here: Standing) -> None:
    here.machine.exchange.outcomes[b"001185004321"] = "rejected"
    check_in(here, WOMAN)
    here.turn()
    assert here.kiosk.status()[1] == "bad"


def test_the_command_makes_a_sample_of_the_rooms_and_says_so(machine: Machine) -> None:
    done = machine.run("kiosk")
    assert (done.exit_code, (machine.home / "kiosk.toml").exists()) == (2, True)
    assert "YM-AGENT-KIOSK-ROOMS" in done.output


def test_a_port_that_is_taken_is_told(here: Standing) -> None:
    with pytest.raises(PortTaken), serving(here.kiosk, port=int(here.address.rpartition(":")[2])):
        pass


def test_the_system_can_start_the_kiosk_instead_of_the_service(machine: Machine) -> None:
    printed = machine.run("service", "--print", "systemd", "--kiosk").stdout
    assert "--lang vi kiosk" in printed
    assert "@" not in printed
