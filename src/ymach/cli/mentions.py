"""Looking after the index of authors: who signed what, by licence number."""

from __future__ import annotations

import click

from ymach.base.clock import VIETNAM, now
from ymach.exchange import mentions as reading


@click.group()
def mentions() -> None:
    """The index of authors: which dossiers a licence number stands in."""


@mentions.command("catch-up")
def catch_up() -> None:
    """Read every submission that has not been read for its authors; the worker does it by itself. Safe to stop and repeat."""
    done = reading.catch_up(at=now())
    click.echo(f"{done.submissions} submissions read; {_said()}")
    if not done.is_complete:
        click.echo("something is left: another process is at it, or the log says why")


@mentions.command()
def status() -> None:
    """Up to which moment the index is complete."""
    click.echo(_said())


def _said() -> str:
    until = reading.complete_until()
    return f"complete until {until.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}" if until else "never complete so far"
