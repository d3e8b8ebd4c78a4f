"""An amended receipt: other outcomes with everything that follows, beside the first, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.correcting import DEPARTMENT, record_of, referred_and_delivered, send_held
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.audit.models import AuditEvent
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.exchange import queries
from ymach.exchange.corrections.actions import amend
from ymach.exchange.corrections.errors import (
    AlreadyDecided,
    NothingToAmend,
    ReasonMissing,
    RecordUnknown,
    RejectedStays,
)
from ymach.exchange.corrections.rules import Amendment, amended_claims, changes_of
from ymach.exchange.deliveries.actions import claim
from ymach.exchange.models import AmendedReceipt, Delivery, Receipt, Record, Submission
from ymach.exchange.verification import verify_counters
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=5)


def decide(submission: Submission, outcomes: Mapping[UUID, str], **given: Any) -> AmendedReceipt:
    said = {"cause": "released", "reason": "đã xem hồ sơ giấy", "by": DEPARTMENT, "at": LATER, **given}
    return amend(submission, outcomes, issuer=platform_issuer(), **said)


def test_a_released_dossier_is_accepted_told_delivered_and_counted(desk: Desk) -> None:
    submission = send_held(desk)
    made = decide(submission, {record_of(submission): "accepted_with_findings"}, was="held")
    claims = verify_receipt(made.jws, jwks(platform_issuer().key))
    assert (claims["outcome"], claims["amends"]["outcome_before"]) == ("accepted_with_findings", "held")
    assert claims["destinations"] == [{"destination": "insurance", "state": "waiting"}]
    delivery = Delivery.objects.get()
    assert (delivery.destination, delivery.cause, delivery.version, delivery.due_at) == (
        "insurance",
        "released:1",
        1,
        LATER,
    )
    assert Submission.objects.get().outcome == Record.objects.get().outcome == "accepted_with_findings"
    event = AuditEvent.objects.get(action="submission:released")
    assert (event.subject, event.citizen_id) == (f"submission:{submission.id}", Record.objects.get().citizen_id)
    assert verify_counters().holds, verify_counters().differences


def test_the_first_receipt_stays_and_pages_read_the_last(desk: Desk) -> None:
    submission = send_held(desk)
    first = Receipt.objects.get().jws
    decide(submission, {record_of(submission): "accepted_with_findings"})
    assert queries.receipt_of(submission) == first
    assert queries.claims(submission)["outcome"] == "accepted_with_findings"


def test_what_is_rejected_is_in_no_list_and_may_be_sent_again(desk: Desk) -> None:
    submission = send_held(desk)
    decide(submission, {record_of(submission): "rejected"}, cause="rejected")
    record = Record.objects.get()
    assert (record.outcome, record.is_current, Delivery.objects.count()) == ("rejected", False, 0)
    again = desk.send_one(desk.sign(example("01-outpatient.xml")), at=LATER)
    assert (again.status, again.body["outcome"]) == (201, "held")
    with pytest.raises(RejectedStays):
        decide(submission, {record.id: "accepted"})
    assert verify_counters().holds


def test_an_accepted_dossier_that_is_held_again_does_not_go_out(desk: Desk) -> None:
    answer = desk.send_one(desk.sign(example("01-outpatient.xml")))
    submission = Submission.objects.get(id=answer.body["id"])
    decide(submission, {record_of(submission): "held"}, cause="re-evaluated")
    assert Delivery.objects.get().state == "withdrawn"
    decide(submission, {record_of(submission): "accepted"})
    decide(submission, {record_of(submission): "held"}, cause="re-evaluated")
    decide(submission, {record_of(submission): "accepted"})
    withdrawn = [("", "withdrawn"), ("released:2", "withdrawn")]
    assert sorted(Delivery.objects.values_list("cause", "state")) == [*withdrawn, ("released:4", "waiting")]
    assert [one.number for one in queries.amendments_of(submission)] == [1, 2, 3, 4]
    assert verify_counters().holds, verify_counters().differences


def rejected_after_delivery(submission: Submission, *kinds: str) -> dict[str, Any]:
    """What the registry holds and the department then rejects; the claims of the receipt."""
    found = Record.objects.filter(submission_id=submission.id)
    keys = [one.id for one in (found.filter(kind__in=kinds) if kinds else found)]
    decide(submission, dict.fromkeys(keys, "held"), cause="re-evaluated")
    assert not Delivery.objects.exclude(state="delivered").exists()
    made = decide(submission, dict.fromkeys(keys, "rejected"), cause="rejected", was="held")
    return verify_receipt(made.jws, jwks(platform_issuer().key))


def test_what_is_rejected_after_it_went_out_is_taken_back() -> None:
    submission, receiver = referred_and_delivered(open_desk("99002"))
    claims = rejected_after_delivery(submission)
    told = {one["destination"]: one["state"] for one in claims["amends"]["destinations"]}
    assert told == {"insurance": "not-told", receiver: "waiting"}
    (event,) = AuditEvent.objects.filter(action="submission:rejected")
    assert set(event.detail["recalled"]) == told.keys()
    (held,) = claim(receiver, most=5, at=LATER)
    parcel, (code,) = held.parcel(), submission.dossier_codes
    assert (parcel.takes_back, parcel.last_version, parcel.cause) == (True, 1, "cancellation:2")
    assert parcel.idempotency_key.endswith(f":visit:{code}:1")
    assert verify_counters().holds, verify_counters().differences


def test_of_a_dossier_of_which_records_are_left_only_those_hear_to_whom_it_goes_no_longer() -> None:
    submission, receiver = referred_and_delivered(open_desk("99002"))
    claims = rejected_after_delivery(submission, "referral")
    assert [one["destination"] for one in claims["amends"]["destinations"]] == [receiver]
    assert Delivery.objects.get(state="waiting").destination == receiver
    assert verify_counters().holds, verify_counters().differences


def test_what_a_later_version_replaced_is_taken_back_from_nobody() -> None:
    desk = open_desk("99002")
    submission, _ = referred_and_delivered(desk)
    decide(submission, {record_of(submission): "held"}, cause="re-evaluated")
    desk.send_one(desk.sign(example("02-inpatient-referral.xml"), at=AT - timedelta(minutes=1)), at=LATER)
    made = decide(submission, {record_of(submission): "rejected"}, cause="rejected", was="held")
    assert "destinations" not in verify_receipt(made.jws, jwks(platform_issuer().key))["amends"]
    assert not Delivery.objects.filter(cause__startswith="cancellation").exists()


def test_what_a_later_version_replaced_is_released_without_going_out(desk: Desk) -> None:
    submission = send_held(desk)
    desk.send_one(desk.sign(example("01-outpatient.xml"), at=AT - timedelta(minutes=1)), at=LATER)
    decide(submission, {record_of(submission): "accepted_with_findings"})
    assert not Delivery.objects.exists()
    assert Record.objects.get(submission_id=submission.id).is_current is False


def test_two_officers_decide_once(desk: Desk) -> None:
    submission = send_held(desk)
    decide(submission, {record_of(submission): "accepted_with_findings"}, was="held")
    with pytest.raises(AlreadyDecided):
        decide(submission, {record_of(submission): "rejected"}, was="held")


def test_refusals_leave_nothing(desk: Desk) -> None:
    submission = send_held(desk)
    key = record_of(submission)
    with pytest.raises(RecordUnknown):
        decide(submission, {new_id(): "accepted"})
    with pytest.raises(ReasonMissing):
        decide(submission, {key: "accepted"}, reason="  ")
    with pytest.raises(NothingToAmend):
        decide(submission, {key: "held"})
    assert not AmendedReceipt.objects.exists()
    assert verify_counters().holds


OUTCOMES = st.sampled_from(["accepted", "accepted_with_findings", "held", "rejected"])


@given(st.lists(st.tuples(OUTCOMES, OUTCOMES), min_size=1, max_size=6))
def test_only_the_records_named_change(pairs: list[tuple[str, str]]) -> None:
    keys = [new_id() for _ in pairs]
    records = [
        {"record_id": str(key), "kind": "visit", "code": "LK1", "outcome": before, "findings": []}
        for key, (before, _) in zip(keys, pairs, strict=True)
    ]
    claims = {"records": records, "findings": [], "destinations": [], "outcome": "held", "registry_version": 1}
    wanted = {key: after for key, (before, after) in zip(keys, pairs, strict=True) if before not in (after, "rejected")}
    if not wanted:
        return
    changes = changes_of(claims, wanted)
    amendment = Amendment(new_id(), 1, AT, "released", Text("a", "b"))
    after = amended_claims(claims, changes, amendment, submission_id=new_id())
    assert [one["outcome"] for one in after["records"]] == [
        wanted.get(key, before) for key, (before, _) in zip(keys, pairs, strict=True)
    ]
    assert {UUID(one["record_id"]) for one in after["amends"]["records"]} == wanted.keys()
