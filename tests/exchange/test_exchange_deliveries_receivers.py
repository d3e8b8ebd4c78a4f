"""Deliveries to addresses of their own: only while they listen, a bounded number at a time, owners told. Real servers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from threading import Event

import pytest
from django.conf import settings
from tests.support.deliveries import Place, counted, make_delivery, recounted, reread
from tests.support.delivery_fixtures import committed, outbox
from tests.support.partners import platform_key

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.exchange.deliveries import actions as deliveries
from ymach.exchange.deliveries.rota import Rota
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.models import Delivery, Subscription
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.facilities.models import Facility
from ymach.notices.models import Notice
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.http import serving
from ymach.sandbox.receivers import ReferralReceiver
from ymach.trust.platform import jwks

__all__ = ["committed", "outbox"]
BY = command("test")
_serial = count(1)


@pytest.fixture(autouse=True)
def receivers(outbox: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SubscribedReceivers]:
    monkeypatch.setattr(settings.ENVIRONMENT, "webhook_allow", "127.0.0.0/8")
    made = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    yield made
    made.close()
    Delivery.objects.filter(state__in=["waiting", "sending"]).update(state="stuck")


def named(code: str) -> Facility:
    return type("Named", (), {"id": new_id(), "code": code, "name": "BV", "province_code": "99"})  # type: ignore[return-value]


@contextmanager
def listening() -> Iterator[tuple[ReferralReceiver, str]]:
    """A facility that takes referrals, and the destination that leads to it."""
    stand_in, code = ReferralReceiver(keys=jwks(platform_key())), f"97{next(_serial):03d}"
    with serving(stand_in) as address:
        actions.receive_referrals(facility=named(code), url=f"{address}/in", by=BY, at=now())
        yield stand_in, f"referral:{code}"
    stand_in.ledger.close()


def carry(receivers: SubscribedReceivers, later: timedelta = timedelta(0)) -> dict[str, int]:
    results = Worker({}, receivers=receivers, clock=lambda: now() + later).run(once=True)
    return {state: number for state, number in results.get("referral", {}).items() if number}


def heard(stand_in: ReferralReceiver) -> int:
    return len(stand_in.ledger.as_dict()["entries"])


def subscription(destination: str) -> Subscription:
    return Subscription.objects.get(facility_code=destination.partition(":")[2])


def test_what_is_paused_waits_and_goes_on_where_it_stopped(receivers: SubscribedReceivers) -> None:
    with listening() as (stand_in, destination):
        made = make_delivery(destination)
        actions.pause(subscription(destination).id, by=BY, at=now(), reason="bảo trì")
        assert carry(receivers) == {}
        assert reread(made).state == "waiting"
        actions.resume(subscription(destination).id, by=BY, at=now(), reason="xong")
        assert carry(receivers) == {"delivered": 1}
        assert heard(stand_in) == 1


def test_a_move_takes_what_waits_along(receivers: SubscribedReceivers) -> None:
    with listening() as (old, destination), listening() as (new, other):
        make_delivery(destination)
        url = subscription(other).url
        actions.rotate(subscription(destination).id, url=url, by=BY, at=now(), reason="đổi máy")
        assert carry(receivers) == {"delivered": 1}
        assert (heard(old), heard(new)) == (0, 1)


def test_what_waits_for_somebody_who_listens_no_more_is_refused(receivers: SubscribedReceivers) -> None:
    with listening() as (stand_in, destination):
        made = make_delivery(destination)
        actions.end(subscription(destination).id, by=BY, at=now(), reason="thôi")
        unknown = make_delivery("referral:97999")
        assert carry(receivers) == {"refused": 2}
        assert (reread(made).state, reread(unknown).state, heard(stand_in)) == ("refused", "refused", 0)


def test_an_address_that_leads_inside_is_not_connected_to(
    receivers: SubscribedReceivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as (stand_in, destination):
        made = make_delivery(destination)
        monkeypatch.setattr(settings.ENVIRONMENT, "webhook_allow", "")
        strict = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
        assert carry(strict) == {"waiting": 1}
        strict.close()
        assert (reread(made).last_error, heard(stand_in)) == ("YM-DELIVERY-ADDRESS-REFUSED", 0)


def test_one_that_is_away_is_left_alone_and_others_hear(receivers: SubscribedReceivers) -> None:
    with listening() as (away, gone), listening() as (well, destination):
        away.behaviour = Behaviour(down=True)
        for _ in range(20):
            make_delivery(gone)
        make_delivery(destination)
        assert carry(receivers)["delivered"] == 1
        assert heard(well) == 1
        tried = Delivery.objects.filter(destination=gone, attempts__gt=0).count()
        assert 5 <= tried <= 8


def test_one_that_is_slow_has_its_turn_and_no_more(outbox: str, receivers: SubscribedReceivers) -> None:
    with listening() as (slow, first), listening() as (well, second):
        slow.behaviour = Behaviour(slow=0.3)
        for _ in range(12):
            make_delivery(first)
        stopping = Event()
        rota = Rota(receivers, BY, now, stopping, most=1, turn=0.5)
        thread = threading.Thread(target=rota.run)
        thread.start()
        time.sleep(0.2)
        make_delivery(second)
        try:
            _until(lambda: heard(well) == 1)
            assert heard(slow) < 12
        finally:
            stopping.set()
            thread.join()
    assert not Delivery.objects.filter(state="sending").exists()


def test_lanes_are_bounded_and_idle_receivers_have_none(receivers: SubscribedReceivers) -> None:
    with listening() as (stand_in, destination):
        for number in range(30):
            make_delivery(f"referral:96{number:03d}")
        stand_in.behaviour = Behaviour(slow=0.2)
        make_delivery(destination)
        rota = Rota(receivers, BY, now, Event(), most=3, once=True)
        before = threading.active_count()
        most = _most_threads(rota)
        assert rota.tallies["referral"] == {"refused": 30, "delivered": 1}
        assert most - before <= 2 + 3 * (1 + 2)


def test_a_referral_reaches_the_facility_it_names_and_counts_under_its_family(receivers: SubscribedReceivers) -> None:
    with listening() as (stand_in, destination):
        made = [make_delivery(destination) for _ in range(5)]
        assert carry(receivers) == {"delivered": 5}
        assert heard(stand_in) == 5
    assert {reread(one).answer["status"] for one in made} <= {"queued", "accepted"}


def test_a_facility_and_its_department_are_told_of_what_is_stuck(outbox: str) -> None:
    place = Place("38001", "38")
    for _ in range(4):
        make_delivery(outbox, place=place, deadline_at=now() - timedelta(seconds=1))
    assert deliveries.expire(outbox, by=BY, at=now(), most=2) == 2
    assert deliveries.expire(outbox, by=BY, at=now()) == 2
    assert Notice.objects.filter(facility_id=place.id).count() == 1
    assert Notice.objects.filter(province_code="38").count() == 1
    assert counted(outbox) == recounted(outbox)


def test_due_destinations_are_found_whatever_waits(outbox: str) -> None:
    for n in range(40):
        make_delivery(f"{outbox}-{n % 4}")
    make_delivery(f"{outbox}-later", at=now() + timedelta(hours=1))
    found = [name for name in deliveries.due_destinations(at=now()) if name.startswith(outbox)]
    assert found == [f"{outbox}-{n}" for n in range(4)]
    Delivery.objects.filter(destination__startswith=outbox).update(state="stuck")


def _most_threads(rota: Rota) -> int:
    most, thread = 0, threading.Thread(target=rota.run)
    thread.start()
    while thread.is_alive():
        most = max(most, threading.active_count())
        time.sleep(0.005)
    thread.join()
    return most


def _until(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)
