"""The stand-in keeps the contract of an OpenID Connect provider, and fails in every way it is told to."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ymach.sandbox.http import serving
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidBehaviour, VneidPerson

BINH = VneidPerson("001180000017", "Trần Văn Bình", "1980-02-03")
HOA = VneidPerson("079190000025", "Lê Thị Hoa", "1990-12-31")
BACK = "http://127.0.0.1:1/sign-in/vneid/answer"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
QUESTION = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": BACK,
    "scope": "openid profile",
    "state": "s" * 43,
    "nonce": "n" * 43,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[Vneid, httpx.Client]]:
    stand_in = Vneid([BINH, HOA])
    with serving(stand_in) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield stand_in, client


@pytest.fixture
def door(_served: tuple[Vneid, httpx.Client]) -> httpx.Client:
    """A stand-in that behaves; served once for all tests."""
    stand_in, client = _served
    stand_in.behaviour = VneidBehaviour()
    return client


def code_for(door: httpx.Client, name: str = BINH.name, **changes: str) -> str:
    page = door.get("authorize", params=QUESTION | changes).text
    link = re.search(rf'href="([^"]+)">{name}<', page)
    assert link
    return parse_qs(urlsplit(unescape(link[1])).query)["code"][0]


def exchange(door: httpx.Client, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code_verifier": VERIFIER,
    }
    return door.post("token", data=form | changes)


def claims_of(door: httpx.Client, token: str) -> dict[str, object]:
    keys = KeySet.import_key_set(door.get("keys").json())
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def behave(door: httpx.Client, **values: object) -> int:
    return door.post("sandbox/behaviour", json=values).status_code


def test_discovery_names_every_address_under_the_issuer(door: httpx.Client) -> None:
    found = door.get(".well-known/openid-configuration").json()
    assert found["issuer"] == str(door.base_url).rstrip("/")
    names = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"]
    assert all(found[name].startswith(found["issuer"] + "/") for name in names)


def test_an_id_token_is_signed_and_carries_our_nonce(door: httpx.Client) -> None:
    claims = claims_of(door, exchange(door, code_for(door)).json()["id_token"])
    assert (claims["aud"], claims["nonce"]) == (CLIENT_ID, QUESTION["nonce"])
    assert claims["exp"] > time.time()  # type: ignore[operator]
    assert BINH.personal_number not in str(claims)


def test_user_information_tells_who_was_chosen(door: httpx.Client) -> None:
    access = exchange(door, code_for(door, HOA.name)).json()["access_token"]
    told = door.get("userinfo", headers={"Authorization": f"Bearer {access}"}).json()
    assert (told["personal_number"], told["birthdate"]) == (HOA.personal_number, HOA.birthdate)


def test_user_information_needs_a_token(door: httpx.Client) -> None:
    assert door.get("userinfo").status_code == 401


def test_a_code_is_taken_once(door: httpx.Client) -> None:
    code = code_for(door)
    assert [exchange(door, code).status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"code_verifier": "w" * 43}, 400),
        ({"redirect_uri": "http://127.0.0.1:1/elsewhere"}, 400),
        ({"client_secret": "wrong"}, 401),
        ({"grant_type": "password"}, 400),
    ],
)
def test_a_code_is_taken_only_from_who_asked(door: httpx.Client, changes: dict[str, str], status: int) -> None:
    assert exchange(door, code_for(door), **changes).status_code == status


@pytest.mark.parametrize("name", ["state", "nonce", "code_challenge", "scope", "client_id"])
def test_a_question_without_its_protections_is_refused(door: httpx.Client, name: str) -> None:
    answer = door.get("authorize", params=QUESTION | {name: ""})
    assert (answer.status_code, answer.json()["error_description"]) == (400, name)


@pytest.mark.parametrize(
    ("behaviour", "claim", "usual"),
    [("wrong_nonce", "nonce", QUESTION["nonce"]), ("wrong_audience", "aud", CLIENT_ID), ("wrong_issuer", "iss", None)],
)
def test_wrong_claims_on_demand(door: httpx.Client, behaviour: str, claim: str, usual: str | None) -> None:
    behave(door, **{behaviour: True})
    claims = claims_of(door, exchange(door, code_for(door)).json()["id_token"])
    assert claims[claim] != (usual or str(door.base_url).rstrip("/"))


def test_an_expired_token_on_demand(door: httpx.Client) -> None:
    behave(door, expired_token=True)
    claims = claims_of(door, exchange(door, code_for(door)).json()["id_token"])
    assert claims["exp"] < time.time()  # type: ignore[operator]


def test_an_unknown_key_on_demand(door: httpx.Client) -> None:
    behave(door, unknown_key=True)
    token = exchange(door, code_for(door)).json()["id_token"]
    with pytest.raises((JoseError, ValueError)):
        claims_of(door, token)


def test_an_unsigned_token_on_demand(door: httpx.Client) -> None:
    behave(door, unsigned=True)
    token = exchange(door, code_for(door)).json()["id_token"]
    assert jws.extract_compact(token.encode()).headers()["alg"] == "none"


def test_a_replayed_code_on_demand(door: httpx.Client) -> None:
    behave(door, replayed_code=True)
    assert exchange(door, code_for(door)).json()["error"] == "invalid_grant"


def test_down_cuts_the_connection(door: httpx.Client) -> None:
    behave(door, down=True)
    with pytest.raises(httpx.TransportError):
        door.get("keys")


def test_slow_answers_late_for_as_many_requests_as_told(door: httpx.Client) -> None:
    behave(door, slow=0.2, times=1)
    start = time.monotonic()
    door.get("keys")
    middle = time.monotonic()
    door.get("keys")
    assert middle - start >= 0.2 > time.monotonic() - middle


@pytest.mark.parametrize("values", [{"unknown": 1}, {"slow": "long"}, {"down": 1}])
def test_a_behaviour_that_makes_no_sense_is_refused(door: httpx.Client, values: dict[str, object]) -> None:
    assert behave(door, **values) == 422


def test_the_command_starts_a_provider_with_the_persons_of_a_file(tmp_path: Path) -> None:
    persons = tmp_path / "persons.json"
    persons.write_text('[{"personal_number": "001180000017", "name": "Bình", "birthdate": "1980-02-03"}]', "utf-8")
    program = [sys.executable, "-m", "ymach", "sandbox", "vneid", "--port", "0", "--persons", str(persons)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split(": ", 1)[1].strip()
        assert httpx.get(f"{address}/sandbox/persons", trust_env=False).json()[0]["name"] == "Bình"
    finally:
        process.terminate()
        process.communicate()


def test_what_somebody_confirmed_stands_in_the_signed_token(door: httpx.Client) -> None:
    code = code_for(door, confirm_title="Đồng ý", confirm_digest="d" * 64)
    claims = claims_of(door, exchange(door, code).json()["id_token"])
    assert (claims["confirmed"], len(str(claims["txn"]))) == ("d" * 64, 32)
    assert "confirmed" not in claims_of(door, exchange(door, code_for(door)).json()["id_token"])
