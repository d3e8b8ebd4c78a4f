"""The pages of the policy: everybody of the staff reads it, the ministry changes it in three steps."""

from datetime import timedelta

import pytest
from tests.support.accounts import signed_in
from tests.support.held import SOME, outpatient
from tests.support.intake import open_desk

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.exchange.policies.models import PolicyChange

pytestmark = pytest.mark.django_db


def form(**changes: str) -> dict[str, str]:
    day = vietnam_day(now()) + timedelta(days=7)
    typed = {"record_kind": "*", "outcome": "rejected", "starts_on": day.strftime("%d/%m/%Y")}
    return {**typed, "decision_number": "12/QĐ-BYT", "reason": "Người ghi phải có giấy phép.", **changes}


def test_staff_read_the_policy_and_only_the_ministry_changes_it() -> None:
    department = signed_in(Role.DEPARTMENT, province_code="01")
    listed = department.get("/policies?q=giay phep&outcome=held").content.decode()
    assert "YM-STA-AUTHOR-NO-LICENCE" in listed
    assert "YM-SIG-BROKEN" not in listed
    address = "/policies/YM-STA-AUTHOR-UNKNOWN"
    assert 'id="draft"' not in department.get(address).content.decode()
    assert department.post(address, form()).status_code == 403
    assert "YM-STA-AUTHOR-UNKNOWN" in department.get("/policies?format=csv").content.decode()


def test_change_is_drafted_reckoned_proposed_and_confirmed_by_another() -> None:
    desk = open_desk(authors=SOME)
    desk.send_one(outpatient(desk), at=now() - timedelta(days=2))
    first, second = signed_in(Role.MINISTRY, "mot"), signed_in(Role.MINISTRY, "hai")
    wrong = first.post("/policies/YM-STA-AUTHOR-UNKNOWN", form(reason="vì"))
    assert (wrong.status_code, 'id="f-reason-e"' in wrong.content.decode()) == (422, True)
    assert "12/QĐ-BYT" in wrong.content.decode()
    address = first.post("/policies/YM-STA-AUTHOR-UNKNOWN", form())["Location"]
    assert 'id="reckoning"' in first.get(address).content.decode()
    assert second.get(address).status_code == 404, "a draft is its author's"
    first.post(f"{address}/reckon")
    assert "Cơ sở 99001" in first.get(address).content.decode()
    assert first.post(address, {"do": "propose", "number": "7"}).status_code == 422
    assert first.post(address, {"do": "propose", "number": "1"}).status_code == 302
    assert first.post(address, {"do": "confirm"}).status_code == 403
    assert second.post(address, {"do": "confirm"}).status_code == 302
    assert PolicyChange.objects.get().state == "confirmed"
    assert "12/QĐ-BYT" in second.get("/policies/YM-STA-AUTHOR-UNKNOWN").content.decode()
