"""The API's edges: parameters, methods, bodies, tokens. Never a fault of ours, always a problem document."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.support.factories import BY, make_facility
from tests.support.hostile import SUBMISSIONS, footprint, lines, machine
from tests.support.in_process import connection_kept
from tests.support.intake import Desk, authority, example, open_desk

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import now
from ymach.base.errors import NotAllowed
from ymach.base.periods import Period
from ymach.exchange import queries
from ymach.exchange.models import Submission
from ymach.exchange.platform import access_tokens, platform_key
from ymach.trust import queries as trust_queries
from ymach.trust.actions import load_revocation_list
from ymach.trust.client_assertions import ASSERTION_TYPE, make_assertion

pytestmark = pytest.mark.django_db
TOKEN = "/api/v1/token"
KEY = "01900000-0000-7000-8000-000000000000"
AUDIENCE = settings.ENVIRONMENT.base_url + TOKEN


def is_problem(answer: HttpResponse, *statuses: int) -> dict[str, Any]:
    """The problem document, after its shape is checked."""
    asked = answer.wsgi_request.path  # type: ignore[attr-defined]
    assert answer.status_code in (statuses or range(400, 500)), (asked, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = orjson.loads(answer.content)
    assert body["code"].startswith("YM-")
    assert body["detail"] != body["detail_en"]
    return body


WRONG = [
    f"{name}={value}" for name in ("since", "until", "before") for value in ("bad", "2026-02-30", "1e400", "NaN", "")
]
WRONG += [f"{name}=%00" for name in ("outcome", "finding", "dossier", "since")]
WRONG += ["since=0001-01-01T00:00:00%2B14:00", "until=9999-12-31T23:59:59-14:00", "dossier=" + "x" * 9000]


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:40])
def test_wrong_parameter_is_named(desk: Desk, query: str) -> None:
    body = is_problem(machine(desk).get(f"{SUBMISSIONS}?{query}"), 422)
    assert (body["code"], body["field"]) == ("YM-REQ-PARAMETER", query.partition("=")[0])


@pytest.mark.parametrize(
    "query", ["before=2026-01-01", "since=2026-01-01T00:00:00", "offset=" + "9" * 30, "dossier=%FF%FE"]
)
def test_harmless_parameter_is_taken(desk: Desk, query: str) -> None:
    assert machine(desk).get(f"{SUBMISSIONS}?{query}").status_code == 200


@pytest.mark.parametrize("key", ["nope", "%00", "1", KEY + "%0a", "{" + KEY])
def test_wrong_number_of_a_submission_is_told(desk: Desk, key: str) -> None:
    is_problem(machine(desk).get(f"{SUBMISSIONS}/{key}"), 422)


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v1/none", "/api/v2/x", "/.well-known/x", "/api//v1/token"]
)
def test_address_that_is_none_is_told(desk: Desk, path: str) -> None:
    is_problem(machine(desk).get(path), 404)
    is_problem(Client().post(path), 404)


PUBLIC = "/api/v1/licences"
TO_EVERYBODY = {"/api/v1/sending", "/api/v1/status"}
"""Addresses that say the same to everybody, and nothing of anybody."""
OF_THE_ASKER = {f"/api/v1/registry/{name}" for name in ("changes", "changes/stream", "requests")} | {
    f"/api/v1/{name}" for name in ("events", "held", "prescriptions", "referrals", "subscriptions")
}
"""Addresses that show everybody their own; that they show no more is tested where they are."""


def api_paths() -> list[str]:
    found: list[str] = []

    def walk(resolver: URLResolver, before: str) -> None:
        for entry in resolver.url_patterns:
            path = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry, path)
            elif isinstance(entry, URLPattern) and path.startswith("/api/v1/") and "openapi" not in path:
                found.append(re.sub(r"<[^>]+>", KEY, path))

    walk(get_resolver(), "/")
    return sorted({path for path in found if path != "/api/v1/"})


def test_walk_finds_every_operation() -> None:
    assert len(api_paths()) >= 5


@pytest.mark.parametrize("path", api_paths())
def test_nothing_opens_without_a_token(path: str) -> None:
    if path == TOKEN:
        is_problem(Client().post(path), 400)
        return
    if path.startswith(PUBLIC) or path in TO_EVERYBODY:
        return
    for method in ("get", "post"):
        is_problem(getattr(Client(), method)(path), 400, 401, 404, 405, 422)


@pytest.mark.parametrize("path", [path for path in api_paths() if path.startswith(PUBLIC)])
def test_the_public_check_tells_a_question_without_sense(path: str) -> None:
    for method in ("get", "post"):
        is_problem(getattr(Client(), method)(path), 400, 401, 404, 405, 422)


def test_nothing_opens_for_another_facility(desk: Desk) -> None:
    mine = machine(desk).post(SUBMISSIONS, desk.sign(example("01-outpatient.xml")), content_type="application/xml")
    other = machine(open_desk("99002", authors=()))
    answers = {path: other.get(path.replace(KEY, mine.json()["id"])) for path in api_paths()}
    assert answers.pop(SUBMISSIONS).json() == {"submissions": [], "more": False}
    own = {path: answers.pop(path) for path in OF_THE_ASKER | TO_EVERYBODY}
    assert {path for path, answer in own.items() if answer.status_code != 200} == set()
    with connection_kept():
        for answer in own.values():
            answer.close()
    for answer in answers.values():
        is_problem(answer, 404, 405, 422)


def test_other_methods_are_refused_with_the_ones_that_are_taken(desk: Desk) -> None:
    client = machine(desk)
    for path in (*api_paths(), "/.well-known/jwks.json"):
        takes_put = path.endswith(f"/chunks/{KEY}")
        for method in ("delete", "patch", "options", "trace", *(() if takes_put else ("put",))):
            answer = getattr(client, method)(path, headers={"X-HTTP-Method-Override": "POST"})
            assert is_problem(answer, 405)["code"] == "YM-REQ-METHOD", path
            assert answer.headers["Allow"], path


def test_actor_without_any_word_sees_and_does_nothing(desk: Desk) -> None:
    desk.send_one(desk.sign(example("01-outpatient.xml")))
    nobody = Actor(ActorKind.MACHINE, "x", "x", ())
    assert queries.list_submissions(nobody, queries.SubmissionFilter()) == []
    with pytest.raises(NotAllowed):
        require(nobody, Permission.SUBMISSION_SEND, facility=desk.facility)


BODIES = {
    "no boundary": (b"x", "multipart/form-data"),
    "long boundary": (b"x", "multipart/form-data; boundary=" + "a" * 5000),
    "broken Base64": (
        (
            b'--a\r\nContent-Disposition: form-data; name="f"; filename="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n@@x\r\n'
            b"--a--\r\n"
        ),
        "multipart/form-data; boundary=a",
    ),
    "UTF-16 form": (b"fileHSBase64=x", "application/x-www-form-urlencoded; charset=utf-16"),
    "2000 fields": (b"&".join(b"a%d=1" % place for place in range(2000)), "application/x-www-form-urlencoded"),
    "NUL": (b"x", "application/\x00"),
    "markup": (b"x", "<script>/x"),
    "long type": (b"x", "a/" + "b" * 5000),
}


@pytest.mark.parametrize("name", BODIES)
def test_body_that_is_not_what_it_says_is_refused(desk: Desk, name: str) -> None:
    body, content_type = BODIES[name]
    for path in (SUBMISSIONS, SUBMISSIONS + ":batch", TOKEN):
        is_problem(machine(desk).post(path, body, content_type=content_type), 400, 413, 415)


@pytest.mark.parametrize("path", [SUBMISSIONS, SUBMISSIONS + ":batch", TOKEN])
def test_announced_length_beyond_the_bound_is_refused_unread(desk: Desk, path: str) -> None:
    form = "application/x-www-form-urlencoded"
    is_problem(machine(desk).post(path, b"a=b", content_type=form, headers={"Content-Length": "9" * 12}), 400, 413)


BATCH = [b"[" * 100_000, b"[1]", b"1", b"null", b'{"id":5}', b'{"content":5}', b'{"content":["eA=="]}']
BATCH += [
    b"\xff\xfe",
    b'{"id":"\\ud800","content":"eA=="}',
    b'{"content":"eA==","content":5}',
    '{"content":"ế"}'.encode(),
]


def test_lines_of_a_batch_that_are_no_lines_are_each_told(desk: Desk) -> None:
    answer = machine(desk).post(SUBMISSIONS + ":batch", b"\n".join(BATCH), content_type="application/x-ndjson")
    assert [(one["id"], one["body"]["code"]) for one in lines(answer)] == [
        (str(number), "YM-RCV-BATCH-LINE") for number, _ in enumerate(BATCH, 1)
    ]


def test_ten_thousand_lines_with_one_id_have_ten_thousand_answers(desk: Desk) -> None:
    body = b"\n".join([b'{"id":"same\\u0000","content":"eA=="}'] * 10_000)
    answers = lines(machine(desk).post(SUBMISSIONS + ":batch", body, content_type="application/x-ndjson"))
    assert len(answers) == Submission.objects.count() == 10_000
    assert {one["status"] for one in answers} == {400}


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Host", "X-Original-URL", "Host"])
def test_headers_of_proxies_change_nothing(desk: Desk, name: str) -> None:
    answer = machine(desk).get(SUBMISSIONS, headers={name: "evil.example' OR 1=1\r--"})
    assert (answer.status_code, answer.json()["submissions"]) == (200, [])
    assert b"evil" not in answer.content


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(header: Any, *, secret: bytes | None = None) -> str:
    """A token with claims that would be right, under a header of the attacker's."""
    at = int(now().timestamp())
    issuer = settings.ENVIRONMENT.base_url
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": "99001",
        "client_id": "99001",
        "iat": at,
        "exp": at + 600,
        "jti": "x" * 8,
    }
    head = f"{encoded(header)}.{encoded(claims)}"
    return f"{head}.{encoded(hmac.new(secret, head.encode(), hashlib.sha256).digest()) if secret else ''}"


def forgeries() -> dict[str, str]:
    kid = platform_key().kid
    public = orjson.dumps(platform_key().jwk())
    return {
        "alg none": forged({"alg": "none", "typ": "at+jwt", "kid": kid}),
        "alg None": forged({"alg": None, "typ": "at+jwt", "kid": kid}),
        "HS256 by the public key": forged({"alg": "HS256", "typ": "at+jwt", "kid": kid}, secret=public),
        "ES256 without signature": forged({"alg": "ES256", "typ": "at+jwt", "kid": kid}),
        "kid of a path": forged({"alg": "ES256", "typ": "at+jwt", "kid": "../../etc/passwd"}, secret=b"x"),
        "kid of a list": forged({"alg": "ES256", "typ": "at+jwt", "kid": [kid]}, secret=b"x"),
        "own key inside": forged({"alg": "ES256", "typ": "at+jwt", "jwk": platform_key().jwk()}, secret=b"x"),
        "critical": forged({"alg": "ES256", "kid": kid, "crit": ["b64"], "b64": False}, secret=b"x"),
        "header of a list": forged([1]),
        "header too deep": forged(b"[" * 3000),
        "no token": "a.b.c",
    }


@pytest.mark.parametrize("name", forgeries())
def test_forged_token_opens_nothing(desk: Desk, name: str) -> None:
    for path in (SUBMISSIONS, f"{SUBMISSIONS}/{KEY}"):
        assert is_problem(Client().get(path, headers={"Authorization": f"Bearer {forgeries()[name]}"}), 401)["code"]
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    is_problem(Client().post(TOKEN, {**form, "client_assertion": forgeries()[name]}), 401)


def test_receipt_is_no_token(desk: Desk) -> None:
    sent = machine(desk).post(SUBMISSIONS, desk.sign(example("01-outpatient.xml")), content_type="application/xml")
    is_problem(Client().get(SUBMISSIONS, headers={"Authorization": f"Bearer {sent.json()['receipt']}"}), 401)


def test_token_that_has_ended_opens_nothing(desk: Desk) -> None:
    token = access_tokens().issue("99001", at=now() - timedelta(minutes=11))
    is_problem(Client().get(SUBMISSIONS, headers={"Authorization": f"Bearer {token}"}), 401)


def test_token_of_a_facility_whose_code_ended_opens_nothing() -> None:
    make_facility("99776", valid=Period(date(2024, 1, 1), date(2026, 6, 1)))
    before, token = footprint(), access_tokens().issue("99776", at=now())
    client = Client(headers={"Authorization": f"Bearer {token}"})
    is_problem(client.get(SUBMISSIONS), 401, 403, 404)
    is_problem(client.post(SUBMISSIONS, b"x", content_type="text/xml"), 401, 403, 404)
    assert footprint() == before


def test_revoked_certificate_signs_no_machine_in(desk: Desk) -> None:
    ca, certificate = authority(), desk.issued.certificate
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    ca.revoke(certificate, now() - timedelta(hours=1))
    try:
        load_revocation_list(content=ca.crl(at=now()), issuer=ca.issuing, by=BY, at=now())
        trust_queries._kept.clear()
        made = make_assertion(desk.issued.key, certificate, "99001", AUDIENCE, now())
        assert is_problem(Client().post(TOKEN, {**form, "client_assertion": made}), 401)["code"] == "YM-CRT-REVOKED"
    finally:
        ca._revoked.pop(certificate.serial)
        trust_queries._kept.clear()


@pytest.mark.parametrize("client_id", ["\0", "99001\0", "99001 ", "' OR 1=1", "９９００１", "x" * 21, ""])
def test_strange_client_is_refused(desk: Desk, client_id: str) -> None:
    made = make_assertion(desk.issued.key, desk.issued.certificate, client_id, AUDIENCE, now())
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
    is_problem(Client().post(TOKEN, {**form, "client_assertion": made}), 401)
