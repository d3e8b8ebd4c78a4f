"""The pages of what is held: the department's queue and one opened, the ministry's figures, the facility's own."""

import pytest
from tests.support.accounts import signed_in
from tests.support.held import held
from tests.support.intake import Desk

from ymach.accounts.permissions import Role
from ymach.exchange.held.models import HeldItem

pytestmark = pytest.mark.django_db
WHY = "Bác sĩ chưa có trong sổ bộ, xin bổ sung giấy phép."


def key(item: HeldItem) -> str:
    return f"{item.facility_id}:{item.id}"


def test_refused_bulk_decision_loses_nothing_typed_and_decides_nothing(desk: Desk) -> None:
    first, second = held(desk, "A-1", "A-2")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    chosen = {"chosen": [key(first), key(second)], "do": "reject", "reason": "thiếu"}
    refused = client.post("/held/decide?kind=visit", chosen)
    page = refused.content.decode()
    assert (refused.status_code, page.count("checked"), 'value="thiếu"' in page) == (422, 2, True)
    assert 'id="f-reason-e"' in page
    done = client.post("/held/decide", {**chosen, "do": "return", "reason": WHY}).content.decode()
    assert done.count("Đã trả lại cơ sở") == 2
    assert set(HeldItem.objects.values_list("state", "note")) == {("returned", WHY)}


def test_one_opened_shows_what_the_decision_needs_and_no_clinical_content(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    address = f"/held/{item.facility_id}/{item.id}"
    page = client.get(address).content.decode()
    assert "0099901/BYT-CCHN" in page
    assert "Vẫn chưa hợp lệ" in page
    assert "I10" not in page
    assert client.post(address, {"do": "release", "reason": ""}).status_code == 302
    assert client.post(address, {"do": "reject", "reason": WHY}).status_code == 409


def test_queue_is_a_list_by_address_and_a_file(desk: Desk) -> None:
    held(desk, "A-1")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    assert "A-1" in client.get("/held?facility=99001&kind=visit&cause=YM-STA-AUTHOR-UNKNOWN").content.decode()
    assert "A-1" not in client.get("/held?kind=referral").content.decode()
    assert "0099901/BYT-CCHN" in client.get("/held?format=csv").content.decode()


def test_ministry_sees_figures_and_the_facility_its_own(desk: Desk) -> None:
    (item,) = held(desk, "A-1")
    ministry, facility = signed_in(Role.MINISTRY), signed_in(Role.FACILITY, facility_id=desk.facility.id)
    assert "Hà Nội" in ministry.get("/held/provinces").content.decode()
    assert ministry.get("/held").status_code == 403
    own = facility.get("/held/own").content.decode()
    assert "A-1" in own
    receipt = facility.get(f"/submissions/{item.submission_id}").content.decode()
    assert all(item.due_on.strftime("%d/%m/%Y") in page for page in (own, receipt))
