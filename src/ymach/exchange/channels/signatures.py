"""Our signature beside a message: a detached JWS (RFC 7515 appendix F) by the platform's key, in a header.

The receiver puts the Base64url of the body between the two dots and verifies with `/.well-known/jwks.json`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ymach.trust.jws import MAX_BYTES
from ymach.trust.platform import ALGORITHM, PlatformKey

HEADER = "Ymach-Signature"
_REGISTRY = jws.JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
_REGISTRY.max_payload_length = 4 * MAX_BYTES
_REGISTRY.max_header_length = 4096


def sign_detached(body: bytes, key: PlatformKey, *, kind: str, claims: Mapping[str, Any]) -> str:
    """The value of the header for these bytes. kind: the `typ`. claims: protected beside it (`iss`, `jti`, `iat`, …)."""
    header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid, **claims}
    head, _, signature = jws.serialize_compact(header, body, key.private, registry=_REGISTRY).split(".")
    return f"{head}..{signature}"


def verify_detached(token: str, body: bytes, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The protected header of a signature over exactly these bytes. Raises ValueError where it does not hold."""
    head, dots, signature = token.partition("..")
    payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    if not dots:
        raise ValueError("not a detached JWS")
    try:
        named = jws.extract_compact(f"{head}.{payload}.{signature}".encode(), registry=_REGISTRY).headers()
        known = next(one for one in jwks["keys"] if one["kid"] == named.get("kid"))
        key = ECKey.import_key({name: known[name] for name in ("kty", "crv", "x", "y")})
        return jws.deserialize_compact(f"{head}.{payload}.{signature}", key, registry=_REGISTRY).headers()
    except (JoseError, KeyError, StopIteration) as wrong:
        raise ValueError("the signature does not hold") from wrong
