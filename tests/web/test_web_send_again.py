"""What is stuck is sent again from its receipt, by who may, with a reason."""

import pytest
from tests.support.accounts import signed_in
from tests.support.intake import Desk, example, open_desk

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.exchange.corrections.cancelling import cancel
from ymach.exchange.models import Delivery, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    """A facility whose dossier is stuck on its way."""
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    Delivery.objects.update(state="stuck")
    return desk


def _address() -> str:
    return f"/submissions/{Submission.objects.get().id}"


def test_the_department_sends_again_and_says_why(desk: Desk) -> None:
    client = signed_in(Role.DEPARTMENT, province_code="01")
    assert f'action="{_address()}/again"' in client.get(_address()).content.decode()
    answer = client.post(f"{_address()}/again", {"reason": "Cổng đã sửa"})
    assert answer.status_code == 302
    assert Delivery.objects.get().state == "waiting"
    assert AuditEvent.objects.get(action="delivery:replayed").detail["replayed"] == "Cổng đã sửa"
    assert "/again" not in client.get(_address()).content.decode()


def test_without_a_reason_nothing_is_sent(desk: Desk) -> None:
    answer = signed_in(Role.DEPARTMENT, province_code="01").post(f"{_address()}/again", {"reason": " "})
    assert answer.status_code == 422
    assert Delivery.objects.get().state == "stuck"


def test_a_facility_sees_no_button_and_is_refused(desk: Desk) -> None:
    client = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    assert "/again" not in client.get(_address()).content.decode()
    assert client.post(f"{_address()}/again", {"reason": "x"}).status_code == 403


def test_another_department_finds_nothing(desk: Desk) -> None:
    client = signed_in(Role.DEPARTMENT, province_code="38")
    assert client.post(f"{_address()}/again", {"reason": "x"}).status_code == 404


def test_what_its_facility_cancelled_is_not_sent_again(desk: Desk) -> None:
    Delivery.objects.update(state="refused")
    code = Submission.objects.get().dossier_codes[0]
    cancel(facility=desk.sender.facility, code=code, reason="nhầm", by=desk.sender.by, at=now())
    answer = signed_in(Role.DEPARTMENT, province_code="01").post(f"{_address()}/again", {"reason": "Cổng đã sửa"})
    assert (answer.status_code, "đã bị cơ sở hủy" in answer.content.decode()) == (409, True)
    assert Delivery.objects.get().state == "refused"
