from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from ymach.accounts.errors import SentTooOften
from ymach.accounts.permissions import Permission
from ymach.base.clock import now, print_wait
from ymach.base.errors import Conflict, NotAllowed, NotSignedIn, TooMany, YmachError
from ymach.base.text import Text
from ymach.exchange.lanes import turns
from ymach.exchange.lanes.rules import PLACES, Lane
from ymach.web.errors import fault, page_of
from ymach.web.formatting import clock
from ymach.web.middleware import RenderErrors


def _request(rf: RequestFactory, method: str = "get", path: str = "/some-page") -> HttpRequest:
    return getattr(rf, method)(path)


@pytest.mark.parametrize("error", [NotAllowed(permission="record:read"), Conflict(), TooMany(retry_after=5)])
def test_an_error_is_a_page_with_its_status_its_code_and_its_sentence(rf: RequestFactory, error: YmachError) -> None:
    answer = page_of(_request(rf), error)
    assert answer.status_code == error.status
    assert error.code in answer.content.decode()


def test_a_missing_permission_is_named_in_words(rf: RequestFactory) -> None:
    page = page_of(_request(rf), NotAllowed(permission=Permission.RECORD_READ.value)).content.decode()
    assert "đọc hồ sơ bệnh" in page
    assert "record:read" not in page


def test_the_page_speaks_the_language_of_its_reader(rf: RequestFactory) -> None:
    with translation.override("en"):
        assert "Somebody changed it at the same time" in page_of(_request(rf), Conflict()).content.decode()


@pytest.mark.parametrize(
    ("before", "leads_back"), [("http://testserver/sign-in", True), ("http://testserver.evil.example/", False)]
)
def test_a_form_that_is_too_large_is_told_so_and_leads_back_to_it(
    client: Client, settings: Any, before: str, leads_back: bool
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    typed, kind = {"username": "x" * 200}, "application/x-www-form-urlencoded"
    answer = client.post("/sign-in", typed, content_type=kind, HTTP_REFERER=before)
    assert answer.status_code == 413
    assert "YM-PAGE-TOO-LARGE" in answer.content.decode()
    assert (f'href="{before}"' in answer.content.decode()) is leads_back


def test_who_must_wait_is_told_until_when(rf: RequestFactory) -> None:
    answer = page_of(_request(rf, path="/figures?province=01"), TooMany(retry_after=584.2))
    page, soon = answer.content.decode(), now() + timedelta(seconds=585)
    assert answer["Retry-After"] == "585"
    assert "10 phút" in page
    assert clock(soon, seconds=True) in page or clock(soon - timedelta(seconds=1), seconds=True) in page
    assert 'href="/figures?province=01"' in page


def test_a_limit_that_waiting_does_not_lift_says_nothing_of_waiting(rf: RequestFactory) -> None:
    answer = page_of(_request(rf, "post"), SentTooOften(most=10, retry_after=None))
    page = answer.content.decode()
    assert "Retry-After" not in answer
    assert "Đã quá giới hạn" in page
    assert "Đợi một chút" not in page


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with one turn and no place left."""
    monkeypatch.setattr(turns, "_opened", {})
    monkeypatch.setattr(turns, "_gates", {})
    turns.open_gate(1, 1)
    gate = turns.gate()
    assert gate is not None
    for number in range(PLACES[Lane.LOOK_UP]):
        gate.enter(Lane.LOOK_UP, str(number))


@pytest.mark.usefixtures("full")
def test_a_full_server_says_so_in_the_readers_language_and_offers_nothing_it_cannot_do(client: Client) -> None:
    client.cookies["ymach_language"] = "en"
    answer = client.get("/status")
    page = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert "Very many people are opening pages" in page
    assert 'href="/status"' in page
    assert "csrfmiddlewaretoken" not in page
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")


def test_who_must_sign_in_is_led_back_afterwards(rf: RequestFactory) -> None:
    answer = page_of(_request(rf, path="/receipts?state=held"), NotSignedIn())
    assert answer["Location"] == "/sign-in?next=%2Freceipts%3Fstate%3Dheld"


def test_a_form_sent_without_signing_in_is_told_so(rf: RequestFactory) -> None:
    assert page_of(_request(rf, "post"), NotSignedIn()).status_code == 401


def test_errors_of_the_api_and_strange_ones_are_left_alone(rf: RequestFactory) -> None:
    middleware = RenderErrors(lambda request: page_of(request, Conflict()))
    assert middleware.process_exception(_request(rf, path="/api/v1/submissions"), Conflict()) is None
    assert middleware.process_exception(_request(rf), ValueError()) is None


def test_an_unknown_address_is_a_page_in_our_style(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "YM-NOT-FOUND" in answer.content.decode()


def test_the_page_of_our_own_mistakes_needs_neither_request_nor_database() -> None:
    page = render_to_string("500.html")
    assert "Lỗi đã được ghi lại" in page
    assert "The mistake is ours" in page


def test_every_page_forbids_foreign_scripts(client: Client) -> None:
    assert client.get("/sign-in")["Content-Security-Policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_page_says_that_the_database_is_away_and_when_to_come_back(error: Exception) -> None:
    try:
        raise error
    except (OperationalError, InterfaceError):
        answer = fault(RequestFactory().get("/today"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "YM-UNAVAILABLE" in answer.content.decode()


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0.2, "1 giây", "1 second"),
        (90, "90 giây", "90 seconds"),
        (91, "2 phút", "2 minutes"),
        (587, "10 phút", "10 minutes"),
        (5401, "2 giờ", "2 hours"),
    ],
)
def test_a_wait_is_told_in_one_unit_and_never_too_short(seconds: float, vi: str, en: str) -> None:
    assert print_wait(seconds) == Text(vi, en)
