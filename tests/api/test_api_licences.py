"""The licence check for programs: public fields only, bounded for each address, lists for those who may."""

from datetime import date

import orjson
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration

from ymach.base.clock import now
from ymach.base.periods import Period
from ymach.exchange.platform import access_tokens, platform_key
from ymach.publication.seals import verify_status
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
NUMBER, SECRET = "000123/HCM-GPHN", "079085123456"
PUBLIC = {
    *(
        "id",
        "number",
        "name",
        "title",
        "scopes",
        "generation",
        "issuer",
        "issued_on",
        "valid_from",
        "valid_until",
        "state",
    ),
    *("in_part", "may_practise", "state_words", "sentence", "since", "until", "decision", "suspended_scopes"),
    *("replaced_by", "suspensions", "workplaces", "computed_at"),
}
PLACE = {"facility", "name", "province", "position", "department", "from", "until", "hours"}


@pytest.fixture(autouse=True)
def _no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "public_per_minute", 0)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def known() -> str:
    person = make_practitioner("Trần Minh Đức", personal_number=SECRET)
    licence = make_licence(NUMBER, practitioner=person)
    make_registration(licence, make_facility("01001"), schedule="T2-T6: 07:00 đến 16:30")
    return str(licence.id)


def find(client: Client, **wanted: str) -> dict[str, object]:
    answer = client.get("/api/v1/licences", wanted)
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = orjson.loads(answer.content)
    return found


def test_a_number_gives_the_verdict_with_workplaces_and_the_moment_it_was_computed(client: Client) -> None:
    known()
    (licence,) = find(client, number="000123 / hcm-gphn")["licences"]  # type: ignore[misc]
    assert (licence["state"], licence["may_practise"], licence["name"]) == ("ACTIVE", True, "Trần Minh Đức")
    assert licence["workplaces"][0]["hours"] == "T2-T6: 07:00 đến 16:30"
    assert licence["computed_at"].endswith("Z")


def test_a_check_by_number_is_one_statement(client: Client, django_assert_max_num_queries: object) -> None:
    known()
    find(client, number=NUMBER)  # titles and provinces are kept for minutes
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        find(client, number=NUMBER)


def test_only_public_fields_are_told(client: Client) -> None:
    key = known()
    bodies = [
        client.get(f"/api/v1/licences/{key}").content,
        client.get("/api/v1/licences", {"name": "tran minh duc"}).content,
    ]
    one = orjson.loads(bodies[0])
    assert set(one) == PUBLIC
    assert set(one["workplaces"][0]) == PLACE
    for body in bodies:
        assert SECRET.encode() not in body
        assert b"1985" not in body


def test_a_slip_in_the_number_is_suggested_apart_from_hits(client: Client) -> None:
    known()
    found = find(client, number="000124/HCM-GPHN")
    assert found["licences"] == []
    assert [one["number"] for one in found["near"]] == [NUMBER]  # type: ignore[attr-defined]


def test_the_signed_status_is_verified_with_the_published_keys(client: Client) -> None:
    answer = client.get(f"/api/v1/licences/{known()}/status")
    body = verify_status(answer.content.decode(), jwks(platform_key()), at=now())
    assert (body["number"], body["state"]) == (NUMBER, "ACTIVE")


def test_asking_for_nothing_and_for_an_unknown_licence_are_told(client: Client) -> None:
    assert client.get("/api/v1/licences").json()["code"] == "YM-LIC-NOTHING-ASKED"
    unknown = client.get("/api/v1/licences/01234567-89ab-7def-8123-456789abcdef")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "YM-LIC-UNKNOWN")


def test_an_address_that_asks_too_often_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "public_per_minute", 2)
    answers = [
        client.get("/api/v1/licences", {"number": NUMBER}, headers={"X-Forwarded-For": f"8.8.8.{n}"}) for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "YM-TOO-MANY"
    assert 0 < int(answers[2]["Retry-After"]) <= 60


def check_many(client: Client, lines: object, *, facility: bool = True) -> HttpResponse:
    headers = {}
    if facility:
        token = access_tokens().issue(make_facility("01002").code, at=now())
        headers["Authorization"] = f"Bearer {token}"
    return client.post(
        "/api/v1/licences:check-many", orjson.dumps(lines), content_type="application/json", headers=headers
    )


def test_a_list_is_answered_line_by_line(client: Client) -> None:
    known()
    make_licence("000200/HCM-GPHN", suspended=Period(date(2026, 1, 1), date(2027, 12, 1)))
    lines = [NUMBER, {"number": NUMBER, "name": "Lê Văn Tám"}, "111111/HCM-GPHN", "000200/HCM-GPHN"]
    answer = check_many(client, lines)
    assert [one["result"] for one in answer.json()["verdicts"]] == [
        "in-order",
        "name-differs",
        "not-found",
        "may-not-practise",
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "YM-LIC-LIST"),
        (["1"] * 2001, "YM-LIC-LIST"),
        ([{"number": 5}], "YM-LIC-LINE"),
        ([["a"]], "YM-LIC-LINE"),
        ("x", "YM-REQ-PARAMETER"),
    ],
)
def test_a_list_in_another_form_is_refused(client: Client, lines: object, code: str) -> None:
    answer = check_many(client, lines)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_list_needs_a_sign_in(client: Client) -> None:
    assert check_many(client, [NUMBER], facility=False).status_code == 401


def test_the_openapi_document_describes_the_check(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/licences", "/api/v1/licences/{licence_id}", "/api/v1/licences:check-many"} <= set(paths)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(st.sampled_from(["number", "name", "facility", "province", "title"]), st.text(max_size=220))
)
def test_no_parameter_is_an_error_of_ours(client: Client, values: dict[str, str]) -> None:
    assert client.get("/api/v1/licences", values).status_code in {200, 422}
