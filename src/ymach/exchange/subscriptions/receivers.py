"""The ways to addresses of their own: of facilities that take referrals, and of who hears what happens."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

from ymach.base.clock import now
from ymach.config import Environment
from ymach.exchange.channels.contract import Channel, Parcel, PartnerAnswer, RefusedByPartner
from ymach.exchange.channels.guard import PublicOnly, read_networks
from ymach.exchange.channels.prescriptions import dispensings_channel_from
from ymach.exchange.channels.referral.channel import ReferralChannel
from ymach.exchange.channels.webhook.channel import WebhookChannel
from ymach.exchange.deliveries.names import DISPENSING, family_of, receiver_of
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions.queries import receiver_of_referrals
from ymach.trust.platform import PlatformKey

_MOST_CHANNELS = 200


_Open = ReferralChannel | WebhookChannel


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
        self._open: OrderedDict[tuple[str, str], _Open] = OrderedDict()
        self._dispensings = dispensings_channel_from(environment)
        self._lock = Lock()

    def channel_for(self, destination: str) -> Channel | None:
        """The channel as the subscription stands now; None while it is paused, or the installation has no way there."""
        if family_of(destination) == DISPENSING:
            return self._dispensings
        found = self._subscription(destination)
        if found is None or (found.ends_at is not None and found.ends_at <= self._clock()):
            return Ended()
        if found.paused_at is not None:
            return None
        return cast("ReferralChannel", self._reach(destination, found.url, lambda: self._referrals(found)))

    def listener(self, subscription: Subscription) -> WebhookChannel:
        """The way to who hears what happens, as the subscription stands now."""
        made = self._reach(str(subscription.id), subscription.url, lambda: self._events(subscription))
        return cast("WebhookChannel", made)

    def close(self) -> None:
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()
        if self._dispensings is not None:
            self._dispensings.close()

    def _reach(self, name: str, url: str, build: Callable[[], _Open]) -> _Open:
        with self._lock:
            channel = self._open.pop((name, url), None) or build()
            self._open[name, url] = channel
            while len(self._open) > _MOST_CHANNELS:
                self._open.popitem(last=False)[1].close()
        return channel

    def _referrals(self, found: Subscription) -> ReferralChannel:
        return ReferralChannel(
            found.url,
            receiver=found.facility_code,
            key=self._key,
            issuer=self._issuer,
            guard=self._guard,
            authorities=self._authorities,
        )

    def _events(self, found: Subscription) -> WebhookChannel:
        return WebhookChannel(
            found.url, key=self._key, issuer=self._issuer, guard=self._guard, authorities=self._authorities
        )

    @staticmethod
    def _subscription(destination: str) -> Subscription | None:
        return receiver_of_referrals(receiver_of(destination))
