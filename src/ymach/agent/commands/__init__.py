"""`ymach agent`: init, sign, send, run, kiosk, status, receipts, reconcile, service.

Exit codes: 0 done, 1 fix the data, 2 wrong use, 3 try later.
"""

from __future__ import annotations

import sys

import click

from ymach.agent import config as settings
from ymach.agent.commands import days, looking, running, sending, setup
from ymach.agent.commands.shared import Context, Telling
from ymach.agent.consoles import say_safely
from ymach.agent.show import Show

KIOSK = "kiosk"


class Commands(Telling):
    """The kiosk's own part is loaded when it is asked for: no other command waits for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), KIOSK])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != KIOSK:
            return super().get_command(ctx, cmd_name)
        from ymach.agent.commands.kiosk import kiosk

        return kiosk


@click.group("agent", cls=Commands)
@click.option("--home", envvar=settings.HOME_VARIABLE, help="Thư mục của công cụ / folder of the agent.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), envvar="YMACH_AGENT_LANGUAGE", default="vi")
@click.option("--json", "as_json", is_flag=True, help="Kết quả cho máy đọc / output for programs.")
@click.pass_context
def agent(ctx: click.Context, home: str | None, language: str, *, as_json: bool) -> None:
    """Công cụ của cơ sở: ký, gửi, giữ biên nhận. / The facility's tool: sign, send, keep receipts."""
    say_safely(sys.stdout, sys.stderr)
    ctx.obj = Context(settings.home_folder(home), Show(language, as_json))


for _command in (
    setup.init,
    sending.sign,
    sending.send,
    running.run,
    running.service,
    looking.status,
    looking.receipts,
    days.reconcile,
):
    agent.add_command(_command)
