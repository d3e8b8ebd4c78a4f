"""Closed days of the demonstration: some facilities agree, some differ."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.intake import AT, example, open_desk

from ymach.exchange.reconciliation.models import DayCompared, PartnerCompared
from ymach.synth.closing import make_closings

pytestmark = pytest.mark.django_db


def test_what_was_sent_is_closed_the_next_day() -> None:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    closed = make_closings(at=AT + timedelta(days=1), province_code="01")
    assert DayCompared.objects.count() == closed <= 1
    found = PartnerCompared.objects.get()
    assert (found.missing_here, found.province_code) == (1, "01")
