"""Carrying deliveries to their destinations, and letters to the mail server; reading who signed what; reminding."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from types import FrameType
from typing import Any

import click
from django.conf import settings

from ymach.base.errors import Misconfigured
from ymach.exchange.channels.registry import configured
from ymach.exchange.deliveries.names import PARTNERS
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.operations.parts import MAKERS, parts
from ymach.exchange.operations.watch import Watch
from ymach.exchange.platform import platform_key
from ymach.exchange.subscriptions.receivers import SubscribedReceivers

logger = logging.getLogger(__name__)
RECEIVERS = "receivers"
"""Facilities that take referrals at an address of their own."""
NOTHING = "nothing has an address: set YMACH_INSURANCE_URL or YMACH_SMTP_URL; until then deliveries and letters wait."
_LOOK_EVERY = 0.2


@click.command()
@click.option("--once", is_flag=True, help="Return when nothing is due.")
@click.option(
    "--destination", "only", multiple=True, type=click.Choice([*PARTNERS, RECEIVERS, *MAKERS]), help="Only these."
)
@click.option("--senders", default=16, show_default=True, type=click.IntRange(1, 128), help="Files at a time, each.")
def worker(once: bool, only: tuple[str, ...], senders: int) -> None:
    """Carry deliveries and letters, read who signed what, remind.

    Every few seconds it says in the database what it does. SIGTERM: finish what is being sent, give back the rest, end.
    """
    stopping = Event()
    own = parts(only or MAKERS, stopping)
    carrier = _carrier(only, senders, is_alone=not own)

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if carrier:
            carrier.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    results: dict[str, Mapping[str, int]] = {}
    watch = Watch(carrier, parts=own, stopping=stopping)
    with ThreadPoolExecutor(len(MAKERS) + 1, thread_name_prefix="own") as pool:
        running = [pool.submit(one.run, once=once) for one in (*own.values(), watch)]
        for future in running:
            future.add_done_callback(lambda ended: stop(0, None) if ended.exception() else None)
        if carrier:
            results.update(carrier.run(once=once))
            if not once:
                stopping.set()
        _wait_for(running)
    results.update({name: one.tally for name, one in own.items()})
    _tell(results)


def _carrier(only: tuple[str, ...], senders: int, *, is_alone: bool) -> Worker | None:
    """Who carries the deliveries; None where there is nowhere to carry them to. Raises Misconfigured if is_alone then."""
    channels = {name: channel for name, channel in configured(settings.ENVIRONMENT).items() if not only or name in only}
    receivers = None if only and RECEIVERS not in only else SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    if not channels and not receivers:
        if is_alone:
            raise Misconfigured(why=NOTHING)
        return None
    if not channels and not only:
        logger.warning("deliveries wait: no destination has an address, set YMACH_INSURANCE_URL")
    # Senders compete with the bookkeeping for the interpreter at every answer of the database: hand it over sooner.
    sys.setswitchinterval(0.0005)
    return Worker(channels, senders=senders, receivers=receivers)


def _wait_for(running: Sequence[Future[Any]]) -> None:
    """Wait in short steps, so that a signal is seen. Raises what ended one of them."""
    while not all(one.done() for one in running):
        wait(running, timeout=_LOOK_EVERY)
    for one in running:
        one.result()


def _tell(results: Mapping[str, Mapping[str, int]]) -> None:
    for name, states in results.items():
        told = ", ".join(f"{state} {number}" for state, number in sorted(states.items()))
        click.echo(f"{name}: {told or 'nothing due'}")
