"""The agent and the exchange speak the same language: the agent's client against the real application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from tests.support.in_process import Transport
from tests.support.intake import Desk, example, open_desk

from ymach.agent.keys import of_key
from ymach.agent.queue import Queue, State
from ymach.agent.receipts import Receipts
from ymach.agent.reconcile import Reconciling
from ymach.agent.server import Server
from ymach.agent.uploads import Uploads
from ymach.base.clock import vietnam_day
from ymach.exchange.contents import as_fhir, dossiers_of
from ymach.exchange.uploads.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk("99001")


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    identity = of_key(desk.issued.key, desk.issued.certificate, desk.issued.chain)  # type: ignore[arg-type]
    with Server(settings.ENVIRONMENT.base_url, "99001", identity, transport=Transport()) as one:
        yield one


@pytest.fixture
def dossier(desk: Desk) -> bytes:
    return desk.sign(example("01-outpatient.xml"), at=datetime.now(UTC))


def test_a_receipt_of_the_exchange_verifies_with_its_published_keys(
    server: Server, dossier: bytes, tmp_path: Path
) -> None:
    answer = server.submit(dossier)
    assert answer.status == 201, answer
    claims = Receipts(tmp_path, "99001", server.keys()).keep(str(answer.receipt), sha256(dossier).hexdigest())
    assert claims["jti"] == answer.submission
    assert claims["outcome"] == answer.outcome


def test_the_same_content_again_is_the_same_receipt(server: Server, dossier: bytes) -> None:
    first, second = server.submit(dossier), server.submit(dossier)
    assert (second.status, second.receipt) == (200, first.receipt)


def test_a_batch_is_answered_by_our_own_ids(server: Server, dossier: bytes) -> None:
    unsigned = example("01-outpatient.xml")
    answers = server.submit_batch([("good", dossier), ("bad", unsigned)])
    assert answers["good"].status == 201
    assert answers["bad"].status == 422
    assert answers["bad"].code == "YM-SIG-MISSING"
    assert answers["bad"].sentence is not None


def test_a_dry_run_has_no_receipt(server: Server, dossier: bytes) -> None:
    answer = server.submit(dossier, dry_run=True)
    assert (answer.status, answer.receipt) == (200, None)
    assert server.submit(dossier).status == 201


def test_a_bundle_signed_by_the_agent_is_taken(server: Server, desk: Desk, tmp_path: Path) -> None:
    identity = of_key(desk.issued.key, desk.issued.certificate, desk.issued.chain)
    sent = identity.signer().sign(as_fhir(dossiers_of(example("01-outpatient.xml"))[0]))
    answer = server.submit(sent)
    assert answer.status == 201, answer
    claims = Receipts(tmp_path, "99001", server.keys()).keep(str(answer.receipt), sha256(sent).hexdigest())
    assert claims["outcome"] == answer.outcome


def test_the_servers_time_and_hours_are_understood(server: Server) -> None:
    server.hello()
    assert abs(server.skew) < timedelta(minutes=1)
    assert server.sending().open_now("current", at=datetime.now(UTC))


def test_a_day_is_compared_file_by_file(server: Server, dossier: bytes, tmp_path: Path) -> None:
    answer, at = server.submit(dossier), datetime.now(UTC)
    with Queue(tmp_path) as queue:
        reconciling = Reconciling(queue, server, tmp_path / "days")
        found = reconciling.compare(vietnam_day(at))
        assert [one.digest for one in found.extra] == [sha256(dossier).hexdigest()]
        for content in (dossier, b"never sent"):
            digest = sha256(content).hexdigest()
            entry = queue.add(source_digest=digest, path=tmp_path / f"{digest}.xml", content=content, at=at)
            queue.finish(entry, State.ACCEPTED, at=at, submission=answer.submission, received_at=at)
        found = reconciling.compare(vietnam_day(at))
    assert (found.agrees, found.matched, found.extra) == (False, 1, [])
    assert [one.digest for one in found.missing] == [sha256(b"never sent").hexdigest()]


def test_a_file_in_pieces_is_taken(server: Server, dossier: bytes, tmp_path: Path) -> None:
    answer = Uploads(server, tmp_path).submit(dossier, lane="visit")
    assert answer.status == 201, answer
    assert Upload.objects.get().finished_at is not None
    assert Receipts(tmp_path / "r", "99001", server.keys()).check(str(answer.receipt), sha256(dossier).hexdigest())


def test_deliveries_can_be_asked_for(server: Server, dossier: bytes) -> None:
    answer = server.submit(dossier)
    found = server.submission(str(answer.submission))
    assert found["status"] == 200
    assert all({"destination", "state", "at"} <= one.keys() for one in found["deliveries"])
