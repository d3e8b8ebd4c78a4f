"""Provisional identities, as the desk made them. Rows are added, never changed or deleted (the running role may not)."""

from __future__ import annotations

from django.db import models


class Provisional(models.Model):
    """One wristband: its code, the identity under it, the facility whose desk gave it.

    details: what is known (`details.Details`), sealed. mother_id, birth_order: of a newborn. The key is the code, which is
    all that a wristband says.
    """

    code = models.TextField(primary_key=True)
    citizen_id = models.UUIDField()
    facility_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    kind = models.TextField()
    mother_id = models.UUIDField(null=True)
    birth_order = models.SmallIntegerField(null=True)
    details = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        db_table = "citizens_provisional"
        indexes = [
            models.Index(fields=["citizen_id"], name="provisional_of_person"),
            models.Index(fields=["mother_id"], name="provisional_of_mother"),
            models.Index(fields=["facility_id", "-made_at"], name="provisional_of_desk"),
            models.Index(fields=["province_code", "-made_at"], name="provisional_of_province"),
        ]
