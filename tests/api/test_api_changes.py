"""Change requests over HTTP: the rules of the pages, every wrong field named, and nothing done twice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.conf import settings
from django.test import Client
from tests.support.changing import AT, joining, pdf, ready, renaming, self_of, staff_of
from tests.support.factories import BY, make_facility, make_licence, make_registration

from ymach.accounts.permissions import Role
from ymach.accounts.systems import add_system
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.changes import actions
from ymach.changes.models import ChangeRequest, State
from ymach.exchange.platform import access_tokens
from ymach.facilities.models import Facility
from ymach.practitioners.models import PracticeRegistration, Practitioner

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/registry/requests"
SYSTEM = "SYTHANOI1"
VALUES = {"starts_on": "2026-12-01", "position": "Bác sĩ", "schedule": "T2: 07:00 đến 11:00"}


@pytest.fixture
def facility() -> Facility:
    return make_facility("01001")


@pytest.fixture
def person() -> Practitioner:
    return make_licence("000777/BYT-GPHN").practitioner


def client_of(client_id: str) -> Client:
    token = access_tokens().issue(client_id, at=now(), scopes=[])
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def software(facility: Facility) -> Client:
    return client_of(facility.code)


def system(monkeypatch: pytest.MonkeyPatch, client_id: str = SYSTEM, province: str = "01") -> Client:
    """A department's system that the operator lets decide."""
    name = f"Hệ thống {client_id}"
    add_system(
        client_id=client_id,
        name=name,
        role=Role.DEPARTMENT,
        province_code=province,
        certificate=client_id.encode(),
        by=BY,
        at=AT,
    )
    monkeypatch.setattr(settings.ENVIRONMENT, "deciding_systems", client_id)
    return client_of(client_id)


def send(client: Client, path: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.post(path, orjson.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, orjson.loads(answer.content)


def asked(**more: Any) -> dict[str, Any]:
    return {"kind": "practice-registration", "licence": "000777/byt-gphn", "values": VALUES, **more}


def test_software_asks_for_a_registration(software: Client, person: Practitioner) -> None:
    status, body = send(software, REQUESTS, asked())
    change = ChangeRequest.objects.get()
    assert (status, body["id"], body["state"], body["is_ready"]) == (201, str(change.pk), "submitted", False)
    assert (change.made_by, change.practitioner_id) == ("machine:01001", person.pk)
    listed = orjson.loads(software.get(REQUESTS).content)
    assert [one["id"] for one in listed["requests"]] == [str(change.pk)]


def test_every_wrong_field_is_named(software: Client, person: Practitioner) -> None:
    status, body = send(software, REQUESTS, asked(values={"starts_on": "mai", "schedule": "sáng"}))
    assert (status, body["code"]) == (422, "YM-CHANGE-FORM")
    assert [one["field"] for one in body["errors"]] == ["starts_on", "schedule", "position"]
    assert all(one["detail"] and one["detail_en"] for one in body["errors"])


def test_a_stale_revision_is_a_conflict(software: Client, person: Practitioner) -> None:
    person.refresh_from_db()
    status, body = send(software, REQUESTS, asked(seen=person.revision + 1))
    assert (status, body["code"]) == (409, "YM-CONFLICT")
    assert not ChangeRequest.objects.exists()


def test_the_same_key_asks_once(software: Client, person: Practitioner) -> None:
    first = send(software, REQUESTS, asked(), **{"Idempotency-Key": "k1"})
    again = send(software, REQUESTS, asked(), **{"Idempotency-Key": "k1"})
    assert first == again
    assert ChangeRequest.objects.count() == 1
    status, body = send(software, REQUESTS, asked(draft=True), **{"Idempotency-Key": "k1"})
    assert (status, body["code"]) == (422, "YM-CHANGE-KEY")


def test_a_refusal_under_a_key_may_be_mended_and_stays_in_the_journal(software: Client, person: Practitioner) -> None:
    contact = {"kind": "facility-contact", "subject": str(person.pk), "values": {"phone": "024 3333 4444"}}
    status, _ = send(software, REQUESTS, contact, **{"Idempotency-Key": "k2"})
    assert status in {403, 404}
    assert AuditEvent.objects.filter(action="change:propose:refused").count() == 1


def test_software_asks_for_nothing_but_practice(software: Client, facility: Facility) -> None:
    contact = {"kind": "facility-contact", "subject": str(facility.pk), "values": {"phone": "024 3333 4444"}}
    status, body = send(software, REQUESTS, contact)
    assert (status, body["code"]) == (403, "YM-CHANGE-NOT-YOURS")
    change = renaming(facility, "Bệnh viện Mới")
    assert software.get(f"{REQUESTS}/{change.pk}").status_code == 404


def test_software_sees_nothing_of_another_facility(software: Client, person: Practitioner) -> None:
    change = joining(person, make_facility("01002"))
    assert software.get(f"{REQUESTS}/{change.pk}").status_code == 404
    assert send(software, f"{REQUESTS}/{change.pk}/withdraw", {})[0] == 404


def test_a_returned_request_is_sent_again(
    software: Client, facility: Facility, person: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ready(person, facility)
    department = system(monkeypatch)
    status, body = send(department, f"{REQUESTS}/{change.pk}/return", {})
    assert (status, body["field"]) == (422, "reason")
    send(department, f"{REQUESTS}/{change.pk}/return", {"reason": "Thiếu giờ"})
    status, body = send(software, f"{REQUESTS}/{change.pk}/submit", {"values": VALUES})
    assert (status, body["state"], body["proposed"]["schedule"]) == (200, "submitted", "T2: 07:00 đến 11:00")


def test_a_departments_system_approves_and_publishes(
    facility: Facility, person: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ready(person, facility)
    status, body = send(system(monkeypatch), f"{REQUESTS}/{change.pk}/approve", {"decision_number": "9/QĐ"})
    assert (status, body["state"], body["decision_number"]) == (200, "approved", "9/QĐ")
    assert PracticeRegistration.objects.get(practitioner=person).published_on is not None
    assert ChangeRequest.objects.get(pk=change.pk).decided_by == f"machine:{SYSTEM}"


def test_outside_its_province_a_system_finds_nothing_and_may_not_decide_what_it_sees(
    facility: Facility, person: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ready(person, facility)
    stranger = system(monkeypatch, "SYTHCMC01", "79")
    assert send(stranger, f"{REQUESTS}/{change.pk}/approve", {})[0] == 404
    assert orjson.loads(stranger.get(REQUESTS).content)["requests"] == []
    assert ChangeRequest.objects.get(pk=change.pk).state == State.SUBMITTED


def test_a_system_decides_only_where_the_operator_lets_it(
    facility: Facility, person: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ready(person, facility)
    department = system(monkeypatch)
    monkeypatch.setattr(settings.ENVIRONMENT, "deciding_systems", "")
    status, body = send(department, f"{REQUESTS}/{change.pk}/approve", {})
    assert (status, body["code"]) == (403, "YM-NOT-ALLOWED")


def test_software_never_decides(software: Client, facility: Facility, person: Practitioner) -> None:
    change = ready(person, facility)
    for act in ("approve", "return", "reject"):
        assert send(software, f"{REQUESTS}/{change.pk}/{act}", {"reason": "x"})[0] == 403


def test_leaving_is_written_at_once(software: Client, facility: Facility, person: Practitioner) -> None:
    registration = make_registration(person.licences.get(), facility)
    values = {"registration": str(registration.pk), "last_day": "2026-11-30", "reason": "Chuyển nơi làm"}
    status, body = send(software, REQUESTS, asked(kind="end-of-practice", values=values))
    registration.refresh_from_db()
    assert (status, body["state"], str(registration.valid.upper)) == (201, "applied", "2026-12-01")


def test_a_paper_goes_with_a_request(software: Client, person: Practitioner) -> None:
    kept = software.post("/api/v1/registry/papers?name=hop-dong.pdf", pdf(), content_type="application/pdf")
    key = orjson.loads(kept.content)["id"]
    status, body = send(software, REQUESTS, asked(evidence=[key]))
    assert (kept.status_code, status) == (201, 201)
    assert ChangeRequest.objects.get(pk=body["id"]).evidence.count() == 1


def test_pages_go_on_without_gap_or_repetition(
    software: Client, facility: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ymach.api.changes.PAGE", 2)
    made = {str(joining(make_licence().practitioner, facility).pk) for _ in range(5)}
    seen, mark = [], ""
    while mark is not None:
        page = orjson.loads(software.get(REQUESTS, {"before": mark}).content)
        seen += [one["id"] for one in page["requests"]]
        mark = page["next"]
    assert (len(seen), set(seen)) == (5, made)


def test_nobody_gets_in_without_a_token(facility: Facility) -> None:
    client = Client(raise_request_exception=False)
    assert client.get(REQUESTS).status_code == 401
    assert send(client, f"{REQUESTS}/{uuid4()}/approve", {})[0] == 401


def test_the_openapi_description_names_the_door() -> None:
    paths = orjson.loads(Client().get("/api/v1/openapi.json").content)["paths"]
    assert {"get", "post"} <= paths["/api/v1/registry/requests"].keys()
    approve = paths["/api/v1/registry/requests/{request_id}/approve"]["post"]
    assert "409" in approve["responses"]
    assert "Idempotency-Key" in {one["name"] for one in approve["parameters"]}


def test_a_moved_profile_is_named_field_by_field(facility: Facility, monkeypatch: pytest.MonkeyPatch) -> None:
    from ymach.facilities.actions import correct_facility

    change = renaming(facility, "Bệnh viện Mới")
    facility.refresh_from_db()
    correct_facility(facility=facility, reason="x", by=BY, at=AT, name="Bệnh viện Khác")
    status, body = send(system(monkeypatch), f"{REQUESTS}/{change.pk}/approve", {})
    assert (status, [one["field"] for one in body["errors"]]) == (409, ["name"])


def test_confirmation_is_the_persons_alone(software: Client, facility: Facility, person: Practitioner) -> None:
    change = joining(person, facility, by=staff_of(facility))
    assert software.post(f"{REQUESTS}/{change.pk}/confirm").status_code == 404
    actions.confirm(request_id=change.pk, by=self_of(person), at=AT)
