"""What machines ask: alive, ready, metrics; and that nobody's number is in any of it."""

import json
import logging
import re
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pydantic import SecretStr
from tests.support.deliveries import make_delivery
from tests.support.intake import example, open_desk

from ymach.base.clock import now
from ymach.base.logs import JsonLines, WithoutAddress
from ymach.base.meters import Meters
from ymach.exchange.operations import actions, readiness
from ymach.web import observing
from ymach.web.views import health, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requests of this test are counted in a folder of its own."""
    mine = Meters(tmp_path)
    monkeypatch.setattr(observing, "meters", lambda: mine)
    monkeypatch.setattr(observing, "meters_folder", lambda: tmp_path)
    return tmp_path


def test_alive_asks_nothing_of_the_database(client: Client, counted: Path, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/healthz").status_code == 200


def test_ready_says_what_holds(client: Client, counted: Path) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "checks": {"database": "ok", "key": "ok", "migrations": "ok"}}


def test_not_ready_says_which(client: Client, counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness._applied.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "ymach migrate" in answer.json()["checks"]["migrations"]

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    found = {check.name: check.holds for check in readiness.checks()}
    assert found == {"database": False, "key": True}


def test_metrics_tell_requests_by_route_and_what_the_database_knows(client: Client, counted: Path) -> None:
    client.get("/licences/01900000-0000-7000-8000-000000000000?q=079204001234")
    client.get("/nowhere/079204001234")
    make_delivery("insurance")
    actions.sample(at=now())
    told = client.get("/metrics").content.decode()
    route = "licences/<uuid:licence_id>"
    assert f'ymach_requests_total{{method="GET",route="{route}",status="404"}} 1' in told
    assert 'ymach_requests_total{method="GET",route="unknown",status="404"} 1' in told
    assert f'ymach_request_seconds_count{{method="GET",route="{route}"}} 1' in told
    assert 'ymach_deliveries_waiting{destination="insurance"} 1' in told
    assert 'ymach_destination_standing{destination="insurance",state="unserved"} 1' in told
    assert "ymach_database_up 1" in told
    for line in told.splitlines():
        assert re.match(r"# (HELP|TYPE) |[a-z_]+(\{.*\})? [0-9.e+-]+$", line), line


def test_metrics_are_for_who_has_the_token_else_for_this_machine(
    client: Client, counted: Path, settings: object
) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    environment = settings.ENVIRONMENT  # type: ignore[attr-defined]
    settings.ENVIRONMENT = environment.model_copy(update={"metrics_token": SecretStr("ta")})  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer ta"}).status_code == 200


def test_metrics_say_that_the_database_is_away(client: Client, counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(health.gauges, "gauges", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert "ymach_database_up 0" in client.get("/metrics").content.decode()


def test_nothing_about_a_person_or_a_facility_is_in_the_metrics(client: Client, counted: Path) -> None:
    desk = open_desk("99001")
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    actions.sample(at=now())
    told = client.get("/metrics").content.decode()
    assert 'ymach_submissions_today{outcome="accepted' in told
    assert "99001" not in told
    assert not re.search(r"[0-9]{9}", re.sub(r"ymach_database_\w+ [0-9]+", "", told))


def test_a_request_has_an_id_and_a_line_without_its_address(
    client: Client, counted: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ymach.requests")
    answer = client.get("/nowhere/079204001234?q=HT4790123456789", headers={"X-Request-ID": "his-2026-a17"})
    assert answer["X-Request-ID"] == "his-2026-a17"
    (record,) = [one for one in caplog.records if one.name == "ymach.requests"]
    said = json.loads(JsonLines().format(record))
    assert {name: said[name] for name in ("method", "route", "status")} == {
        "method": "GET",
        "route": "unknown",
        "status": 404,
    }
    assert not re.search(r"0792|HT47", json.dumps(said))
    assert len(client.get("/healthz", headers={"X-Request-ID": "079204001234"})["X-Request-ID"]) == 36


def test_a_fault_is_told_by_its_route_not_by_its_address(
    client: Client, counted: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("079204001234")

    monkeypatch.setattr(status, "present", fails)
    caplog.handler.addFilter(mine := WithoutAddress())
    client.raise_request_exception = False
    assert client.get("/status", headers={"X-Request-ID": "his-2026-a17"}).status_code == 500
    caplog.handler.removeFilter(mine)
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert record.getMessage() == "Internal Server Error: status"
    assert "079204001234" not in JsonLines().format(record)
