"""The journal: events chained by hash per facility and day. The running role may add, never change or delete."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One thing somebody did to a person's data, or to the exchange.

    `hash` = SHA-256 over `previous_hash` and the canonical JSON of the event (see `audit.chain`); the first event of a
    facility's day starts from 32 zero bytes. facility_id is the distribution key.
    """

    pk = models.CompositePrimaryKey("facility_id", "day", "number")
    facility_id = models.UUIDField()
    day = models.DateField()
    number = models.IntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    citizen_id = models.UUIDField(null=True)
    basis = models.TextField()
    detail = models.JSONField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_event"


class AuditHead(models.Model):
    """The end of each chain; locking its row puts the events of one facility and day in order."""

    pk = models.CompositePrimaryKey("facility_id", "day")
    facility_id = models.UUIDField()
    day = models.DateField()
    number = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_head"
        # Who reads what was written (exchange.mentions) begins with the chains of a day; a move of the end costs nothing more.
        indexes = [models.Index(fields=["day"], name="audit_head_of_day")]
