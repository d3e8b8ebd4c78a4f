"""X.509 certificates as the rest of the system sees them: read once, frozen, cached by content."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from ymach.trust.errors import CertificateRefused
from ymach.trust.findings import CRT_MALFORMED
from ymach.trust.subject import SubjectIdentity, identity

MAX_BYTES = 16 * 1024
_PEM_MARK = b"-----BEGIN"


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """One certificate. Two are equal when their bytes are.

    fingerprint: SHA-256 of the DER bytes, lower-case hex. serial: as a number. not_before, not_after: UTC, both
    included. key_kind: "RSA", "EC", or another name that this system does not sign with; key_size in bits.
    """

    der: bytes
    fingerprint: str
    identity: SubjectIdentity
    subject: str
    issuer: str
    serial: int
    not_before: datetime
    not_after: datetime
    public_key: PublicKeyTypes
    key_kind: str
    key_size: int
    x509: x509.Certificate = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @property
    def thumbprint(self) -> str:
        """The same digest as JOSE's `x5t#S256`: base64url without padding."""
        return base64.urlsafe_b64encode(bytes.fromhex(self.fingerprint)).rstrip(b"=").decode()

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return self.x509.subject == self.x509.issuer

    def public_der(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self.public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def pem(self) -> bytes:
        return self.x509.public_bytes(serialization.Encoding.PEM)


def load(content: bytes) -> Certificate:
    """Read a certificate from DER or PEM.

    Raises CertificateRefused (`YM-CRT-MALFORMED`) when it cannot be read or is larger than 16 KB.
    """
    if len(content) > MAX_BYTES:
        raise CertificateRefused(CRT_MALFORMED.at())
    return _load(content)


def load_base64(text: str) -> Certificate:
    """Read the content of an `X509Certificate` element (Base64 of DER, blanks tolerated)."""
    if len(text) > 2 * MAX_BYTES:
        raise CertificateRefused(CRT_MALFORMED.at())
    return _load_base64(text)


@lru_cache(maxsize=4096)
def _load_base64(text: str) -> Certificate:
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise CertificateRefused(CRT_MALFORMED.at()) from wrong
    return load(der)


@lru_cache(maxsize=4096)
def _load(content: bytes) -> Certificate:
    try:
        is_pem = content.lstrip().startswith(_PEM_MARK)
        parsed = x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
        return wrap(parsed)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension) as wrong:
        raise CertificateRefused(CRT_MALFORMED.at()) from wrong


def wrap(parsed: x509.Certificate) -> Certificate:
    """The frozen view of a certificate object of `cryptography`."""
    der = parsed.public_bytes(serialization.Encoding.DER)
    key = parsed.public_key()
    kind, size = _key_kind(key)
    return Certificate(
        der=der,
        fingerprint=sha256(der).hexdigest(),
        identity=identity(parsed.subject),
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        serial=parsed.serial_number,
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        public_key=key,
        key_kind=kind,
        key_size=size,
        x509=parsed,
    )


def leaf_of(certificates: Sequence[Certificate]) -> Certificate:
    """The signer's certificate among several: the one that issued none of the others, and no root; else the first."""
    if len(certificates) == 1:
        return certificates[0]
    issuers = {one.x509.issuer for one in certificates if not one.self_issued}
    ends = [one for one in certificates if one.x509.subject not in issuers and not one.self_issued]
    return (ends or list(certificates))[0]


def _key_kind(key: PublicKeyTypes) -> tuple[str, int]:
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.curve.key_size
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return "EdDSA", 256
    return type(key).__name__.removeprefix("_").removesuffix("PublicKey"), 0
