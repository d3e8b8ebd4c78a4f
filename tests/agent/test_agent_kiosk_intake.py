"""A check-in of the kiosk in the registry's own intake: a record of the right person, with nothing to object to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.intake import AT, open_desk
from tests.support.kiosks import WOMAN, sample

from ymach.agent.kiosk.rules import Pays, Wish, notice
from ymach.citizens.models import Identifier
from ymach.exchange.models import Record
from ymach.formats.cccd_qr import read
from ymach.formats.xml130.write import write_check_in


@pytest.mark.django_db
def test_a_check_in_is_accepted_and_found_under_the_person(tmp_path: Path) -> None:
    desk, offered = open_desk(), sample(tmp_path)
    made = notice(
        Wish(read(WOMAN), Pays.INSURANCE, offered.rooms[0]),
        offered,
        facility="99001",
        code="K261122-NOI-001-AB2C",
        patient_code="K0123456789abcdef",
        at=AT - timedelta(minutes=1),
    )
    answer = desk.send_one(desk.sign(write_check_in(made)))
    assert (answer.body["outcome"], answer.body["findings"]) == ("accepted", [])
    assert [one["findings"] for one in answer.body["records"]] == [[]]
    record = Record.objects.get(dossier_code="K261122-NOI-001-AB2C")
    assert record.kind == "check-in"
    assert Identifier.objects.filter(citizen_id=record.citizen_id, kind="personal-number").exists()
