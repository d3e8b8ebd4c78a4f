"""Order, leases, breaker, deadlines, replays, and what a killed or stopped worker leaves. Real server, real database."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from tests.support import databases
from tests.support.deliveries import (
    Place,
    behave,
    counted,
    digest_of,
    events_of,
    held_by,
    ledger,
    make_delivery,
    recounted,
    reread,
)
from tests.support.delivery_fixtures import Work, channel, committed, outbox, portal, work
from tests.support.programs import Running, ymach_started

from ymach.audit.models import AuditEvent
from ymach.base import pg
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.exchange.channels.contract import Parcel, PartnerAnswer, PartnerAway
from ymach.exchange.channels.insurance.channel import InsuranceChannel
from ymach.exchange.deliveries import actions
from ymach.exchange.deliveries.breaker import Breaker
from ymach.exchange.deliveries.errors import NewerVersionSent, NotReplayable, ReasonMissing
from ymach.exchange.deliveries.parcels import delivered, failed
from ymach.exchange.deliveries.rules import LEASE
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.models import Delivery

__all__ = ["channel", "committed", "outbox", "portal", "work"]
BY = command("test")
LATER = timedelta(minutes=2)
ANSWER = PartnerAnswer("GD1", now(), {"maKetQua": "200"})


def test_versions_of_a_dossier_arrive_in_their_order(outbox: str, portal: str, work: Work) -> None:
    place = Place()
    versions = [make_delivery(outbox, place=place, code="LK-order", version=n) for n in (1, 2, 3)]
    assert work(senders=8) == {"delivered": 3}
    assert held_by(portal) == [digest_of(one) for one in versions]


def test_a_later_version_waits_for_one_that_is_tried_again(outbox: str, portal: str, work: Work) -> None:
    place = Place()
    first = make_delivery(outbox, place=place, code="LK-wait", version=1)
    second = make_delivery(outbox, place=place, code="LK-wait", version=2)
    behave(portal, status=500)
    assert work() == {"waiting": 1}
    behave(portal)
    assert work() == {}
    assert (reread(first).attempts, reread(second).attempts) == (1, 0)
    assert work(LATER) == {"delivered": 2}


def test_a_refused_version_does_not_stop_the_corrected_one(outbox: str, portal: str, work: Work) -> None:
    place = Place()
    make_delivery(outbox, place=place, code="LK-fixed", version=1)
    behave(portal, refuse=205)
    work()
    behave(portal)
    make_delivery(outbox, place=place, code="LK-fixed", version=2)
    assert work() == {"delivered": 1}


def test_the_same_code_at_another_facility_is_another_dossier(outbox: str, work: Work) -> None:
    make_delivery(outbox, code="LK-same", state="stuck")
    make_delivery(outbox, code="LK-same", version=2)
    assert work() == {"delivered": 1}


def test_two_claims_never_take_the_same_delivery(outbox: str) -> None:
    for _ in range(3):
        make_delivery(outbox)
    first, second = (actions.claim(outbox, most=2, at=now()) for _ in range(2))
    assert (len(first), len(second)) == (2, 1)
    assert not {one.id for one in first} & {one.id for one in second}


def test_a_batch_takes_no_more_bytes_than_allowed_but_at_least_one_file(outbox: str) -> None:
    for _ in range(3):
        make_delivery(outbox, content=os.urandom(2000))
    assert len(actions.claim(outbox, most=10, at=now(), most_bytes=100)) == 1
    assert len(actions.claim(outbox, most=10, at=now(), most_bytes=2001)) == 2


def test_a_lease_that_ended_is_taken_over_and_the_first_holder_changes_nothing(outbox: str) -> None:
    delivery = make_delivery(outbox)
    (lost,) = actions.claim(outbox, most=1, at=now())
    assert actions.claim(outbox, most=1, at=now()) == []
    (taken,) = actions.claim(outbox, most=1, at=now() + LEASE)
    late = failed(lost, PartnerAway(why="test"), at=now())
    assert actions.settle([late], by=BY, at=now()) == set()
    assert (reread(delivery).state, reread(delivery).attempts) == ("sending", taken.attempt)
    assert events_of(delivery)[-1][1] == {"attempt": 2, "recovered": True}
    assert counted(outbox) == recounted(outbox)


@contextmanager
def _running(database: str, address: str, log: Path, *arguments: str) -> Iterator[Running]:
    environment = databases.environment_for(databases.server(), database)
    environment |= {
        "YMACH_INSURANCE_URL": address,
        "YMACH_INSURANCE_USERNAME": "platform",
        "YMACH_INSURANCE_PASSWORD": "sandbox",
    }
    process = ymach_started(environment, "worker", "--destination", "insurance", *arguments, log=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    outbox: str, committed: str, portal: str, channel: InsuranceChannel, tmp_path: Path
) -> None:
    made = [make_delivery("insurance", place=Place()) for _ in range(8)]
    behave(portal, slow=0.4)
    with _running(committed, portal, tmp_path / "log", "--senders", "2"):
        _until(lambda: len(held_by(portal)) >= 3)
    assert Delivery.objects.filter(destination="insurance", state="sending").exists()
    behave(portal)
    later = Worker({"insurance": channel}, clock=lambda: now() + LEASE + LATER)
    later.run(once=True)
    assert {reread(one).state for one in made} == {"delivered"}
    assert sorted(held_by(portal)) == sorted(map(digest_of, made))
    assert ledger(portal)["doubled"] == 0
    assert counted("insurance") == recounted("insurance")


def test_a_worker_survives_the_loss_of_its_database_connections(
    outbox: str, portal: str, channel: InsuranceChannel
) -> None:
    for _ in range(12):
        make_delivery(outbox)
    behave(portal, slow=0.2)
    worker = Worker({outbox: channel}, senders=2)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        _until(lambda: len(held_by(portal)) >= 3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        _until(lambda: Delivery.objects.filter(destination=outbox, state="delivered").count() == 12)
    finally:
        worker.stop()
        thread.join()
    assert len(held_by(portal)) == 12
    assert counted(outbox) == recounted(outbox)


class _AsksFirst(InsuranceChannel):
    """Asks the database what it sends, as some channels do; the first times its connection is lost with the question."""

    losses = 4

    def send(self, parcel: Parcel) -> PartnerAnswer:
        with contextlib.closing(connection), connection.cursor() as cursor:
            if self.losses > 0:
                self.losses -= 1
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return super().send(parcel)


def test_a_channel_whose_database_is_away_costs_no_sender(outbox: str, portal: str) -> None:
    for _ in range(6):
        make_delivery(outbox)
    asking = _AsksFirst(portal, username="platform", password="sandbox")
    worker = Worker({outbox: asking}, senders=2)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        _until(lambda: Delivery.objects.filter(destination=outbox, state="delivered").count() == 6)
    finally:
        worker.stop()
        thread.join(20)
        asking.close()
    assert not thread.is_alive()
    assert asking.losses == 0
    assert len(held_by(portal)) == 6
    assert counted(outbox) == recounted(outbox)


def test_a_worker_without_any_address_says_what_to_set(outbox: str, committed: str, tmp_path: Path) -> None:
    with _running(committed, "", tmp_path / "log") as process:
        assert process.wait() == 2
    assert "YMACH_INSURANCE_URL" in process.said()


def test_a_worker_told_to_stop_gives_back_what_it_has_not_sent(
    outbox: str, committed: str, portal: str, tmp_path: Path
) -> None:
    made = [make_delivery("insurance", place=Place()) for _ in range(6)]
    behave(portal, slow=0.5)
    with _running(committed, portal, tmp_path / "log", "--senders", "1") as process:
        _until(lambda: len(held_by(portal)) >= 1)
        process.terminate()
        assert process.wait() == 0, process.said()
    states = [reread(one).state for one in made]
    assert "sending" not in states
    assert {"delivered", "waiting"} == set(states)
    assert len(held_by(portal)) == states.count("delivered")
    assert {reread(one).attempts for one in made if reread(one).state == "waiting"} == {0}
    assert counted("insurance") == recounted("insurance")


def test_the_breaker_opens_spares_the_partner_and_closes_again(
    outbox: str, portal: str, channel: InsuranceChannel
) -> None:
    for _ in range(30):
        make_delivery(outbox)
    behave(portal, status=503)
    # A clock that stands still: however busy the machine, the way is not tried again before it is moved on.
    moment = [now()]
    worker = Worker({outbox: channel}, senders=4, clock=lambda: moment[0])
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        _until(lambda: outbox in worker.carriers and worker.carriers[outbox].breaker.open_until)
        _until(lambda: recounted(outbox).keys() and not Delivery.objects.filter(destination=outbox, state="sending"))
        assert 5 <= Delivery.objects.filter(destination=outbox, attempts=1).count() <= 5 + 4
        behave(portal)
        moment[0] += LATER
        _until(lambda: Delivery.objects.filter(destination=outbox, state="delivered").count() == 30)
    finally:
        worker.stop()
        thread.join()
    assert worker.carriers[outbox].breaker == Breaker()
    assert counted(outbox) == recounted(outbox)


def test_a_slow_partner_does_not_hold_up_another(outbox: str, portal: str, channel: InsuranceChannel) -> None:
    other = f"{outbox}-away"
    nowhere = InsuranceChannel("http://127.0.0.1:9", username="x", password="x", patience=timedelta(seconds=1))
    for _ in range(3):
        make_delivery(other)
        make_delivery(outbox)
    results = Worker({other: nowhere, outbox: channel}, senders=2).run(once=True)
    nowhere.close()
    assert results[outbox] == {"delivered": 3}
    assert results[other] == {"waiting": 3}


def test_a_delivery_whose_deadline_has_passed_is_stuck_and_not_sent(outbox: str, portal: str, work: Work) -> None:
    overdue = make_delivery(outbox, deadline_at=now() - timedelta(seconds=1))
    assert work() == {"stuck": 1}
    assert reread(overdue).state == "stuck"
    assert held_by(portal) == []
    assert AuditEvent.objects.get(facility_id=overdue.facility_id).action == "delivery:stuck"
    assert counted(outbox) == recounted(outbox)


@pytest.mark.parametrize("state", ["stuck", "refused"])
def test_an_operator_sends_a_stuck_or_refused_delivery_again(outbox: str, work: Work, state: str) -> None:
    delivery = make_delivery(outbox, state=state, deadline_at=now() - timedelta(hours=1), attempts=3)
    actions.replay(delivery, by=BY, at=now(), reason="Cổng đã sửa")
    assert work() == {"delivered": 1}
    assert events_of(delivery)[0] == ("waiting", {"replayed": "Cổng đã sửa"})
    replayed, _ = AuditEvent.objects.filter(facility_id=delivery.facility_id).order_by("number")
    assert (replayed.action, replayed.actor) == ("delivery:replayed", "command:test")
    assert counted(outbox) == recounted(outbox)


@pytest.mark.parametrize("state", ["waiting", "sending", "delivered"])
def test_only_what_waits_for_a_hand_can_be_sent_again(outbox: str, state: str) -> None:
    delivery = make_delivery(outbox, state=state)
    with pytest.raises(NotReplayable):
        actions.replay(delivery, by=BY, at=now(), reason="thử")
    assert reread(delivery).state == state


def test_an_old_version_is_not_sent_over_a_newer_one(outbox: str, work: Work) -> None:
    place = Place()
    old = make_delivery(outbox, place=place, code="LK-old", version=1, state="refused", attempts=1)
    make_delivery(outbox, place=place, code="LK-old", version=2)
    assert work() == {"delivered": 1}
    with pytest.raises(NewerVersionSent):
        actions.replay(old, by=BY, at=now(), reason="thử")


def test_sending_again_needs_a_reason(outbox: str) -> None:
    with pytest.raises(ReasonMissing):
        actions.replay(make_delivery(outbox, state="stuck"), by=BY, at=now(), reason=" ")


def test_counters_and_states_agree_after_a_storm_of_two_workers(
    outbox: str, portal: str, channel: InsuranceChannel
) -> None:
    places = [Place(f"0100{n}") for n in range(4)]
    for n in range(60):
        make_delivery(outbox, place=places[n % 4])
    behave(portal, forget=True, share=0.3)
    shifts = iter(range(100))
    for _ in range(12):
        shift = timedelta(minutes=20 * next(shifts))
        workers = [Worker({outbox: channel}, senders=4, clock=lambda shift=shift: now() + shift) for _ in range(2)]  # type: ignore[misc]
        threads = [threading.Thread(target=one.run, kwargs={"once": True}) for one in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counted(outbox) == recounted(outbox)
    assert {state for _, state in recounted(outbox)} == {"delivered"}
    assert len(set(held_by(portal))) == len(held_by(portal)) == 60


def test_statements_do_not_grow_with_parcels_or_facilities(outbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many, scattered = (
        _statements_for(outbox, monkeypatch, parcels=number, places=places)
        for number, places in ((2, 1), (40, 1), (40, 40))
    )
    assert few == many == scattered <= 8


def _statements_for(destination: str, monkeypatch: pytest.MonkeyPatch, *, parcels: int, places: int) -> int:
    """Statements of claiming and settling so many parcels of so many facilities; begin and commit not counted."""
    somewhere = [Place() for _ in range(places)]
    for n in range(parcels):
        make_delivery(destination, place=somewhere[n % places])
    sent: list[object] = []
    execute, run = psycopg.Cursor.execute, pg._Link.run
    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", lambda *args, **kw: sent.append(args[1]) or execute(*args, **kw))
        patch.setattr(pg._Link, "run", lambda link, asked, **kw: sent.extend(asked) or run(link, asked, **kw))
        held = actions.claim(destination, most=parcels, at=now())
        actions.settle([delivered(one, ANSWER, at=now()) for one in held], by=BY, at=now())
    assert counted(destination) == recounted(destination)
    assert len(held) == parcels
    return len(sent)
