"""The demonstration's emergency room has people to show, and dossiers under their wristbands."""

from __future__ import annotations

import pytest
from tests.synth.conftest import World

from ymach.base.clock import now
from ymach.citizens.links.queries import history_of
from ymach.citizens.provisional.models import Provisional
from ymach.exchange.models import Record
from ymach.synth.wristbands import EMERGENCY_ROOM, make_wristbands

pytestmark = pytest.mark.django_db


def test_wristbands_hold_dossiers_and_one_patient_is_known_since(fixed_world: World) -> None:
    assert any(sender.code == EMERGENCY_ROOM for sender, _ in fixed_world.writers)
    assert make_wristbands(fixed_world.certificates, fixed_world.writers, at=now()) == 6
    make_wristbands(fixed_world.certificates, fixed_world.writers, at=now())  # begun again, it finds what it made

    assert Provisional.objects.count() == 6
    people = list(Provisional.objects.values_list("citizen_id", flat=True))
    assert len(history_of(people)) == 1
    assert Record.objects.filter(citizen_id__in=people, kind="visit", is_current=True).count() == 2
