"""Practitioners, their licences and where they are registered to practise.

Everything is dated and nothing is overwritten. What must never be false (two licences of one person at once, one
person at two places in the same hour, two technical heads of one facility) the database refuses.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id
from ymach.facilities.models import Facility, Part
from ymach.practitioners.fields import WeeklyScheduleField


def vietnamese() -> list[str]:
    """The language of practice of everybody who did not say otherwise."""
    return ["vi"]


class Practitioner(models.Model):
    """A person who practises or practised. Citizens have a personal number, foreigners a passport.

    languages: of practice, ISO 639-1 (Law 15/2023/QH15 Art. 21). phone and email are private: no public view shows them.
    revision: moved on by every change of the profile (`base.revisions`). confirmed_at: when “all is still right” was
    said for the last time, by the actor confirmed_by.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    personal_number = models.CharField(max_length=12, null=True)
    passport_number = models.CharField(max_length=20, blank=True, default="")
    full_name = models.TextField()
    name_folded = models.TextField()
    sort_key = models.TextField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    nationality = models.CharField(max_length=2, default="VN")
    phone = models.CharField(max_length=30, blank=True, default="", db_default="")
    email = models.TextField(blank=True, default="", db_default="")
    languages: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=2), default=vietnamese, db_default=["vi"]
    )
    revision = models.IntegerField(default=0, db_default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.TextField(blank=True, default="", db_default="")

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
            models.CheckConstraint(name="practitioner_speaks", condition=Q(languages__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.full_name


class Licence(models.Model):
    """A licence to practise, valid in the whole country (Law 15/2023/QH15 Art. 27).

    generation: `certificate` (CCHN, Law 40/2009, stays usable: Decree 96/2023 Art. 143) or `licence` (GPHN).
    number: as printed; number_key: as compared (`base.licence_numbers`). title and scopes: codes of the catalogues
    professional_title and practice_scope. issuer_province_code: of the department that issued it, else null.
    `valid` ends where the licence is revoked or replaced; term_ends_on is the day its printed term ends, null without
    term. title and scopes are those of today: what the licence said before a change is a `LicenceChange`.
    converted_from: the old certificate that this licence took the place of. decision, decided_on: number and day of the
    decision to grant it; blank and null together, for a licence granted elsewhere whose paper does not name it.
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
    term_ends_on = models.DateField(null=True)
    converted_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decision = models.TextField(blank=True, default="", db_default="")
    decided_on = models.DateField(null=True)

    class Meta:
        db_table = "practitioners_licence"
        constraints = [
            models.CheckConstraint(
                name="licence_decision_whole",
                condition=Q(decision="", decided_on__isnull=True) | (~Q(decision="") & Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="licence_decided_before_issue",
                condition=Q(decided_on__isnull=True) | Q(decided_on__lte=F("issued_on")),
            ),
            models.UniqueConstraint(
                name="licence_converted_once", fields=["converted_from"], condition=Q(converted_from__isnull=False)
            ),
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
    """Days on which the holder may not practise, wholly or within `scopes` (Law 15/2023/QH15 Art. 34).

    lift_decision: of the decision that ended it early. returned_on, return_evidence: when the holder took up practice
    again, and the document that shows the training the law asks for before it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="suspensions")
    period = DateRangeField()
    part = models.CharField(max_length=5, choices=Part)
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()
    lift_decision = models.TextField(blank=True, default="", db_default="")
    returned_on = models.DateField(null=True)
    return_evidence = models.UUIDField(null=True)

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

    language: of practice there, ISO 639-1; other than Vietnamese only for foreigners (Art. 21). published_on: the day
    the department published it (Art. 38). is_main: the one place of several that the person calls their first. Who
    proposed and who approved is in the history. The migration's triggers refuse a registration that does not begin
    within the person's own licence, or that begins while the person is suspended or banned.
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
    language = models.CharField(max_length=2, default="vi", db_default="vi")
    is_full_time = models.BooleanField(default=True, db_default=True)
    is_main = models.BooleanField(default=False, db_default=False)
    published_on = models.DateField(null=True)

    class Meta:
        db_table = "practitioners_registration"
        constraints = [
            models.CheckConstraint(
                name="registration_technical_head_full_time",
                condition=Q(is_technical_head=False) | Q(is_full_time=True),
            ),
            ExclusionConstraint(
                name="registration_one_main_place",
                expressions=[("practitioner", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(is_main=True),
            ),
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


class LicenceChange(models.Model):
    """A change of what a licence says, from the day `effective_on` on (Law 15/2023/QH15 Art. 33).

    The columns `…_before` are what it said until then, so that every earlier day can still be answered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="licence_changes")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="changes", db_index=False)
    effective_on = models.DateField()
    title_before = models.CharField(max_length=2)
    scopes_before: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    holder_before = models.TextField()
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "practitioners_licence_change"
        constraints = [
            models.UniqueConstraint(name="licence_changed_once_a_day", fields=["licence", "effective_on"]),
        ]


class PractiseBan(models.Model):
    """Days on which a person may not practise at all, under any licence (Law 15/2023/QH15 Art. 20).

    case: a code of `data/ban_cases.csv`. An open period lasts until it is ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="bans")
    period = DateRangeField()
    case = models.CharField(max_length=30)
    reason = models.TextField(db_column="grounds")  # "reason" is a variable of the history trigger
    decision = models.TextField()

    class Meta:
        db_table = "practitioners_ban"
        constraints = [
            ExclusionConstraint(
                name="practitioner_banned_once_at_a_time",
                expressions=[("practitioner", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]


class Diploma(models.Model):
    """A diploma or certificate of training, as the person states it; it counts once verified.

    kind: a code of `data/diploma_kinds.csv`. country: ISO 3166-1, two letters. evidence: the document shown.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="diplomas")
    kind = models.CharField(max_length=20)
    speciality = models.TextField()
    school = models.TextField()
    country = models.CharField(max_length=2, default="VN")
    number = models.TextField(blank=True, default="")
    issued_on = models.DateField()
    evidence = models.UUIDField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "practitioners_diploma"
        constraints = [
            models.UniqueConstraint(
                name="diploma_once_per_person",
                fields=["practitioner", "kind", "school", "number"],
                condition=~Q(number=""),
            ),
        ]


class TechniqueAssignment(models.Model):
    """A technique beyond the licence's scope, assigned in writing at one facility (Circular 38/2024/TT-BYT Art. 9).

    technique: a code of the catalogue `technique`. document: number of the written assignment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="techniques", db_index=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="techniques_assigned")
    technique = models.CharField(max_length=40)
    document = models.TextField()
    period = DateRangeField()

    class Meta:
        db_table = "practitioners_technique_assignment"
        constraints = [
            ExclusionConstraint(
                name="technique_assigned_once_at_a_time",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("facility", RangeOperators.EQUAL),
                    ("technique", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class CmeActivity(models.Model):
    """Continuing education: credit hours of one activity that ended on a day (Circular 32/2023/TT-BYT Art. 3).

    hours: one credit hour is one lesson. evidence: the document shown. Only verified hours count for renewal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="cme_activities", db_index=False
    )
    provider = models.TextField()
    topic = models.TextField()
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    on = models.DateField(db_column="ended_on")
    evidence = models.UUIDField()
    verified_at = models.DateTimeField(null=True)
    verified_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "practitioners_cme_activity"
        indexes = [models.Index(fields=["practitioner", "-on"], name="cme_of_practitioner")]
        constraints = [
            models.CheckConstraint(name="cme_hours_positive", condition=Q(hours__gt=0)),
            models.UniqueConstraint(name="cme_evidence_once", fields=["practitioner", "evidence"]),
        ]


class Supervision(models.Model):
    """A trainee practises under an instructor at a facility (Decree 96/2023/NĐ-CP Art. 7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="supervises", db_index=False)
    trainee = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="supervised")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="supervisions")
    period = DateRangeField()

    class Meta:
        db_table = "practitioners_supervision"
        constraints = [
            models.CheckConstraint(name="supervision_of_somebody_else", condition=~Q(practitioner=models.F("trainee"))),
            ExclusionConstraint(
                name="supervised_once_at_a_time",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("trainee", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]
