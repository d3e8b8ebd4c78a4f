"""How often somebody has done something lately. Counters, not facts: without history, and forgotten with their window."""

from __future__ import annotations

from django.db import models


class Taken(models.Model):
    """What one key has taken of its allowance since its window began. The table is unlogged: a crash forgives."""

    key = models.BinaryField(primary_key=True)
    what = models.TextField()
    count = models.IntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "signin_taken"
        indexes = [models.Index(fields=["ends_at"], name="signin_taken_ends")]
