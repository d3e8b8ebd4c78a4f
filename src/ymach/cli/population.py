"""Checking practitioners against the national population database, all that are not checked yet."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click
from django.conf import settings

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.errors import Misconfigured, Unavailable
from ymach.population.channel import configured
from ymach.population.rules import Outcome
from ymach.practitioners.identification import each_unverified, unverified, verify

GIVE_UP_AFTER = 5
TELL_EVERY = 10.0


@click.group()
def population() -> None:
    """The national population database."""


@population.command(name="verify")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="Most people of this run.")
def verify_all(limit: int) -> None:
    """Check practitioners nobody has checked. Can be stopped at any time: the next run goes on where this one ended."""
    channel = configured(settings.ENVIRONMENT)
    if channel is None:
        raise Misconfigured(why="YMACH_POPULATION_URL is empty: set the address of the population database.")
    found: Counter[str] = Counter()
    told, away = time.monotonic(), 0
    for person in each_unverified(limit):
        check = verify(practitioner=person, by=command("population verify"), at=now(), channel=channel)
        found[check.outcome] += 1
        away = away + 1 if check.outcome == Outcome.UNAVAILABLE else 0
        if away >= GIVE_UP_AFTER:
            _tell(found, error=True)
            raise Unavailable
        if sys.stderr.isatty() or time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            _tell(found, error=True)
    _tell(found)
    click.echo(f"{unverified().count()} left")


def _tell(found: Counter[str], *, error: bool = False) -> None:
    parts = ", ".join(f"{outcome} {count}" for outcome, count in sorted(found.items()))
    click.echo(f"{sum(found.values())} checked: {parts or 'nobody to check'}", err=error)
