"""The stream sent by itself equals the stream asked for, through failures and a kill. Real servers, real processes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from django.conf import settings
from tests.support import databases
from tests.support.delivery_fixtures import committed, outbox
from tests.support.factories import make_facility
from tests.support.partners import platform_key
from tests.support.programs import ymach_started

from ymach.audit import actions as journal
from ymach.audit.chain import Event as Noted
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.exchange.deliveries.rules import DEADLINE, LEASE
from ymach.exchange.events.models import Push, PushTurn
from ymach.exchange.events.queries import as_json, events_after, head, reach_of_subscription
from ymach.exchange.events.rules import read_wanted
from ymach.exchange.events.teller import Teller
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.facilities.models import Facility
from ymach.notices.models import Notice
from ymach.sandbox.http import Request, Response, serving

__all__ = ["committed", "outbox"]
BY = command("test")
_serial = count(1)


@pytest.fixture(autouse=True)
def _allowed(outbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "webhook_allow", "127.0.0.0/8")


class Heard:
    """A subscriber's server: what it was told, in order, and what it answers."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, object]] = []
        self.status, self.slow = 204, 0.0

    async def __call__(self, request: Request) -> Response:
        time.sleep(self.slow)
        self.bodies.append(json.loads(request.body))
        return Response(self.status)

    def once(self) -> list[dict[str, object]]:
        """Each event the first time it came."""
        return list({body["id"]: body for body in self.bodies}.values())


@contextmanager
def subscribed(**changes: object) -> Iterator[tuple[Heard, Subscription, Facility]]:
    """Somebody who hears what happens at a facility of its own."""
    heard, facility = Heard(), make_facility(f"97{next(_serial):03d}")
    with serving(heard) as address:
        given = {"name": "Kho", "url": f"{address}/e", "facility": facility, "by": BY, "at": now(), **changes}
        made = actions.create(**given)  # type: ignore[arg-type]
        yield heard, made, facility
        actions.end(made.id, by=BY, at=now(), reason="test")


def happen(facility: Facility, number: int = 1, action: str = "submission:refused") -> None:
    for _ in range(number):
        noted = Noted(now(), str(BY), action, f"submission:{new_id()}", "test", detail={"outcome": "rejected"})
        journal.record(noted, facility_id=facility.id)


def work(later: timedelta = timedelta(0)) -> dict[str, int]:
    def clock() -> datetime:
        return now() + later

    receivers = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    return dict(Teller(receivers, issuer="https://ymach.test", stopping=Event(), by=BY, clock=clock).run(once=True))


def asked_for(made: Subscription) -> list[dict[str, object]]:
    reach, wanted = reach_of_subscription(made), read_wanted(made.kinds)
    page = events_after(0, reach=reach, wanted=wanted, limit=1000)
    return [as_json(one, issuer="https://ymach.test") for one in page.events]


def push(made: Subscription) -> Push:
    return Push.objects.get(subscription_id=made.id)


def test_what_is_sent_is_what_is_asked_for_row_by_row_through_a_kill(committed: str, tmp_path: Path) -> None:
    with subscribed() as (heard, made, facility):
        happen(facility, 12)
        heard.slow = 0.2
        _kill_while_telling(committed, tmp_path, heard)
        assert push(made).lease_ends is not None
        heard.slow = 0
        happen(facility, 3, "delivery:stuck")
        work(later=LEASE + timedelta(minutes=1))
        assert heard.once() == asked_for(made)
        assert len(heard.once()) == 15
        assert all(body in heard.once() for body in heard.bodies)


def _kill_while_telling(database: str, var: Path, heard: Heard) -> None:
    environment = {
        **databases.environment_for(databases.server(), database),
        "YMACH_VAR": str(var),
        "YMACH_WEBHOOK_ALLOW": "127.0.0.0/8",
        "YMACH_BASE_URL": "https://ymach.test",
    }
    process = ymach_started(environment, "worker", "--destination", "events", log=var / "log")
    end = time.monotonic() + 90
    try:
        while len(heard.bodies) < 4:
            assert time.monotonic() < end, process.said()
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()


def test_only_what_was_asked_for_is_told() -> None:
    with subscribed(kinds=["delivery:stuck"]) as (heard, made, facility):
        happen(facility, 2)
        happen(facility, 1, "delivery:stuck")
        work()
        assert [body["kind"] for body in heard.bodies] == ["delivery:stuck"]
        assert push(made).position == head()


def test_one_event_tries_the_way_while_it_fails_and_nothing_is_overtaken() -> None:
    with subscribed() as (heard, made, facility):
        heard.status = 500
        happen(facility, 5)
        work()
        work(later=timedelta(minutes=1))
        assert (len(heard.bodies), push(made).failures, push(made).last_error) == (2, 2, "YM-DELIVERY-PARTNER-AWAY")
        heard.status = 200
        work(later=timedelta(minutes=5))
        assert heard.once() == asked_for(made)
        assert push(made).failures == 0


def test_a_day_of_failures_stops_it_and_its_owner_is_told_and_it_goes_on_where_it_stopped() -> None:
    with subscribed() as (heard, made, facility):
        heard.status = 500
        happen(facility, 3)
        work()
        work(later=DEADLINE + timedelta(minutes=1))
        assert push(made).stopped_at is not None
        assert Notice.objects.filter(facility_id=facility.id, vi__contains="Kho").count() == 1
        heard.status = 200
        work(later=2 * DEADLINE)
        assert len(heard.bodies) == 2
        actions.resume(made.id, by=BY, at=now(), reason="đã sửa")
        work()
        assert heard.once() == asked_for(made)


def test_who_says_that_nobody_listens_is_not_asked_again() -> None:
    with subscribed() as (heard, made, facility):
        heard.status = 410
        happen(facility)
        work()
        work(later=timedelta(hours=2))
        assert (len(heard.bodies), push(made).stopped_at is None) == (1, False)


def test_what_is_paused_waits_and_can_be_told_again_from_anywhere() -> None:
    with subscribed() as (heard, made, facility):
        actions.pause(made.id, by=BY, at=now(), reason="bảo trì")
        happen(facility, 3)
        work()
        assert heard.bodies == []
        actions.resume(made.id, by=BY, at=now(), reason="xong")
        work()
        second = int(str(heard.bodies[1]["cursor"]))
        actions.repeat(made.id, after=second - 1, by=BY, at=now(), reason="mất dữ liệu")
        work()
        assert [body["id"] for body in heard.bodies] == [one["id"] for one in [*asked_for(made), *asked_for(made)[1:]]]


def test_an_address_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with subscribed() as (heard, made, facility):
        monkeypatch.setattr(settings.ENVIRONMENT, "webhook_allow", "")
        happen(facility)
        work()
        assert heard.bodies == []
        (turn,) = PushTurn.objects.filter(subscription_id=made.id)
        assert (turn.taken, turn.error, isinstance(turn.failed_id, UUID)) == (0, "YM-DELIVERY-ADDRESS-REFUSED", True)
