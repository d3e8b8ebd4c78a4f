"""The stream of events: a numbered copy of what the journals of all facilities tell of submissions, and who has read it.

The stream is whole on every machine, like the registry: one writer numbers it, so that a number is a place in it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ymach.base.ids import new_id


class StreamEvent(models.Model):
    """One event, never changed. position: 1, 2, 3 … without a gap; nothing ever appears before what was read.

    id: made from the event's place in the journal, so that it is the same wherever it is met. kind: one of `kinds.csv`.
    record_kinds: of the submission's records, those that may be named to anybody. version: of its dossier; 1 is the first.
    """

    position = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    facility_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    kind = models.TextField()
    at = models.DateTimeField()
    subject = models.TextField()
    submission_id = models.UUIDField(null=True)
    record_kinds = ArrayField(models.TextField())
    version = models.IntegerField(null=True)
    detail = models.JSONField()

    class Meta:
        db_table = "events_event"
        indexes = [
            models.Index(fields=["facility_id", "position"], name="event_of_facility"),
            models.Index(fields=["province_code", "position"], name="event_of_province"),
        ]


class Stream(models.Model):
    """One row: the last position, and the moment before which every journal has been read whole (None: never yet)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    complete_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "events_stream"
        constraints = [models.CheckConstraint(name="event_stream_is_one", condition=models.Q(id=1))]


class JournalCursor(models.Model):
    """Up to which event of a facility's day the journal has been read into the stream."""

    pk = models.CompositePrimaryKey("facility_id", "day")
    facility_id = models.UUIDField()
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        db_table = "events_cursor"
        indexes = [models.Index(fields=["day"], name="event_cursor_of_day")]


class Push(models.Model):
    """How far a subscription has been told. position: the last event it took, or has no part in.

    lease_ends, turn: who holds it until when; `turn` counts the times it was held, and is the proof of holding.
    failing_since: the first of the failures in a row. stopped_at: nothing is sent until somebody resumes it.
    """

    subscription_id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField()
    due_at = models.DateTimeField()
    lease_ends = models.DateTimeField(null=True)
    turn = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "events_push"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(stopped_at=None), name="event_push_due")]


class PushTurn(models.Model):
    """One turn of a subscription: what was sent in it, and how it ended. Only the last ones are kept.

    first, last: positions of what was taken; None when nothing was. error: empty, or the code of what went wrong at
    `failed_id`. detail: both sentences of it.
    """

    pk = models.CompositePrimaryKey("subscription_id", "id")
    subscription_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    at = models.DateTimeField()
    taken = models.IntegerField()
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    error = models.TextField(default="")
    failed_id = models.UUIDField(null=True)
    vi = models.TextField(default="")
    en = models.TextField(default="")

    class Meta:
        db_table = "events_push_turn"
