"""Loading places, catalogues and policy from the package's own data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from ymach.base.actors import Actor, command
from ymach.base.clock import now
from ymach.catalogues import actions as catalogues
from ymach.exchange.policies import actions as policies
from ymach.places import actions as places


@click.command(name="load-reference")
def load_reference() -> None:
    """Load or refresh provinces, communes, code lists and policy. Running it again changes nothing that is the same."""
    is_changed = load_all(by=command("load-reference"), at=now(), tell=_tell)
    click.echo("reference data loaded" if is_changed else "reference data already up to date")


def load_all(*, by: Actor, at: datetime, tell: Callable[[str, int, bool], None]) -> bool:
    """Load everything; whether something was new. tell: called with a list's name, its rows and whether they were new."""
    changed = [places.load(by=by, at=at, tell=tell), catalogues.load(by=by, at=at, tell=tell)]
    added = policies.load(by=by, at=at)
    tell("policies", added, bool(added))
    return any((*changed, added))


def _tell(name: str, rows: int, written: bool) -> None:
    click.echo(f"{rows:>7}  {'loaded   ' if written else 'unchanged'}  {name}", err=True)
