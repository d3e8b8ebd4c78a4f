"""A worker that is killed while all destinations are under load loses nothing and doubles nothing. Real processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.support import databases
from tests.support.deliveries import Place, counted, make_delivery, recounted, reread
from tests.support.delivery_fixtures import committed, outbox
from tests.support.partners import PARTNERS, Reached, content, platform_key, reached
from tests.support.prescriptions import keep_prescriptions_of
from tests.support.programs import ymach_started

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.exchange.channels.prescriptions.codes import stored_codes
from ymach.exchange.deliveries.names import family_of
from ymach.exchange.deliveries.rules import LEASE
from ymach.exchange.deliveries.worker import Worker
from ymach.exchange.models import Delivery
from ymach.exchange.subscriptions import actions
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.sandbox import health_book, insurance_portal, prescriptions
from ymach.sandbox.behaviour import Behaviour
from ymach.sandbox.receivers import ReferralReceiver

__all__ = ["committed", "outbox"]
EACH = 4
LATER = LEASE + timedelta(minutes=20)
BY = command("test")


@pytest.fixture
def partners(outbox: str) -> Iterator[dict[str, Reached]]:
    """All with deliveries, running; the receiver takes any signature, since the worker signs with a key of its own."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(reached(name)) for name in PARTNERS if name != "webhook"}
        stand_in = found["referral"].stand_in
        assert isinstance(stand_in, ReferralReceiver)
        stand_in._keys = None
        yield found


def _environment(database: str, partners: dict[str, Reached], var: Path) -> dict[str, str]:
    return {
        **databases.environment_for(databases.server(), database),
        "YMACH_VAR": str(var),
        "YMACH_INSURANCE_URL": partners["insurance"].address,
        "YMACH_INSURANCE_USERNAME": insurance_portal.USERNAME,
        "YMACH_INSURANCE_PASSWORD": insurance_portal.PASSWORD,
        "YMACH_PRESCRIPTIONS_URL": partners["prescriptions"].address,
        "YMACH_PRESCRIPTIONS_PASSWORD": prescriptions.PASSWORD,
        "YMACH_WEBHOOK_ALLOW": "127.0.0.0/8",
        "YMACH_HEALTH_BOOK_URL": partners["health_book"].address,
        "YMACH_HEALTH_BOOK_USERNAME": health_book.USERNAME,
        "YMACH_HEALTH_BOOK_PASSWORD": health_book.PASSWORD,
        "YMACH_HEALTH_BOOK_SENDER": health_book.SENDER,
    }


def test_a_killed_worker_loses_and_doubles_nothing_at_any_destination(
    committed: str, partners: dict[str, Reached], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "webhook_allow", "127.0.0.0/8")
    partners["health_book"].stand_in._public = None  # type: ignore[attr-defined]
    made = _fill(_destinations(partners))
    for one in partners.values():
        one.stand_in.behaviour = Behaviour(slow=0.4, forget=True, share=0.5)
    _run_and_kill(_environment(committed, partners, tmp_path), partners)
    for one in partners.values():
        one.stand_in.behaviour = Behaviour()
    _finish(partners)
    assert {reread(one).state for one in made} == {"delivered"}
    for name, partner in partners.items():
        held = partner.stand_in.ledger.as_dict()
        assert (name, len(held["entries"]), held["doubled"]) == (name, EACH, 0)
        assert counted(name).keys() == {
            (one.facility_id, "delivered") for one in made if family_of(one.destination) == name
        }


def _destinations(partners: dict[str, Reached]) -> dict[str, str]:
    place = Place("99002", "99")
    facility = type("Named", (), {"id": place.id, "code": "99002", "name": "BV", "province_code": "99"})
    url = partners["referral"].address
    actions.receive_referrals(facility=facility, url=f"{url}/in", by=BY, at=now())  # type: ignore[arg-type]
    return {**{name: name for name in partners}, "referral": "referral:99002"}


def _fill(destinations: dict[str, str]) -> list[Delivery]:
    numbers = iter(range(10_000, 20_000))
    made = [
        make_delivery(destination, place=Place("99003", "99"), code=f"LK{number}", content=content(number))
        for destination in destinations.values()
        for _, number in zip(range(EACH), numbers, strict=False)
    ]
    for one in made:
        keep_prescriptions_of(one, content(int(one.dossier_code.removeprefix("LK"))))
    return made


def _run_and_kill(environment: dict[str, str], partners: dict[str, Reached]) -> None:
    process = ymach_started(environment, "worker", "--senders", "2", log=Path(environment["YMACH_VAR"]) / "log")
    end = time.monotonic() + 90
    try:
        while sum(len(one.stand_in.ledger.as_dict()["entries"]) for one in partners.values()) < 8:
            assert time.monotonic() < end, process.said()
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert Delivery.objects.filter(state="sending").exists()


def _finish(partners: dict[str, Reached]) -> None:
    receivers = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    channels = {name: partners[name].channel for name in ("insurance", "health_book", "prescriptions")}
    # Under the codes that the killed worker sent: those that are kept.
    channels["prescriptions"]._codes = stored_codes  # type: ignore[attr-defined]
    Worker(channels, receivers=receivers, clock=lambda: now() + LATER).run(once=True)
    receivers.close()
    assert recounted("insurance") == counted("insurance")
