"""Facilities, operating licences, certificates; their history; the check digit of the GLN."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.guard import keep_history

# GS1: weights 1, 3, 1, 3 … from the left over the first twelve digits (3, 1, … from the right).
GLN = """
CREATE FUNCTION ymach_is_gln(gln text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN gln ~ '^[0-9]{13}$' THEN (
  SELECT (10 - sum(substr(gln, place, 1)::int * CASE WHEN place % 2 = 0 THEN 3 ELSE 1 END) % 10) % 10 = right(gln, 1)::int
  FROM generate_series(1, 12) AS place
) ELSE false END;
ALTER TABLE facilities_facility ADD CONSTRAINT facility_gln_check_digit CHECK (ymach_is_gln(gln));
"""
GLN_BACK = "ALTER TABLE facilities_facility DROP CONSTRAINT facility_gln_check_digit; DROP FUNCTION ymach_is_gln(text);"

PERIODS = (
    ("facilities_facility", "valid"),
    ("facilities_operating_licence", "valid"),
    ("facilities_operating_licence_suspension", "period"),
    ("facilities_certificate", "valid"),
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

    dependencies = [("history", "0001_entries_and_guard")]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=5)),
                ("gln", models.CharField(max_length=13, null=True)),
                ("name", models.TextField()),
                ("name_folded", models.TextField()),
                ("sort_key", models.TextField()),
                ("form", models.CharField(max_length=20)),
                ("level", models.CharField(blank=True, default="", max_length=20)),
                ("route", models.CharField(blank=True, default="", max_length=2)),
                ("hospital_class", models.CharField(blank=True, default="", max_length=2)),
                ("sector", models.CharField(max_length=20)),
                ("province_code", models.CharField(max_length=2)),
                ("commune_code", models.CharField(blank=True, default="", max_length=5)),
                ("address", models.TextField(blank=True, default="")),
                ("tax_code", models.CharField(blank=True, default="", max_length=14)),
                ("email", models.TextField(blank=True, default="")),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "db_table": "facilities_facility",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_folded"], name="facility_name_trigrams", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["code"], name="facility_code"),
                    models.Index(fields=["province_code", "sort_key"], name="facility_province_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gln",), name="facility_gln_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{2}[0-9A-Z]{3}$")), name="facility_code_form"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("code", "="), ("valid", "&&")], name="facility_code_held_by_one_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatingLicence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.TextField()),
                ("number_key", models.TextField()),
                ("issued_on", models.DateField()),
                ("issuer", models.TextField()),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operating_licences",
                        to="facilities.facility",
                    ),
                ),
            ],
            options={
                "db_table": "facilities_operating_licence",
            },
        ),
        migrations.CreateModel(
            name="OperatingLicenceSuspension",
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
                        to="facilities.operatinglicence",
                    ),
                ),
            ],
            options={
                "db_table": "facilities_operating_licence_suspension",
            },
        ),
        migrations.CreateModel(
            name="FacilityCertificate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("der", models.BinaryField()),
                ("subject_common_name", models.TextField()),
                ("tax_code", models.CharField(blank=True, default="", max_length=14)),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="facilities.facility",
                    ),
                ),
            ],
            options={
                "db_table": "facilities_certificate",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fingerprint__regex", "^[0-9a-f]{64}$")),
                        name="certificate_fingerprint_form",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("fingerprint", "="), ("valid", "&&")],
                        name="certificate_bound_to_one_facility_at_a_time",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="operatinglicence",
            index=models.Index(fields=["number_key"], name="operating_licence_number"),
        ),
        migrations.AddConstraint(
            model_name="operatinglicence",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("valid", "&&")], name="operating_licence_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="operatinglicencesuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["whole", "part"])), name="operating_licence_suspension_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="operatinglicencesuspension",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("licence", "="), ("period", "&&")], name="operating_licence_suspended_once_at_a_time"
            ),
        ),
        migrations.RunSQL(GLN, GLN_BACK),
        *(never_empty(table, column) for table, column in PERIODS),
        keep_history("facilities_facility"),
        keep_history("facilities_operating_licence", subject="facility_id"),
        keep_history(
            "facilities_operating_licence_suspension",
            subject="facility_id",
            through=("licence_id", "facilities_operating_licence"),
        ),
        # The certificate itself never changes under its fingerprint; the history need not repeat it.
        keep_history("facilities_certificate", subject="facility_id", leave_out=("der",)),
    ]
