"""One round of reminders, for operators who do not run the worker, or want to see what it would tell."""

from __future__ import annotations

import click

from ymach.base.clock import now
from ymach.changes.housekeeping import tidy_up


@click.command()
@click.option("--once", is_flag=True, required=True, help="One round now; `ymach worker` does it every 15 minutes.")
def remind(once: bool) -> None:
    """Remind everybody of what is due, and forget what nobody sent. Running it again tells nobody twice."""
    tally = tidy_up(at=now())
    for name, number in sorted(tally.items()):
        click.echo(f"{name}: {number}")
    if not tally:
        click.echo("nothing due")
