"""From a destination of the families "webhook" and "referral" to the channel that leads there now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from ymach.base.clock import now
from ymach.config import Environment
from ymach.exchange.channels.contract import Channel, Parcel, PartnerAnswer, RefusedByPartner
from ymach.exchange.channels.guard import PublicOnly, read_networks
from ymach.exchange.channels.referral.channel import ReferralChannel
from ymach.exchange.channels.webhook.channel import WebhookChannel
from ymach.exchange.deliveries.names import REFERRAL, family_of, receiver_of
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions.queries import receiver_of_referrals
from ymach.trust.platform import PlatformKey

_MOST_CHANNELS = 200


class Ended:
    """In place of a channel to somebody who listens no more: everything is refused in their name."""

    patience = timedelta(seconds=1)
    needs_content = False

    def send(self, parcel: Parcel) -> PartnerAnswer:
        """Raises RefusedByPartner."""
        raise RefusedByPartner(result="ended", message="subscription ended", answer={"status": "ended"})

    def close(self) -> None:
        """Nothing is open."""


class SubscribedReceivers:
    """The channels to receivers, made when they are needed; the least used are closed. Used by one thread.

    key: signs what goes out. environment: the platform's address, and the networks that count as public.
    """

    def __init__(self, environment: Environment, key: PlatformKey, *, clock: Callable[[], datetime] = now) -> None:
        self._key, self._issuer, self._clock = key, environment.base_url, clock
        self._guard = PublicOnly(read_networks(environment.webhook_allow))
        self._authorities = environment.partner_authorities
        self._open: OrderedDict[tuple[str, str], Channel] = OrderedDict()
        self._lock = Lock()

    def channel_for(self, destination: str) -> Channel | None:
        """The channel as the subscription stands now; None while it is paused."""
        found = self._subscription(destination)
        if found is None or (found.ends_at is not None and found.ends_at <= self._clock()):
            return Ended()
        return None if found.paused_at is not None else self._reach(destination, found)

    def close(self) -> None:
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _reach(self, destination: str, found: Subscription) -> Channel:
        place = (destination, found.url)
        with self._lock:
            channel = self._open.pop(place, None) or self._build(found)
            self._open[place] = channel
            while len(self._open) > _MOST_CHANNELS:
                self._open.popitem(last=False)[1].close()
        return channel

    def _build(self, found: Subscription) -> Channel:
        sender = {"key": self._key, "issuer": self._issuer, "guard": self._guard, "authorities": self._authorities}
        if found.purpose == Subscription.Purpose.REFERRALS:
            return ReferralChannel(found.url, receiver=found.facility_code, **sender)  # type: ignore[arg-type]
        return WebhookChannel(found.url, **sender)  # type: ignore[arg-type]

    @staticmethod
    def _subscription(destination: str) -> Subscription | None:
        receiver = receiver_of(destination)
        if family_of(destination) == REFERRAL:
            return receiver_of_referrals(receiver)
        try:
            return Subscription.objects.filter(id=UUID(receiver)).first()
        except ValueError:
            return None
