"""`ymach agent run`: the service; `ymach agent service`: how to have the system start it."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import click

from ymach.agent import config as settings
from ymach.agent import words
from ymach.agent.commands import days
from ymach.agent.commands.sending import sending_of
from ymach.agent.commands.shared import Context, pass_context
from ymach.agent.commands.signals import asked_to_stop
from ymach.agent.config import Config
from ymach.agent.documents import DocumentSigner
from ymach.agent.keys import Identity
from ymach.agent.locks import alone
from ymach.agent.queue import Entry, Queue
from ymach.agent.reconcile import Difference
from ymach.agent.server import Server
from ymach.agent.service import Service, Told
from ymach.agent.watch import Folders

_Service = TypeVar("_Service", bound=Service)


@click.command()
@click.option("--send-missing", is_flag=True, help="Tự xếp lại hồ sơ máy chủ không thấy / queue what is missing there.")
@click.option("--every", type=click.FloatRange(0.05), default=2.0, show_default=True, help="Xem thư mục mỗi (giây).")
@click.option("--settle", type=click.FloatRange(0.0), default=2.0, show_default=True, help="Tệp phải yên (giây).")
@pass_context
def run(shared: Context, every: float, settle: float, *, send_missing: bool) -> None:
    """Chạy thường trực: xem thư mục, ký, gửi, đối soát sau giờ đóng cửa. / Watch, sign, send, compare after closing."""
    config = shared.config()
    with alone(config.home), asked_to_stop() as stop:
        identity = shared.identity(config)
        with shared.queue() as queue, Server(config.server, config.facility, identity) as server:
            made = make_service(shared, config, queue, server, identity)
            made.stop, made.every, made.watch.settle, made.send_missing = stop, every, settle, send_missing
            shared.show.say(words.WATCHING, folder=config.watched)
            made.run()
            shared.show.say(words.STOPPED, left=len(queue.unfinished()))


def make_service(shared: Context, config: Config, queue: Queue, server: Server, identity: Identity) -> Service:
    """The service of a folder, as it is configured."""
    return service_of(Service, shared, config, queue, server, identity)


def service_of(
    kind: type[_Service], shared: Context, config: Config, queue: Queue, server: Server, identity: Identity
) -> _Service:
    """A service of a kind that does more besides."""
    holder = [identity]

    def reopen() -> DocumentSigner:
        holder[0].close()
        holder[0] = shared.open_key(config)
        server.use(holder[0])
        return holder[0].signer()

    def tell_difference(found: Difference, queued: Sequence[Entry]) -> None:
        shared.show.data({**found.as_json(), "queued": len(queued)})
        days.tell(shared.show, found, queued)

    show = shared.show
    return kind(
        config=config,
        queue=queue,
        server=server,
        signer=identity.signer(),
        clock=shared.clock(),
        folders=Folders(config.watched, config.language),
        told=Told(show.result, show.unready, tell_difference, show.error, show.note),
        make_sending=lambda patience: sending_of(shared, config, queue, server, patience),
        reconciling=shared.reconciling(queue, server),
        reopen=reopen,
    )


@click.command()
@click.option("--print", "system", type=click.Choice(["systemd", "windows"]), required=True)
@click.option("--kiosk", is_flag=True, help="Cho máy có màn hình tự đăng ký khám / for a check-in screen.")
@pass_context
def service(shared: Context, system: str, *, kiosk: bool) -> None:
    """In ra cách để hệ thống tự chạy công cụ. / How to have the system start the agent."""
    name = "systemd.txt" if system == "systemd" else f"windows.{shared.show.language}.txt"
    inbox = _inbox(shared)
    template = (files("ymach.agent") / "services" / name).read_text(encoding="utf-8")
    values = {
        "@COMMAND@": _program(),
        "@HOME@": str(shared.home.absolute()),
        "@INBOX@": str(inbox),
        "@BESIDE@": str(inbox.parent),
        "@LANG@": shared.show.language,
        "@DO@": "kiosk" if kiosk else "run",
    }
    for mark, value in values.items():
        template = template.replace(mark, value)
    click.echo(template.encode(), nl=False)


def _program() -> str:
    """Where the command is, also when it was called by its whole path."""
    return shutil.which("ymach") or shutil.which("ymach", path=sysconfig.get_path("scripts")) or "ymach"


def _inbox(shared: Context) -> Path:
    known = (shared.home / settings.FILE_NAME).exists()
    return (shared.config().watched if known else shared.home / "inbox").absolute()
