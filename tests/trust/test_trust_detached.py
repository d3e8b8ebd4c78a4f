"""Signed JSON: what fits is read with the facts of its signer; everything else is refused with its own code."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from ymach.formats.safexml import parse
from ymach.trust import detached
from ymach.trust.chains import TrustStore, check_chain
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool
from ymach.trust.detached import attach, detach, is_compact, sign, verify
from ymach.trust.errors import CertificateRefused, SignatureRefused
from ymach.trust.evidence import Evidence
from ymach.trust.xmldsig import verify as verify_xml

CONTENT = '{"resourceType":"Bundle","type":"document","note":"Mẫu"}'.encode()


@pytest.fixture(scope="session")
def ec_facility(at: datetime) -> Issued:
    keys = KeyPool(2, "EC")
    return DemoAuthority(at=at, keys=keys).issue_facility("0100109106", "Bệnh viện Mẫu EC")


@pytest.fixture(scope="session")
def token(facility: Issued, at: datetime) -> bytes:
    return sign(CONTENT, facility.key, facility.certificate, chain=facility.chain, at=at)


def with_header(facility: Issued, **changes: Any) -> bytes:
    """Signed by the facility's key under a header of one's own making; None leaves a name out."""
    header = {"alg": "RS256", "x5c": [base64.b64encode(facility.certificate.der).decode()], **changes}
    kept = {name: value for name, value in header.items() if value is not None}
    return raw_signed(facility, json.dumps(kept).encode())


def raw_signed(facility: Issued, header: bytes) -> bytes:
    first, second = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, CONTENT))
    key = RSAKey.import_key(facility.key)  # type: ignore[arg-type]
    value = jws.JWSRegistry.algorithms["RS256"].sign(first + b"." + second, key)
    return b".".join((first, second, base64.urlsafe_b64encode(value).rstrip(b"=")))


def refusal(text: bytes) -> str:
    with pytest.raises((SignatureRefused, CertificateRefused)) as refused:
        verify(text)
    return refused.value.finding.code


def test_content_comes_back_to_the_byte_with_its_signer(token: bytes, facility: Issued, at: datetime) -> None:
    found = verify(token)
    assert found.content == CONTENT
    assert found.certificate == facility.certificate
    assert found.chain == facility.chain
    assert found.claimed_at == at
    assert found.covered.parts() == ("Bundle",)


def test_it_gives_the_same_evidence_as_an_xml_signature(token: bytes, signed: bytes) -> None:
    both: list[Evidence] = [verify(token), verify_xml(parse(signed))]
    assert both[0].certificate == both[1].certificate
    assert both[0].algorithms.signature == both[1].algorithms.signature == "RSA-SHA256"


def test_the_chain_is_judged_as_that_of_an_xml_signature(token: bytes, store: TrustStore, at: datetime) -> None:
    found = verify(token)
    assert check_chain(found.certificate, found.chain, store.anchors, at=at, revocations=store.revocations) == ()
    late = at + timedelta(days=20 * 365)
    with pytest.raises(CertificateRefused) as refused:
        check_chain(found.certificate, found.chain, store.anchors, at=late, revocations=store.revocations)
    assert refused.value.finding.code == "YM-CRT-EXPIRED"


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_both_rsa_algorithms_are_taken(facility: Issued, at: datetime, algorithm: str) -> None:
    text = sign(CONTENT, facility.key, facility.certificate, at=at, algorithm=algorithm)
    assert verify(text).content == CONTENT


def test_an_elliptic_curve_key_is_taken(ec_facility: Issued, at: datetime) -> None:
    found = verify(sign(CONTENT, ec_facility.key, ec_facility.certificate, at=at))
    assert found.algorithms.signature == "ECDSA-SHA256"


def test_detached_and_attached_again_is_the_same_text(token: bytes) -> None:
    signature, content = detach(token)
    assert content == CONTENT
    assert attach(signature, content) == token
    assert refusal(attach(signature, CONTENT + b" ")) == "YM-SIG-BROKEN"


@pytest.mark.parametrize("signature", ["", "abc", "a.b.c", "a..", "..b", "a..b.c"])
def test_a_detached_signature_of_another_shape_is_refused(signature: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        attach(signature, CONTENT)
    assert refused.value.finding.code == "YM-SIG-MALFORMED"


def test_changed_content_is_broken(token: bytes) -> None:
    head, middle, tail = token.split(b".")
    swapped = middle.replace(b"A", b"B", 1) if b"A" in middle else middle[:-4] + b"AAAA"
    assert refusal(b".".join((head, swapped, tail))) == "YM-SIG-BROKEN"


def test_a_foreign_key_under_a_facilitys_certificate_is_broken(facility: Issued) -> None:
    stranger = Issued(KeyPool(1).take(), facility.certificate, ())
    assert refusal(with_header(stranger)) == "YM-SIG-BROKEN"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS1", "ES256K", "", None, 7])
def test_an_algorithm_that_is_not_listed_is_weak(facility: Issued, algorithm: Any) -> None:
    assert refusal(with_header(facility, alg=algorithm)) == "YM-SIG-WEAK"


def test_a_public_key_is_never_a_shared_secret(facility: Issued) -> None:
    header = {"alg": "HS256", "x5c": [base64.b64encode(facility.certificate.der).decode()]}
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (json.dumps(header).encode(), CONTENT)]
    value = hmac.digest(facility.certificate.public_der(), b".".join(parts), "sha256")
    assert refusal(b".".join((*parts, base64.urlsafe_b64encode(value).rstrip(b"=")))) == "YM-SIG-WEAK"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"crit": ["exp"], "exp": 1}, "YM-SIG-NOT-ALLOWED"),
        ({"crit": ["sigT"]}, "YM-SIG-NOT-ALLOWED"),
        ({"crit": []}, "YM-SIG-MALFORMED"),
        ({"crit": "b64"}, "YM-SIG-MALFORMED"),
        ({"crit": ["b64"], "b64": False}, "YM-SIG-NOT-ALLOWED"),
        ({"b64": False}, "YM-SIG-NOT-ALLOWED"),
        ({"jku": "https://keys.example/"}, "YM-SIG-NOT-ALLOWED"),
        ({"x5u": "https://keys.example/"}, "YM-SIG-NOT-ALLOWED"),
        ({"jwk": {"kty": "RSA"}}, "YM-SIG-NOT-ALLOWED"),
        ({"cty": "JWT"}, "YM-SIG-NOT-ALLOWED"),
        ({"x5c": None}, "YM-SIG-NO-CERTIFICATE"),
        ({"x5c": []}, "YM-SIG-NO-CERTIFICATE"),
        ({"x5c": "abc"}, "YM-SIG-MALFORMED"),
        ({"x5c": [1]}, "YM-SIG-MALFORMED"),
        ({"x5c": ["AAAA"]}, "YM-CRT-MALFORMED"),
        ({"x5c": ["AAAA"] * 9}, "YM-SIG-TOO-COMPLEX"),
        ({"x5t#S256": "other"}, "YM-SIG-MALFORMED"),
    ],
)
def test_headers_that_are_not_understood_are_refused(facility: Issued, changes: dict[str, Any], code: str) -> None:
    assert refusal(with_header(facility, **changes)) == code


def test_understood_critical_headers_are_taken(facility: Issued) -> None:
    stated = "2026-11-20T14:30:00+07:00"
    found = verify(with_header(facility, crit=["sigT", "b64"], sigT=stated, b64=True, cty="fhir+json"))
    assert found.claimed_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("stated", [True, -1, 10**20, "2026", None, 1e400])
def test_a_senseless_signing_time_is_no_signing_time(facility: Issued, stated: Any) -> None:
    assert verify(with_header(facility, iat=stated)).claimed_at is None


def test_a_header_that_names_one_thing_twice_is_refused(facility: Issued) -> None:
    certificate = base64.b64encode(facility.certificate.der).decode()
    header = f'{{"alg":"none","alg":"RS256","x5c":["{certificate}"]}}'.encode()
    assert refusal(raw_signed(facility, header)) == "YM-SIG-MALFORMED"


def test_the_signer_is_the_first_certificate_and_no_other(facility: Issued) -> None:
    reversed_chain = [base64.b64encode(one.der).decode() for one in (*facility.chain, facility.certificate)]
    assert refusal(with_header(facility, x5c=reversed_chain)) in {"YM-SIG-BROKEN", "YM-SIG-MALFORMED"}


def test_a_key_of_the_other_kind_is_refused(ec_facility: Issued, facility: Issued) -> None:
    certificate = base64.b64encode(ec_facility.certificate.der).decode()
    assert refusal(with_header(facility, x5c=[certificate])) == "YM-SIG-MALFORMED"


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"a.b", b"a.b.c.d", b"a.b.c ", b"<xml/>", b"!!.b.c", b"e30.e30.e30", b"W10.W10.W10"]
)
def test_what_is_no_jws_is_refused(text: bytes) -> None:
    assert refusal(text) in {"YM-SIG-MALFORMED", "YM-SIG-WEAK"}


def test_a_jws_is_told_from_json_and_xml(token: bytes) -> None:
    assert is_compact(token)
    assert is_compact(b"\n" + token)
    assert not is_compact(CONTENT)
    assert not is_compact(b"<?xml version='1.0'?><GIAMDINHHS/>")


def test_an_overlong_header_is_refused(facility: Issued) -> None:
    assert refusal(with_header(facility, kid="x" * detached.MAX_HEADER)) == "YM-SIG-TOO-COMPLEX"
