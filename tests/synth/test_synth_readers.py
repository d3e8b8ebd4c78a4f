"""The demonstration's citizen has been looked at, and sees by whom."""

from __future__ import annotations

import pytest
from tests.support.intake import example, open_desk

from ymach.audit.queries import readings_of
from ymach.base.clock import now
from ymach.exchange.models import Record
from ymach.synth.readers import make_readings


@pytest.mark.django_db
def test_the_citizen_sees_who_looked_and_on_which_ground() -> None:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    assert make_readings(at=now()) == 2
    found = readings_of([Record.objects.all()[0].citizen_id])
    assert {one.basis for one in found} == {"own-record", "emergency"}
    assert not any(one.is_refused for one in found)


@pytest.mark.django_db
def test_nobody_looks_where_there_is_nobody() -> None:
    assert make_readings(at=now()) == 0
