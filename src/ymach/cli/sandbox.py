"""Starting stand-ins of the partners."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click

from ymach.sandbox.http import serve
from ymach.sandbox.insurance_portal import PASSWORD, USERNAME, InsurancePortal


@click.group()
def sandbox() -> None:
    """Stand-ins of the partners: real servers with the partners' contracts, which fail on demand."""


@sandbox.command()
@click.option("--port", default=8130, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
@click.option("--username", default=USERNAME, show_default=True)
@click.option("--password", default=PASSWORD, show_default=True)
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="Keep what it holds in this SQLite file.")
def insurance(port: int, username: str, password: str, file: Path | None) -> None:
    """The social insurance portal. POST /sandbox/behaviour makes it fail, GET /sandbox/ledger shows what it holds."""
    portal = InsurancePortal(username=username, password=password, file=file)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(portal, port=port, started=_tell))


def _tell(port: int) -> None:
    click.echo(f"insurance portal: http://127.0.0.1:{port}")
