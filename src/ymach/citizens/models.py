"""Persons and the identifiers they have had. No identifier is a key of anything else."""

from __future__ import annotations

from django.db import models

from ymach.base.ids import new_id


class Assurance(models.TextChoices):
    """How sure we are who this is; shown to every reader."""

    STATED = "stated", "stated by the sender with a strong identifier"
    PROVISIONAL = "provisional", "without a strong identifier, or in doubt; to be linked with evidence"


class Citizen(models.Model):
    """One identity of a person. Birth date parts may be unknown (`198500000000` is legal: Decision 130)."""

    citizen_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.TextField()
    name_folded = models.TextField()
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=1, null=True)
    assurance = models.CharField(max_length=20, choices=Assurance)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "citizens_citizen"


class IdentifierKind(models.TextChoices):
    PERSONAL_NUMBER = "personal-number"
    IDENTITY_DOCUMENT = "identity-document"
    INSURANCE_NUMBER = "insurance-number"
    FACILITY_PATIENT = "facility-patient"


class Identifier(models.Model):
    """A number by which a person is known: the same kind and value name one identity only (unique index)."""

    pk = models.CompositePrimaryKey("kind", "value")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    value = models.TextField()
    citizen_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        db_table = "citizens_identifier"
        indexes = [models.Index(fields=["citizen_id"], name="citizens_identifier_citizen")]
