"""Looking at subscriptions, and what the intake keeps of them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from ymach.base.kept import Kept
from ymach.exchange.channels.registry import installed
from ymach.exchange.deliveries.routes import Ways, shipped
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions.errors import SubscriptionNotFound


def all_subscriptions() -> QuerySet[Subscription]:
    """Everything there is or was, for an operator: what is open first, then the newest."""
    return Subscription.objects.order_by("ends_at", "-starts_at", "id")


def get_subscription(key: UUID) -> Subscription:
    """One subscription. Raises SubscriptionNotFound."""
    found = Subscription.objects.filter(id=key).first()
    if found is None:
        raise SubscriptionNotFound
    return found


def receiver_of_referrals(facility_code: str) -> Subscription | None:
    """The address at which a facility takes referrals, if it has one."""
    return Subscription.objects.filter(purpose="referrals", facility_code=facility_code, ends_at=None).first()


def ways() -> Ways:
    """Where this installation can send. A change is seen by every process within seconds (`Kept`)."""
    return _ways(None)


def forget() -> None:
    """Look again next time, in this process."""
    _ways.forget()


def _load(_: None) -> Ways:
    takers = Subscription.objects.filter(purpose="referrals", ends_at=None).values_list("facility_code", flat=True)
    return Ways(shipped(), installed(settings.ENVIRONMENT), frozenset(takers))


_ways: Kept[None, Ways] = Kept(_load)
