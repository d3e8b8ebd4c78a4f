"""Certificate revocation lists: read, verified, looked up; fetched only in the background, never while a dossier waits.

A list that is old is a warning and never a stop: when a provider's responder was overloaded in Germany in 2024, hard
checks cost 450,000 prescriptions in a week.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from ymach.base.errors import Unavailable
from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.trust import findings
from ymach.trust.certificates import Certificate
from ymach.trust.errors import CertificateRefused

MAX_BYTES = 64 * 1024 * 1024
TIME_OUT = httpx.Timeout(20.0, connect=5.0)
MAX_SECONDS = 120
Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Revoked:
    """One entry of a list: since when (UTC) and why (RFC 5280 name, "" when not given)."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A verified list. issuer_fingerprint: of the issuer's certificate. Times are UTC; next_update may be unstated."""

    issuer_fingerprint: str
    this_update: datetime
    next_update: datetime | None
    entries: Mapping[int, Revoked] = field(repr=False)
    der: bytes = field(repr=False)

    def stale(self, at: datetime, grace: timedelta) -> bool:
        """Whether a newer list was due, plus `grace`, before `at`."""
        return self.next_update is not None and self.next_update + grace < at


@dataclass(frozen=True, slots=True)
class Revocations:
    """All lists in use, the newest per issuer; `grace` is how long past its next update a list counts as fresh."""

    lists: Mapping[str, RevocationList] = field(default_factory=dict)
    grace: timedelta = timedelta(hours=24)

    @classmethod
    def of(cls, lists: Iterable[RevocationList], grace: timedelta = timedelta(hours=24)) -> Revocations:
        newest: dict[str, RevocationList] = {}
        for one in lists:
            kept = newest.get(one.issuer_fingerprint)
            if kept is None or kept.this_update < one.this_update:
                newest[one.issuer_fingerprint] = one
        return cls(newest, grace)

    def find(self, issuer: Certificate, serial: int) -> Revoked | None:
        """The entry of a certificate on its issuer's list, whatever its date."""
        known = self.lists.get(issuer.fingerprint)
        return known.entries.get(serial) if known else None

    def doubt(self, issuer: Certificate, at: datetime) -> Finding | None:
        """A warning when the issuer's list is missing or stale at `at` (the moment of checking)."""
        known = self.lists.get(issuer.fingerprint)
        if known is None:
            return findings.CRT_REVOCATION_UNKNOWN.at(value=issuer.identity.common_name or issuer.subject)
        if known.stale(at, self.grace):
            return findings.CRT_REVOCATION_STALE.at(value=known.this_update.date().isoformat())
        return None


NO_REVOCATIONS = Revocations()


def read(content: bytes, issuer: Certificate) -> RevocationList:
    """Read a list from DER or PEM and check that `issuer` signed it.

    Raises CertificateRefused: `YM-CRL-MALFORMED`, `YM-CRL-BROKEN` (another issuer, or a signature that does not fit).
    """
    crl = _parse(content)
    if crl.issuer != issuer.x509.subject or not _signed_by(crl, issuer):
        raise CertificateRefused(findings.CRL_BROKEN.at(value=issuer.subject))
    try:
        entries = {entry.serial_number: _entry(entry) for entry in crl if _reason(entry) != "removeFromCRL"}
    except ValueError as wrong:
        raise CertificateRefused(findings.CRL_MALFORMED.at(value=type(wrong).__name__)) from wrong
    return RevocationList(
        issuer_fingerprint=issuer.fingerprint,
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
        entries=entries,
        der=content,
    )


def _parse(content: bytes) -> x509.CertificateRevocationList:
    try:
        is_pem = content.lstrip().startswith(b"-----BEGIN")
        crl = x509.load_pem_x509_crl(content) if is_pem else x509.load_der_x509_crl(content)
        unknown = [one.oid.dotted_string for one in crl.extensions if one.critical and not _understood(one.value)]
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension) as wrong:
        raise CertificateRefused(findings.CRL_MALFORMED.at(value=type(wrong).__name__)) from wrong
    if unknown:
        # A delta list or a list of one scope only is not the whole truth about an issuer.
        raise CertificateRefused(findings.CRL_MALFORMED.at(value=unknown[0]))
    return crl


def _understood(extension: x509.ExtensionType) -> bool:
    if isinstance(extension, x509.IssuingDistributionPoint):
        parts = (extension.only_contains_attribute_certs, extension.only_some_reasons, extension.indirect_crl)
        return not any(parts)
    return isinstance(extension, x509.CRLNumber | x509.AuthorityKeyIdentifier)


def _signed_by(crl: x509.CertificateRevocationList, issuer: Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key)  # type: ignore[arg-type]
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _entry(entry: x509.RevokedCertificate) -> Revoked:
    return Revoked(at=entry.revocation_date_utc, reason=_reason(entry))


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        return str(entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value)
    except x509.ExtensionNotFound:
        return ""


class ListUnreachable(Unavailable):
    code = "YM-CRL-UNREACHABLE"
    sentence = Text(
        "Không tải được danh sách thu hồi ({why}). Danh sách cũ vẫn được dùng; hệ thống tự thử lại.",
        "The revocation list could not be fetched ({why}). The old list stays in use; the system tries again.",
    )


def fetch(url: str, *, max_bytes: int = MAX_BYTES, allow_private: bool = False) -> bytes:
    """Download a list over http(s): bounded in bytes and time, redirects are not followed.

    allow_private: also take addresses inside the own network (for a stand-in); otherwise an address written into a
    certificate by a stranger cannot make us call our own services. Raises ListUnreachable.
    """
    _check_address(url, allow_private)
    try:
        with httpx.Client(timeout=TIME_OUT, follow_redirects=False, trust_env=False) as client:
            return _download(client, url, max_bytes)
    except httpx.HTTPError as wrong:
        raise ListUnreachable(why=type(wrong).__name__) from wrong


def _download(client: httpx.Client, url: str, max_bytes: int) -> bytes:
    content = bytearray()
    ends = monotonic() + MAX_SECONDS
    with client.stream("GET", url) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ListUnreachable(why=f"HTTP {answer.status_code}")
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > max_bytes:
                raise ListUnreachable(why=f"> {max_bytes} byte")
            if monotonic() > ends:
                raise ListUnreachable(why=f"> {MAX_SECONDS} s")
    return bytes(content)


def _check_address(url: str, allow_private: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ListUnreachable(why=parts.scheme or "URL")
    if allow_private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError as wrong:
        raise ListUnreachable(why=type(wrong).__name__) from wrong
    if any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
        raise ListUnreachable(why=parts.hostname)
