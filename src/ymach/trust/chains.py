"""Whether a signer's certificate could be relied on at the moment of signing (Decree 23/2025/NĐ-CP art. 15–17).

`cryptography.x509.verification` is not used: it implements the profile of the public web (server and client
authentication, subject alternative names, one verdict at one time), which certificates of Vietnamese authorities do not
follow and which cannot say *why* in a way a hospital can act on. The signatures themselves are checked by
`Certificate.verify_directly_issued_by`; the rules of RFC 5280 §6.1 that apply here are the short functions below.
The anchor's own validity dates are not judged (RFC 5280 §6.1.1 d): the period it is trusted in is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from ymach.base.clock import print_day
from ymach.base.findings import Finding, FindingKind
from ymach.trust import findings
from ymach.trust.certificates import Certificate
from ymach.trust.errors import CertificateRefused
from ymach.trust.revocation import NO_REVOCATIONS, Revocations

Extension = TypeVar("Extension", bound=x509.ExtensionType)

MAX_DEPTH = 6
MIN_RSA_BITS = 2048
MIN_EC_BITS = 256
_NOT_FOR_SIGNING = {
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.OCSP_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.CODE_SIGNING,
}
_WEAK_HASHES = (hashes.MD5, hashes.SHA1)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An authority's certificate that is trusted from `trusted_from` (included) to `trusted_until` (not included)."""

    certificate: Certificate
    trusted_from: datetime | None = None
    trusted_until: datetime | None = None
    is_demo: bool = False

    def trusted_at(self, at: datetime) -> bool:
        return (self.trusted_from is None or self.trusted_from <= at) and (
            self.trusted_until is None or at < self.trusted_until
        )


@dataclass(frozen=True, slots=True)
class TrustStore:
    """What is trusted now: anchors, known issuing authorities, revocation lists; `version` changes with any."""

    anchors: tuple[Anchor, ...] = ()
    revocations: Revocations = NO_REVOCATIONS
    version: int = 0
    intermediates: tuple[Certificate, ...] = ()

    @classmethod
    def of(
        cls,
        anchors: Iterable[Certificate],
        revocations: Revocations = NO_REVOCATIONS,
        *,
        intermediates: Iterable[Certificate] = (),
        version: int = 1,
    ) -> TrustStore:
        """A store of plain certificates, trusted without limit of time."""
        return cls(tuple(Anchor(one) for one in anchors), revocations, version, tuple(intermediates))


@dataclass(frozen=True, slots=True)
class Chain:
    """A built path, signer first, anchor's certificate last; everything that does not depend on a moment is checked.

    not_before, not_after: the moments (UTC, both included) between which the whole path is within its validity.
    """

    path: tuple[Certificate, ...]
    anchor: Anchor
    not_before: datetime
    not_after: datetime


def check_chain(
    leaf: Certificate,
    intermediates: Sequence[Certificate],
    anchors: Sequence[Anchor],
    *,
    at: datetime,
    revocations: Revocations,
    checked_at: datetime | None = None,
) -> tuple[Finding, ...]:
    """Refuse a certificate that could not be relied on at `at`, the moment of signing (aware).

    checked_at: the moment of this check, for the age of revocation lists (default `at`).
    Returns warnings (missing or stale revocation list). Raises CertificateRefused with a `YM-CRT-…` finding.
    """
    chain = build_chain(leaf, intermediates, anchors)
    return check_moment(chain, at=at, revocations=revocations, checked_at=checked_at)


def build_chain(leaf: Certificate, intermediates: Sequence[Certificate], anchors: Sequence[Anchor]) -> Chain:
    """Find the path from the signer to an anchor and check all that does not depend on time. Pure.

    Raises CertificateRefused: WEAK-KEY, USAGE, UNKNOWN, FOREIGN, CHAIN-BROKEN, MALFORMED.
    """
    try:
        _check_leaf(leaf)
        by_fingerprint = {anchor.certificate.fingerprint: anchor for anchor in anchors}
        pool = [*(anchor.certificate for anchor in anchors), *intermediates]
        path = _path([leaf], pool, by_fingerprint)
        if path is None:
            raise _no_path(leaf, pool)
        for place, authority in enumerate(path[1:-1], start=1):
            _check_authority(authority, below=place - 1)
        _check_signature_hashes(path)
    except (ValueError, x509.DuplicateExtension) as wrong:
        raise CertificateRefused(findings.CRT_MALFORMED.at()) from wrong
    dated = path[:-1] or path
    return Chain(
        path=tuple(path),
        anchor=by_fingerprint[path[-1].fingerprint],
        not_before=max(one.not_before for one in dated),
        not_after=min(one.not_after for one in dated),
    )


def check_moment(
    chain: Chain, *, at: datetime, revocations: Revocations, checked_at: datetime | None = None
) -> tuple[Finding, ...]:
    """Judge a built chain at the moment of signing: validity, the anchor's period, revocation. Cheap."""
    if not chain.not_before <= at <= chain.not_after:
        raise _outside(chain, at)
    if not chain.anchor.trusted_at(at):
        raise refuse(findings.CRT_FOREIGN, chain.anchor.certificate.subject)
    for certificate, issuer in zip(chain.path, chain.path[1:], strict=False):
        revoked = revocations.find(issuer, certificate.serial)
        if revoked is not None and revoked.at <= at:
            raise refuse(findings.CRT_REVOKED, print_day(revoked.at))
    doubt = revocations.doubt(chain.path[1], checked_at or at) if len(chain.path) > 1 else None
    return (doubt,) if doubt else ()


class ChainCache:
    """Built chains by signer and version of the trust store, so that one dossier costs microseconds.

    Only chains that were found are kept: a dossier without its intermediate must not spoil the next one's.
    Chains of an older version are dropped when a newer one is met. Safe to share between threads.
    """

    def __init__(self, size: int = 20_000) -> None:
        self._chains: OrderedDict[tuple[str, int], Chain] = OrderedDict()
        self._version = 0
        self._size = size
        self._lock = Lock()

    def check(
        self,
        leaf: Certificate,
        intermediates: Sequence[Certificate],
        store: TrustStore,
        *,
        at: datetime,
        checked_at: datetime | None = None,
    ) -> tuple[Finding, ...]:
        """As `check_chain`, with the anchors and revocations of `store`."""
        key = (leaf.fingerprint, store.version)
        chain = self._chains.get(key)
        if chain is None:
            chain = build_chain(leaf, (*intermediates, *store.intermediates), store.anchors)
            self._keep(key, chain)
        return check_moment(chain, at=at, revocations=store.revocations, checked_at=checked_at)

    def forget(self) -> None:
        """Build every chain anew."""
        with self._lock:
            self._chains.clear()

    def _keep(self, key: tuple[str, int], chain: Chain) -> None:
        with self._lock:
            if key[1] > self._version:
                self._chains.clear()
                self._version = key[1]
            self._chains[key] = chain
            while len(self._chains) > self._size:
                self._chains.popitem(last=False)


def refuse(kind: FindingKind, value: str | None = None) -> CertificateRefused:
    return CertificateRefused(kind.at(field="X509Certificate", value=value))


def _check_leaf(leaf: Certificate) -> None:
    weak = {"RSA": leaf.key_size < MIN_RSA_BITS, "EC": leaf.key_size < MIN_EC_BITS}.get(leaf.key_kind, True)
    if weak:
        raise refuse(findings.CRT_WEAK_KEY, f"{leaf.key_kind} {leaf.key_size}")
    _check_critical(leaf)
    usage = _extension(leaf, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise refuse(findings.CRT_USAGE, "keyUsage")
    purposes = _extension(leaf, x509.ExtendedKeyUsage)
    if purposes is not None and set(purposes) <= _NOT_FOR_SIGNING:
        raise refuse(findings.CRT_USAGE, "extendedKeyUsage")
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise refuse(findings.CRT_USAGE, "CA")


def _check_authority(authority: Certificate, *, below: int) -> None:
    """An intermediate must be an authority, may sign certificates, and has room for `below` authorities under it."""
    _check_critical(authority)
    constraints = _extension(authority, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise refuse(findings.CRT_CHAIN_BROKEN, f"basicConstraints: {authority.subject}")
    if constraints.path_length is not None and constraints.path_length < below:
        raise refuse(findings.CRT_CHAIN_BROKEN, f"pathLenConstraint: {authority.subject}")
    usage = _extension(authority, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        raise refuse(findings.CRT_CHAIN_BROKEN, f"keyUsage: {authority.subject}")
    if authority.key_kind == "RSA" and authority.key_size < MIN_RSA_BITS:
        raise refuse(findings.CRT_WEAK_KEY, f"{authority.key_kind} {authority.key_size}")


def _check_critical(certificate: Certificate) -> None:
    """A critical extension that is not processed here refuses the certificate (RFC 5280 §4.2)."""
    for extension in certificate.x509.extensions:
        unread = isinstance(extension.value, x509.UnrecognizedExtension | x509.NameConstraints | x509.PolicyConstraints)
        if extension.critical and unread:
            raise refuse(findings.CRT_CHAIN_BROKEN, extension.oid.dotted_string)


def _check_signature_hashes(path: Sequence[Certificate]) -> None:
    for certificate in path[:-1]:
        if isinstance(certificate.x509.signature_hash_algorithm, _WEAK_HASHES):
            raise refuse(findings.CRT_WEAK_KEY, certificate.x509.signature_hash_algorithm.name)


def _path(path: list[Certificate], pool: Sequence[Certificate], anchors: dict[str, Anchor]) -> list[Certificate] | None:
    """Depth-first from the signer upwards; anchors come first in `pool`, so the shortest trusted way wins."""
    top = path[-1]
    if top.fingerprint in anchors:
        return path
    if len(path) > MAX_DEPTH:
        return None
    for candidate in pool:
        if candidate not in path and _issued(candidate, top):
            found = _path([*path, candidate], pool, anchors)
            if found:
                return found
    return None


def _issued(issuer: Certificate, subject: Certificate) -> bool:
    if issuer.x509.subject != subject.x509.issuer:
        return False
    try:
        subject.x509.verify_directly_issued_by(issuer.x509)
        return True
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _no_path(leaf: Certificate, pool: Sequence[Certificate]) -> CertificateRefused:
    """Foreign: the path ends at a root that is not trusted, or bears a known name without its key. Else unknown."""
    top, seen = leaf, {leaf.fingerprint}
    while not top.self_issued:
        above = next((one for one in pool if one.fingerprint not in seen and _issued(one, top)), None)
        if above is None:
            forged = any(one.x509.subject == top.x509.issuer for one in pool)
            return refuse(findings.CRT_FOREIGN if forged else findings.CRT_UNKNOWN, top.issuer)
        seen.add(above.fingerprint)
        top = above
    return refuse(findings.CRT_FOREIGN, top.subject)


def _outside(chain: Chain, at: datetime) -> CertificateRefused:
    for certificate in chain.path:
        if at < certificate.not_before:
            return refuse(findings.CRT_NOT_YET, print_day(certificate.not_before))
        if at > certificate.not_after:
            return refuse(findings.CRT_EXPIRED, print_day(certificate.not_after))
    return refuse(findings.CRT_CHAIN_BROKEN, chain.path[0].subject)


def _extension(certificate: Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.x509.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
