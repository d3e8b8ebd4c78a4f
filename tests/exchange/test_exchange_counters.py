"""Counters equal what they count, and a difference is found."""

from __future__ import annotations

import pytest
from tests.support.intake import example, open_desk

from ymach.exchange.models import Counter
from ymach.exchange.verification import verify_counters

pytestmark = pytest.mark.django_db


def test_counters_equal_receipts_after_acceptance_refusal_and_replay() -> None:
    desk = open_desk()
    content = desk.sign(example("01-outpatient.xml"))
    desk.send(content, content, example("01-outpatient.xml"), b"<nonsense")
    desk.send(content, desk.sign(example("00-checkin-XML0.xml")))
    proof = verify_counters()
    assert proof.holds, proof.differences
    assert (proof.counted, proof.receipts, proof.submissions) == (4, 4, 4)


def test_counter_that_was_tampered_with_is_named() -> None:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    Counter.objects.filter(subject="record", name="visit").update(number=7)
    proof = verify_counters()
    assert not proof.holds
    assert [(one.subject, one.name, one.counted, one.actual) for one in proof.differences] == [
        ("record", "visit", 7, 1)
    ]
