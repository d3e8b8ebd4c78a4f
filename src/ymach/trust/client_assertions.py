"""How a facility's machine proves itself: a short assertion signed by the facility's certificate key (RFC 7523).

The header names the certificate by `x5t#S256` (RFC 7515 §4.1.8); the server looks it up among the certificates
registered for the facility, so nothing in the assertion is believed before that key has verified it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from ymach.base.clock import print_moment
from ymach.base.findings import FindingKind
from ymach.base.ids import new_id
from ymach.trust import findings
from ymach.trust.certificates import Certificate
from ymach.trust.errors import AssertionRefused
from ymach.trust.jws import public_jwk
from ymach.trust.signing import SigningKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256", "ES256")
LIFETIME = timedelta(minutes=5)
TOLERANCE = timedelta(seconds=60)
MAX_BYTES = 8 * 1024
_CLIENT = re.compile(r"[0-9A-Za-z]{1,20}")
FindCertificate = Callable[[str, str], Certificate | None]
_REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS))


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion. client_id: the facility's code. jti: to be remembered until `expires_at` (UTC)."""

    client_id: str
    jti: str
    expires_at: datetime
    certificate: Certificate


def make_assertion(
    key: SigningKey,
    certificate: Certificate,
    client_id: str,
    audience: str,
    at: datetime,
    *,
    algorithm: str | None = None,
    lifetime: timedelta = timedelta(minutes=2),
) -> str:
    """An assertion for one token request. audience: the token endpoint's address. at: now, by the sender's clock.

    algorithm: RS256 (default for RSA), PS256, or ES256 (P-256 keys).
    """
    chosen = algorithm or ("ES256" if certificate.key_kind == "EC" else "RS256")
    issued = int(at.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "jti": str(new_id()),
    }
    header = {"alg": chosen, "typ": "JWT", "x5t#S256": certificate.thumbprint}
    signer = ECKey.import_key(key) if certificate.key_kind == "EC" else RSAKey.import_key(key)  # type: ignore[arg-type]
    return jws.serialize_compact(header, orjson.dumps(claims), signer, registry=_REGISTRY)


def check_assertion(token: str, *, audience: str, at: datetime, find_certificate: FindCertificate) -> Assertion:
    """Check an assertion at `at` (now, server time).

    find_certificate: (client_id, x5t#S256) -> the facility's registered certificate, or None. Single use is
    the caller's to keep (`actions.remember_assertion`). Raises AssertionRefused (`YM-AUT-ASSERTION-…`, HTTP 401).
    """
    header, claims = _unverified(token)
    client_id = claims.get("sub")
    if not isinstance(client_id, str) or not _CLIENT.fullmatch(client_id):
        raise _refuse(findings.ASSERTION_FORMAT, "sub")
    thumbprint = header.get("x5t#S256")
    certificate = find_certificate(client_id, thumbprint) if isinstance(thumbprint, str) else None
    if certificate is None or certificate.thumbprint != thumbprint:
        raise _refuse(findings.ASSERTION_UNKNOWN_KEY, client_id)
    _verify(token, certificate)
    return _check_claims(claims, client_id, audience, at, certificate)


def _verify(token: str, certificate: Certificate) -> None:
    try:
        key = public_jwk(certificate)
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except (JoseError, ValueError) as wrong:
        raise _refuse(findings.ASSERTION_BROKEN) from wrong


def _check_claims(
    claims: dict[str, Any], client_id: str, audience: str, at: datetime, certificate: Certificate
) -> Assertion:
    if claims.get("iss") != client_id:
        raise _refuse(findings.ASSERTION_CLIENT)
    if audience not in _audiences(claims):
        raise _refuse(findings.ASSERTION_AUDIENCE, str(claims.get("aud")))
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if "nbf" in claims and _moment(claims, "nbf") > at + TOLERANCE:
        raise _refuse(findings.ASSERTION_FUTURE, print_moment(_moment(claims, "nbf"), seconds=True))
    if issued > at + TOLERANCE:
        raise _refuse(findings.ASSERTION_FUTURE, print_moment(issued, seconds=True))
    if expires - issued > LIFETIME or expires > at + LIFETIME + TOLERANCE:
        raise _refuse(findings.ASSERTION_TOO_LONG)
    if expires + TOLERANCE <= at:
        raise _refuse(findings.ASSERTION_EXPIRED, print_moment(expires, seconds=True))
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 200:
        raise _refuse(findings.ASSERTION_FORMAT, "jti")
    return Assertion(client_id, jti, expires + TOLERANCE, certificate)


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before the key is known; only used to find the registered certificate."""
    if len(token) > MAX_BYTES:
        raise _refuse(findings.ASSERTION_FORMAT, "> 8 KB")
    try:
        parsed = jws.extract_compact(token.encode(), registry=_REGISTRY)
        header, claims = parsed.headers(), orjson.loads(parsed.payload)
    except (JoseError, ValueError) as wrong:
        raise _refuse(findings.ASSERTION_FORMAT, "JWT") from wrong
    if header.get("alg") not in ALGORITHMS or "crit" in header:
        raise _refuse(findings.ASSERTION_FORMAT, "alg")
    if not isinstance(claims, dict):
        raise _refuse(findings.ASSERTION_FORMAT, "JWT")
    return header, claims


def _audiences(claims: dict[str, Any]) -> list[object]:
    stated = claims.get("aud")
    return stated if isinstance(stated, list) else [stated]


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 32_503_680_000:
        raise _refuse(findings.ASSERTION_FORMAT, name)
    return datetime.fromtimestamp(value, UTC)


def _refuse(kind: FindingKind, value: str | None = None) -> AssertionRefused:
    return AssertionRefused(kind.at(value=value))
