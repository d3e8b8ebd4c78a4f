"""Subscriptions: systems that hear what happens, and facilities that take referrals at an address of their own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import click
from django.conf import settings

from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.base.ids import new_id
from ymach.exchange.channels.webhook.channel import TEST, WebhookChannel
from ymach.exchange.deliveries.names import WEBHOOK
from ymach.exchange.models import Subscription
from ymach.exchange.platform import platform_key
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.errors import SubscriptionNotFound
from ymach.exchange.subscriptions.queries import all_subscriptions, get_subscription
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.models import Facility
from ymach.facilities.queries import facility_by_code

_KEY = click.argument("key", type=click.UUID)
_REASON = click.option("--reason", required=True, help="Why; kept in the history.")


@click.group()
def webhook() -> None:
    """Addresses of their own: who is told what happens, and where facilities take referrals."""


@webhook.command()
@click.option("--name", required=True, help="As people read it, e.g. “Sở Y tế Nghệ An · kho dữ liệu”.")
@click.option("--url", required=True, help="https, on port 443 or 8443 of a public server.")
@click.option("--facility", default="", help="Only what happens at this facility (its code).")
@click.option("--province", default="", help="Only what happens in this province (its code).")
@click.option("--kind", "kinds", multiple=True, help="Only with records of this kind; may be given several times.")
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


@webhook.command()
@_KEY
@_REASON
def pause(key: UUID, reason: str) -> None:
    """Hold back what is meant for a subscription."""
    actions.pause(key, by=command("webhook pause"), at=now(), reason=reason)
    click.echo(f"{key}: paused")


@webhook.command()
@_KEY
@_REASON
def resume(key: UUID, reason: str) -> None:
    """Send again."""
    actions.resume(key, by=command("webhook resume"), at=now(), reason=reason)
    click.echo(f"{key}: resumed")


@webhook.command()
@_KEY
@click.option("--url", required=True, help="The new address.")
@_REASON
def rotate(key: UUID, url: str, reason: str) -> None:
    """Send to another address from now on; the old one is forgotten."""
    actions.rotate(key, url=url, by=command("webhook rotate"), at=now(), reason=reason)
    click.echo(f"{key}: moved")


@webhook.command()
@_KEY
@_REASON
def end(key: UUID, reason: str) -> None:
    """End a subscription for good."""
    actions.end(key, by=command("webhook end"), at=now(), reason=reason)
    click.echo(f"{key}: ended")


@webhook.command()
@_KEY
def test(key: UUID) -> None:
    """Send a test event now, and tell what the address answered. Exit code 3 when it cannot be reached."""
    found = get_subscription(key)
    if found.purpose != Subscription.Purpose.EVENTS:
        raise SubscriptionNotFound
    receivers = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    try:
        channel = receivers.channel_for(f"{WEBHOOK}:{key}")
        if not isinstance(channel, WebhookChannel):
            click.echo(f"{key}: {_state(found, now())}")
            return
        number = str(new_id())
        answer = channel.tell({"id": number, "type": TEST, "at": now().isoformat()}, number)
    finally:
        receivers.close()
    click.echo(f"{key}: {answer.kept['status']}")


def _state(one: Subscription, at: datetime) -> str:
    if one.ends_at is not None and one.ends_at <= at:
        return "ended"
    return "paused" if one.paused_at is not None else "open"


def _facility(code: str) -> Facility:
    found = facility_by_code(code, on=vietnam_day(now()))
    if found is None:
        raise FacilityNotFound(facility=code)
    return found
