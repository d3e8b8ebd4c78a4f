from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from ymach.accounts.permissions import Permission
from ymach.base.errors import Conflict, NotAllowed, NotSignedIn, TooMany, YmachError
from ymach.web.errors import fault, page_of
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


def test_a_form_that_is_too_large_is_told_so(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/sign-in", {"username": "x" * 200}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "YM-PAGE-TOO-LARGE" in answer.content.decode()


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
