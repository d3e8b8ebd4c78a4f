"""Receipts and reports as compact JWS (RFC 7515): signed by the platform's key, verified anywhere with its published keys."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from ymach.trust import findings
from ymach.trust.certificates import Certificate
from ymach.trust.errors import ReceiptRefused
from ymach.trust.platform import ALGORITHM, PlatformKey

TYPE = "ymach-receipt+jwt"
MAX_BYTES = 64 * 1024 * 1024
"""A file of the largest size, full of the smallest dossiers, has a receipt below this."""
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM])
_REGISTRY.max_payload_length = MAX_BYTES


def sign_receipt(payload: Mapping[str, Any], key: PlatformKey) -> str:
    """A receipt as a compact JWS. `payload` must be plain JSON values (text, integers, lists, mappings)."""
    return sign(payload, key, kind=TYPE)


def sign(payload: Mapping[str, Any], key: PlatformKey, *, kind: str) -> str:
    """Anything the platform says, as a compact JWS of the type `kind`."""
    content = _protected(key.kid, kind) + b"." + _base64url(orjson.dumps(payload))
    return (content + b"." + _base64url(key.sign(content))).decode()


def verify_receipt(token: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a receipt signed by one of the keys in `jwks` (a JSON Web Key Set).

    Raises ReceiptRefused: `YM-RCP-FORMAT`, `YM-RCP-UNKNOWN-KEY`, `YM-RCP-BROKEN`. Needs no network.
    """
    return verify(token, jwks, kind=TYPE)


def verify(token: str, jwks: Mapping[str, Any], *, kind: str) -> dict[str, Any]:
    """The payload of a compact JWS of the type `kind`, signed by one of the keys in `jwks`. Raises as `verify_receipt`."""
    header = _header(token)
    if header.get("typ") != kind or header.get("alg") != ALGORITHM or "crit" in header:
        raise ReceiptRefused(findings.RCP_FORMAT.at())
    key = _key(header.get("kid"), jwks)
    try:
        content = jws.deserialize_compact(token, key, registry=_REGISTRY).payload
    except JoseError as wrong:
        raise ReceiptRefused(findings.RCP_BROKEN.at()) from wrong
    return _object(content)


def kind_of(token: str) -> str:
    """The type that a token says it is of, "" where it says none; nothing is verified yet."""
    try:
        return str(_header(token).get("typ", ""))
    except ReceiptRefused:
        return ""


@lru_cache(maxsize=16)
@lru_cache(maxsize=4096)
def public_jwk(certificate: Certificate) -> ECKey | RSAKey:
    """The key of a certificate, to verify a JWS with."""
    kind = ECKey if certificate.key_kind == "EC" else RSAKey
    return kind.import_key(certificate.public_key)  # type: ignore[arg-type]


def _protected(kid: str, kind: str) -> bytes:
    return _base64url(orjson.dumps({"alg": ALGORITHM, "typ": kind, "kid": kid}))


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _header(token: str) -> dict[str, Any]:
    """The protected header, not yet verified: it only says which key to try."""
    head, dot, rest = token.strip().partition(".")
    if not dot or rest.count(".") != 1 or len(token) > MAX_BYTES:
        raise ReceiptRefused(findings.RCP_FORMAT.at())
    try:
        return _object(base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as wrong:
        raise ReceiptRefused(findings.RCP_FORMAT.at()) from wrong


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as wrong:
        raise ReceiptRefused(findings.RCP_FORMAT.at()) from wrong
    if not isinstance(value, dict):
        raise ReceiptRefused(findings.RCP_FORMAT.at())
    return value


def _key(kid: object, jwks: Mapping[str, Any]) -> ECKey:
    known = next((key for key in jwks.get("keys", ()) if kid and key.get("kid") == kid), None)
    if known is None:
        raise ReceiptRefused(findings.RCP_UNKNOWN_KEY.at(value=str(kid)))
    try:
        key = ECKey.import_key({name: known[name] for name in ("kty", "crv", "x", "y")})
    except (JoseError, KeyError, ValueError) as wrong:
        raise ReceiptRefused(findings.RCP_UNKNOWN_KEY.at(value=str(kid))) from wrong
    if key.thumbprint() != kid:
        raise ReceiptRefused(findings.RCP_UNKNOWN_KEY.at(value=str(kid)))
    return key
