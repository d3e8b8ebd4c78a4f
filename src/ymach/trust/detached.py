"""Signatures of JSON content as compact JWS (RFC 7515) with the signer's certificate in `x5c`.

What is kept is one text: header, content and signature together, the content exactly as it was signed. A sender may
detach the signature for transport (RFC 7515 appendix F): the content as the body, `header..signature` beside it;
`attach` makes the one text of both again, so that every submission is verified, kept and found in one form.

The signer's certificate is the first of `x5c` (RFC 7515 §4.1.6). The signing time is `iat` (ETSI TS 119 182-1 v1.2) or
`sigT` (v1.1). Keys and certificates are never taken from an address.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.registry import HeaderParameter

from ymach.base.clock import VIETNAM
from ymach.base.findings import FindingKind
from ymach.trust import findings
from ymach.trust.certificates import Certificate, load_base64
from ymach.trust.errors import CertificateRefused, SignatureRefused
from ymach.trust.jws import public_jwk
from ymach.trust.signing import SigningKey
from ymach.trust.xmldsig import Algorithms

CONTENT_TYPE = "application/fhir+json"
ALGORITHMS = {"RS256": "RSA-SHA256", "PS256": "RSA-PSS-SHA256", "ES256": "ECDSA-SHA256"}
MAX_HEADER = 48 * 1024
MAX_CERTIFICATES = 6
_UNDERSTOOD = frozenset({"b64", "sigT"})
_OUTSIDE = ("jku", "x5u", "jwk")
_LATEST = 32_503_680_000
_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_START = re.compile(rb"e[A-Za-z0-9_-]+\.")  # a header is an object, and "{" is an "e" in Base64url
_HEADERS = {"sigT": HeaderParameter("Claimed signing time", "str")}
_REGISTRY = jws.JWSRegistry(header_registry=_HEADERS, algorithms=list(ALGORITHMS), strict_check_header=False)
_REGISTRY.max_header_length = MAX_HEADER
_REGISTRY.max_payload_length = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WholeContent:
    """A JWS covers its content whole. name: what the content is, for reports."""

    name: str = "Bundle"

    def parts(self) -> tuple[str, ...]:
        """Names for reports."""
        return (self.name,)


@dataclass(frozen=True, slots=True)
class VerifiedContent:
    """Content whose signature fits: the same facts as `xmldsig.VerifiedSignature`, and the content itself.

    certificate: the signer's. chain: the other certificates of `x5c`. claimed_at: UTC, None when not stated.
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    algorithms: Algorithms
    claimed_at: datetime | None
    covered: WholeContent
    content: bytes


def is_compact(text: bytes) -> bool:
    """Whether the text looks like a compact JWS (and not like JSON or XML). Says nothing about its signature."""
    return bool(_START.match(text[: 2 * MAX_HEADER].lstrip()))


def attach(signature: str, content: bytes) -> bytes:
    """The compact JWS of a detached signature (`header..signature`) and the exact bytes it was made over.

    Raises SignatureRefused: `YM-SIG-MALFORMED`.
    """
    head, _, rest = signature.strip().partition(".")
    if not head or not rest.startswith(".") or len(rest) == 1 or "." in rest[1:]:
        raise _refuse(findings.SIG_MALFORMED, "JWS: header..signature")
    middle = base64.urlsafe_b64encode(content).rstrip(b"=")
    return b".".join((head.encode(), middle, rest[1:].encode()))


def verify(text: bytes) -> VerifiedContent:
    """Verify a compact JWS over its own content.

    Raises SignatureRefused (`YM-SIG-…`): MALFORMED, WEAK (algorithm), NOT-ALLOWED (outside keys, unknown `crit`),
    NO-CERTIFICATE, TOO-COMPLEX, BROKEN; CertificateRefused (`YM-CRT-MALFORMED`) for an unreadable certificate.
    """
    text = text.strip()
    if not _COMPACT.fullmatch(text):
        raise _refuse(findings.SIG_MALFORMED, "JWS")
    header = _header(text)
    _check_header(header)
    certificates = _certificates(header)
    algorithm = header["alg"]
    content = _content(text, certificates[0], algorithm)
    return VerifiedContent(
        certificate=certificates[0],
        chain=certificates[1:],
        algorithms=Algorithms(ALGORITHMS[algorithm], ("SHA-256",), ""),
        claimed_at=_claimed_at(header),
        covered=WholeContent(),
        content=content,
    )


def sign(
    content: bytes,
    key: SigningKey,
    certificate: Certificate,
    *,
    chain: Sequence[Certificate] = (),
    at: datetime,
    algorithm: str | None = None,
) -> bytes:
    """Content as a compact JWS, as a facility's software makes it.

    chain: intermediate certificates to enclose. at: the signing time to state (aware). algorithm: RS256 (default for
    RSA), PS256 or ES256 (P-256 keys).
    """
    chosen = algorithm or ("ES256" if certificate.key_kind == "EC" else "RS256")
    header = {
        "alg": chosen,
        "cty": CONTENT_TYPE,
        "iat": int(at.timestamp()),
        "x5c": [base64.b64encode(one.der).decode() for one in (certificate, *chain)],
    }
    signer = ECKey.import_key(key) if certificate.key_kind == "EC" else RSAKey.import_key(key)  # type: ignore[arg-type]
    return jws.serialize_compact(header, content, signer, registry=_REGISTRY).encode()


def detach(text: bytes) -> tuple[str, bytes]:
    """A compact JWS as (detached signature, content), for those who send the content as the body.

    Raises SignatureRefused: `YM-SIG-MALFORMED`.
    """
    content, stripped = content_of(text), text.strip()
    head, tail = stripped.partition(b".")[0], stripped.rpartition(b".")[2]
    return f"{head.decode()}..{tail.decode()}", content


def content_of(text: bytes) -> bytes:
    """The content of a compact JWS, of which nothing is verified. Raises SignatureRefused: `YM-SIG-MALFORMED`."""
    segments = text.strip().split(b".", 3)
    try:
        _, middle, _ = segments
        return _decoded(middle)
    except ValueError as wrong:
        raise _refuse(findings.SIG_MALFORMED, "JWS") from wrong


def _header(text: bytes) -> dict[str, Any]:
    head = text.partition(b".")[0]
    if len(head) > MAX_HEADER:
        raise _refuse(findings.SIG_TOO_COMPLEX, f"header > {MAX_HEADER} byte")
    try:
        value = json.loads(_decoded(head), object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        raise _refuse(findings.SIG_MALFORMED, "JWS header") from wrong
    if not isinstance(value, dict):
        raise _refuse(findings.SIG_MALFORMED, "JWS header")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with each name once: of two `alg` nobody knows which one the signer meant."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("twice")
    return made


def _check_header(header: dict[str, Any]) -> None:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise _refuse(findings.SIG_WEAK, str(algorithm)[:40])
    outside = [name for name in _OUTSIDE if name in header]
    if outside:
        raise _refuse(findings.SIG_NOT_ALLOWED, outside[0])
    critical = header.get("crit", [])
    if not isinstance(critical, list) or ("crit" in header and not critical):
        raise _refuse(findings.SIG_MALFORMED, "crit")
    unknown = [name for name in critical if name not in _UNDERSTOOD or name not in header]
    if unknown:
        raise _refuse(findings.SIG_NOT_ALLOWED, f"crit {str(unknown[0])[:40]}")
    if header.get("b64", True) is not True:
        raise _refuse(findings.SIG_NOT_ALLOWED, "b64=false")
    content_type = str(header.get("cty", CONTENT_TYPE)).partition(";")[0].strip().lower()
    if CONTENT_TYPE not in (content_type, f"application/{content_type}"):
        raise _refuse(findings.SIG_NOT_ALLOWED, f"cty {content_type[:40]}")


def _certificates(header: dict[str, Any]) -> tuple[Certificate, ...]:
    held = header.get("x5c")
    if not held:
        raise _refuse(findings.SIG_NO_CERTIFICATE)
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        raise _refuse(findings.SIG_MALFORMED, "x5c")
    if len(held) > MAX_CERTIFICATES:
        raise _refuse(findings.SIG_TOO_COMPLEX, f"{len(held)} x5c")
    certificates = tuple(load_base64(one) for one in held)
    if header.get("x5t#S256", certificates[0].thumbprint) != certificates[0].thumbprint:
        raise _refuse(findings.SIG_MALFORMED, "x5t#S256")
    return certificates


def _content(text: bytes, leaf: Certificate, algorithm: str) -> bytes:
    needed = "EC" if algorithm.startswith("ES") else "RSA"
    if leaf.key_kind != needed:
        raise _refuse(findings.SIG_MALFORMED, f"{algorithm} / {leaf.key_kind}")
    try:
        return jws.deserialize_compact(text, public_jwk(leaf), registry=_REGISTRY).payload
    except BadSignatureError as broken:
        raise _refuse(findings.SIG_BROKEN) from broken
    except (JoseError, ValueError) as wrong:
        raise _refuse(findings.SIG_MALFORMED, f"JWS: {type(wrong).__name__}") from wrong


def _claimed_at(header: dict[str, Any]) -> datetime | None:
    issued, written = header.get("iat"), header.get("sigT")
    if isinstance(issued, int | float) and not isinstance(issued, bool) and 0 < issued < _LATEST:
        return datetime.fromtimestamp(issued, UTC)
    if not isinstance(written, str):
        return None
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _decoded(segment: bytes) -> bytes:
    try:
        return base64.b64decode(segment + b"=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except binascii.Error as wrong:
        raise ValueError("Base64url") from wrong


def _refuse(kind: FindingKind, value: str | None = None) -> SignatureRefused:
    return SignatureRefused(kind.at(field="JWS", value=value))


__all__ = [
    "CertificateRefused",
    "SignatureRefused",
    "VerifiedContent",
    "attach",
    "detach",
    "is_compact",
    "sign",
    "verify",
]
