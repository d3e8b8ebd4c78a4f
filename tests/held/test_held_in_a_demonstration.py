"""A demonstration's held dossiers are decided as departments do: most of them, in the past, by an officer."""

from datetime import timedelta

import pytest
from tests.support.held import outpatient, tally
from tests.support.intake import AT, Desk

from ymach.exchange.held.models import HeldItem
from ymach.synth.holding import decide_held

pytestmark = pytest.mark.django_db


def test_most_of_what_came_earlier_is_decided_and_nothing_of_today(desk: Desk) -> None:
    for days in (9, 8, 7, 6, 0):
        desk.send_one(outpatient(desk, f"D-{days}"), at=AT - timedelta(days=days))
    done = decide_held(at=AT)
    assert sum(done.values()) >= 2
    assert not [word for word in done if word.startswith("YM-")]
    assert HeldItem.objects.get(dossier_code="D-0").state == "waiting"
    assert all(one.received_at < one.changed_at < AT for one in HeldItem.objects.exclude(state="waiting"))
    assert sum(tally().values()) == HeldItem.objects.filter(state__in=["waiting", "returned"]).count()
