"""Subscriptions as their owners manage them: a facility its own, a department its province's, the ministry the country's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.exchange.events.models import Push, PushTurn
from ymach.exchange.events.queries import events_after, reach_of_subscription
from ymach.exchange.events.rules import read_wanted
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.errors import SubscriptionNotFound, TooManySubscriptions
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with

OPEN, PAUSED, STOPPED, ENDED = "open", "paused", "stopped", "ended"
TURNS = 20
MOST_BEHIND = 1000
MOST = 20
"""Open addresses of one unit."""


@dataclass(frozen=True, slots=True)
class Managed:
    """A subscription, how far it has been told (None for an address of referrals), and its state in a word."""

    subscription: Subscription
    push: Push | None
    state: str


def managed(by: Actor, *, at: datetime) -> list[Managed]:
    """The actor's own subscriptions: open ones first, then the newest. Raises NotAllowed."""
    require(by, Permission.SUBSCRIPTION_MANAGE)
    found = list(Subscription.objects.filter(_own(by), purpose="events").order_by("-starts_at", "id"))
    pushes = Push.objects.in_bulk([one.id for one in found])
    rows = [Managed(one, pushes.get(one.id), state_of(one, pushes.get(one.id), at=at)) for one in found]
    return sorted(rows, key=lambda row: row.state == ENDED)


def get(by: Actor, key: UUID, *, at: datetime) -> Managed:
    """One of the actor's own. Raises NotAllowed, SubscriptionNotFound."""
    require(by, Permission.SUBSCRIPTION_MANAGE)
    found = Subscription.objects.filter(_own(by), purpose="events", id=key).first()
    if found is None:
        raise SubscriptionNotFound
    push = Push.objects.filter(subscription_id=key).first()
    return Managed(found, push, state_of(found, push, at=at))


def behind(found: Managed) -> int:
    """How many events it has still to be told, counted up to MOST_BEHIND."""
    if found.push is None or found.state == ENDED:
        return 0
    one = found.subscription
    reach, wanted = reach_of_subscription(one), read_wanted(one.kinds)
    since = Q(at__gte=one.starts_at)
    return len(events_after(found.push.position, reach=reach, wanted=wanted, limit=MOST_BEHIND, extra=since).events)


def turns(subscription: Subscription) -> list[PushTurn]:
    """The last turns, the newest first."""
    return list(PushTurn.objects.filter(subscription_id=subscription.id).order_by("-id")[:TURNS])


def create(
    *, name: str, url: str, kinds: Iterable[str], by: Actor, at: datetime, ends_at: datetime | None = None
) -> Subscription:
    """Tell an address what happens in the actor's own reach. Raises as `actions.create` does, NotAllowed, or
    TooManySubscriptions."""
    require(by, Permission.SUBSCRIPTION_MANAGE)
    still_open = Q(ends_at=None) | Q(ends_at__gt=at)
    if Subscription.objects.filter(_own(by), still_open, purpose="events").count() >= MOST:
        raise TooManySubscriptions(field="url", most=MOST)
    grants = list(grants_with(by, Permission.SUBSCRIPTION_MANAGE))
    facility_id = next((one.facility_id for one in grants if one.facility_id), None)
    facility = Facility.objects.get(id=facility_id) if facility_id else None
    province = next((one.province_code for one in grants if one.province_code), "") if facility is None else ""
    return actions.create(
        name=name, url=url, kinds=kinds, ends_at=ends_at, facility=facility, province_code=province or "", by=by, at=at
    )


def state_of(one: Subscription, push: Push | None, *, at: datetime) -> str:
    """ "open", "paused" (somebody said so), "stopped" (it could not be told), or "ended"."""
    if one.ends_at is not None and one.ends_at <= at:
        return ENDED
    if one.paused_at is not None:
        return PAUSED
    return STOPPED if push is not None and push.stopped_at is not None else OPEN


def _own(by: Actor) -> Q:
    """Those of exactly the actor's units: a department does not touch what its facilities set up."""
    mine = Q(pk__in=[])
    for grant in grants_with(by, Permission.SUBSCRIPTION_MANAGE):
        if grant.facility_id is not None:
            mine |= Q(facility_id=grant.facility_id)
        elif grant.province_code is not None:
            mine |= Q(facility_id=None, province_code=grant.province_code)
        elif grant.practitioner_id is None and grant.citizen_id is None:
            mine |= Q(facility_id=None, province_code="")
    return mine
