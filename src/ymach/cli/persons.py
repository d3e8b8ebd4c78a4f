"""Looking after the index of persons: what waits to be compared, the thresholds, weighing everybody anew."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import click

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.citizens.matching import actions, queries
from ymach.citizens.matching.rules import Limits


@click.group()
def persons() -> None:
    """The index of persons: comparing identities, and the thresholds for linking them."""


@persons.command()
def status() -> None:
    """What waits to be compared, and the thresholds of today."""
    limits = queries.limits_on(vietnam_day(now()))
    click.echo(f"{queries.identities_to_compare()} identities wait to be compared; the worker does it by itself")
    click.echo(f"linked from {limits.automatic} bits, asked about from {limits.worklist}, since {limits.starts_on}")


@persons.command()
@click.option("--all", "everybody", is_flag=True, help="Everybody anew: after a first load, or with new weights.")
def compare(everybody: bool) -> None:
    """Compare now. Safe to stop and repeat; what a person decided stays decided."""
    at = now()
    tally = dict(actions.compare_new(at=at))
    if everybody:
        for word, count in actions.compare_everybody(at=at).items():
            tally[word] = tally.get(word, 0) + count
    click.echo(", ".join(f"{count} {word}" for word, count in tally.items()))


@persons.command()
@click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day to come.")
@click.option("--automatic", type=Decimal, required=True, help="Bits from which two are linked.")
@click.option("--worklist", type=Decimal, required=True, help="Bits from which a person is asked.")
@click.option("--decision", required=True, help="The decision behind it.")
def limits(starts_on: datetime, automatic: Decimal, worklist: Decimal, decision: str) -> None:
    """Set other thresholds from a coming day on."""
    wanted = Limits(starts_on.date(), automatic, worklist)
    actions.set_limits(wanted, decision=decision, by=command("persons"), at=now())
    click.echo(f"from {wanted.starts_on}: linked from {automatic} bits, asked about from {worklist}")
