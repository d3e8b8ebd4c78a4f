"""Runs of the conformance kit and what was seen of them."""

import django.contrib.postgres.fields
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ConformanceTry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "run_id", "case", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("run_id", models.UUIDField()),
                ("case", models.TextField()),
                ("at", models.DateTimeField()),
                ("digest", models.BinaryField()),
                ("status", models.IntegerField()),
                ("outcome", models.TextField()),
                ("finding_codes", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("tries", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "conformance_try",
            },
        ),
        migrations.CreateModel(
            name="ConformanceRun",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("facility_code", models.CharField(max_length=5)),
                ("software", models.TextField(default="")),
                ("cases", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("has_passed", models.BooleanField(null=True)),
                ("report", models.TextField(default="")),
            ],
            options={
                "db_table": "conformance_run",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("facility_id",),
                        name="conformance_run_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("has_passed__isnull", True), ("report", "")),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("has_passed__isnull", False),
                                models.Q(("report", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conformance_run_finished_has_report",
                    ),
                ],
            },
        ),
    ]
