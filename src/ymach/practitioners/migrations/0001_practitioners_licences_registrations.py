"""Practitioners, licences, registrations; their history; hours that lie within a week."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import ymach.base.ids
import ymach.practitioners.fields
from ymach.base.history.guard import keep_history

# Registrations with hours are kept apart by their hours; those without need a constraint of their own.
HOURS = """
ALTER TABLE practitioners_registration
  ADD CONSTRAINT registration_hours_within_a_week CHECK (schedule <@ '[0,10080)'::int4range),
  ADD CONSTRAINT registration_without_hours_once_per_facility
    EXCLUDE USING gist (practitioner_id WITH =, facility_id WITH =, valid WITH &&) WHERE (isempty(schedule));
"""
HOURS_BACK = """
ALTER TABLE practitioners_registration
  DROP CONSTRAINT registration_hours_within_a_week, DROP CONSTRAINT registration_without_hours_once_per_facility;
"""

PERIODS = (
    ("practitioners_licence", "valid"),
    ("practitioners_licence_suspension", "period"),
    ("practitioners_registration", "valid"),
)
OF_LICENCE = ("licence_id", "practitioners_licence")
HISTORIES = (
    keep_history("practitioners_practitioner"),
    keep_history("practitioners_licence", subject="practitioner_id"),
    keep_history("practitioners_licence_suspension", subject="practitioner_id", through=OF_LICENCE),
    keep_history("practitioners_licence_revocation", subject="practitioner_id", through=OF_LICENCE),
    keep_history("practitioners_registration", subject="practitioner_id", beside="facility_id"),
)


def never_empty(table: str, column: str) -> migrations.RunSQL:
    """An empty period overlaps nothing, so it would pass every exclusion."""
    name = f"{table}_{column}_not_empty"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (NOT isempty({column}) AND NOT lower_inf({column}));",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("history", "0001_entries_and_guard"),
        ("facilities", "0001_facilities_licences_certificates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "generation",
                    models.CharField(choices=[("certificate", "Certificate"), ("licence", "Licence")], max_length=11),
                ),
                ("number", models.TextField()),
                ("number_key", models.TextField()),
                ("title", models.CharField(max_length=2)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("issuer", models.TextField()),
                ("issuer_province_code", models.CharField(max_length=2, null=True)),
                ("issued_on", models.DateField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "db_table": "practitioners_licence",
            },
        ),
        migrations.CreateModel(
            name="LicenceRevocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("effective_on", models.DateField()),
                ("reason", models.TextField(db_column="grounds")),
                ("decision", models.TextField()),
                (
                    "licence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="practitioners.licence",
                    ),
                ),
            ],
            options={
                "db_table": "practitioners_licence_revocation",
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("personal_number", models.CharField(max_length=12, null=True)),
                ("passport_number", models.CharField(blank=True, default="", max_length=20)),
                ("full_name", models.TextField()),
                ("name_folded", models.TextField()),
                ("sort_key", models.TextField()),
                ("birth_date", models.DateField()),
                ("sex", models.CharField(max_length=1)),
                ("nationality", models.CharField(default="VN", max_length=2)),
            ],
            options={
                "db_table": "practitioners_practitioner",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_folded"], name="practitioner_name_trigrams", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["sort_key"], name="practitioner_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("personal_number",), name="practitioner_personal_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("personal_number__isnull", True),
                            ("personal_number__regex", "^[0-9]{12}$"),
                            _connector="OR",
                        ),
                        name="practitioner_personal_number_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("personal_number__isnull", False),
                            models.Q(("passport_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="practitioner_identified",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("passport_number", ""), _negated=True),
                        fields=("nationality", "passport_number"),
                        name="practitioner_passport_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="licence",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="licences", to="practitioners.practitioner"
            ),
        ),
        migrations.CreateModel(
            name="LicenceSuspension",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("part", models.CharField(choices=[("whole", "Whole"), ("part", "Part")], max_length=5)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("reason", models.TextField(db_column="grounds")),
                ("decision", models.TextField()),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="practitioners.licence",
                    ),
                ),
            ],
            options={
                "db_table": "practitioners_licence_suspension",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["whole", "part"])), name="licence_suspension_part"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("licence", "="), ("period", "&&")], name="licence_suspended_once_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeRegistration",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.TextField(blank=True, default="")),
                ("department", models.TextField(blank=True, default="")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("is_technical_head", models.BooleanField(default=False)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("schedule", ymach.practitioners.fields.WeeklyScheduleField()),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="facilities.facility",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="practitioners.licence",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="practitioners.practitioner",
                    ),
                ),
            ],
            options={
                "db_table": "practitioners_registration",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("practitioner", "="), ("valid", "&&"), ("schedule", "&&")],
                        name="registration_never_at_overlapping_times",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_technical_head", True)),
                        expressions=[("facility", "="), ("valid", "&&")],
                        name="registration_one_technical_head_per_facility",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_technical_head", True)),
                        expressions=[("practitioner", "="), ("valid", "&&")],
                        name="registration_technical_head_of_one_facility",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(fields=("number_key",), name="licence_number_once"),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(("generation__in", ["certificate", "licence"])), name="licence_generation"
            ),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("practitioner", "="), ("valid", "&&")], name="licence_one_in_force_per_person"
            ),
        ),
        migrations.RunSQL(HOURS, HOURS_BACK),
        *(never_empty(table, column) for table, column in PERIODS),
        *HISTORIES,
    ]
