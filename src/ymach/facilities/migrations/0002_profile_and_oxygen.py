"""The profile of a facility: legal person, sites, departments, hours, techniques, equipment, contacts, oxygen."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import ymach.base.ids
import ymach.base.weekly_field
from ymach.base.history.guard import keep_history

DATED = ("legal_person", "department", "opening_hours", "technique", "equipment", "contact", "oxygen_source")


def never_empty(table: str) -> migrations.RunSQL:
    """An empty period overlaps nothing, so it would pass every exclusion."""
    name = f"{table}_valid_not_empty"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (NOT isempty(valid) AND NOT lower_inf(valid));",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0001_facilities_licences_certificates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("item", models.UUIDField(default=ymach.base.ids.new_id)),
                ("role", models.CharField(max_length=20)),
                ("name", models.TextField(blank=True, default="")),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                ("email", models.TextField(blank=True, default="")),
                ("is_public", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "facilities_contact",
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("code", models.CharField(max_length=20)),
                ("name", models.TextField()),
                ("exam_tables", models.PositiveSmallIntegerField(default=0)),
                ("beds_planned", models.PositiveSmallIntegerField(default=0)),
                ("beds_actual", models.PositiveSmallIntegerField(default=0)),
                ("beds_icu", models.PositiveSmallIntegerField(default=0)),
                ("beds_emergency", models.PositiveSmallIntegerField(default=0)),
                ("beds_newborn", models.PositiveSmallIntegerField(default=0)),
                ("beds_negative_pressure", models.PositiveSmallIntegerField(default=0)),
                ("operating_tables", models.PositiveSmallIntegerField(default=0)),
                ("delivery_tables", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "db_table": "facilities_department",
            },
        ),
        migrations.CreateModel(
            name="Equipment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("item", models.UUIDField(default=ymach.base.ids.new_id)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.TextField()),
                ("model", models.TextField(blank=True, default="")),
                ("serial", models.TextField(blank=True, default="")),
                ("maker", models.TextField(blank=True, default="")),
                ("made_year", models.PositiveSmallIntegerField(null=True)),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("state", models.CharField(max_length=20)),
                ("last_service_on", models.DateField(null=True)),
                ("next_service_on", models.DateField(null=True)),
                ("inspection_due_on", models.DateField(null=True)),
                ("department_code", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "db_table": "facilities_equipment",
            },
        ),
        migrations.CreateModel(
            name="LegalPerson",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("name", models.TextField()),
                ("enterprise_number", models.CharField(blank=True, default="", max_length=14)),
                ("tax_code", models.CharField(blank=True, default="", max_length=14)),
                ("representative", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "facilities_legal_person",
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("schedule", ymach.base.weekly_field.WeeklyScheduleField()),
                ("note", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "facilities_opening_hours",
            },
        ),
        migrations.CreateModel(
            name="OperatingLicenceRevocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("effective_on", models.DateField()),
                ("reason", models.TextField(db_column="grounds")),
                ("decision", models.TextField()),
            ],
            options={
                "db_table": "facilities_operating_licence_revocation",
            },
        ),
        migrations.CreateModel(
            name="OxygenConsumption",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("month", models.DateField()),
                ("source_kind", models.CharField(max_length=20)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("unit", models.CharField(max_length=10)),
                ("normal_m3", models.DecimalField(decimal_places=8, max_digits=22)),
            ],
            options={
                "db_table": "facilities_oxygen_consumption",
            },
        ),
        migrations.CreateModel(
            name="OxygenSource",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("item", models.UUIDField(default=ymach.base.ids.new_id)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.TextField(blank=True, default="")),
                ("details", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=10)),
                ("down_reason", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "facilities_oxygen_source",
            },
        ),
        migrations.CreateModel(
            name="Technique",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("code", models.CharField(max_length=30)),
                ("release", models.CharField(max_length=30)),
                ("decision", models.TextField()),
                ("approved_on", models.DateField()),
            ],
            options={
                "db_table": "facilities_technique",
            },
        ),
        migrations.AddField(
            model_name="facility",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="facility",
            name="confirmed_by",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="facility",
            name="founded_year",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="facility",
            name="is_medical_tourism",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="facility",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="latitude",
            field=models.DecimalField(decimal_places=6, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="facility",
            name="longitude",
            field=models.DecimalField(decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="facility",
            name="revision",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="facility",
            name="services",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="site_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="facilities.facility"
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="website",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.CheckConstraint(
                condition=models.Q(("site_of", models.F("id")), _negated=True), name="facility_not_its_own_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (6, 24)), ("longitude__range", (102, 118))),
                    _connector="OR",
                ),
                name="facility_in_viet_nam",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="department",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departments",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="equipment",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="equipment",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="legalperson",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="legal_persons",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="openinghours",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opening_hours",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="operatinglicencerevocation",
            name="licence",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="revocation", to="facilities.operatinglicence"
            ),
        ),
        migrations.AddField(
            model_name="oxygenconsumption",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="oxygen_consumption",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="oxygensource",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="oxygen_sources",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="technique",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="techniques",
                to="facilities.facility",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("item", "="), ("valid", "&&")], name="contact_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), ("phone", ""), _negated=True), name="contact_can_be_reached"
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("code", "="), ("valid", "&&")], name="department_code_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("item", "="), ("valid", "&&")], name="equipment_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="equipment_some"),
        ),
        migrations.AddConstraint(
            model_name="legalperson",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("valid", "&&")], name="legal_person_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("valid", "&&")], name="opening_hours_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="oxygenconsumption",
            constraint=models.UniqueConstraint(
                fields=("facility", "month", "source_kind"), name="oxygen_consumption_once_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="oxygenconsumption",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="oxygen_consumption_of_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="oxygenconsumption",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0)), name="oxygen_consumption_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="oxygensource",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("item", "="), ("valid", "&&")], name="oxygen_source_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="oxygensource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "down"), models.Q(("down_reason", ""), _negated=True)),
                    models.Q(("down_reason", ""), ("state__in", ["working", "standby"])),
                    _connector="OR",
                ),
                name="oxygen_source_down_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="technique",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("facility", "="), ("code", "="), ("valid", "&&")], name="technique_one_at_a_time"
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE facilities_opening_hours ADD CONSTRAINT opening_hours_within_a_week"
            " CHECK (schedule <@ '[0,10080)'::int4range);",
            "ALTER TABLE facilities_opening_hours DROP CONSTRAINT opening_hours_within_a_week;",
        ),
        *(never_empty(f"facilities_{name}") for name in DATED),
        *(keep_history(f"facilities_{name}", subject="facility_id") for name in (*DATED, "oxygen_consumption")),
        keep_history(
            "facilities_operating_licence_revocation",
            subject="facility_id",
            through=("licence_id", "facilities_operating_licence"),
        ),
    ]
