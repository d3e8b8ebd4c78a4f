"""A kiosk at a hospital's machine: its screen on a port, its service turned by hand, and the server it sends to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ymach.agent.commands.running import service_of
from ymach.agent.commands.shared import Context
from ymach.agent.kiosk import settings
from ymach.agent.kiosk.http import serving
from ymach.agent.kiosk.screens import Kiosk
from ymach.agent.kiosk.service import KioskService
from ymach.agent.kiosk.store import Store
from ymach.agent.queue import Queue
from ymach.agent.seals import FILE_NAME, open_or_make
from ymach.agent.server import Server
from ymach.agent.show import Show
from ymach.base.clock import now

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

WOMAN = "001185004321|012345678|Nguyễn Thị Hòa|05031985|Nữ|Số 12, Lê Lợi, Vũng Tàu|02012021"
MAN = "001090007777||Trần Văn Bình|30111990|Nam|Tổ 3, Sa Pa, Lào Cai|09092022"
OLD_MAN = "001045001111||Đỗ Ngọc Ánh|1945|Nam|Huế|01012024"
CHILD = "001217000017||Phạm Minh Khôi|05032017|Nam|Huế|01012026"


@dataclass
class Standing:
    """A kiosk at work. address: of its screen. clock: the moment it believes in."""

    address: str
    kiosk: Kiosk
    service: KioskService
    queue: Queue
    machine: Machine

    def turn(self) -> None:
        """One turn of the service: sign, queue, send; nobody waits for a line that is not there."""
        self.service.turn()

    def turn_until_sent(self) -> None:
        """Turns until every check-in is answered."""
        deadline = time.monotonic() + 20
        while self.kiosk.store.open_count() and time.monotonic() < deadline:
            self.turn()
            self.service.stop.wait(0.05)


def sample(home: Path) -> settings.Settings:
    """The settings of the shipped sample."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        return settings.load(home)
    except settings.NoRooms:
        return settings.load(home)


@contextmanager
def standing(machine: Machine, *, at: datetime | None = None) -> Iterator[Standing]:
    """The kiosk of a machine that is set up; the service does nothing unless turned. at: its clock stands still then."""
    shared = Context(machine.home, Show("vi", as_json=True))
    config, offered = shared.config(), sample(machine.home)
    with ExitStack() as stack:
        stack.enter_context(click.Context(click.Command("kiosk")))
        identity = shared.identity(config)
        queue = stack.enter_context(shared.queue())
        server = stack.enter_context(Server(config.server, config.facility, identity))
        book = Store(machine.home, open_or_make(machine.home / FILE_NAME, may_make=False))
        stack.callback(book.close)
        service = service_of(KioskService, shared, config, queue, server, identity)
        service.book = book
        make = service.make_sending
        service.make_sending = lambda patience: make(replace(patience, seconds=0.0))
        service.folders.make()
        kiosk = Kiosk(config.facility, offered, book, service.line, (lambda: at) if at else now)
        address = stack.enter_context(serving(kiosk, port=0))
        yield Standing(address, kiosk, service, queue, machine)
