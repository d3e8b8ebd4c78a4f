"""Receipts, machines' assertions and access tokens: what is signed is checked, and each fault has its name."""

from __future__ import annotations

import base64
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as jose
from joserfc.jwk import OctKey, RSAKey

from ymach.base.errors import Misconfigured
from ymach.trust.access_tokens import AccessTokens
from ymach.trust.certificates import Certificate
from ymach.trust.client_assertions import check_assertion, make_assertion
from ymach.trust.demo_ca import DemoAuthority, Issued, new_key
from ymach.trust.errors import AssertionRefused, ReceiptRefused
from ymach.trust.jws import TYPE, sign_receipt, verify_receipt
from ymach.trust.platform import PlatformKey, jwks

KEY = PlatformKey.create()
SERVER = "https://ymach.example/api/v1/token"
RECEIPT = {"iss": "https://ymach.example", "sub": "99001", "jti": "1", "outcome": "accepted"}


def receipt_code(token: str, keys: dict[str, Any] | None = None) -> str:
    with pytest.raises(ReceiptRefused) as error:
        verify_receipt(token, jwks(KEY) if keys is None else keys)
    return error.value.code


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.integers(-(2**53), 2**53), st.lists, max_leaves=5)))
def test_a_receipt_says_what_was_signed(payload: dict[str, Any]) -> None:
    assert verify_receipt(sign_receipt(payload, KEY), jwks(PlatformKey.create(), KEY)) == payload


def test_a_receipt_names_its_kind_and_key() -> None:
    header = orjson.loads(base64.urlsafe_b64decode(sign_receipt(RECEIPT, KEY).split(".")[0] + "=="))
    assert header == {"alg": "ES256", "typ": TYPE, "kid": KEY.kid}


def test_a_changed_receipt_is_broken() -> None:
    head, body, value = sign_receipt(RECEIPT, KEY).split(".")
    other = base64.urlsafe_b64encode(orjson.dumps({**RECEIPT, "outcome": "rejected"})).rstrip(b"=").decode()
    assert receipt_code(f"{head}.{other}.{value}") == "YM-RCP-BROKEN"
    assert receipt_code(f"{head}.{body}.{value[:-4]}AAAA") == "YM-RCP-BROKEN"


def test_a_receipt_of_an_unknown_key_is_refused() -> None:
    assert receipt_code(sign_receipt(RECEIPT, PlatformKey.create())) == "YM-RCP-UNKNOWN-KEY"
    assert receipt_code(sign_receipt(RECEIPT, KEY), {"keys": []}) == "YM-RCP-UNKNOWN-KEY"


def test_a_published_key_under_a_false_name_is_not_used() -> None:
    other = {**PlatformKey.create().jwk(), "kid": KEY.kid}
    assert receipt_code(sign_receipt(RECEIPT, KEY), {"keys": [other]}) == "YM-RCP-UNKNOWN-KEY"


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "e30.e30.e30", "{}.e30.x"])
def test_what_is_no_receipt_is_called_so(token: str) -> None:
    assert receipt_code(token) == "YM-RCP-FORMAT"


def test_an_access_token_or_a_symmetric_key_is_no_receipt(at: datetime) -> None:
    assert receipt_code(AccessTokens(KEY, "x").issue("99001", at=at)) == "YM-RCP-FORMAT"
    secret = OctKey.import_key(orjson.dumps(KEY.jwk()))
    forged = jose.serialize_compact({"alg": "HS256", "typ": TYPE, "kid": KEY.kid}, b"{}", secret)
    assert receipt_code(forged) == "YM-RCP-FORMAT"


def test_the_platforms_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    path = tmp_path / "khóa" / "platform.pem"
    made = PlatformKey.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PlatformKey.load_or_create(path).kid == made.kid
    path.chmod(0o644)
    with pytest.raises(Misconfigured):
        PlatformKey.load_or_create(path)


def test_a_file_without_a_key_is_a_wrong_configuration(tmp_path: Path) -> None:
    path = tmp_path / "platform.pem"
    path.touch(mode=0o600)
    with pytest.raises(Misconfigured):
        PlatformKey.load_or_create(path)


def check(token: str, certificate: Certificate, at: datetime, audience: str = SERVER) -> Any:
    def find(client_id: str, thumbprint: str) -> Certificate | None:
        return certificate if client_id == "99001" and thumbprint == certificate.thumbprint else None

    return check_assertion(token, audience=audience, at=at, find_certificate=find)


def assertion_code(token: str, facility: Issued, at: datetime, audience: str = SERVER) -> str:
    with pytest.raises(AssertionRefused) as error:
        check(token, facility.certificate, at, audience)
    assert error.value.status == 401
    return error.value.code.removeprefix("YM-AUT-ASSERTION-")


def claims_signed(facility: Issued, at: datetime, **changes: Any) -> str:
    now = int(at.timestamp())
    claims = {"iss": "99001", "sub": "99001", "aud": SERVER, "iat": now, "exp": now + 120, "jti": "0123456789"}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    header = {"alg": "RS256", "x5t#S256": facility.certificate.thumbprint}
    return jose.serialize_compact(header, orjson.dumps(claims), RSAKey.import_key(facility.key))


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_facilitys_assertion_is_taken(facility: Issued, at: datetime, algorithm: str) -> None:
    token = make_assertion(facility.key, facility.certificate, "99001", SERVER, at, algorithm=algorithm)
    found = check(token, facility.certificate, at)
    assert (found.client_id, found.certificate) == ("99001", facility.certificate)
    assert found.expires_at > at


def test_an_elliptic_curve_assertion_is_taken(authority: DemoAuthority, at: datetime) -> None:
    issued = authority.issue_facility("2", "B", key=new_key("EC"))
    token = make_assertion(issued.key, issued.certificate, "99001", SERVER, at)
    assert check(token, issued.certificate, at).client_id == "99001"


def test_two_assertions_never_share_an_id(facility: Issued, at: datetime) -> None:
    tokens = [make_assertion(facility.key, facility.certificate, "99001", SERVER, at) for _ in range(2)]
    assert len({check(token, facility.certificate, at).jti for token in tokens}) == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"iss": "99002"}, "CLIENT"),
        ({"sub": "99002"}, "UNKNOWN-KEY"),
        ({"sub": None}, "FORMAT"),
        ({"aud": "https://other"}, "AUDIENCE"),
        ({"aud": None}, "AUDIENCE"),
        ({"jti": None}, "FORMAT"),
        ({"jti": "short"}, "FORMAT"),
        ({"iat": None}, "FORMAT"),
        ({"exp": None}, "FORMAT"),
        ({"exp": True}, "FORMAT"),
        ({"exp": 1e300}, "FORMAT"),
    ],
)
def test_wrong_claims_are_refused(facility: Issued, at: datetime, changes: dict[str, Any], expected: str) -> None:
    assert assertion_code(claims_signed(facility, at, **changes), facility, at) == expected


def test_times_are_strict_with_a_minutes_tolerance(facility: Issued, at: datetime) -> None:
    now, token = int(at.timestamp()), claims_signed(facility, at)
    assert check(token, facility.certificate, at - timedelta(seconds=59)).client_id == "99001"
    assert check(token, facility.certificate, at + timedelta(seconds=179)).client_id == "99001"
    assert assertion_code(token, facility, at - timedelta(seconds=61)) == "FUTURE"
    assert assertion_code(token, facility, at + timedelta(seconds=181)) == "EXPIRED"
    assert assertion_code(claims_signed(facility, at, exp=now + 301), facility, at) == "TOO-LONG"
    assert assertion_code(claims_signed(facility, at, nbf=now + 100), facility, at) == "FUTURE"


def test_a_changed_or_unsigned_assertion_is_refused(facility: Issued, at: datetime) -> None:
    head, body, value = claims_signed(facility, at).split(".")
    assert assertion_code(f"{head}.{body}.{value[:-6]}AAAAAA", facility, at) == "BROKEN"
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert assertion_code(f"{none}.{body}.", facility, at) == "FORMAT"
    assert assertion_code("x" * 9000, facility, at) == "FORMAT"


def test_another_facilitys_key_is_refused(authority: DemoAuthority, facility: Issued, at: datetime) -> None:
    other = authority.issue_facility("3", "C", key=new_key())
    token = claims_signed(other, at)
    assert assertion_code(token, facility, at) == "UNKNOWN-KEY"
    dressed = jose.serialize_compact(
        {"alg": "RS256", "x5t#S256": facility.certificate.thumbprint},
        base64.urlsafe_b64decode(token.split(".")[1] + "=="),
        RSAKey.import_key(other.key),
    )
    assert assertion_code(dressed, facility, at) == "BROKEN"


def test_an_access_token_speaks_for_its_facility_for_ten_minutes(at: datetime) -> None:
    tokens = AccessTokens(KEY, "https://ymach.example")
    token = tokens.issue("99001", at=at, scopes=["submit"])
    found = tokens.verify(token, at=at)
    assert (found.client_id, found.scopes) == ("99001", ("submit",))
    assert tokens.verify(token, at=at + timedelta(seconds=599)) is found
    with pytest.raises(AssertionRefused, match="YM-AUT-TOKEN"):
        tokens.verify(token, at=at + timedelta(seconds=600))


def test_tokens_of_others_are_refused(at: datetime) -> None:
    tokens = AccessTokens(KEY, "https://ymach.example")
    others = [
        AccessTokens(PlatformKey.create(), "https://ymach.example").issue("99001", at=at),
        AccessTokens(KEY, "https://other.example").issue("99001", at=at),
        sign_receipt({**RECEIPT, "aud": RECEIPT["iss"], "client_id": "99001", "exp": 4_000_000_000}, KEY),
        "a.b.c",
        "",
        tokens.issue("99001", at=at)[:-5] + "AAAAA",
    ]
    for token in others:
        with pytest.raises(AssertionRefused, match="YM-AUT-TOKEN"):
            tokens.verify(token, at=at)


def test_an_older_key_still_verifies_its_tokens(at: datetime) -> None:
    token = AccessTokens(KEY, "x").issue("99001", at=at)
    assert AccessTokens(PlatformKey.create(), "x", older=[KEY]).verify(token, at=at).client_id == "99001"


def test_remembered_tokens_are_bounded(at: datetime) -> None:
    tokens = AccessTokens(KEY, "x", remember=2)
    for number in range(5):
        tokens.verify(tokens.issue(str(number), at=at), at=at)
    assert len(tokens._known) == 2


def test_a_demo_certificate_says_that_it_binds_nobody(authority: DemoAuthority, facility: Issued) -> None:
    assert "DEMO" in authority.root.identity.common_name
    assert "không có giá trị pháp lý" in facility.certificate.issuer


def test_a_facilitys_key_travels_in_a_password_file(facility: Issued) -> None:
    packed = facility.pkcs12("mật khẩu")
    key, certificate, more = pkcs12.load_key_and_certificates(packed, "mật khẩu".encode())
    assert certificate == facility.certificate.x509
    assert len(more) == 1
    assert key is not None
    with pytest.raises(ValueError):
        pkcs12.load_key_and_certificates(packed, b"wrong")
