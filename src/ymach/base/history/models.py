"""What the triggers write: one entry per changed row, with the row before and after. Nothing else writes here."""

from __future__ import annotations

from django.db import models


class HistoryEntry(models.Model):
    """One change of one row of the registry.

    The sequence of `id` is also the registry's version: a receipt names the last entry its check could see.
    """

    class Operation(models.TextChoices):
        INSERT = "I"
        UPDATE = "U"
        DELETE = "D"

    id = models.BigAutoField(primary_key=True)
    table = models.TextField()
    row_id = models.TextField()
    operation = models.CharField(max_length=1, choices=Operation)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "history_entry"
        indexes = [models.Index(fields=["table", "row_id"], name="history_entry_row")]
