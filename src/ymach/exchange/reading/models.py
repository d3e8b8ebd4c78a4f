"""Emergency accesses: opened with a reason, open for some hours, reviewed by somebody else. The key begins with the person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class EmergencyKind(models.TextChoices):
    """What made it an emergency (Law 91/2025/QH15 art. 19: life or health in an urgent case)."""

    UNCONSCIOUS = "unconscious"
    LIFE = "life"
    POISONING = "poisoning"
    CHILDBIRTH = "childbirth"
    CANNOT_SPEAK = "cannot-speak"


class Verdict(models.TextChoices):
    """What a review said; empty while none has."""

    NONE = ""
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not-justified"


class Emergency(models.Model):
    """One person's records opened by one facility without consent or referral.

    facility_…: who opened. label: the opener's name for people. ends_at: until when it opens anything. review_due_at: by
    when somebody else must have said whether it was right. Times are aware UTC.
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    kind = models.TextField(choices=EmergencyKind)
    reason = models.TextField()
    opened_by = models.TextField()
    label = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    verdict = models.TextField(choices=Verdict, default="", db_default="", blank=True)
    review_note = models.TextField(default="", db_default="", blank=True)
    reviewed_by = models.TextField(default="", db_default="", blank=True)
    reviewer_label = models.TextField(default="", db_default="", blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_emergency"
        constraints = [
            models.CheckConstraint(name="emergency_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="emergency_ends", condition=Q(ends_at__gt=models.F("opened_at"))),
            models.CheckConstraint(
                name="emergency_reviewed_whole",
                condition=Q(verdict="", reviewed_at=None) | (~Q(verdict="") & Q(reviewed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="emergency_reviewed_by_another", condition=Q(verdict="") | ~Q(reviewed_by=models.F("opened_by"))
            ),
        ]
        indexes = [
            models.Index(fields=["facility_id", "-opened_at"], name="emergency_of_facility"),
            models.Index(fields=["province_code", "-opened_at"], name="emergency_of_province"),
            models.Index(fields=["review_due_at"], condition=Q(verdict=""), name="emergency_to_review"),
            models.Index(fields=["id"], name="emergency_by_id"),
        ]
