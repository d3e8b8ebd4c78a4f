"""What the platform trusts, as rows: authorities, their newest revocation lists, used assertions, and a version."""

from __future__ import annotations

from django.db import models


class TrustAnchor(models.Model):
    """An authority's certificate. `trusted` ones end a chain; others are issuing authorities that senders leave out.

    fingerprint: SHA-256 of the DER bytes, hex. trusted_from is included, trusted_until is not; empty is unlimited.
    crl_url: where the authority publishes its revocation list; empty when it is loaded by hand.
    is_demo: counts only on a server that is marked as a demonstration.
    """

    fingerprint = models.CharField(primary_key=True, max_length=64)
    der = models.BinaryField()
    name = models.CharField(max_length=300)
    trusted = models.BooleanField(default=True)
    crl_url = models.CharField(max_length=500, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    trusted_from = models.DateTimeField(null=True)
    trusted_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "trust_anchor"

    def __str__(self) -> str:
        return self.name


class RevocationList(models.Model):
    """The newest verified revocation list of one issuer; older ones are replaced."""

    issuer_fingerprint = models.CharField(primary_key=True, max_length=64)
    der = models.BinaryField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField()

    class Meta:
        db_table = "trust_revocation_list"

    def __str__(self) -> str:
        return self.issuer_fingerprint


class UsedAssertion(models.Model):
    """A client assertion that was used, until it would have expired anyway. Only the digest of its id is kept."""

    pk = models.CompositePrimaryKey("client_id", "jti_hash")
    client_id = models.CharField(max_length=20)
    jti_hash = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "trust_used_assertion"
        indexes = [models.Index(fields=["expires_at"], name="trust_used_assertion_expiry")]


class TrustVersion(models.Model):
    """One row: a number that grows with every change of anchors or lists, so that caches know when to read again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=1)

    class Meta:
        db_table = "trust_version"
        constraints = [models.CheckConstraint(name="trust_version_one_row", condition=models.Q(id=1))]
