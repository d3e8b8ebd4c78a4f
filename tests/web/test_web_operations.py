"""The operators' console: who may open it, what it shows first, and sending a group again."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.certificates import bind_certificate
from tests.support.deliveries import make_delivery
from tests.support.factories import make_facility

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.exchange.models import Delivery
from ymach.exchange.operations import actions
from ymach.exchange.operations.rules import Way
from ymach.exchange.operations.runbook import sections
from ymach.web.shown.operations import TROUBLES

pytestmark = pytest.mark.django_db
PAGES = ["/operations", "/operations/deliveries", "/operations/certificates", "/operations/runbook"]


@pytest.fixture
def ministry() -> Client:
    return signed_in(Role.MINISTRY)


def beat(at: datetime, *, is_open: bool = False) -> None:
    ways = {"insurance": Way(5, at + timedelta(minutes=2))} if is_open else {}
    actions.beat(
        new_id(), host="may-1", pid=7, parts=["insurance"], ways=ways, tallies={}, answered=[], started_at=at, at=at
    )


def test_the_console_is_for_operators_alone() -> None:
    department = signed_in(Role.DEPARTMENT, province_code="01")
    assert [department.get(page).status_code for page in PAGES] == [403] * 4


def test_an_empty_console_says_what_to_do_first(ministry: Client) -> None:
    page = ministry.get("/operations").content.decode()
    assert "Không có tiến trình giao nhận nào chạy." in page
    assert "/operations/runbook#nobody-works" in page


def test_what_is_away_stands_first_with_its_way_out(ministry: Client) -> None:
    at = now()
    make_delivery("insurance", at=at - timedelta(hours=2))
    beat(at - timedelta(seconds=20), is_open=True)
    actions.sample(at=at)
    page = ministry.get("/operations").content.decode()
    todo = page.split('<ul class="todo">')[1].split("</ul>")[0]
    assert "Cổng giám định BHYT tạm nghỉ đã" in todo
    assert "#destination-away" in todo
    assert "2 giờ 0 phút" in page
    assert "may-1" in page
    assert ministry.get("/operations", headers={"HX-Request": "true"}).content.decode().lstrip().startswith("<div id=")


def test_a_group_is_sent_again_with_a_reason_and_what_was_typed_stays(ministry: Client) -> None:
    place = make_facility("99001")
    for state in ("stuck", "stuck", "refused"):
        make_delivery("insurance", place=place, state=state)  # type: ignore[arg-type]
    page = ministry.get("/operations/deliveries").content.decode()
    assert place.name in page
    refused = ministry.post("/operations/deliveries", {"group": "insurance|stuck", "reason": " "})
    assert refused.status_code == 422
    assert '<option value="insurance|stuck" selected>' in refused.content.decode()
    answer = ministry.post("/operations/deliveries", {"group": "insurance|stuck", "reason": "Cổng đã sửa"}, follow=True)
    assert "2 hồ sơ đã vào hàng gửi lại." in answer.content.decode()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["refused", "waiting", "waiting"]
    assert ministry.post("/operations/deliveries", {"group": "insurance|stuck", "reason": "x"}).status_code == 404
    assert len(ministry.get("/operations/deliveries?format=csv").content.decode().splitlines()) == 2


def test_dispensings_are_one_group_though_each_has_its_own_way(ministry: Client) -> None:
    place = make_facility("99001")
    for number in range(3):
        make_delivery(f"dispensing:01a207d9-ca00-73cb-b9db-b0d44015f0f{number}", place=place, state="stuck")
    assert '<option value="dispensing|stuck"' in ministry.get("/operations/deliveries").content.decode()
    sent = {"group": "dispensing|stuck", "reason": "Hệ thống đã sửa"}
    assert "3 hồ sơ đã vào hàng" in ministry.post("/operations/deliveries", sent, follow=True).content.decode()


def test_every_trouble_has_a_sentence_and_the_runbook_shows_it(ministry: Client) -> None:
    page = ministry.get("/operations/runbook").content.decode()
    assert TROUBLES.keys() == sections().keys()
    assert all(f'id="{code}"' in page for code in TROUBLES)


def test_certificates_that_end_are_counted_by_week_and_listed(ministry: Client) -> None:
    for number, days in enumerate((3, 20, 80)):
        bind_certificate(make_facility(f"9900{number}"), at=now(), days=days)
    page = ministry.get("/operations/certificates").content.decode()
    assert 'id="week-bars-t"' in page
    assert "trong tuần này" in page
    assert "còn 2 tuần" in page
    assert len(ministry.get("/operations/certificates?format=csv").content.decode().splitlines()) == 4


def test_certificates_without_any_that_ends_say_so(ministry: Client) -> None:
    assert "Không chứng thư nào của cơ sở" in ministry.get("/operations/certificates").content.decode()
