"""The policy as a file, and what a change of it would have done; changing it is for the ministry's page alone."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta

import click

from ymach.base.clock import now, vietnam_day
from ymach.base.numbers import number_text
from ymach.exchange.findings import catalogue
from ymach.exchange.models import Outcome, Policy
from ymach.exchange.policies import previews
from ymach.exchange.policies.models import PolicyChange
from ymach.exchange.policies.rules import ANY_KIND
from ymach.exchange.records import RECORD_KINDS

COLUMNS = ("finding_code", "record_kind", "outcome", "from", "to", "source")


@click.group()
def policies() -> None:
    """What follows from a finding."""


@policies.command("list")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="A day (Viet Nam); today if left out.")
def list_rows(day: datetime | None) -> None:
    """Print the policy of a day as CSV."""
    on = day.date() if day else vietnam_day(now())
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in Policy.objects.filter(valid__contains=on).order_by("finding_code", "record_kind"):
        end = row.valid.upper - timedelta(days=1) if row.valid.upper else ""
        writer.writerow([row.finding_code, row.record_kind, row.outcome, row.valid.lower, end, row.source])


@policies.command()
@click.argument("code", type=click.Choice([kind.code for kind in catalogue()]), metavar="CODE")
@click.argument("outcome", type=click.Choice(Outcome.values))
@click.option("--kind", type=click.Choice([ANY_KIND, *RECORD_KINDS]), default=ANY_KIND, help="A kind of record; any.")
def preview(code: str, outcome: str, kind: str) -> None:
    """Reckon what another OUTCOME of the finding CODE would have done in the last seven days. Writes nothing."""
    at = now()
    tomorrow = vietnam_day(at) + timedelta(days=1)
    wanted = PolicyChange(finding_code=code, record_kind=kind, outcome=outcome, starts_on=tomorrow)
    for reckoning in previews.reckon(wanted, at=at):
        click.echo(f"{reckoning.done} of {reckoning.total} facilities", err=True)
    click.echo(f"{reckoning.first:%d/%m/%Y} to {reckoning.last:%d/%m/%Y}: {_many(reckoning.looked)} dossiers with it")
    for move, number in sorted(reckoning.moves.items()):
        click.echo(f"{move.replace('>', ' to ')}: {_many(number)} records")
    click.echo(f"held or rejected besides: {_many(reckoning.stops)}")


def _many(number: int) -> str:
    return number_text(number).en
