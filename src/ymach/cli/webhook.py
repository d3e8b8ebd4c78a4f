"""Subscriptions: systems that hear what happens, and facilities that take referrals at an address of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import click
from django.conf import settings

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.exchange.channels.webhook.channel import TEST
from ymach.exchange.events.models import Push
from ymach.exchange.models import Subscription
from ymach.exchange.platform import platform_key
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.errors import SubscriptionNotFound
from ymach.exchange.subscriptions.managing import ENDED, PAUSED, state_of
from ymach.exchange.subscriptions.queries import all_subscriptions, get_subscription
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_by_code

_KEY = click.argument("key", type=click.UUID)


@click.group()
def webhook() -> None:
    """Addresses of their own: who is told what happens, and where facilities take referrals."""


@webhook.command()
@click.option("--name", required=True, help="As people read it, e.g. “Sở Y tế Nghệ An · kho dữ liệu”.")
@click.option("--url", required=True, help="https, on port 443 or 8443 of a public server.")
@click.option("--facility", default="", help="Only what happens at this facility (its code).")
@click.option("--province", default="", help="Only what happens in this province (its code).")
@click.option("--kind", "kinds", multiple=True, help="Only events or records of this kind; may be given several times.")
@click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="When it ends, with its time zone.")
def add(name: str, url: str, facility: str, province: str, kinds: tuple[str, ...], until: datetime | None) -> None:
    """Tell an address what happens, from now on. Events carry no personal data; our signature proves who says it."""
    made = actions.create(
        name=name,
        url=url,
        facility=_facility(facility) if facility else None,
        province_code=province,
        kinds=kinds,
        ends_at=until,
        by=command("webhook add"),
        at=now(),
    )
    click.echo(str(made.id))


@webhook.command()
@click.argument("facility")
@click.option("--url", required=True, help="https, on port 443 or 8443 of a public server.")
def referrals(facility: str, url: str) -> None:
    """Send the dossiers of people who are referred to FACILITY to its own address."""
    made = actions.receive_referrals(facility=_facility(facility), url=url, by=command("webhook referrals"), at=now())
    click.echo(str(made.id))


@webhook.command("list")
def list_() -> None:
    """All subscriptions, one a line."""
    at = now()
    for one in all_subscriptions():
        whose = one.facility_code or one.province_code or "all"
        kinds = ",".join(one.kinds) or "*"
        click.echo(f"{one.id}  {_state(one, at):7} {one.purpose:9} {whose:5} {kinds}  {one.url}  {one.name}")


def _changing(name: str, done: str, change: Callable[..., Subscription], *options: click.Parameter) -> None:
    """A command that changes one subscription: its key, its reason, and what else `change` takes."""

    def run(key: UUID, **given: Any) -> None:
        change(key, by=command(f"webhook {name}"), at=now(), **given)
        click.echo(f"{key}: {done}")

    key = click.Argument(["key"], type=click.UUID)
    reason = click.Option(["--reason"], required=True, help="Why; kept in the history.")
    webhook.add_command(click.Command(name, params=[key, reason, *options], callback=run, help=change.__doc__))


_changing("pause", "paused", actions.pause)
_changing("resume", "resumed", actions.resume)
_changing("rotate", "moved", actions.rotate, click.Option(["--url"], required=True, help="The new address."))
_changing("repeat", "repeats", actions.repeat, click.Option(["--after"], required=True, type=int, help="A cursor."))
_changing("end", "ended", actions.end)


@webhook.command()
@_KEY
def test(key: UUID) -> None:
    """Send a test event now, and tell what the address answered. Exit code 3 when it cannot be reached."""
    found = get_subscription(key)
    if found.purpose != Subscription.Purpose.EVENTS:
        raise SubscriptionNotFound
    if (state := _state(found, now())) in {ENDED, PAUSED}:
        click.echo(f"{key}: {state}")
        return
    receivers = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    try:
        number = str(new_id())
        answer = receivers.listener(found).tell({"id": number, "kind": TEST, "at": now().isoformat()}, number)
    finally:
        receivers.close()
    click.echo(f"{key}: {answer.kept['status']}")


def _state(one: Subscription, at: datetime) -> str:
    return state_of(one, Push.objects.filter(subscription_id=one.id).first(), at=at)


def _facility(code: str) -> Facility:
    found = facility_by_code(code, on=vietnam_day(now()))
    if found is None:
        raise FacilityNotFound(facility=code)
    return found
