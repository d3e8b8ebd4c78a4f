"""Dossiers as a facility's software handles them: versions, differences, cancellation, every signed answer."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.api.test_api_submissions import post, signed_in
from tests.exchange.test_exchange_intake import changed
from tests.support.intake import Desk, example, open_desk

from ymach.audit.models import AuditEvent
from ymach.exchange.platform import platform_key
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
CODE = "99001.26.0001234"
AT = f"/api/v1/dossiers/{CODE}"


@pytest.fixture
def machine(desk: Desk) -> Client:
    return signed_in(desk)


def send(machine: Client, desk: Desk, *replaced: str) -> Any:
    replace = (replaced[0], replaced[1]) if replaced else None
    answer = post(machine, desk.sign(changed(example("01-outpatient.xml"), replace)))
    assert answer.status_code == 201, answer.content
    return answer.json()


def cancel(machine: Client, **body: object) -> HttpResponse:
    return machine.post(f"{AT}/cancellation", orjson.dumps(body), content_type="application/json")


def test_a_dossier_is_cancelled_once_with_a_receipt_that_verifies(desk: Desk, machine: Client) -> None:
    sent = send(machine, desk)
    first = cancel(machine, kind="visit", reason="Nhầm người bệnh", seen=1)
    assert first.status_code == 200, first.content
    claims = verify_receipt(first.json()["receipt"], jwks(platform_key()))
    assert (claims["outcome"], claims["cancels"]["code"]) == ("cancelled", CODE)
    assert (
        claims["destinations"] == first.json()["destinations"] == [{"destination": "insurance", "state": "withdrawn"}]
    )
    assert cancel(machine, kind="visit", reason="Nhầm người bệnh").json() == first.json()
    assert machine.get(f"/api/v1/submissions/{sent['id']}").json()["cancelled"] == [CODE]
    receipts = machine.get(f"/api/v1/submissions/{sent['id']}/receipts").json()["receipts"]
    assert [one["type"] for one in receipts] == ["receipt", "cancellation"]


def test_refusals_of_a_cancellation_name_their_code_and_field(desk: Desk, machine: Client) -> None:
    assert cancel(machine, reason="x").json()["code"] == "YM-COR-DOSSIER-UNKNOWN"
    send(machine, desk)
    for body, status, code, field in (
        ({"reason": " "}, 422, "YM-COR-REASON-MISSING", "reason"),
        ({"reason": "x", "kind": "paper"}, 422, "YM-COR-KIND-UNKNOWN", "kind"),
        ({"reason": "x", "seen": 9}, 409, "YM-COR-NEWER-VERSION", "seen"),
    ):
        answer = cancel(machine, **body)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    other = signed_in(open_desk("99003"))
    assert cancel(other, reason="của người khác").json()["code"] == "YM-COR-DOSSIER-UNKNOWN"


def test_versions_are_listed_with_what_each_says_otherwise(desk: Desk, machine: Client) -> None:
    send(machine, desk)
    send(machine, desk, "<LY_DO_VV>", "<LY_DO_VV>Sốt, ")
    cancel(machine, reason="nhầm")
    found = machine.get(AT).json()["versions"]
    assert [(one["version"], one["state"]) for one in found] == [
        (3, "cancellation"),
        (2, "cancelled"),
        (1, "replaced"),
    ]
    told = machine.get(f"{AT}/versions/2").json()
    (only,) = told["differences"]
    assert (told["before"], only["field"], only["label"]["vi"]) == (1, "LY_DO_VV", "Lý do đến khám chữa bệnh")
    assert only["after"]["vi"].startswith("Sốt, ")
    assert AuditEvent.objects.filter(action="dossier:read").count() == 1
    assert machine.get(f"{AT}/versions/1").json()["differences"] == []
    assert machine.get(f"{AT}/versions/3").json()["code"] == "YM-NOT-FOUND"
