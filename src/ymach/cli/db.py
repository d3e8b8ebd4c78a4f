"""The embedded database and the schema."""

from __future__ import annotations

import click

from ymach.base.embedded import cluster
from ymach.cli.main import start_django
from ymach.config import read_environment


@click.group()
def db() -> None:
    """The embedded database: start, stop, status."""


@db.command()
def start() -> None:
    """Start it (it is made on first use)."""
    here = cluster(read_environment())
    here.start()
    click.echo(f"running: {here.url()}")


@db.command()
def stop() -> None:
    """Stop it. Nothing is lost."""
    cluster(read_environment()).stop()
    click.echo("stopped")


@db.command()
def status() -> None:
    """Say whether it runs, and where."""
    here = cluster(read_environment())
    click.echo(f"{'running' if here.is_running() else 'stopped'}: {here.url()}")


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Name every migration.")
def migrate(verbose: bool) -> None:
    """Bring the schema up to date, under the role that owns it."""
    start_django(as_owner=True)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1 if verbose else 0)
    click.echo("schema up to date")
