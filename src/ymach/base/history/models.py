"""What the triggers write: one entry per changed row, with the row before and after. Nothing else writes here."""

from __future__ import annotations

from django.db import models


class HistoryEntry(models.Model):
    """One change of one row of the registry.

    The sequence of `id` is also the registry's version: a receipt names the last entry its check could see. It is not
    the order in which changes became visible; who follows the registry reads in the order of (xact, id), and only
    below the oldest transaction still open (`changes.feed`). Rows of one action share their transaction, `xact`.
    subject: the practitioner, facility, … whose profile the row belongs to; beside: a second profile concerned.
    """

    class Operation(models.TextChoices):
        INSERT = "I"
        UPDATE = "U"
        DELETE = "D"

    id = models.BigAutoField(primary_key=True)
    xact = models.BigIntegerField()
    table = models.TextField()
    row_id = models.TextField()
    subject = models.UUIDField(null=True)
    beside = models.UUIDField(null=True)
    operation = models.CharField(max_length=1, choices=Operation)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "history_entry"
        indexes = [
            models.Index(fields=["xact", "id"], name="history_entry_order"),
            models.Index(fields=["subject", "id"], name="history_entry_subject"),
            models.Index(
                fields=["beside", "id"], name="history_entry_beside", condition=models.Q(beside__isnull=False)
            ),
        ]
