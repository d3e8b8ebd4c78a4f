"""What is seen of the running system. Small tables, whole on every machine: a row a worker, a row a destination and minute.

A destination is named by its family ("webhook" for all subscribers) where things are measured, and by its full name
("webhook:<id>") where a breaker or an outage belongs to one receiver.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class WorkerSeen(models.Model):
    """A worker's process and what it last said of itself. alive_at: when it said so, by the clock of its machine.

    parts: what it does, destinations among it. ways: its breakers that are not at rest, `{destination: {"failures",
    "open_until"}}`, the moment in ISO 8601 or null. tallies: its results since it started, `{destination: {state:
    number}}`. stopped_at: it said that it stops; a killed one says nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.TextField()
    pid = models.IntegerField()
    parts = models.JSONField(default=list)
    ways = models.JSONField(default=dict)
    tallies = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    alive_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "operations_worker"

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class Outage(models.Model):
    """From when to when nobody got through to a destination: from the opening of a breaker to the next answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    destination = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "operations_outage"
        constraints = [
            models.UniqueConstraint(
                fields=["destination"], condition=Q(ended_at=None), name="outage_one_open_a_destination"
            ),
            models.CheckConstraint(
                name="outage_ends_after_its_start", condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at"))
            ),
        ]
        indexes = [models.Index(fields=["-began_at"], name="outage_by_time")]

    def __str__(self) -> str:
        return f"{self.destination} {self.began_at}"


class Sample(models.Model):
    """How a destination stood at a full minute. waiting, by_hand: how many wait, and how many stay until somebody acts,
    each counted up to `actions.MOST`. oldest_at: since when the longest waiting one waits; None when nothing does."""

    pk = models.CompositePrimaryKey("destination", "at")
    destination = models.TextField()
    at = models.DateTimeField()
    waiting = models.IntegerField()
    by_hand = models.IntegerField()
    oldest_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "operations_sample"
        indexes = [models.Index(fields=["at"], name="sample_by_time")]


class Delay(models.Model):
    """How many deliveries of an hour reached a destination so long after the receipt. bucket: of `deliveries.delays.BOUNDS`."""

    pk = models.CompositePrimaryKey("destination", "hour", "bucket")
    destination = models.TextField()
    hour = models.DateTimeField()
    bucket = models.SmallIntegerField()
    number = models.BigIntegerField()

    class Meta:
        db_table = "operations_delay"
        indexes = [models.Index(fields=["hour"], name="delay_by_hour")]
