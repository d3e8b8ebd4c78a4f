"""A facility takes a dossier back: it holds no longer, whoever got it hears of it, and every number stays right."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.exchange.test_exchange_intake import changed, codes, outcomes, outpatient
from tests.support.correcting import deliver_all, referred_and_delivered, send_held
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.audit.models import AuditEvent
from ymach.exchange import queries
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.corrections.errors import (
    AlreadyCancelled,
    DossierUnknown,
    KindUnknown,
    NewerVersion,
    ReasonMissing,
    ReasonTooLong,
)
from ymach.exchange.corrections.ways import make
from ymach.exchange.deliveries.actions import claim
from ymach.exchange.deliveries.rules import LEASE
from ymach.exchange.held.models import HeldItem
from ymach.exchange.models import Cancellation, Delivery, DossierHead, Record, Submission
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.referrals.models import Referral
from ymach.exchange.verification import verify_counters
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)
WHY = "Gửi nhầm người bệnh"


def code_of(desk: Desk) -> str:
    return str(Submission.objects.filter(facility_id=desk.facility.id).latest("received_at").dossier_codes[0])


def take_back(desk: Desk, **given: Any) -> Cancellation:
    said = {"code": "", "reason": WHY, "by": desk.sender.by, "at": LATER, "issuer": platform_issuer(), **given}
    said["code"] = said["code"] or code_of(desk)
    return cancel(facility=desk.sender.facility, **said)


def claims_of(made: Cancellation) -> dict[str, Any]:
    return verify_receipt(made.jws, jwks(platform_issuer().key))


def test_a_cancelled_dossier_holds_no_longer_and_its_answer_is_signed(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    made = take_back(desk, seen=1)
    claims = claims_of(made)
    assert (claims["outcome"], claims["cancels"]["version"], claims["cancels"]["reason"]) == ("cancelled", 1, WHY)
    assert {one["kind"] for one in claims["records"]} == {"visit", "prescription"}
    head = DossierHead.objects.get()
    assert (head.version, head.cancelled_at) == (2, LATER)
    assert not Record.objects.filter(is_current=True).exists()
    assert Record.objects.count() == 2
    event = AuditEvent.objects.get(action="submission:cancelled")
    assert (event.subject, event.citizen_id) == (f"submission:{made.submission_id}", head.citizen_id)
    assert WHY not in str(event.detail)
    assert verify_counters().holds, verify_counters().differences


def test_what_has_not_gone_out_is_withdrawn(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    made = take_back(desk)
    assert Delivery.objects.get().state == "withdrawn"
    assert claims_of(made)["destinations"] == [{"destination": "insurance", "state": "withdrawn"}]


def test_a_receiver_that_got_it_hears_of_it_and_a_portal_without_cancellation_is_named() -> None:
    desk = open_desk("99002")
    _, receiver = referred_and_delivered(desk)
    made = take_back(desk)
    told = {one["destination"]: one["state"] for one in claims_of(made)["destinations"]}
    assert told == {"insurance": "not-told", receiver: "waiting"}
    (held,) = claim(receiver, most=5, at=LATER)
    parcel = held.parcel()
    assert (parcel.cause, parcel.last_version, parcel.dossier_code) == ("cancellation", 1, made.code)
    assert parcel.idempotency_key.endswith(f":visit:{made.code}:2")
    assert verify_counters().holds, verify_counters().differences


def test_the_same_cancellation_again_gives_the_same_answer(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    assert take_back(desk).jws == take_back(desk, reason=f" {WHY} ", at=LATER + timedelta(hours=1)).jws
    with pytest.raises(AlreadyCancelled):
        take_back(desk, reason="vì việc khác")
    assert Cancellation.objects.count() == 1


def test_each_refusal_has_its_own_code_and_leaves_nothing(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    code, other = code_of(desk), open_desk("99003")
    for error, given in (
        (ReasonMissing, {"reason": " \n"}),
        (ReasonTooLong, {"reason": "x" * 501}),
        (KindUnknown, {"kind": "hồ sơ"}),
        (DossierUnknown, {"code": "KHONG-CO"}),
        (DossierUnknown, {"kind": "check-in"}),
        (NewerVersion, {"seen": 7}),
    ):
        with pytest.raises(error):
            take_back(desk, **given)
    with pytest.raises(DossierUnknown):
        take_back(other, code=code)
    assert DossierHead.objects.get(code=code).cancelled_at is None
    assert not Cancellation.objects.exists()


def test_what_was_signed_before_the_cancellation_does_not_come_back(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    take_back(desk)
    late = desk.sign(example("01-outpatient.xml"), at=AT + timedelta(minutes=5))
    first, twin = desk.send(late, late, at=LATER + timedelta(hours=1))
    assert (first.status, twin.status) == (409, 409)
    assert "YM-VER-CANCELLED" in codes(first.body)
    assert DossierHead.objects.get().cancelled_at == LATER
    assert not Record.objects.filter(is_current=True).exists()
    assert verify_counters().holds, verify_counters().differences


def test_a_dry_run_tells_what_came_before_as_the_real_run_does_and_leaves_nothing(desk: Desk) -> None:
    first, before = outpatient(desk), desk.sign(example("01-outpatient.xml"), at=AT + timedelta(minutes=5))
    after = desk.sign(example("01-outpatient.xml"), at=LATER + timedelta(minutes=5))
    newer = desk.sign(example("01-outpatient.xml"), at=LATER + timedelta(minutes=6))
    desk.send_one(first)
    take_back(desk)
    at, batch = LATER + timedelta(hours=1), (first, before, before, after, after, newer)
    tried = desk.try_out_all(*batch, at=at)
    assert (Submission.objects.count(), DossierHead.objects.get().version) == (1, 2)
    sent = desk.send(*batch, at=at)
    assert [(one.status, codes(one.body)) for one in tried] == [
        (200 if one.status == 201 else one.status, codes(one.body)) for one in sent
    ]
    assert [one.status for one in tried] == [200, 409, 409, 200, 200, 200]
    assert [one.body.get("code") for one in tried] == [None, *2 * ["YM-VER-CANCELLED"], None, None, None]
    assert ["YM-VER-REVIVED" in codes(one.body) for one in tried] == [False, False, False, True, True, False]


def test_the_same_content_again_is_told_that_it_stays_cancelled(desk: Desk) -> None:
    content = outpatient(desk)
    desk.send_one(content)
    take_back(desk)
    again = desk.send_one(content, at=LATER + timedelta(hours=1))
    assert again.status == 200
    assert {"YM-VER-SAME-CONTENT", "YM-VER-STAYS-CANCELLED"} <= codes(again.body)


def test_a_version_signed_after_the_cancellation_revives_the_dossier(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    take_back(desk)
    back = desk.send_one(
        desk.sign(example("01-outpatient.xml"), at=LATER + timedelta(minutes=5)), at=LATER + timedelta(hours=1)
    )
    assert (back.status, set(outcomes(back.body).values())) == (201, {"accepted"})
    assert "YM-VER-REVIVED" in codes(back.body)
    assert {one["version"] for one in back.body["records"]} == {3}
    assert DossierHead.objects.get().cancelled_at is None
    assert Record.objects.filter(is_current=True).count() == 2
    take_back(desk, reason="lại nhầm", at=LATER + timedelta(hours=2))
    assert sorted(Cancellation.objects.values_list("version", flat=True)) == [2, 4]
    assert verify_counters().holds, verify_counters().differences


def test_what_a_department_holds_leaves_its_queue(desk: Desk) -> None:
    submission = send_held(desk)
    assert HeldItem.objects.get().state == "waiting"
    take_back(desk)
    assert HeldItem.objects.get().state == "withdrawn"
    assert [one.kind for one in queries.cancellations_of(submission)] == ["visit"]
    assert verify_counters().holds


def test_what_lives_of_a_dossier_ends_with_it(desk: Desk) -> None:
    other = open_desk("99002")
    desk.send_one(outpatient(desk))
    other.send_one(other.sign(example("02-inpatient-referral.xml")))
    assert (Prescription.objects.exists(), Referral.objects.get().state) == (True, "sent")
    take_back(desk)
    take_back(other)
    assert set(Prescription.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Referral.objects.get().state == "withdrawn"


def test_of_a_file_with_two_dossiers_the_other_goes_out_before_the_cancellation_follows(desk: Desk) -> None:
    desk.send_one(desk.sign(twofold(example("01-outpatient.xml"))))
    submission = Submission.objects.get()
    first, second = (DossierHead.objects.get(code=code) for code in submission.dossier_codes)
    make(submission, ["referral:01123"], head=first, cause="", at=AT)
    Delivery.objects.filter(destination="referral:01123").update(attempts=1)
    take_back(desk, code=second.code)
    assert set(Delivery.objects.filter(cause="").values_list("state", flat=True)) == {"waiting"}
    assert [one.cause for one in claim("referral:01123", most=5, at=LATER)] == [""]
    deliver_all(LATER + LEASE)
    (held,) = claim("referral:01123", most=5, at=LATER + 2 * LEASE)
    assert (held.cause, held.dossier_code) == ("cancellation", second.code)
    assert Record.objects.filter(is_current=True, dossier_code=first.code).count() == 2


def twofold(content: bytes) -> bytes:
    """The file with its dossier a second time, under another code."""
    found = re.search(rb"<HOSO>.*?</HOSO>", content, re.DOTALL)
    assert found
    again = changed(found[0], ("99001.26.0001234", "99001.26.0001235"))
    return content.replace(found[0], found[0] + again).replace(b"<SOLUONGHOSO>1<", b"<SOLUONGHOSO>2<")
