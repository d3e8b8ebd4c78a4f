"""The trust store as it stands, kept in the process and read again only when its version has grown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import transaction

from ymach.base.findings import Finding
from ymach.trust import revocation
from ymach.trust.certificates import Certificate, load
from ymach.trust.chains import Anchor, ChainCache, TrustStore
from ymach.trust.errors import CertificateRefused
from ymach.trust.models import RevocationList, TrustAnchor, TrustVersion
from ymach.trust.revocation import NO_REVOCATIONS, Revocations

SECONDS_UNREAD = 5.0


@dataclass(slots=True)
class _Kept:
    store: TrustStore
    looked_at: float


_lock = Lock()
_kept: dict[bool, _Kept] = {}


def trust_store(*, fresh: bool = False, demo: bool | None = None) -> TrustStore:
    """What is trusted now. The version is looked up at most every five seconds, or at once with fresh=True.

    demo: count demonstration anchors too (default: whether this is a demonstration or a test installation).
    """
    with_demo = bool(settings.ENVIRONMENT.is_test) if demo is None else demo
    kept = _kept.get(with_demo)
    if kept is not None and not fresh and monotonic() - kept.looked_at < SECONDS_UNREAD:
        return kept.store
    with _lock:
        return _look(with_demo)


def forget() -> None:
    """Read everything again next time; for tests, whose data is rolled back."""
    _kept.clear()
    _chains.forget()


def check_reliable(
    leaf: Certificate, chain: Sequence[Certificate] = (), *, at: datetime, checked_at: datetime
) -> tuple[Finding, ...]:
    """Judge a signer's certificate at `at` by what is trusted now; the path is built once per certificate and kept.

    An authority that was added a moment ago is looked up before its certificates are refused.
    Returns warnings (see `chains.check_moment`). Raises CertificateRefused (`YM-CRT-…`).
    """
    store = trust_store()
    try:
        return _chains.check(leaf, chain, store, at=at, checked_at=checked_at)
    except CertificateRefused:
        newer = trust_store(fresh=True)
        if newer.version == store.version:
            raise
    return _chains.check(leaf, chain, newer, at=at, checked_at=checked_at)


_chains = ChainCache()


def _look(with_demo: bool) -> TrustStore:
    kept = _kept.get(with_demo)
    version = TrustVersion.objects.values_list("version", flat=True).get(pk=1)
    if kept is None or kept.store.version != version:
        kept = _Kept(_read(with_demo), monotonic())
        _kept[with_demo] = kept
    kept.looked_at = monotonic()
    return kept.store


def _read(with_demo: bool) -> TrustStore:
    with transaction.atomic():
        # The version first: a change in between is then seen at the next look, never missed.
        version = TrustVersion.objects.values_list("version", flat=True).get(pk=1)
        rows = list(TrustAnchor.objects.all() if with_demo else TrustAnchor.objects.filter(is_demo=False))
        lists = dict(RevocationList.objects.values_list("issuer_fingerprint", "der"))
    known = {row.fingerprint: load(bytes(row.der)) for row in rows}
    anchors = tuple(
        Anchor(known[row.fingerprint], row.trusted_from, row.trusted_until, row.is_demo) for row in rows if row.trusted
    )
    issuers = tuple(known[row.fingerprint] for row in rows if not row.trusted)
    return TrustStore(anchors, _revocations(known, lists), version, issuers)


def _revocations(known: dict[str, Certificate], lists: Mapping[str, bytes | memoryview]) -> Revocations:
    read = [revocation.read(bytes(der), known[issuer]) for issuer, der in lists.items() if issuer in known]
    return Revocations.of(read) if read else NO_REVOCATIONS
