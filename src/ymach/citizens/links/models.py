"""Links and assurances. Rows are added and ended, never changed otherwise, never deleted (the running role may not)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id


class Link(models.Model):
    """Two identities said to be one person, from `since` until it is undone.

    facility_id: whose desk linked them; None for a department, or the registry. reference: sealed. The table is small (a few
    in a thousand persons) and stays whole on every machine, so that the joined identities are found in one statement.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    to_citizen_id = models.UUIDField()
    facility_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    by = models.TextField()
    evidence = models.TextField()
    reference = models.BinaryField()
    reason = models.TextField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(null=True)
    undone_why = models.TextField(null=True)

    class Meta:
        db_table = "citizens_link"
        constraints = [
            models.CheckConstraint(condition=~Q(citizen_id=F("to_citizen_id")), name="link_joins_two"),
            models.UniqueConstraint(
                fields=["citizen_id", "to_citizen_id"], condition=Q(undone_at=None), name="link_once"
            ),
        ]
        indexes = [
            models.Index(fields=["to_citizen_id", "citizen_id"], condition=Q(undone_at=None), name="link_backwards")
        ]


class Assurance(models.Model):
    """A level that evidence gives an identity, until it is withdrawn. link_id: of the link that brought it."""

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    level = models.TextField()
    evidence = models.TextField()
    reference = models.BinaryField()
    link_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(null=True)
    withdrawn_why = models.TextField(null=True)

    class Meta:
        db_table = "citizens_assurance"
