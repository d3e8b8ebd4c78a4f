"""A facility's software asks what of its dossiers is held."""

import pytest
from tests.api.test_api_submissions import signed_in
from tests.support.held import department, held
from tests.support.intake import AT, Desk, open_desk

from ymach.exchange.held.actions import decide
from ymach.exchange.held.rules import Decision

pytestmark = pytest.mark.django_db
WHY = "Ghi đúng số giấy phép của bác sĩ rồi gửi lại."


def test_software_reads_what_waits_and_what_was_returned_with_the_note(desk: Desk) -> None:
    first, second = held(desk, "A-1", "A-2")
    key = {"facility_id": first.facility_id, "item_id": first.id}
    decide(**key, decision=Decision.RETURN, reason=WHY, by=department(), at=AT)
    machine = signed_in(desk)
    waiting = machine.get("/api/v1/held").json()
    assert [(one["code"], one["due_on"]) for one in waiting["held"]] == [("A-2", second.due_on.isoformat())]
    (returned,) = machine.get("/api/v1/held?state=returned").json()["held"]
    assert (returned["submission"], returned["note"]) == (str(first.submission_id), WHY)
    assert machine.get("/api/v1/held?state=perhaps").status_code == 422
    other = signed_in(open_desk("99002", authors=()))
    assert other.get("/api/v1/held").json() == {"held": [], "next": None}
