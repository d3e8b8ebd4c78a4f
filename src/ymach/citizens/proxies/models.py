"""Proxies and sealed papers. Append-only: an end is a row of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ymach.base.ids import new_id


class Paper(models.Model):
    """A scan that proves something about a person: a signed consent, a birth certificate, a mandate.

    content: sealed for `proxies.papers.context_of`. sha256: of the plain content, hexadecimal. size: of it, in bytes.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    content = models.BinaryField()
    media_type = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    kept_at = models.DateTimeField()
    kept_by = models.TextField()

    class Meta:
        db_table = "citizens_paper"


class ProxyRow(models.Model):
    """One person acts for another from a day to another (`until` is not included; None: until it is ended).

    citizen_id: who is acted for. proxy_id: who acts. scope: words of `rules.Scope`. evidence: a word of
    `rules.Evidence`, evidence_number: of the paper. facility_id: whose desk saw the paper.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    proxy_id = models.UUIDField()
    relation = models.TextField()
    scope = ArrayField(models.TextField())
    compartments = ArrayField(models.TextField())
    since = models.DateField()
    until = models.DateField(null=True)
    evidence = models.TextField()
    evidence_number = models.TextField()
    paper_id = models.UUIDField(null=True)
    facility_id = models.UUIDField(null=True)
    appointed_at = models.DateTimeField()
    appointed_by = models.TextField()
    appointed_by_label = models.TextField()

    class Meta:
        db_table = "citizens_proxy"
        indexes = [models.Index(fields=["proxy_id"], name="proxy_acting")]
        constraints = [
            models.CheckConstraint(name="proxy_is_somebody_else", condition=~models.Q(citizen_id=models.F("proxy_id"))),
            models.CheckConstraint(
                name="proxy_ends_after_it_begins",
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
            ),
        ]


class ProxyEnd(models.Model):
    """A proxy was ended, at a moment, for a reason."""

    pk = models.CompositePrimaryKey("citizen_id", "proxy_row_id")
    citizen_id = models.UUIDField()
    proxy_row_id = models.UUIDField()
    ended_at = models.DateTimeField()
    reason = models.TextField()
    ended_by = models.TextField()

    class Meta:
        db_table = "citizens_proxy_end"
