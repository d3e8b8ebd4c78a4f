"""Fixtures of everything that delivers: a committed database, a stand-in of the portal, a channel to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from tests.support import deliveries
from ymach.base.clock import now
from ymach.exchange.channels.insurance.channel import InsuranceChannel
from ymach.exchange.deliveries.worker import Worker
from ymach.sandbox.http import serving
from ymach.sandbox.insurance_portal import PASSWORD, USERNAME, InsurancePortal

_serial = count(1)
Work = Callable[..., dict[str, int]]


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock(), deliveries.committed_database() as name:
        yield name


@pytest.fixture
def outbox(committed: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A destination of this test's own, in a database whose changes are committed; yields its name."""
    with django_db_blocker.unblock(), deliveries.using(committed):
        yield f"insurance-{next(_serial)}"


@pytest.fixture
def portal() -> Iterator[str]:
    """The address of a running stand-in."""
    stand_in = InsurancePortal()
    with serving(stand_in) as address:
        yield address
    stand_in.ledger.close()


@pytest.fixture
def channel(portal: str) -> Iterator[InsuranceChannel]:
    made = InsuranceChannel(portal, username=USERNAME, password=PASSWORD, patience=timedelta(seconds=1))
    yield made
    made.close()


@pytest.fixture
def work(outbox: str, channel: InsuranceChannel) -> Work:
    """Run a worker until nothing is due, `later` from now; the results by state."""

    def run(later: timedelta = timedelta(0), senders: int = 4) -> dict[str, int]:
        def clock() -> datetime:
            return now() + later

        return dict(Worker({outbox: channel}, senders=senders, clock=clock).run(once=True)[outbox])

    return run
