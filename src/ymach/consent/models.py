"""Consents, the second signatures they need, and their withdrawals. Append-only: nothing is ever rewritten."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ymach.base.ids import new_id


class Channel(models.TextChoices):
    """How somebody said yes or no."""

    VNEID = "vneid"
    DESK_PAPER = "desk-paper"
    SYSTEM = "system"
    SIGNED_IN = "signed-in"


class Consent(models.Model):
    """A consent of one person (citizen_id) for one purpose, as it was given.

    giver_id: who gave it, in which capacity; proxy_row_id: of the proxy where it is not the person. signer: the name on
    the paper, sealed. facilities, is_for_treating: who may read. kinds: empty for every kind of record. since, until:
    until is not included, None: until it is withdrawn. text_version, text_digest: of the words that were shown; digest:
    of all that was agreed to, hexadecimal SHA-256 (`terms.digest_of`). needs_child: a child of seven or older has to
    sign too. paper_id: the scan. transaction: VNeID's signed statement, or "". facility_id: whose desk recorded it.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    purpose = models.TextField()
    capacity = models.TextField()
    giver_id = models.UUIDField()
    proxy_row_id = models.UUIDField(null=True)
    signer = models.BinaryField()
    facilities = ArrayField(models.UUIDField())
    is_for_treating = models.BooleanField()
    kinds = ArrayField(models.TextField())
    compartments = ArrayField(models.TextField())
    is_request = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    text_version = models.TextField()
    text_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    channel = models.TextField(choices=Channel)
    needs_child = models.BooleanField()
    paper_id = models.UUIDField(null=True)
    transaction = models.TextField(default="", db_default="")
    facility_id = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    given_by = models.TextField()
    given_by_label = models.TextField()

    class Meta:
        db_table = "consent_consent"
        indexes = [
            models.Index(
                fields=["facility_id", "-given_at"],
                name="consent_of_desk",
                condition=models.Q(facility_id__isnull=False),
            ),
            models.Index(fields=["citizen_id", "-given_at"], name="consent_of_citizen"),
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_ends_after_it_begins",
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
            ),
            models.CheckConstraint(
                name="consent_has_evidence",
                condition=models.Q(paper_id__isnull=False) | ~models.Q(transaction=""),
            ),
            models.CheckConstraint(
                name="consent_is_for_somebody",
                condition=models.Q(is_for_treating=True) | ~models.Q(facilities=[]),
            ),
        ]


class Assent(models.Model):
    """The child's own signature under a consent that waited for it."""

    pk = models.CompositePrimaryKey("citizen_id", "consent_id")
    citizen_id = models.UUIDField()
    consent_id = models.UUIDField()
    channel = models.TextField(choices=Channel)
    paper_id = models.UUIDField(null=True)
    transaction = models.TextField(default="", db_default="")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "consent_assent"


class Withdrawal(models.Model):
    """A consent is over from this moment on. withdrawn_by_id: the person, or who acts for them. reason: may be empty."""

    pk = models.CompositePrimaryKey("citizen_id", "consent_id")
    citizen_id = models.UUIDField()
    consent_id = models.UUIDField()
    withdrawn_by_id = models.UUIDField()
    channel = models.TextField(choices=Channel)
    paper_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "consent_withdrawal"
