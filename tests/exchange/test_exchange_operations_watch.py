"""A worker with a stand-in of the portal, and what the watch beside it says."""

from datetime import datetime, timedelta
from threading import Event

import pytest
from tests.support.deliveries import behave, make_delivery
from tests.support.delivery_fixtures import channel, committed, outbox, portal

from ymach.base.clock import now
from ymach.exchange.channels.insurance.channel import InsuranceChannel
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.operations import queries
from ymach.exchange.operations.models import Outage, WorkerSeen
from ymach.exchange.operations.rules import Standing
from ymach.exchange.operations.watch import Watch

__all__ = ["channel", "committed", "outbox", "portal"]
pytestmark = pytest.mark.slow


def test_the_watch_tells_that_a_partner_is_away_and_that_it_is_back(
    outbox: str, portal: str, channel: InsuranceChannel
) -> None:
    later = [timedelta(0)]

    def clock() -> datetime:
        return now() + later[0]

    for _ in range(8):
        make_delivery(outbox)
    behave(portal, down=True)
    worker = Worker({outbox: channel}, senders=8, clock=clock)
    watch = Watch(worker, parts=["letters"], stopping=Event(), clock=clock)
    worker.run(once=True)
    watch.turn()
    (away,) = queries.destinations([outbox], at=clock(), used=[outbox])
    assert away.standing is Standing.AWAY
    assert away.failures >= 5
    assert Outage.objects.get(destination=outbox).ended_at is None
    assert set(WorkerSeen.objects.get().parts) == {"letters", outbox}

    behave(portal)
    later[0] = timedelta(hours=1)
    worker.run(once=True)
    watch.turn()
    (back,) = queries.destinations([outbox], at=clock(), used=[outbox])
    assert (back.standing, back.away_since, back.oldest) == (Standing.ANSWERING, None, None)
    assert Outage.objects.get(destination=outbox).ended_at is not None
    assert queries.median_delays(since=clock() - timedelta(days=1))[outbox] >= 1800


def test_a_watch_that_ends_says_so(outbox: str) -> None:
    watch = Watch(None, parts=["letters"], stopping=Event())
    watch.run(once=True)
    assert WorkerSeen.objects.filter(parts=["letters"], stopped_at=None).count() == 0
