"""Changes of what is trusted, and the memory of used assertions. Nothing else writes these tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection
from django.db.models import F

from ymach.base.actors import Actor
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.trust import findings, revocation
from ymach.trust.certificates import Certificate, load
from ymach.trust.client_assertions import Assertion
from ymach.trust.errors import AssertionRefused, CertificateRefused
from ymach.trust.models import RevocationList, TrustAnchor, TrustVersion, UsedAssertion
from ymach.trust.revocation import Fetch


def add_anchor(
    *,
    certificate: Certificate,
    by: Actor,
    at: datetime,
    reason: str,
    trusted: bool = True,
    is_demo: bool = False,
    crl_url: str = "",
    trusted_from: datetime | None = None,
    trusted_until: datetime | None = None,
) -> TrustAnchor:
    """Trust an authority (or, with trusted=False, only know it as an issuer). The same certificate again changes it.

    reason: why, for the history, e.g. the licence of the authority. Times are aware; until is not included.
    """
    with attributed(by=by, reason=reason, at=at):
        anchor, _ = TrustAnchor.objects.update_or_create(
            fingerprint=certificate.fingerprint,
            defaults={
                "der": certificate.der,
                "name": (certificate.identity.common_name or certificate.subject)[:300],
                "trusted": trusted,
                "is_demo": is_demo,
                "crl_url": crl_url,
                "trusted_from": trusted_from,
                "trusted_until": trusted_until,
            },
        )
        _bump()
    return anchor


def withdraw_anchor(*, fingerprint: str, by: Actor, at: datetime, reason: str) -> None:
    """Stop trusting an authority from `at` on. What was signed before keeps its trust."""
    with attributed(by=by, reason=reason, at=at):
        TrustAnchor.objects.filter(fingerprint=fingerprint).update(trusted_until=at)
        _bump()


def load_revocation_list(*, content: bytes, issuer: Certificate, by: Actor, at: datetime) -> bool:
    """Keep an issuer's revocation list (DER or PEM) when it is newer than the one kept. Returns whether it was.

    Raises CertificateRefused (`YM-CRL-…`) when the list is not the issuer's.
    """
    fresh = revocation.read(content, issuer)
    with attributed(by=by, reason="revocation list loaded", at=at):
        kept = RevocationList.objects.select_for_update().filter(pk=issuer.fingerprint).first()
        if kept is not None and kept.this_update >= fresh.this_update:
            RevocationList.objects.filter(pk=issuer.fingerprint).update(fetched_at=at)
            return False
        RevocationList.objects.update_or_create(
            issuer_fingerprint=issuer.fingerprint,
            defaults={
                "der": content,
                "this_update": fresh.this_update,
                "next_update": fresh.next_update,
                "fetched_at": at,
            },
        )
        _bump()
    return True


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one authority's list: whether a newer one was loaded, or why not."""

    name: str
    is_newer: bool
    error: YmachError | None = None


def refresh_revocation_lists(*, by: Actor, at: datetime, fetch: Fetch = revocation.fetch) -> list[Refreshed]:
    """Fetch the list of every authority that publishes one. One that cannot be had leaves the old one in use.

    fetch: from an http(s) address to its bytes. Runs in the background, never while a dossier waits.
    """
    return [_refresh(anchor, by, at, fetch) for anchor in TrustAnchor.objects.exclude(crl_url="").order_by("name")]


def _refresh(anchor: TrustAnchor, by: Actor, at: datetime, fetch: Fetch) -> Refreshed:
    try:
        content = fetch(anchor.crl_url)
        is_newer = load_revocation_list(content=content, issuer=load(bytes(anchor.der)), by=by, at=at)
    except (revocation.ListUnreachable, CertificateRefused) as wrong:
        return Refreshed(anchor.name, is_newer=False, error=wrong)
    return Refreshed(anchor.name, is_newer=is_newer)


def remember_assertion(*, assertion: Assertion, by: Actor, at: datetime) -> None:
    """Use an assertion once.

    by: the machine that signs in; it must be the one the assertion speaks for. at: now.
    Raises AssertionRefused: `YM-AUT-ASSERTION-REPLAYED` the second time, also under a race; `…-EXPIRED`, `…-CLIENT`.
    """
    if by.key != assertion.client_id:
        raise AssertionRefused(findings.ASSERTION_CLIENT.at())
    if assertion.expires_at <= at:
        raise AssertionRefused(findings.ASSERTION_EXPIRED.at(value=assertion.expires_at.isoformat()))
    jti_hash = sha256(assertion.jti.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trust_used_assertion (client_id, jti_hash, expires_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (client_id, jti_hash) DO NOTHING",
            [assertion.client_id, jti_hash, assertion.expires_at],
        )
        if cursor.rowcount == 0:
            raise AssertionRefused(findings.ASSERTION_REPLAYED.at())


def forget_assertions(*, at: datetime) -> int:
    """Drop the assertions that expired before `at`; returns how many. Run now and then."""
    return UsedAssertion.objects.filter(expires_at__lt=at).delete()[0]


def _bump() -> None:
    TrustVersion.objects.filter(pk=1).update(version=F("version") + 1)
