"""Referrals for programs: lists, steps, the dossier, refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.support.intake import RECEIVER, Desk, example, open_desk

from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.exchange.platform import access_tokens
from ymach.exchange.referrals.models import Referral

pytestmark = pytest.mark.django_db


def program(code: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(code, at=now())}"})


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    desk = open_desk("99002")
    desk.send_one(desk.sign(example("02-inpatient-referral.xml")))
    return desk


def post(client: Client, key: object, act: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/api/v1/referrals/{key}/{act}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_both_sides_see_the_same_referral_and_the_receiver_moves_it(desk: Desk) -> None:
    ours, theirs = program(RECEIVER), program("99002")
    (row,) = ours.get("/api/v1/referrals?direction=in&state=open").json()["referrals"]
    assert ours.get("/api/v1/referrals?state=opne").json()["code"] == "YM-REQ-PARAMETER"
    assert ours.get(f"/api/v1/referrals/{row['id']}").json()["state"] == "seen"
    assert post(ours, row["id"], "accept", note="Khoa Nội")[1]["state"] == "accepted"
    assert post(ours, row["id"], "accept")[0] == 200
    status, told = post(ours, row["id"], "answer", text="Đã mổ, ổn định", may_read_visit=True)
    assert (status, told["state"]) == (200, "answered")
    (out,) = theirs.get("/api/v1/referrals?direction=out").json()["referrals"]
    assert (out["id"], out["answer"]) == (row["id"], "Đã mổ, ổn định")
    seen = theirs.get(f"/api/v1/referrals/{row['id']}").json()
    assert [step["state"] for step in seen["steps"]] == ["sent", "seen", "accepted", "answered", "closed"]


def test_the_receiver_reads_the_referring_dossier_with_its_basis_in_the_senders_journal(desk: Desk) -> None:
    row = Referral.objects.get()
    bundle = program(RECEIVER).get(f"/api/v1/referrals/{row.id}/dossier").json()
    assert bundle["resourceType"] == "Bundle"
    event = AuditEvent.objects.filter(facility_id=desk.facility.id, action="dossier:read").get()
    assert "referral" in event.basis
    assert event.actor == f"machine:{RECEIVER}"
    Referral.objects.update(compartment="hiv")
    assert program(RECEIVER).get(f"/api/v1/referrals/{row.id}/dossier").status_code == 404


def test_refusals_have_codes_of_their_own_and_strangers_see_nothing(desk: Desk) -> None:
    row = Referral.objects.get()
    ours = program(RECEIVER)
    assert post(ours, row.id, "decline", reason="")[1]["code"] == "YM-REF-REASON-MISSING"
    assert post(ours, row.id, "answer", text="x")[1]["code"] == "YM-REF-STATE"
    assert post(program("99002"), row.id, "accept")[1]["code"] == "YM-REF-NOT-YOUR-STEP"
    open_desk("99003", authors=())
    assert program("99003").get(f"/api/v1/referrals/{row.id}").status_code == 404
    assert post(ours, row.id, "decline", reason="Hết giường", suggested_facility="99003")[1]["state"] == "declined"
    assert ours.get(f"/api/v1/referrals/{row.id}/dossier").json()["code"] == "YM-REF-NOTHING-TO-READ"
