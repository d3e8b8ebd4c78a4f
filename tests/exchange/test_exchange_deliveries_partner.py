"""What becomes of a delivery when the partner is well, slow, away, wrong or forgetful. Real server, real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.deliveries import (
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

from ymach.audit.models import AuditEvent

__all__ = ["channel", "committed", "outbox", "portal", "work"]
LATER = timedelta(minutes=2)


def test_a_delivered_file_keeps_the_partners_answer(outbox: str, portal: str, work: Work) -> None:
    delivery = make_delivery(outbox)
    assert work() == {"delivered": 1}
    after = reread(delivery)
    assert (after.state, after.partner_reference, after.last_error) == ("delivered", "GD000000001", "")
    assert after.answer["maKetQua"] == "200"
    assert held_by(portal) == [digest_of(delivery)]


def test_a_delivery_tells_its_story_in_events(outbox: str, work: Work) -> None:
    delivery = make_delivery(outbox)
    work()
    (first, _), (second, detail) = events_of(delivery)
    assert (first, second) == ("sending", "delivered")
    assert detail["reference"] == "GD000000001"


def test_what_went_out_is_in_the_journal_of_the_person(outbox: str, work: Work) -> None:
    delivery = make_delivery(outbox)
    work()
    event = AuditEvent.objects.get(facility_id=delivery.facility_id)
    assert (event.action, event.actor) == ("delivery:delivered", "command:worker")
    assert event.citizen_id is not None
    assert event.detail["destination"] == outbox


def test_check_ins_go_to_their_own_service(outbox: str, portal: str, work: Work) -> None:
    make_delivery(outbox, kind="check-in")
    assert work() == {"delivered": 1}
    assert [entry["kind"] for entry in ledger(portal)["entries"]] == ["0"]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ({"down": True}, "YM-DELIVERY-PARTNER-AWAY"),
        ({"status": 500}, "YM-DELIVERY-PARTNER-AWAY"),
        ({"status": 429}, "YM-DELIVERY-PARTNER-AWAY"),
        ({"status": 302}, "YM-DELIVERY-WRONG-ANSWER"),
        ({"refuse": 500}, "YM-DELIVERY-PARTNER-AWAY"),
        ({"slow": 1.3}, "YM-DELIVERY-PARTNER-TOO-SLOW"),
        ({"wrong_answer": True}, "YM-DELIVERY-WRONG-ANSWER"),
        ({"forget": True}, "YM-DELIVERY-PARTNER-AWAY"),
        ({"refuse": 403}, "YM-DELIVERY-SIGN-IN-REFUSED"),
    ],
)
def test_a_partner_that_fails_gets_the_file_later_and_once(
    outbox: str, portal: str, work: Work, failure: dict[str, object], code: str
) -> None:
    delivery = make_delivery(outbox)
    behave(portal, **failure)
    assert work() == {"waiting": 1}
    failed = reread(delivery)
    assert (failed.state, failed.attempts, failed.last_error) == ("waiting", 1, code)
    assert failed.due_at > failed.changed_at
    behave(portal)
    assert work(LATER) == {"delivered": 1}
    assert held_by(portal) == [digest_of(delivery)]
    assert ledger(portal)["doubled"] == 0
    assert counted(outbox) == recounted(outbox)


def test_a_lost_answer_is_asked_for_again_and_gives_the_same_reference(outbox: str, portal: str, work: Work) -> None:
    delivery = make_delivery(outbox)
    behave(portal, forget=True)
    work()
    given = ledger(portal)["entries"][0]
    behave(portal)
    work(LATER)
    assert reread(delivery).partner_reference == given["reference"]
    assert ledger(portal)["entries"][0]["received"] == 2


def test_a_session_that_ended_is_renewed_within_the_same_attempt(outbox: str, portal: str, work: Work) -> None:
    make_delivery(outbox)
    assert work() == {"delivered": 1}
    behave(portal, expired_token=True)
    second = make_delivery(outbox)
    assert work() == {"delivered": 1}
    assert reread(second).attempts == 1


def test_a_refusal_is_final_and_keeps_the_partners_words(outbox: str, portal: str, work: Work) -> None:
    delivery = make_delivery(outbox)
    behave(portal, refuse=205)
    assert work() == {"refused": 1}
    after = reread(delivery)
    assert (after.state, after.last_error, after.answer["maKetQua"]) == ("refused", "YM-DELIVERY-REFUSED", "205")
    behave(portal)
    assert work(LATER) == {}
    assert counted(outbox) == recounted(outbox) == {(delivery.facility_id, "refused"): 1}


def test_the_ledger_of_a_partner_without_memory_shows_a_doubled_file(outbox: str, portal: str, work: Work) -> None:
    make_delivery(outbox)
    behave(portal, forget=True)
    work()
    behave(portal, amnesia=True)
    work(LATER)
    assert ledger(portal)["doubled"] == 1


def test_a_file_that_cannot_be_unpacked_waits_and_stops_nobody(outbox: str, work: Work) -> None:
    broken = make_delivery(outbox, stored=b"no zstd")
    make_delivery(outbox)
    assert work() == {"delivered": 1, "waiting": 1}
    assert reread(broken).last_error == "YM-DELIVERY-NOT-SENT"
