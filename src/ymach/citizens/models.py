"""Persons and the identifiers they have had. No identifier is a key of anything else."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id


class Assurance(models.TextChoices):
    """How sure we are who this is; shown to every reader."""

    STATED = "stated", "stated by the sender with a strong identifier"
    PROVISIONAL = "provisional", "without a strong identifier, or in doubt; to be linked with evidence"


class Citizen(models.Model):
    """One identity of a person. Birth date parts may be unknown (`198500000000` is legal: Decision 130).

    From province_code on: what was stated with the identity when it was made, for comparing it with others. Codes are
    today's units; insurance_key and phone_key are blind; number_sealed is the number stated, also one that somebody else
    holds. facility_id: who stated it. compared_at: None until it was compared with those known before.
    """

    citizen_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.TextField()
    name_folded = models.TextField()
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=1, null=True)
    assurance = models.CharField(max_length=20, choices=Assurance)
    created_at = models.DateTimeField()
    province_code = models.TextField(null=True)
    commune_code = models.TextField(null=True)
    insurance_key = models.TextField(null=True)
    phone_key = models.TextField(null=True)
    guardian_folded = models.TextField(null=True)
    number_sealed = models.BinaryField(null=True)
    facility_id = models.UUIDField(null=True)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "citizens_citizen"
        indexes = [
            models.Index(
                fields=["citizen_id"], name="citizens_citizen_to_compare", condition=Q(compared_at__isnull=True)
            ),
        ]


class IdentifierKind(models.TextChoices):
    """personal-number: 12 digits (Law 26/2023/QH15); old-number: 9 digits of the old identity card; provisional: a
    wristband; facility-patient: a facility's own number; health-book: the code of a health book."""

    PERSONAL_NUMBER = "personal-number"
    OLD_NUMBER = "old-number"
    INSURANCE_NUMBER = "insurance-number"
    PASSPORT = "passport"
    PROVISIONAL = "provisional"
    FACILITY_PATIENT = "facility-patient"
    HEALTH_BOOK = "health-book"


class Identifier(models.Model):
    """A number by which a person is known: the same kind and value name one identity only (unique index).

    value: blind, to look up by. sealed: the value where it must be shown. A number that ended (`until`) stays with its
    person and still finds them: a cancelled number stands in old papers and in the code of the card (Decree 70/2024).
    source: who stated it, "facility:<id>", "department:<province>" or a word; where a desk added it, the paper it saw
    (`links.evidence.Kind`) after a blank.
    """

    pk = models.CompositePrimaryKey("kind", "value")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    value = models.TextField()
    citizen_id = models.UUIDField()
    since = models.DateTimeField()
    sealed = models.BinaryField(null=True)
    source = models.TextField(default="", db_default="")
    until = models.DateTimeField(null=True)
    ended_reason = models.TextField(default="", db_default="")

    class Meta:
        db_table = "citizens_identifier"
        indexes = [models.Index(fields=["citizen_id"], name="citizens_identifier_citizen")]
        constraints = [
            models.CheckConstraint(
                name="citizens_identifier_ends_for_a_reason",
                condition=Q(until__isnull=True) | (Q(until__gte=F("since")) & ~Q(ended_reason="")),
            ),
        ]


class IdentifierDecision(models.Model):
    """A number ended, or moved to another person, by decision; never changed or removed.

    to_citizen_id: None where the number only ended.
    """

    pk = models.CompositePrimaryKey("kind", "value", "decision_id")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    value = models.TextField()
    decision_id = models.UUIDField(default=new_id)
    citizen_id = models.UUIDField()
    to_citizen_id = models.UUIDField(null=True)
    held_since = models.DateTimeField()
    reason = models.TextField()
    decided_by = models.TextField()
    decided_by_label = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "citizens_identifier_decision"
        indexes = [
            models.Index(fields=["citizen_id"], name="identifier_decision_from"),
            models.Index(
                fields=["to_citizen_id"], name="identifier_decision_to", condition=Q(to_citizen_id__isnull=False)
            ),
        ]
