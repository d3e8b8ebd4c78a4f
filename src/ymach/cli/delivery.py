"""Deliveries that stay until somebody acts: looking at them, sending them again."""

from __future__ import annotations

from uuid import UUID

import click

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.errors import NotFound
from ymach.exchange.deliveries import actions
from ymach.exchange.deliveries.rules import BY_HAND
from ymach.exchange.models import Delivery

_STATE = click.option(
    "--state", default="stuck", show_default=True, type=click.Choice(sorted(BY_HAND)), help="What waits for a hand."
)


@click.group()
def delivery() -> None:
    """Deliveries that are stuck or refused. Receipts stay valid whatever becomes of them."""


@delivery.command("list")
@click.option("--destination", default="", help="Only to this one, e.g. insurance or webhook:<id>.")
@_STATE
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
def list_(destination: str, state: str, limit: int) -> None:
    """The oldest first: id, facility, destination, attempts, the last error."""
    found = Delivery.objects.filter(state=state)
    if destination:
        found = found.filter(destination=destination)
    for one in found.order_by("created_at", "id")[:limit]:
        click.echo(f"{one.id}  {one.facility_code}  {one.destination}  {one.attempts}  {one.last_error}")


@delivery.command()
@click.argument("key", type=click.UUID)
@click.option("--reason", required=True, help="Why; kept with the delivery and in the journal.")
def replay(key: UUID, reason: str) -> None:
    """Send one again, with a new deadline."""
    found = Delivery.objects.filter(id=key).first()
    if found is None:
        raise NotFound
    actions.replay(found, by=command("delivery replay"), at=now(), reason=reason)
    click.echo(f"{key}: waiting")


@delivery.command("replay-all")
@click.argument("destination")
@_STATE
@click.option("--reason", required=True, help="Why; kept with each delivery and in the journal.")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1, 100_000))
def replay_all(destination: str, state: str, reason: str, limit: int) -> None:
    """Send everything to DESTINATION again that is stuck (or refused), the oldest first."""
    by = command("delivery replay-all")
    sent, left = actions.replay_all(destination, state=state, by=by, at=now(), reason=reason, most=limit)
    click.echo(f"{destination}: {sent} wait again, {left} left because a newer version went out")
