"""Sending the stream to who subscribed: each from where it stands, in order, nothing overtaken and nothing left out.

A subscription is held by one worker for a turn. What was sent in a turn that nobody wrote down is sent again, under the
same id and in the same words: whoever hears it twice can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.exchange.channels.contract import ChannelError
from ymach.exchange.deliveries.rules import DEADLINE, LEASE, next_try
from ymach.exchange.events.models import Push, PushTurn, StreamEvent
from ymach.exchange.events.queries import events_after, head, reach_of_subscription
from ymach.exchange.events.rules import read_wanted
from ymach.exchange.models import Subscription
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BATCH = 100
"""Events of one turn."""
KEPT = 50
"""Turns of a subscription that can be looked at."""

STOPPED = Text(
    "Địa chỉ nhận tin “{name}” không nhận được tin ({code}), nên đã dừng gửi. Không mất tin nào: sửa máy chủ, rồi bấm "
    "“Gửi tiếp” ở trang Địa chỉ nhận tin.",
    "The subscribed address “{name}” could not be told ({code}); sending has stopped. Nothing is lost: mend the server, "
    "then choose “Go on” on the page of subscriptions.",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A subscription in a worker's hands, with what it is to be told. until: where it stands when it has taken all."""

    subscription: Subscription
    number: int
    events: Sequence[StreamEvent]
    until: int


@dataclass(frozen=True, slots=True)
class Told:
    """How a turn ended: the first `taken` events were taken; `error` is what became of the next, if it was tried."""

    turn: Turn
    taken: int
    error: ChannelError | None = None


def begin(subscription: Subscription, *, at: datetime) -> None:
    """Tell a new subscription of what comes from now on; in the caller's transaction."""
    Push.objects.create(subscription_id=subscription.id, position=head(), due_at=at)


def go_on(key: UUID, *, at: datetime, after: int | None = None) -> None:
    """Send again from where it stopped, at once; or from behind the event `after`: back to repeat, on to leave out."""
    changes: dict[str, object] = {} if after is None else {"position": after}
    Push.objects.filter(subscription_id=key).update(
        stopped_at=None, failures=0, failing_since=None, last_error="", due_at=at, lease_ends=None, **changes
    )
    if after is not None:
        # A turn that is under way ends without effect: it was about another place.
        Push.objects.filter(subscription_id=key).update(turn=F("turn") + 1)


def hold(*, at: datetime, most: int) -> list[Turn]:
    """Take up to `most` subscriptions that have something to hear at `at`, the longest due first, for LEASE."""
    listening = Subscription.objects.filter(id=OuterRef("subscription_id"), paused_at=None).filter(_open(at))
    due = Push.objects.filter(Exists(listening), stopped_at=None, due_at__lte=at, position__lt=head())
    free = due.filter(Q(lease_ends=None) | Q(lease_ends__lte=at))
    with transaction.atomic():
        found = list(free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at")[:most])
        subscriptions = Subscription.objects.in_bulk([one.subscription_id for one in found])
        turns = [_turn(one, subscriptions[one.subscription_id], at) for one in found]
    return [one for one in turns if one is not None]


def settle(told: Told, *, by: Actor, at: datetime) -> bool:
    """Write how a turn ended; False when the subscription was no longer ours: then nothing changes."""
    turn = told.turn
    with transaction.atomic():
        push = Push.objects.select_for_update().filter(subscription_id=turn.subscription.id, turn=turn.number).first()
        if push is None:
            return False
        _move(push, told, at)
        push.save()
        _remember(told, at)
        if push.stopped_at == at:
            _tell_owner(turn.subscription, push.last_error, by=by, at=at)
    return True


def next_state(
    push: Push, error: ChannelError | None, *, taken: int, at: datetime
) -> tuple[int, datetime | None, bool]:
    """After a turn: failures in a row, since when, and whether nothing more is sent until somebody says so.

    It stops when nobody listens there any more, or after a day of failures.
    """
    if error is None:
        return 0, None, False
    since = at if taken or push.failing_since is None else push.failing_since
    failures = 1 if taken else push.failures + 1
    return failures, since, error.permanent or at - since >= DEADLINE


def _move(push: Push, told: Told, at: datetime) -> None:
    turn = told.turn
    if told.taken == len(turn.events):
        push.position = turn.until
    elif told.taken:
        push.position = turn.events[told.taken - 1].position
    push.failures, push.failing_since, is_stopped = next_state(push, told.error, taken=told.taken, at=at)
    push.lease_ends, push.stopped_at = None, at if is_stopped else None
    push.last_error = told.error.code if told.error else ""
    push.due_at = next_try(push.failures, at=at) if told.error else at
    push.told_at = at if told.taken else push.told_at


def _turn(push: Push, subscription: Subscription, at: datetime) -> Turn | None:
    wanted, reach = read_wanted(subscription.kinds), reach_of_subscription(subscription)
    since = Q(at__gte=subscription.starts_at)
    page = events_after(push.position, reach=reach, wanted=wanted, limit=BATCH, extra=since)
    if not page.events:
        push.position = page.position
        push.save(update_fields=["position"])
        return None
    push.turn += 1
    push.lease_ends = at + LEASE
    push.save(update_fields=["turn", "lease_ends"])
    # While it fails, one event tries the way.
    events = page.events[:1] if push.failures else page.events
    until = page.position if len(events) == len(page.events) else events[-1].position
    return Turn(subscription, push.turn, events, until)


def _remember(told: Told, at: datetime) -> None:
    taken, failed = told.turn.events[: told.taken], told.turn.events[told.taken :]
    text = told.error.text if told.error else Text("", "")
    PushTurn.objects.create(
        subscription_id=told.turn.subscription.id,
        at=at,
        taken=told.taken,
        first=taken[0].position if taken else None,
        last=taken[-1].position if taken else None,
        error=told.error.code if told.error else "",
        failed_id=failed[0].id if told.error else None,
        vi=text.vi,
        en=text.en,
    )
    mine = PushTurn.objects.filter(subscription_id=told.turn.subscription.id).order_by("-id")
    oldest = mine.values_list("id", flat=True)[KEPT : KEPT + 1]
    if oldest:
        mine.filter(id__lte=oldest[0]).delete()


def _tell_owner(subscription: Subscription, code: str, *, by: Actor, at: datetime) -> None:
    text = STOPPED.format(name=subscription.name, code=code)
    if subscription.facility_id is not None:
        to = Recipient(facility_id=subscription.facility_id)
    elif subscription.province_code:
        to = Recipient(province_code=subscription.province_code)
    else:
        return
    tell(to=to, text=text, link="/subscriptions", by=by, at=at)


def _open(at: datetime) -> Q:
    return Q(ends_at=None) | Q(ends_at__gt=at)
