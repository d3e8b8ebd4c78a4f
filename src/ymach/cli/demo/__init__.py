"""A demo country, alive: database, site, deliveries, and facilities that send."""

from __future__ import annotations

import contextlib

import click

from ymach.cli.demo.course import Course
from ymach.cli.demo.interrupts import signals_as_interrupts
from ymach.cli.demo.plan import HISTORY, Plan
from ymach.cli.processes import free_port_from


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1024, 65000))
@click.option("--history", default=HISTORY, show_default=True, type=click.IntRange(0), help="Dossiers sent at first.")
@click.option(
    "--every", default=4.0, show_default=True, type=click.FloatRange(0), help="Seconds between new ones; 0: none."
)
@click.option("--stay/--leave", default=True, help="Stay until Ctrl-C, or leave when the first dossiers are sent.")
def demo(port: int, history: int, every: float, stay: bool) -> None:
    """A demo country on this machine: site, API, deliveries, and facilities that send. Ctrl-C stops everything.

    What has happened is kept in the folder YMACH_VAR (var); the next start goes on from there.
    """
    with contextlib.suppress(KeyboardInterrupt), signals_as_interrupts() as ended:
        Course(Plan(free_port_from(port), history, every, stay), asked_port=port, ended=ended).run()
