"""Following the registry over HTTP: own changes only, nothing personal, waiting that ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client
from tests.support.committed import own_database, settle
from tests.support.factories import AT, BY, make_facility, make_licence, make_practitioner, make_registration
from tests.support.intake import Desk, authority, open_desk

from ymach.accounts.permissions import Role
from ymach.accounts.systems import SystemTaken, SystemWrong, add_system, suspend_system
from ymach.api import feed
from ymach.base.clock import now
from ymach.base.periods import Period
from ymach.facilities.models import Facility
from ymach.practitioners.actions import suspend_licence
from ymach.practitioners.models import Licence
from ymach.trust.client_assertions import ASSERTION_TYPE, make_assertion
from ymach.trust.demo_ca import Issued

AUDIENCE = settings.ENVIRONMENT.base_url + "/api/v1/token"
CHANGES, STREAM = "/api/v1/registry/changes", "/api/v1/registry/changes/stream"
HANOI, NGHE_AN = "SYTHANOI1", "SYTNGHEAN"


@pytest.fixture(scope="module")
def _database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with own_database("feed", django_db_blocker):
        yield


@pytest.fixture(scope="module")
def desk(_database: None) -> Desk:
    return open_desk()


@pytest.fixture(scope="module")
def staff(desk: Desk) -> Licence:
    return Licence.objects.get(number="0099900/BYT-CCHN")


@pytest.fixture(scope="module")
def certificate(desk: Desk) -> Issued:
    return authority().issue_facility("0109900999", "Sở Y tế")


@pytest.fixture(scope="module")
def elsewhere(desk: Desk) -> tuple[Facility, Licence]:
    """A facility of another province with one registered person."""
    facility = make_facility("40001", province_code="40", name="Bệnh viện Nghệ An")
    licence = make_licence("000777/NA-GPHN")
    make_registration(licence, facility)
    return facility, licence


@pytest.fixture(scope="module")
def systems(certificate: Issued) -> None:
    for client_id, province in ((HANOI, "01"), (NGHE_AN, "40"), ("BOYTE001", None)):
        add_system(
            client_id=client_id,
            name=f"Hệ thống {client_id}",
            role=Role.DEPARTMENT if province else Role.MINISTRY,
            province_code=province,
            certificate=certificate.certificate.der,
            by=BY,
            at=now(),
        )


def token(issued: Issued, client_id: str) -> Any:
    made = make_assertion(issued.key, issued.certificate, client_id, AUDIENCE, now())
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": made}
    return Client().post("/api/v1/token", form)


def signed_in(issued: Issued, client_id: str) -> Client:
    answer = token(issued, client_id)
    assert answer.status_code == 200, answer.content
    return Client(headers={"Authorization": f"Bearer {answer.json()['access_token']}"})


@pytest.fixture
def machine(desk: Desk) -> Client:
    return signed_in(desk.issued, desk.facility.code)


def cursor_now(client: Client) -> str:
    settle()
    cursor: str = client.get(CHANGES, {"after": "now"}).json()["cursor"]
    return cursor


def told(client: Client, after: str, count: int) -> list[dict[str, Any]]:
    """At least `count` changes; other runs on the test server may hold them back for a moment."""
    settle()
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 60
    while len(found) < count and time.monotonic() < deadline:
        body = client.get(CHANGES, {"after": after}).json()
        found, after = found + body["changes"], body["cursor"]
        time.sleep(0 if body["changes"] else 0.1)
    return found


_days = iter(range(1, 400))


def suspend(licence: Licence) -> None:
    start = date.fromordinal(date(2026, 3, 3).toordinal() + 2 * next(_days) * 20)
    end = date.fromordinal(start.toordinal() + 31)
    suspend_licence(
        licence=licence, period=Period(start, end), reason="phone 0912345678", decision="7/QĐ", by=BY, at=AT
    )


def test_a_facility_is_told_of_its_staff(machine: Client, staff: Licence) -> None:
    start = cursor_now(machine)
    suspend(staff)
    (change,) = told(machine, start, 1)
    assert change["subject"] == {"kind": "practitioner", "id": str(staff.practitioner_id)}
    assert (change["thing"]["kind"], change["what"]) == ("suspension", "created")
    assert change["values"]["decision"] == "7/QĐ"


def test_a_facility_is_told_nothing_of_others(
    machine: Client, staff: Licence, elsewhere: tuple[Facility, Licence]
) -> None:
    start = cursor_now(machine)
    suspend(elsewhere[1])
    suspend(staff)
    assert {one["subject"]["id"] for one in told(machine, start, 1)} == {str(staff.practitioner_id)}


def test_who_comes_to_a_facility_is_told_there(machine: Client, desk: Desk) -> None:
    start, licence = cursor_now(machine), make_licence()
    make_registration(licence, desk.facility)
    changes = told(machine, start, 1)
    assert [
        (one["thing"]["kind"], one["values"]["facility_id"])
        for one in changes
        if one["thing"]["kind"] == "registration"
    ] == [("registration", str(desk.facility.pk))]


def test_nothing_personal_is_told(systems: None, certificate: Issued) -> None:
    country = signed_in(certificate, "BOYTE001")
    start = cursor_now(country)
    person = make_practitioner("Phan Văn Riêng", personal_number="001177000042")
    licence = make_licence(practitioner=person)
    suspend(licence)
    text = orjson.dumps(told(country, start, 3)).decode()
    assert "Phan Văn Riêng" in text
    for secret in ("001177000042", "1985-05-17", "0912345678", "birth_date", "personal_number", "phone", "command:"):
        assert secret not in text


def test_a_department_is_told_of_its_own_province_only(
    systems: None, certificate: Issued, staff: Licence, elsewhere: tuple[Facility, Licence]
) -> None:
    hanoi, nghe_an = signed_in(certificate, HANOI), signed_in(certificate, NGHE_AN)
    start = cursor_now(hanoi)
    suspend(staff)
    suspend(elsewhere[1])
    assert {one["subject"]["id"] for one in told(nghe_an, start, 1)} == {str(elsewhere[1].practitioner_id)}
    assert {one["subject"]["id"] for one in told(hanoi, start, 1)} == {str(staff.practitioner_id)}


def test_pages_go_on_without_gap_or_repetition(machine: Client) -> None:
    everything, after, small = told(machine, "", 1), "", []
    while True:
        body = machine.get(CHANGES, {"after": after, "limit": 3}).json()
        small += body["changes"]
        after = body["cursor"]
        if not body["more"]:
            break
    assert [one["cursor"] for one in small][: len(everything)] == [one["cursor"] for one in everything]
    assert len({one["cursor"] for one in small}) == len(small)


def test_waiting_ends_when_nothing_happens(machine: Client) -> None:
    start, begun = cursor_now(machine), time.monotonic()
    assert machine.get(CHANGES, {"after": start, "wait": 1}).json()["changes"] == []
    assert 0.9 < time.monotonic() - begun < 5


def test_the_stream_goes_on_from_the_last_event(machine: Client, staff: Licence) -> None:
    start = cursor_now(machine)
    suspend(staff)
    (change,) = told(machine, start, 1)
    answer = machine.get(STREAM, {"seconds": 0}, headers={"Last-Event-ID": start})
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    answer.close()
    assert answer["Content-Type"] == "text/event-stream"
    assert f"id: {change['cursor']}\nevent: change\ndata: " in lines
    again = machine.get(STREAM, {"seconds": 0}, headers={"Last-Event-ID": change["cursor"]})
    assert b"event: change" not in b"".join(again.streaming_content)  # type: ignore[attr-defined]
    again.close()


def test_only_a_few_may_stream_at_a_time_and_a_place_comes_back(machine: Client) -> None:
    most = settings.ENVIRONMENT.feed_streams
    opened = [machine.get(STREAM, {"seconds": 5}) for _ in range(most)]
    refused = machine.get(STREAM)
    assert (refused.status_code, refused["Retry-After"]) == (429, str(feed.COME_BACK))
    for answer in opened:
        answer.close()
    again = machine.get(STREAM, {"seconds": 0})
    assert again.status_code == 200
    again.close()


@pytest.mark.parametrize("after", ["x", "1", "-1", "9" * 40 + "-1"])
def test_a_wrong_cursor_is_refused(machine: Client, after: str) -> None:
    answer = machine.get(CHANGES, {"after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "YM-FEED-CURSOR")


@pytest.mark.usefixtures("_database")
@pytest.mark.parametrize("path", [CHANGES, STREAM])
def test_who_has_not_signed_in_is_told_nothing(path: str) -> None:
    assert Client().get(path).status_code == 401


def test_a_suspended_system_is_let_in_no_longer_even_with_a_token(certificate: Issued, systems: None) -> None:
    add_system(
        client_id="TEMPSYS",
        name="x",
        role=Role.MINISTRY,
        province_code=None,
        certificate=certificate.certificate.der,
        by=BY,
        at=now(),
    )
    client = signed_in(certificate, "TEMPSYS")
    suspend_system(client_id="TEMPSYS", reason="test", by=BY, at=now())
    assert client.get(CHANGES).status_code == 401
    assert token(certificate, "TEMPSYS").json()["code"] == "YM-AUT-ASSERTION-UNKNOWN-KEY"


def test_a_system_sends_no_dossiers(systems: None, certificate: Issued) -> None:
    assert signed_in(certificate, HANOI).get("/api/v1/submissions").status_code == 404


@pytest.mark.parametrize(
    ("client_id", "role", "province", "error"),
    [
        (HANOI, Role.DEPARTMENT, "01", SystemTaken),
        ("99001", Role.MINISTRY, None, SystemWrong),
        ("SYTLAOCAI", Role.DEPARTMENT, None, SystemWrong),
        ("SYTLAOCAI", Role.FACILITY, "15", SystemWrong),
    ],
)
def test_a_system_in_the_wrong_form_is_refused(
    systems: None, client_id: str, role: Role, province: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_system(client_id=client_id, name="x", role=role, province_code=province, certificate=b"x", by=BY, at=now())
