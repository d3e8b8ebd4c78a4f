"""Carrying deliveries to their destinations, and letters to the mail server."""

from __future__ import annotations

import logging
import signal
import sys
from collections import Counter as Tally
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from types import FrameType

import click
from django.conf import settings

from ymach.base.errors import Misconfigured
from ymach.exchange.channels.registry import configured
from ymach.exchange.deliveries.rules import DESTINATIONS
from ymach.exchange.deliveries.worker import Worker
from ymach.notices.outbox import waiting_count
from ymach.notices.post import MailServer, Post, Stationery
from ymach.notices.postman import Postman

logger = logging.getLogger(__name__)
LETTERS = "letters"
_LOOK_EVERY = 0.2


@click.command()
@click.option("--once", is_flag=True, help="Return when nothing is due.")
@click.option("--destination", "only", multiple=True, type=click.Choice([*DESTINATIONS, LETTERS]), help="Only these.")
@click.option("--senders", default=16, show_default=True, type=click.IntRange(1, 128), help="Files at a time, each.")
def worker(once: bool, only: tuple[str, ...], senders: int) -> None:
    """Carry deliveries and letters. SIGTERM: finish what is being sent, give back the rest, end."""
    channels = {name: channel for name, channel in configured(settings.ENVIRONMENT).items() if not only or name in only}
    stopping = Event()
    postman = _postman(stopping) if not only or LETTERS in only else None
    if not channels and postman is None:
        raise Misconfigured(
            why="nothing has an address: set YMACH_INSURANCE_URL or YMACH_SMTP_URL; until then deliveries and letters wait."
        )
    # Senders compete with the bookkeeping for the interpreter at every answer of the database: hand it over sooner.
    sys.setswitchinterval(0.0005)
    carrier = Worker(channels, senders=senders)

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        carrier.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    results: dict[str, Mapping[str, int]] = {}
    with ThreadPoolExecutor(1, thread_name_prefix=LETTERS) as pool:
        letters = pool.submit(postman.run, once=once) if postman else None
        if letters:
            letters.add_done_callback(lambda ended: carrier.stop() if ended.exception() else None)
        if channels:
            results.update(carrier.run(once=once))
            if not once:
                stopping.set()
        _wait_for(letters)
    if postman:
        results[LETTERS] = postman.tally
    _tell(results)


def _postman(stopping: Event) -> Postman | None:
    """Who carries the letters; None, said in the log, where no mail server is set."""
    environment = settings.ENVIRONMENT
    url, sender = environment.smtp_url.get_secret_value(), environment.mail_from
    if not url:
        logger.warning("%d letters wait: no mail server, set YMACH_SMTP_URL and YMACH_MAIL_FROM", waiting_count())
        return None
    if not sender:
        raise Misconfigured(why="YMACH_SMTP_URL is set, but not YMACH_MAIL_FROM, the sender of letters.")
    server, stationery = MailServer.of(url), Stationery(sender, environment.base_url)
    return Postman(lambda: Post(server), stationery, stopping=stopping)


def _wait_for(letters: Future[Tally[str]] | None) -> None:
    """Wait in short steps, so that a signal is seen. Raises what ended the letters."""
    while letters and not letters.done():
        wait([letters], timeout=_LOOK_EVERY)
    if letters:
        letters.result()


def _tell(results: Mapping[str, Mapping[str, int]]) -> None:
    for name, states in results.items():
        told = ", ".join(f"{state} {number}" for state, number in sorted(states.items()))
        click.echo(f"{name}: {told or 'nothing due'}")
