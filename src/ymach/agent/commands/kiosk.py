"""`ymach agent kiosk`: the check-in screen, with the service that signs and sends what it makes."""

from __future__ import annotations

import click

from ymach.agent.commands.running import service_of
from ymach.agent.commands.shared import Context, pass_context
from ymach.agent.commands.signals import asked_to_stop
from ymach.agent.kiosk import settings, words
from ymach.agent.kiosk.http import serving
from ymach.agent.kiosk.screens import Kiosk
from ymach.agent.kiosk.service import KioskService
from ymach.agent.kiosk.store import Store
from ymach.agent.locks import alone
from ymach.agent.seals import FILE_NAME as SEAL_FILE
from ymach.agent.seals import open_or_make
from ymach.agent.server import Server
from ymach.agent.words import STOPPED

PORT = 8650


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Cổng trên máy này / port."
)
@click.option(
    "--every", type=click.FloatRange(0.05), default=2.0, show_default=True, help="Gửi mỗi (giây) / send every."
)
@pass_context
def kiosk(shared: Context, port: int, every: float) -> None:
    """Màn hình tự đăng ký khám, ký và gửi như “run”. / The check-in screen; signs and sends as “run” does."""
    config = shared.config()
    offered = settings.load(config.home)
    with alone(config.home), asked_to_stop() as stop:
        identity = shared.identity(config)
        with shared.queue() as queue, Server(config.server, config.facility, identity) as server:
            # The queue has made its key by now; the kiosk's book is sealed with the same.
            book = Store(config.home, open_or_make(config.home / SEAL_FILE, may_make=False))
            made = service_of(KioskService, shared, config, queue, server, identity)
            made.stop, made.every, made.book = stop, every, book
            try:
                with serving(Kiosk(config.facility, offered, book, made.line), port=port) as address:
                    shared.show.say(words.OPEN_AT, address=address)
                    shared.show.data({"kiosk": address})
                    made.run()
            finally:
                book.close()
            shared.show.say(STOPPED, left=len(queue.unfinished()))
