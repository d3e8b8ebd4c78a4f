"""Loading places, catalogues and policy from the package's own data."""

from __future__ import annotations

import click

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.catalogues import actions as catalogues
from ymach.exchange.policies import actions as policies
from ymach.places import actions as places


@click.command(name="load-reference")
def load_reference() -> None:
    """Load or refresh provinces, communes, code lists and policy. Running it again changes nothing that is the same."""
    by, at = command("load-reference"), now()
    changed = [places.load(by=by, at=at, tell=_tell), catalogues.load(by=by, at=at, tell=_tell)]
    added = policies.load(by=by, at=at)
    _tell("policies", added, bool(added))
    changed.append(bool(added))
    click.echo("reference data loaded" if any(changed) else "reference data already up to date")


def _tell(name: str, rows: int, written: bool) -> None:
    click.echo(f"{rows:>7}  {'loaded   ' if written else 'unchanged'}  {name}", err=True)
