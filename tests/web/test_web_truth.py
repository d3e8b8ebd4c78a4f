"""The day's close, the insurer's list, addresses that are told, a checked receipt: pages without a browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.intake import Desk, example, open_desk, platform_issuer

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.exchange.models import Delivery, Receipt, Subscription
from ymach.exchange.receipts import checking

pytestmark = pytest.mark.django_db
RECONCILE, PARTNERS, SUBSCRIPTIONS = "/reconciliation", "/reconciliation/insurance", "/subscriptions"


def today() -> str:
    """Asked for when it is needed: a run may go on past midnight."""
    return f"{vietnam_day(now()):%d/%m/%Y}"


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    return desk


def test_a_facility_compares_and_its_department_and_the_ministry_see_it(desk: Desk) -> None:
    facility = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    for day, lines in (("30/02/2026", "e" * 64), (today(), "gì đó"), ("01/01/2999", "e" * 64)):
        refused = facility.post(RECONCILE, {"day": day, "lines": lines})
        assert refused.status_code == 422
        assert lines in refused.content.decode()
    answer = facility.post(RECONCILE, {"day": today(), "lines": "e" * 64})
    assert "e" * 64 in facility.get(answer["Location"]).content.decode()
    assert facility.get(f"{answer['Location']}?format=csv&table=extra").content.count(b"\n") == 2
    for role, limits in ((Role.DEPARTMENT, {"province_code": "01"}), (Role.MINISTRY, {})):
        other = signed_in(role, **limits)
        page = other.get(f"{RECONCILE}?day={today()}&state=differs").content.decode()
        assert desk.facility.code in page
        assert other.get(answer["Location"]).status_code == 200
        assert other.post(RECONCILE, {"day": today(), "lines": "e" * 64}).status_code == 200


def test_another_facility_sees_no_comparison_of_this_one(desk: Desk) -> None:
    mine = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    place = mine.post(RECONCILE, {"day": today(), "lines": "e" * 64})["Location"]
    other = open_desk("99002")
    assert signed_in(Role.FACILITY, "other", facility_id=other.facility.id).get(place).status_code == 404


def test_the_insurers_list_is_read_or_refused_beside_its_field(desk: Desk) -> None:
    client = signed_in(Role.DEPARTMENT, province_code="01")
    code = Delivery.objects.values_list("dossier_code", flat=True).get()
    days = {"first": today(), "last": today()}

    def send(content: str) -> object:
        return client.post(PARTNERS, {**days, "file": SimpleUploadedFile("a.csv", content.encode())})

    refused = send("MA_LK;X\n")
    assert (refused.status_code, b"f-file-e" in refused.content) == (422, True)  # type: ignore[attr-defined]
    done = send(f"MA_CSKCB;MA_LK;TRANG_THAI\n{desk.facility.code};{code};đã nhận\n")
    page = client.get(done["Location"])  # type: ignore[index]
    assert code in page.content.decode()
    assert "Khác trạng thái" in page.content.decode()
    assert client.post(PARTNERS, {"first": "x", "last": today()}).status_code == 422


def test_an_address_is_managed_by_its_unit_alone(desk: Desk) -> None:
    client = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    refused = client.post(SUBSCRIPTIONS, {"name": "Kho", "url": "https://10.0.0.1/", "kinds": ["visit"]})
    assert (refused.status_code, b"f-url-e" in refused.content, b"10.0.0.1" in refused.content) == (422, True, True)
    told = client.post(
        SUBSCRIPTIONS, {"name": " ", "url": "http://kho.example/", "kinds": ["rumours"]}
    ).content.decode()
    assert all(f'href="#f-{name}"' in told and f'id="f-{name}-e"' in told for name in ("name", "url", "kinds"))
    place = client.post(SUBSCRIPTIONS, {"name": "Kho", "url": "https://kho.example/"})["Location"]
    assert client.post(place, {"act": "pause", "reason": " "}).status_code == 422
    told = client.post(place, {"act": "rotate", "reason": " ", "url": "http://kho.example/"}).content.decode()
    assert all(f'href="#f-{name}"' in told and f'id="f-{name}-e"' in told for name in ("reason", "url"))
    assert client.post(place, {"act": "pause", "reason": "bảo trì"}).status_code == 302
    assert Subscription.objects.get().paused_at is not None
    department = signed_in(Role.DEPARTMENT, province_code="01")
    assert department.get(place).status_code == 404
    assert b"kho.example" not in department.get(SUBSCRIPTIONS).content


def test_a_receipt_holds_and_a_changed_one_does_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "platform_key", lambda: platform_issuer().key)
    receipt, client = Receipt.objects.get().jws, Client()
    good = client.post("/receipts/check", {"receipt": receipt})
    assert (good.status_code, desk.facility.code in good.content.decode()) == (200, True)
    head, body, signature = receipt.split(".")
    for wrong in (f"{head}.{body[:-8]}AAAAAAAA.{signature}", "a.b", ""):
        assert client.post("/receipts/check", {"receipt": wrong}).status_code == 422
