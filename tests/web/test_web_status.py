"""The public state: everybody sees what is away and since when, and nobody's name."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from tests.support.intake import example, open_desk

from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.exchange.operations import actions
from ymach.exchange.operations.rules import Way
from ymach.web.views import status

pytestmark = pytest.mark.django_db


def beat(at: datetime, *, is_open: bool) -> None:
    actions.beat(
        new_id(),
        host="host",
        pid=7,
        parts=["insurance"],
        ways={"insurance": Way(5, at + timedelta(minutes=2))} if is_open else {},
        tallies={},
        answered=[],
        started_at=at,
        at=at,
    )


def test_everybody_sees_that_a_partner_is_away_and_that_nothing_is_sent_again(client: Client) -> None:
    desk, at = open_desk("99001"), now()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=at)
    beat(at - timedelta(seconds=10), is_open=True)
    page = client.get("/status").content.decode()
    assert "Cổng giám định BHYT tạm nghỉ từ" in page
    assert "không phải gửi lại" in page
    assert 'data-state="stuck"' in page
    told = client.get("/api/v1/status").json()
    assert told["state"] == "troubled"
    assert sum(told["submissions"].values()) == 1
    (insurance,) = told["destinations"]
    assert (insurance["destination"], insurance["state"]) == ("insurance", "away")
    assert insurance["days"][-1]["away_seconds"] >= 9
    assert told["outages"][0]["ended_at"] is None


def test_while_all_answer_the_page_says_so_in_both_languages(client: Client) -> None:
    beat(now(), is_open=False)
    assert "Mọi nơi nhận đang thông." in client.get("/status").content.decode()
    client.cookies["ymach_language"] = "en"
    assert "Every destination answers." in client.get("/status").content.decode()
    assert client.get("/status", headers={"HX-Request": "true"}).content.decode().lstrip().startswith("<div id=")
    assert client.get("/status?format=csv").content.decode("utf-8-sig").splitlines()[1].startswith("Insurance portal,")


def test_nothing_about_a_facility_or_a_person_is_told(client: Client) -> None:
    desk = open_desk("99001")
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    for address in ("/api/v1/status", "/status", "/status?format=csv"):
        told = client.get(address).content.decode()
        assert "99001" not in told
        assert not re.search(r"[0-9]{9}", re.sub(r"csrfmiddlewaretoken.{100}", "", told))


def test_the_page_stands_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(status, "present", away)
    monkeypatch.setattr(status.connection, "close", lambda: None)
    answer = client.get("/status")
    assert answer.status_code == 503
    assert "Hồ sơ đã có biên nhận vẫn an toàn" in answer.content.decode()


def test_many_readers_cost_the_database_one_look(client: Client, django_assert_num_queries: object) -> None:
    client.get("/api/v1/status")
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/api/v1/status")
