"""The API as a facility's software uses it: sign in, send in every wrapping, look up."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import orjson
import pytest
import zstandard
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.support.intake import Desk, example, open_desk

from ymach.api.errors import render_unexpected
from ymach.base.clock import now
from ymach.exchange.models import Submission
from ymach.exchange.platform import platform_key
from ymach.trust.client_assertions import ASSERTION_TYPE, make_assertion
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
AUDIENCE = settings.ENVIRONMENT.base_url + "/api/v1/token"


@pytest.fixture
def machine(desk: Desk) -> Client:
    """A signed-in machine of facility 99001."""
    return signed_in(desk)


def signed_in(desk: Desk) -> Client:
    answer = ask_token(desk)
    assert answer.status_code == 200, answer.content
    return Client(headers={"Authorization": f"Bearer {answer.json()['access_token']}"})


def ask_token(desk: Desk, *, assertion: str | None = None, grant: str = "client_credentials") -> HttpResponse:
    made = assertion or make_assertion(desk.issued.key, desk.issued.certificate, desk.facility.code, AUDIENCE, now())
    form = {"grant_type": grant, "client_assertion_type": ASSERTION_TYPE, "client_assertion": made}
    return Client().post("/api/v1/token", form)


def post(machine: Client, content: bytes, **headers: str) -> HttpResponse:
    return machine.post("/api/v1/submissions", content, content_type="application/xml", headers=headers)


@pytest.fixture
def content(desk: Desk) -> bytes:
    return desk.sign(example("01-outpatient.xml"))


def test_machine_signs_in_with_the_key_of_its_certificate(desk: Desk) -> None:
    body = ask_token(desk).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)


def test_assertion_is_used_once(desk: Desk) -> None:
    made = make_assertion(desk.issued.key, desk.issued.certificate, "99001", AUDIENCE, now())
    assert ask_token(desk, assertion=made).status_code == 200
    again = ask_token(desk, assertion=made)
    assert (again.status_code, again.json()["code"]) == (401, "YM-AUT-ASSERTION-REPLAYED")


def test_assertion_for_another_facility_is_refused(desk: Desk) -> None:
    open_desk("99002", authors=())
    made = make_assertion(desk.issued.key, desk.issued.certificate, "99002", AUDIENCE, now())
    assert ask_token(desk, assertion=made).json()["code"] == "YM-AUT-ASSERTION-UNKNOWN-KEY"


def test_old_assertion_is_refused(desk: Desk) -> None:
    made = make_assertion(desk.issued.key, desk.issued.certificate, "99001", AUDIENCE, now() - timedelta(hours=1))
    assert ask_token(desk, assertion=made).json()["code"] == "YM-AUT-ASSERTION-EXPIRED"


def test_other_grants_are_refused(desk: Desk) -> None:
    answer = ask_token(desk, grant="password")
    assert (answer.status_code, answer.json()["code"]) == (400, "YM-AUT-GRANT")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}])
def test_nothing_is_taken_without_a_token(content: bytes, header: dict[str, str]) -> None:
    answer = post(Client(headers=header), content)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Submission.objects.count() == 0


def test_raw_body_gives_a_receipt(machine: Client, content: bytes) -> None:
    answer = post(machine, content)
    assert answer.status_code == 201
    claims = verify_receipt(answer.json()["receipt"], jwks(platform_key()))
    assert claims["jti"] == answer.json()["id"]
    assert "Ymach-Time" in answer.headers


def test_every_wrapping_is_the_same_content(machine: Client, content: bytes) -> None:
    first = post(machine, content).json()["receipt"]
    answers = [
        post(machine, gzip.compress(content), **{"Content-Encoding": "gzip"}),
        post(machine, zstandard.compress(content), **{"Content-Encoding": "zstd"}),
        machine.post("/api/v1/submissions", {"file": SimpleUploadedFile("a.xml", content)}),
        machine.post("/api/v1/submissions", {"file": SimpleUploadedFile("a.xml.gz", gzip.compress(content))}),
        machine.post(
            "/api/v1/submissions",
            f"fileHSBase64={base64.b64encode(content).decode().replace('+', '%2B')}",
            content_type="application/x-www-form-urlencoded",
        ),
    ]
    assert [(answer.status_code, answer.json()["receipt"] == first) for answer in answers] == [(200, True)] * 5


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "status", "code"),
    [
        (b"", "application/xml", "", 400, "YM-RCV-EMPTY"),
        (b"x", "application/xml", "gzip", 400, "YM-RCV-COMPRESSION"),
        (b"x", "application/xml", "zstd", 400, "YM-RCV-COMPRESSION"),
        (b"x", "application/xml", "br", 415, "YM-RCV-ENCODING-UNKNOWN"),
        (b"{}", "application/json", "", 415, "YM-RCV-MEDIA-TYPE"),
        (b"fileHSBase64=@@@", "application/x-www-form-urlencoded", "", 400, "YM-RCV-NOT-BASE64"),
    ],
)
def test_unreadable_wrapping_is_refused_and_recorded(
    machine: Client, body: bytes, content_type: str, encoding: str, status: int, code: str
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    answer = machine.post("/api/v1/submissions", body, content_type=content_type, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Submission.objects.get().finding_codes == [code]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", partial(gzip.compress, compresslevel=1)), ("zstd", zstandard.compress)]
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    machine: Client, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(bytes(101 * 1024 * 1024))
    answer = machine.post(
        "/api/v1/submissions", bomb, content_type="application/xml", headers={"Content-Encoding": encoding}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "YM-RCV-TOO-BIG")
    assert Submission.objects.get().finding_codes == ["YM-RCV-TOO-BIG"]


def test_refusal_is_a_problem_document_in_both_languages(machine: Client) -> None:
    body = post(machine, example("01-outpatient.xml")).json()
    assert body["title"] == body["code"] == "YM-SIG-MISSING"
    assert body["status"] == 422
    assert body["detail"] != body["detail_en"]
    assert body["findings"][0]["do_vi"]
    assert verify_receipt(body["receipt"], jwks(platform_key()))["outcome"] == "rejected"


def test_dry_run_keeps_nothing(machine: Client, content: bytes) -> None:
    answer = machine.post("/api/v1/submissions?dry_run=1", content, content_type="application/xml")
    assert (answer.status_code, answer.json()["outcome"], answer.json()["receipt"]) == (200, "accepted", None)
    assert Submission.objects.count() == 0


def test_batch_answers_each_line_in_order(machine: Client, content: bytes) -> None:
    lines = [
        {"id": "good", "content": base64.b64encode(content).decode()},
        {"id": "bad", "content": base64.b64encode(b"<nonsense").decode()},
        {"id": "torn", "content": "***"},
    ]
    body = b"\n".join([*map(orjson.dumps, lines), b"not json"])
    answer = machine.post("/api/v1/submissions:batch", body, content_type="application/x-ndjson")
    answers = [orjson.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert [(one["id"], one["status"]) for one in answers] == [("good", 201), ("bad", 400), ("torn", 400), ("4", 400)]
    assert {one["body"]["code"] for one in answers[2:]} == {"YM-RCV-BATCH-LINE"}


def test_status_list_and_receipt_tell_the_same(machine: Client, content: bytes) -> None:
    sent = post(machine, content).json()
    one = machine.get(f"/api/v1/submissions/{sent['id']}").json()
    assert (one["outcome"], one["deliveries"][0]["destination"]) == ("accepted", "insurance")
    listed = machine.get("/api/v1/submissions?outcome=accepted").json()["submissions"]
    assert [row["id"] for row in listed] == [sent["id"]]
    assert machine.get(f"/api/v1/submissions/{sent['id']}/receipt").content.decode() == sent["receipt"]


def test_other_facility_does_not_learn_that_a_submission_exists(machine: Client, content: bytes) -> None:
    key = post(machine, content).json()["id"]
    other = signed_in(open_desk("99002", authors=()))
    for path in ("", "/receipt"):
        answer = other.get(f"/api/v1/submissions/{key}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "YM-NOT-FOUND")
    assert other.get("/api/v1/submissions").json()["submissions"] == []


def test_openapi_and_keys_are_served_to_everybody() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/submissions:batch" in document["paths"]
    assert Client().get("/.well-known/jwks.json").json() == jwks(platform_key())


def test_openapi_says_where_a_token_is_needed() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    open_ones = {path for path, doors in paths.items() if not all("security" in one for one in doors.values())}
    licences = ("/api/v1/licences", "/api/v1/licences/{licence_id}", "/api/v1/licences/{licence_id}/status")
    assert open_ones == {*licences, *(f"/api/v1/{name}" for name in ("receipts:verify", "sending", "status", "token"))}


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_database_that_is_away_is_told_as_try_again_later(error: Exception) -> None:
    answer = render_unexpected(RequestFactory().get("/api/v1/submissions"), error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert orjson.loads(answer.content)["code"] == "YM-UNAVAILABLE"
