"""Counters equal what they count, and a difference is found."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection
from tests.support.intake import AT, Desk, example, platform_issuer

from ymach.base.ids import new_id
from ymach.cli.verify import verify
from ymach.exchange.events.sequencing import catch_up
from ymach.exchange.models import Counter, Receipt, Submission
from ymach.exchange.verification import verify_counters, verify_stream, wrong_receipts
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db


def test_counters_equal_receipts_after_acceptance_refusal_and_replay(desk: Desk) -> None:
    content = desk.sign(example("01-outpatient.xml"))
    desk.send(content, content, example("01-outpatient.xml"), b"<nonsense")
    desk.send(content, desk.sign(example("00-checkin-XML0.xml")))
    proof = verify_counters()
    assert proof.holds, proof.differences
    assert (proof.counted, proof.receipts, proof.submissions) == (4, 4, 4)


def test_counter_that_was_tampered_with_is_named(desk: Desk) -> None:
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    Counter.objects.filter(subject="record", name="visit").update(number=7)
    proof = verify_counters()
    assert not proof.holds
    assert [(one.subject, one.name, one.counted, one.actual) for one in proof.differences] == [
        ("record", "visit", 7, 1)
    ]


def test_a_counter_under_another_province_is_named(desk: Desk) -> None:
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    assert verify_counters().provinces == 1
    Counter.objects.filter(subject="delivery").update(province_code="38")
    (found,) = verify_counters().differences
    assert (found.subject, found.name, found.state) == ("province", "38", "delivery")


def test_a_receipt_that_was_changed_or_is_about_something_else_is_found(desk: Desk) -> None:
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    keys = jwks(platform_issuer().key)
    assert list(wrong_receipts(keys)) == [None]
    receipt, submission = Receipt.objects.get(), Submission.objects.get()
    head, body, signature = receipt.jws.split(".")
    for number, jws in enumerate((f"{head}.{body[:-8]}AAAAAAAA.{signature}", receipt.jws)):
        submission.id, submission.digest = new_id(), bytes([number]) * 32
        submission.save(force_insert=True)
        Receipt(facility_id=desk.facility.id, submission_id=submission.id, jws=jws, issued_at=AT).save(
            force_insert=True
        )
    assert {one.code for one in wrong_receipts(keys) if one} == {"YM-RCP-BROKEN", "digest, submission"}


def test_the_stream_is_compared_with_the_journals(desk: Desk) -> None:
    desk.send(desk.sign(example("01-outpatient.xml")), b"<nonsense")
    catch_up(at=AT)
    assert (verify_stream().holds, verify_stream().events) == (True, 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_stream SET position = 3")
    assert not verify_stream().holds


def test_the_commands_end_with_one_where_a_proof_fails(desk: Desk) -> None:
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    catch_up(at=AT)
    run = CliRunner()
    for name in ("counters", "events"):
        assert run.invoke(verify, [name]).exit_code == 0
    receipts = run.invoke(verify, ["receipts", "--json"])
    assert (receipts.exit_code, "YM-RCP-UNKNOWN-KEY" in receipts.output) == (1, True)
