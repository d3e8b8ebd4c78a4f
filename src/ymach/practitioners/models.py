"""Practitioners, their licences and where they are registered to practise.

Everything is dated and nothing is overwritten. What must never be false (two licences of one person at once, one
person at two places in the same hour, two technical heads of one facility) the database refuses.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id
from ymach.facilities.models import Facility, Part
from ymach.practitioners.fields import WeeklyScheduleField


class Practitioner(models.Model):
    """A person who practises or practised. Citizens have a personal number, foreigners a passport."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    personal_number = models.CharField(max_length=12, null=True)
    passport_number = models.CharField(max_length=20, blank=True, default="")
    full_name = models.TextField()
    name_folded = models.TextField()
    sort_key = models.TextField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    nationality = models.CharField(max_length=2, default="VN")

    class Meta:
        db_table = "practitioners_practitioner"
        indexes = [
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="practitioner_name_trigrams"),
            models.Index(fields=["sort_key"], name="practitioner_order"),
        ]
        # Unique by constraint, not by field: a field would bring a second index for LIKE, which nobody asks.
        constraints = [
            models.UniqueConstraint(name="practitioner_personal_number_once", fields=["personal_number"]),
            models.CheckConstraint(
                name="practitioner_personal_number_form",
                condition=Q(personal_number__isnull=True) | Q(personal_number__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                name="practitioner_identified",
                condition=Q(personal_number__isnull=False) | ~Q(passport_number=""),
            ),
            models.UniqueConstraint(
                name="practitioner_passport_once",
                fields=["nationality", "passport_number"],
                condition=~Q(passport_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Licence(models.Model):
    """A licence to practise, valid in the whole country (Law 15/2023/QH15 Art. 27).

    generation: `certificate` (CCHN, Law 40/2009, stays usable: Decree 96/2023 Art. 143) or `licence` (GPHN).
    number: as printed; number_key: as compared (`base.licence_numbers`). title and scopes: codes of the catalogues
    professional_title and practice_scope. issuer_province_code: of the department that issued it, else null.
    `valid` ends where the licence is revoked or replaced.
    """

    class Generation(models.TextChoices):
        CERTIFICATE = "certificate"
        LICENCE = "licence"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="licences")
    generation = models.CharField(max_length=11, choices=Generation)
    number = models.TextField()
    number_key = models.TextField()
    title = models.CharField(max_length=2)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    issuer = models.TextField()
    issuer_province_code = models.CharField(max_length=2, null=True)
    issued_on = models.DateField()
    valid = DateRangeField()

    class Meta:
        db_table = "practitioners_licence"
        constraints = [
            models.UniqueConstraint(name="licence_number_once", fields=["number_key"]),
            models.CheckConstraint(name="licence_generation", condition=Q(generation__in=["certificate", "licence"])),
            ExclusionConstraint(
                name="licence_one_in_force_per_person",
                expressions=[("practitioner", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LicenceSuspension(models.Model):
    """Days on which the holder may not practise, wholly or within `scopes` (Law 15/2023/QH15 Art. 34)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="suspensions")
    period = DateRangeField()
    part = models.CharField(max_length=5, choices=Part)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "practitioners_licence_suspension"
        constraints = [
            models.CheckConstraint(name="licence_suspension_part", condition=Q(part__in=Part.values)),
            ExclusionConstraint(
                name="licence_suspended_once_at_a_time",
                expressions=[("licence", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]


class LicenceRevocation(models.Model):
    """The end of a licence by decision (Law 15/2023/QH15 Art. 35), from the day `effective_on` on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="revocation")
    effective_on = models.DateField()
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "practitioners_licence_revocation"


class PracticeRegistration(models.Model):
    """One person at one facility, in one position, from one day to another, at weekly hours (Law 15/2023 Art. 36, 37).

    A schedule without slots means no fixed hours; of those, one per person and facility at a time (held by the
    constraint `registration_without_hours_once_per_facility`, written in the migration).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="registrations")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="registrations")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    position = models.TextField(blank=True, default="")
    department = models.TextField(blank=True, default="")
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    is_technical_head = models.BooleanField(default=False)
    valid = DateRangeField()
    schedule = WeeklyScheduleField()

    class Meta:
        db_table = "practitioners_registration"
        constraints = [
            ExclusionConstraint(
                name="registration_never_at_overlapping_times",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("schedule", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="registration_one_technical_head_per_facility",
                expressions=[("facility", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(is_technical_head=True),
            ),
            ExclusionConstraint(
                name="registration_technical_head_of_one_facility",
                expressions=[("practitioner", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(is_technical_head=True),
            ),
        ]
