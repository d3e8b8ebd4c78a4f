"""Where a submission goes from the intake on: to what its records need and this installation has. Real database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from tests.exchange.test_exchange_intake import changed, outpatient
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.base import pg
from ymach.base.actors import command
from ymach.exchange.contents import dossiers_of
from ymach.exchange.models import Delivery
from ymach.exchange.subscriptions import actions, queries
from ymach.exchange.verification import verify_counters
from ymach.facilities.models import Facility
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
BY = command("test")
URL = "https://nghean.example/tin"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation with every partner."""
    monkeypatch.setattr(settings.ENVIRONMENT, "health_book_url", "https://book.example")
    monkeypatch.setattr(settings.ENVIRONMENT, "prescriptions_url", "https://don.example")
    queries.forget()
    yield
    queries.forget()


def told(receipt: str) -> list[str]:
    return [one["destination"] for one in verify_receipt(receipt, jwks(platform_issuer().key))["destinations"]]


def gone_to() -> list[str]:
    return sorted(Delivery.objects.values_list("destination", flat=True))


def subscribe(**changes: object) -> None:
    actions.create(name="Kho", url=URL, by=BY, at=AT - timedelta(days=1), **changes)  # type: ignore[arg-type]


def test_an_installation_with_one_partner_sends_to_one(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk))
    assert told(answer.body["receipt"]) == gone_to() == ["insurance"]


def test_a_visit_with_a_prescription_goes_to_everybody_it_concerns(installed: None, desk: Desk) -> None:
    subscribe(kinds=["prescription"])
    answer = desk.send_one(outpatient(desk))
    assert sorted(told(answer.body["receipt"])) == ["health_book", "insurance", "prescriptions"]
    assert gone_to() == ["health_book", "insurance", "prescriptions"]
    assert verify_counters().holds


def test_a_referral_goes_to_the_facility_it_names(installed: None) -> None:
    desk = open_desk("99002")
    receiver = _receiver(example("02-inpatient-referral.xml"))
    actions.receive_referrals(facility=Facility.objects.get(code=receiver), url=URL, by=BY, at=AT)
    answer = desk.send_one(desk.sign(example("02-inpatient-referral.xml")))
    assert told(answer.body["receipt"]) == ["insurance", "health_book", f"referral:{receiver}"]


def test_the_receiver_hears_of_a_version_without_its_referral(installed: None) -> None:
    desk = open_desk("99002")
    content = example("02-inpatient-referral.xml")
    receiver = _receiver(content)
    actions.receive_referrals(facility=Facility.objects.get(code=receiver), url=URL, by=BY, at=AT)
    desk.send_one(desk.sign(content))
    file = rb"<FILEHOSO>\s*<LOAIHOSO>XML13</LOAIHOSO>.*?</FILEHOSO>"
    answer = desk.send_one(desk.sign(re.sub(file, b"", content, flags=re.DOTALL)), at=AT + timedelta(hours=1))
    assert answer.status == 201
    versions = Delivery.objects.filter(destination=f"referral:{receiver}").values_list("version", flat=True)
    assert sorted(versions) == [1, 2]
    assert verify_counters().holds


def test_the_intake_pays_nothing_for_who_listens(installed: None, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    _statements(desk, "A-0", monkeypatch)
    alone = _statements(desk, "A-1", monkeypatch)
    for _ in range(5):
        subscribe()
    assert _statements(desk, "A-2", monkeypatch) == alone


def _statements(desk: Desk, code: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Statements of taking in one dossier, once everything that is kept is known."""
    queries.ways()
    content = desk.sign(changed(example("01-outpatient.xml"), ("99001.26.0001234", code)))
    sent: list[object] = []
    execute, run = psycopg.Cursor.execute, pg._Link.run
    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", lambda *args, **kw: sent.append(args[1]) or execute(*args, **kw))
        patch.setattr(pg._Link, "run", lambda link, asked, **kw: sent.extend(asked) or run(link, asked, **kw))
        assert desk.send_one(content).status == 201
    return len(sent)


def _receiver(content: bytes) -> str:
    """The facility the example refers to."""
    referral = dossiers_of(content)[0].referral
    assert referral is not None
    assert referral.to_facility
    return referral.to_facility
