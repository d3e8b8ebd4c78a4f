"""Facilities, their operating licences and the certificates they sign with.

Everything is dated and nothing is overwritten: a code, a licence, a binding holds for a period. What must never be
false (two facilities under one code, two licences at once, one certificate of two facilities) the database refuses.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id


class Facility(models.Model):
    """A place that examines and treats people, under one 5-character code from one day to another.

    Codes of lists (form, level, route, class, sector, province, commune) are those of the shared catalogues.
    The code does not tell the present province: codes kept their old prefix after July 2025.
    site_of: the facility this one is a further site of; each site has its own operating licence (Decree 96/2023/NĐ-CP
    Art. 59). latitude, longitude: degrees, WGS 84. languages and services: codes of `facilities.lists`.
    revision: moves on with every change of the profile; confirmed_at, confirmed_by: when somebody of the facility last
    said that the profile is right, and their label.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=5)
    gln = models.CharField(max_length=13, null=True)
    name = models.TextField()
    name_folded = models.TextField()
    sort_key = models.TextField()
    form = models.CharField(max_length=20)
    level = models.CharField(max_length=20, blank=True, default="")
    route = models.CharField(max_length=2, blank=True, default="")
    hospital_class = models.CharField(max_length=2, blank=True, default="")
    sector = models.CharField(max_length=20)
    province_code = models.CharField(max_length=2)
    commune_code = models.CharField(max_length=5, blank=True, default="")
    address = models.TextField(blank=True, default="")
    tax_code = models.CharField(max_length=14, blank=True, default="")
    email = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    valid = DateRangeField()
    site_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="sites")
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    founded_year = models.SmallIntegerField(null=True)
    website = models.TextField(blank=True, default="", db_default="")
    languages: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list, db_default=[])
    services: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list, db_default=[])
    is_medical_tourism = models.BooleanField(default=False, db_default=False)
    revision = models.IntegerField(default=0, db_default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "facilities_facility"
        indexes = [
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="facility_name_trigrams"),
            # The exclusion's own index serves ranges; one code at one day is asked thousands of times a second.
            models.Index(fields=["code"], name="facility_code"),
            models.Index(fields=["province_code", "sort_key"], name="facility_province_order"),
        ]
        # Unique by constraint, not by field: a field would bring a second index for LIKE, which nobody asks.
        constraints = [
            models.UniqueConstraint(name="facility_gln_once", fields=["gln"]),
            models.CheckConstraint(name="facility_code_form", condition=Q(code__regex=r"^[0-9]{2}[0-9A-Z]{3}$")),
            models.CheckConstraint(name="facility_not_its_own_site", condition=~Q(site_of=F("id"))),
            models.CheckConstraint(
                name="facility_in_viet_nam",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(6, 24), longitude__range=(102, 118)),
            ),
            ExclusionConstraint(
                name="facility_code_held_by_one_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OperatingLicence(models.Model):
    """Permission to operate, for the scopes it names. Without a term under the present law: `valid` is mostly open.

    `number_key` is no key across the country: many departments print the same suffix `SYT-GPHĐ`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="operating_licences")
    number = models.TextField()
    number_key = models.TextField()
    issued_on = models.DateField()
    issuer = models.TextField()
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    valid = DateRangeField()

    class Meta:
        db_table = "facilities_operating_licence"
        indexes = [models.Index(fields=["number_key"], name="operating_licence_number")]
        constraints = [
            ExclusionConstraint(
                name="operating_licence_one_at_a_time",
                expressions=[("facility", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.number


class Part(models.TextChoices):
    """How much of the activity a suspension stops (Law 15/2023/QH15 Art. 34 and chapter IV)."""

    WHOLE = "whole"
    PART = "part"


class OperatingLicenceSuspension(models.Model):
    """Days on which a facility may not operate, wholly or within the scopes named."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.ForeignKey(OperatingLicence, on_delete=models.PROTECT, related_name="suspensions")
    period = DateRangeField()
    part = models.CharField(max_length=5, choices=Part)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "facilities_operating_licence_suspension"
        constraints = [
            models.CheckConstraint(name="operating_licence_suspension_part", condition=Q(part__in=Part.values)),
            ExclusionConstraint(
                name="operating_licence_suspended_once_at_a_time",
                expressions=[("licence", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]


class OperatingLicenceRevocation(models.Model):
    """The end of an operating licence by decision (Law 15/2023/QH15 Art. 56), from the day `effective_on` on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.OneToOneField(OperatingLicence, on_delete=models.PROTECT, related_name="revocation")
    effective_on = models.DateField()
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "facilities_operating_licence_revocation"


class FacilityCertificate(models.Model):
    """A certificate whose signatures count as the facility's, from `valid.lower` on and until it is unregistered.

    fingerprint: SHA-256 of the DER, lower-case hexadecimal; not_before and not_after: as the certificate says.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64)
    der = models.BinaryField()
    subject_common_name = models.TextField()
    tax_code = models.CharField(max_length=14, blank=True, default="")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    valid: Any = DateTimeRangeField()

    class Meta:
        db_table = "facilities_certificate"
        constraints = [
            models.CheckConstraint(
                name="certificate_fingerprint_form", condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$")
            ),
            ExclusionConstraint(
                name="certificate_bound_to_one_facility_at_a_time",
                expressions=[("fingerprint", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
