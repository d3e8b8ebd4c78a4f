"""What waits for a department's decision. The rows follow the records: they are written and settled in the transactions
that store, decide, replace or cancel those. The distribution key comes first; no foreign keys (many machines)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class State(models.TextChoices):
    """Where a held dossier stands. `replaced`: a later version came; `withdrawn`: its facility cancelled it;
    `settled`: the registry was corrected, and the records were judged again by that."""

    WAITING = "waiting"
    RETURNED = "returned"
    RELEASED = "released"
    REJECTED = "rejected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"


class HeldItem(models.Model):
    """The held records of one version of one dossier: they are decided together.

    causes: codes of the findings by which they are held. authors: of those findings that are about an author, what the
    registry is asked again (`asking.Question`); no patient's data. happened_on: day of the visit in Viet Nam. due_on: the
    last day for the decision. decided_by, note: of the last move of the department.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    submission_id = models.UUIDField()
    dossier_kind = models.TextField()
    dossier_code = models.TextField()
    version = models.IntegerField()
    record_ids = ArrayField(models.UUIDField())
    record_kinds = ArrayField(models.TextField())
    causes = ArrayField(models.TextField())
    authors: Any = models.JSONField(default=list)
    happened_on = models.DateField()
    received_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.TextField(choices=State)
    changed_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    decided_by_label = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        db_table = "exchange_held_item"
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "submission_id", "dossier_kind", "dossier_code"], name="held_item_once"
            ),
            models.CheckConstraint(name="held_item_state", condition=Q(state__in=State.values)),
        ]
        indexes = [
            models.Index(
                fields=["province_code", "received_at", "id"], name="held_queue", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["facility_id", "dossier_kind", "dossier_code"],
                name="held_of_dossier",
                condition=Q(state__in=["waiting", "returned"]),
            ),
            models.Index(fields=["province_code", "state", "-changed_at"], name="held_by_state"),
            models.Index(fields=["facility_id", "state", "-changed_at"], name="held_of_facility"),
        ]


class HeldTally(models.Model):
    """How many items of a facility wait (or are returned), by their last day; kept in the transaction of the effect."""

    pk = models.CompositePrimaryKey("facility_id", "state", "due_on")
    facility_id = models.UUIDField()
    state = models.TextField(choices=State)
    due_on = models.DateField()
    province_code = models.CharField(max_length=2)
    number = models.IntegerField()

    class Meta:
        db_table = "exchange_held_tally"
        indexes = [
            models.Index(
                fields=["province_code", "state", "due_on"], name="held_tally_of_province", condition=Q(number__gt=0)
            )
        ]
