"""Cards that are switched on, and those that were. The key is the digest of the link: whoever opens one has nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EmergencyCard(models.Model):
    """One link of one person's card.

    digest: SHA-256 of the link's token, in hexadecimal. sealed: what the person chose to show, whom to call and the token
    itself, so that the picture can be made again (`rules.Choice`); emptied when the card is switched off. proxy_row_id: of
    the proxy who switched it on; None for the person's own. Times are aware.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    citizen_id = models.UUIDField()
    proxy_row_id = models.UUIDField(null=True)
    sealed = models.BinaryField()
    switched_on_at = models.DateTimeField()
    switched_on_by = models.TextField()
    changed_at = models.DateTimeField()
    switched_off_at = models.DateTimeField(null=True)
    switched_off_by = models.TextField(default="", db_default="", blank=True)

    class Meta:
        db_table = "citizens_emergency_card"
        constraints = [
            models.CheckConstraint(
                name="emergency_card_off_keeps_nothing",
                condition=Q(switched_off_at=None, switched_off_by="")
                | (Q(switched_off_at__isnull=False, sealed=b"") & ~Q(switched_off_by="")),
            )
        ]
        indexes = [
            models.Index(fields=["citizen_id"], condition=Q(switched_off_at=None), name="emergency_card_of_citizen"),
            models.Index(
                fields=["citizen_id", "proxy_row_id"],
                condition=Q(switched_off_at=None, proxy_row_id__isnull=False),
                name="emergency_card_of_proxy",
            ),
        ]
