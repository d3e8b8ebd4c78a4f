"""The journal: events chained by hash per facility and day. The running role may add, never change or delete."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


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
        indexes = [
            # Whom did an account reach between two moments; who read a person's data.
            models.Index(fields=["actor", "at"], name="audit_event_of_actor"),
            models.Index(
                fields=["citizen_id", "at"], name="audit_event_of_citizen", condition=Q(citizen_id__isnull=False)
            ),
        ]


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


class AuditRoot(models.Model):
    """The signed root of a closed day (Viet Nam): a Merkle tree over the ends of its chains, chained to the root before it.

    jws: what the platform signed (`audit.roots`). leaves: how many ends the tree has; late: how many of them belong to days
    that had been closed before. Only ever added.
    """

    day = models.DateField(primary_key=True)
    root = models.BinaryField()
    previous = models.BinaryField()
    leaves = models.IntegerField()
    late = models.IntegerField()
    events = models.BigIntegerField()
    jws = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_root"


class AuditLeaf(models.Model):
    """The end of one chain as a root has it. root_day: the day of that root; later than `day` where events came late."""

    pk = models.CompositePrimaryKey("facility_id", "day", "root_day")
    facility_id = models.UUIDField()
    day = models.DateField()
    root_day = models.DateField()
    number = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"
        indexes = [models.Index(fields=["root_day"], name="audit_leaf_of_root")]


class AuditCheck(models.Model):
    """One run of the proof: what it covered, and what was wrong. since, until: days, both included; null: without bound."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    chains = models.BigIntegerField()
    events = models.BigIntegerField()
    roots = models.IntegerField()
    fault_count = models.IntegerField()
    faults = models.JSONField()
    checked_by = models.TextField()

    class Meta:
        db_table = "audit_check"
        indexes = [models.Index(fields=["-ended_at"], name="audit_check_latest")]
