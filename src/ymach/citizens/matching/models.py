"""Keys under which persons are found again, probable pairs and what was decided about them, and the thresholds."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q


class Block(models.Model):
    """A key that persons who may be the same have in common; the keys of `matching.blocks`, not to be undone."""

    pk = models.CompositePrimaryKey("key", "citizen_id")
    key = models.BigIntegerField()
    citizen_id = models.UUIDField()

    class Meta:
        db_table = "citizens_matching_block"


class State(models.TextChoices):
    """open: to be decided; linked: linked automatically; same, different: decided by a person, for good."""

    OPEN = "open"
    LINKED = "linked"
    SAME = "same"
    DIFFERENT = "different"


class Pair(models.Model):
    """Two identities that may be one person; the smaller id first, so that a pair is there once.

    weight: bits, the odds that they are one (`rules.Comparison`). fields: per field the level found and its bits. vetoes:
    names of what forbids linking without a person. provinces, facilities: of both sides, for who may decide.
    postponed_until: put off by a person.
    """

    pk = models.CompositePrimaryKey("citizen_id", "other_id")
    citizen_id = models.UUIDField()
    other_id = models.UUIDField()
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    prior = models.DecimalField(max_digits=6, decimal_places=2)
    fields: Any = models.JSONField()
    vetoes: Any = models.JSONField(default=list)
    weights_version = models.TextField()
    province_code = models.TextField(default="")
    other_province_code = models.TextField(default="")
    facility_id = models.UUIDField(null=True)
    other_facility_id = models.UUIDField(null=True)
    state = models.TextField(choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    postponed_until = models.DateField(null=True)
    decided_by = models.TextField(default="")
    decided_by_label = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "citizens_matching_pair"
        constraints = [
            models.CheckConstraint(name="citizens_pair_in_order", condition=Q(citizen_id__lt=F("other_id"))),
            models.CheckConstraint(
                name="citizens_pair_decided_by_somebody",
                condition=Q(state="open") | (~Q(decided_by="") & ~Q(reason="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-weight"], name="citizens_pair_by_weight"),
            models.Index(fields=["other_id"], name="citizens_pair_other"),
        ]


class Thresholds(models.Model):
    """From which weight on two are linked automatically, and from which on a person is asked; from a day on.

    starts_on: Viet Nam. The row with the latest day that has come is in force.
    """

    starts_on = models.DateField(primary_key=True)
    automatic = models.DecimalField(max_digits=6, decimal_places=2)
    worklist = models.DecimalField(max_digits=6, decimal_places=2)
    decision = models.TextField()

    class Meta:
        db_table = "citizens_matching_thresholds"
        constraints = [
            models.CheckConstraint(name="citizens_thresholds_in_order", condition=Q(automatic__gt=F("worklist")))
        ]
