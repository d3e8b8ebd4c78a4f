"""Writes on subscriptions: create, pause, resume, move to another address, end. Each with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.exchange.channels.contract import AddressRefused
from ymach.exchange.channels.guard import PublicOnly, read_networks
from ymach.exchange.events import pushing
from ymach.exchange.events.errors import KindUnknown
from ymach.exchange.events.queries import read_cursor
from ymach.exchange.events.rules import read_wanted
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions import queries
from ymach.exchange.subscriptions.errors import (
    AddressWrong,
    NameMissing,
    ReasonMissing,
    ReceiverTaken,
    SubscriptionNotFound,
    SubscriptionOver,
)
from ymach.facilities.models import Facility


def create(
    *,
    name: str,
    url: str,
    by: Actor,
    at: datetime,
    facility: Facility | None = None,
    province_code: str = "",
    kinds: Iterable[str] = (),
    ends_at: datetime | None = None,
) -> Subscription:
    """Tell `url` from `at` on what happens at a facility, in a province, or (neither given) in the country.

    kinds: of events and of records (`events.rules.read_wanted`); empty: all. ends_at: aware, or None. Raises NameMissing,
    AddressWrong or KindUnknown.
    """
    wanted = sorted({kind.strip() for kind in kinds} - {""})
    for fault in faults_of(name=name, url=url, kinds=wanted):
        raise fault
    made = Subscription(
        purpose=Subscription.Purpose.EVENTS,
        name=name.strip()[:200],
        url=url,
        facility_id=facility.id if facility else None,
        facility_code=facility.code if facility else "",
        province_code=province_code,
        kinds=wanted,
        starts_at=at,
        ends_at=ends_at,
    )
    return _add(made, by=by, at=at)


def receive_referrals(*, facility: Facility, url: str, by: Actor, at: datetime) -> Subscription:
    """Send the dossiers of people referred to a facility to its own address, from `at` on.

    Raises AddressWrong, or ReceiverTaken where it has one already.
    """
    for fault in _address_faults(url):
        raise fault
    made = Subscription(
        purpose=Subscription.Purpose.REFERRALS,
        name=facility.name,
        url=url,
        facility_id=facility.id,
        facility_code=facility.code,
        province_code=facility.province_code,
        starts_at=at,
    )
    return _add(made, by=by, at=at)


def pause(key: UUID, *, by: Actor, at: datetime, reason: str) -> Subscription:
    """Hold back what is meant for a subscription: it waits."""
    return _change(key, by=by, at=at, reason=reason, paused_at=at)


def resume(key: UUID, *, by: Actor, at: datetime, reason: str) -> Subscription:
    """Send again, what waited first; also where sending stopped by itself."""
    with transaction.atomic():
        found = _change(key, by=by, at=at, reason=reason, paused_at=None)
        pushing.go_on(key, at=at)
    return found


def repeat(key: UUID, *, after: int, by: Actor, at: datetime, reason: str) -> Subscription:
    """Send on from behind the event at `after`: an earlier one, to send again; a later one, to leave out.

    Raises CursorWrong for a position that is not there yet.
    """
    read_cursor(str(after))
    with transaction.atomic():
        found = _change(key, by=by, at=at, reason=reason, paused_at=None)
        pushing.go_on(key, at=at, after=after)
    return found


def rotate(key: UUID, *, url: str, by: Actor, at: datetime, reason: str) -> Subscription:
    """Send to another address from now on, what waits too: the old one is forgotten. Raises AddressWrong."""
    for fault in change_faults(reason=reason, url=url):
        raise fault
    return _change(key, by=by, at=at, reason=reason, url=url)


def end(key: UUID, *, by: Actor, at: datetime, reason: str) -> Subscription:
    """End a subscription for good: nothing more is sent."""
    return _change(key, by=by, at=at, reason=reason, ends_at=at)


def faults_of(*, name: str, url: str, kinds: Iterable[str]) -> Iterator[YmachError]:
    """Everything that `create` would refuse: NameMissing, AddressWrong, KindUnknown."""
    if not name.strip():
        yield NameMissing(field="name")
    yield from _address_faults(url)
    try:
        read_wanted(kinds)
    except KindUnknown as unknown:
        yield unknown


def change_faults(*, reason: str, url: str | None = None) -> Iterator[YmachError]:
    """Everything that a change would refuse: ReasonMissing and, where it moves to `url`, AddressWrong."""
    if not reason.strip():
        yield ReasonMissing(field="reason")
    if url is not None:
        yield from _address_faults(url)


def _add(made: Subscription, *, by: Actor, at: datetime) -> Subscription:
    try:
        with attributed(by=by, reason="subscription", at=at):
            made.save(force_insert=True)
            if made.purpose == Subscription.Purpose.EVENTS:
                pushing.begin(made, at=at)
    except IntegrityError as error:
        if "subscription_one_referral_receiver" not in str(error):
            raise
        raise ReceiverTaken(facility=made.facility_code) from error
    queries.forget()
    return made


def _change(key: UUID, *, by: Actor, at: datetime, reason: str, **values: object) -> Subscription:
    for fault in change_faults(reason=reason):
        raise fault
    with attributed(by=by, reason=reason.strip(), at=at):
        found = Subscription.objects.select_for_update().filter(id=key).first()
        if found is None:
            raise SubscriptionNotFound
        if found.ends_at is not None and found.ends_at <= at:
            raise SubscriptionOver
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
    queries.forget()
    return found


def _address_faults(url: str) -> Iterator[YmachError]:
    try:
        PublicOnly(read_networks(settings.ENVIRONMENT.webhook_allow)).check_url(url)
    except AddressRefused as refused:
        yield AddressWrong(field="url", **refused.values)
