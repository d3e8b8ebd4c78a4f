"""Carrying deliveries to their destinations."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click
from django.conf import settings

from ymach.base.errors import Misconfigured
from ymach.exchange.channels.registry import configured
from ymach.exchange.deliveries.rules import DESTINATIONS
from ymach.exchange.deliveries.worker import Worker


@click.command()
@click.option("--once", is_flag=True, help="Return when nothing is due.")
@click.option("--destination", "only", multiple=True, type=click.Choice(DESTINATIONS), help="Only these.")
@click.option("--senders", default=16, show_default=True, type=click.IntRange(1, 128), help="Files at a time, each.")
def worker(once: bool, only: tuple[str, ...], senders: int) -> None:
    """Carry deliveries to their destinations. SIGTERM: finish what is being sent, give back the rest, end."""
    channels = {name: channel for name, channel in configured(settings.ENVIRONMENT).items() if not only or name in only}
    if not channels:
        raise Misconfigured(why="no destination has an address: set YMACH_INSURANCE_URL; until then deliveries wait.")
    # Senders compete with the bookkeeping for the interpreter at every answer of the database: hand it over sooner.
    sys.setswitchinterval(0.0005)
    carrier = Worker(channels, senders=senders)

    def stop(number: int, frame: FrameType | None) -> None:
        carrier.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for name, results in carrier.run(once=once).items():
        click.echo(
            f"{name}: {', '.join(f'{state} {number}' for state, number in sorted(results.items())) or 'nothing due'}"
        )
