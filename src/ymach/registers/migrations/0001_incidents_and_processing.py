"""Incidents with their minutes, and the kept versions of the register of processing."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProcessingVersion",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kept_by", models.TextField()),
                ("why", models.TextField()),
                ("content", models.JSONField()),
                ("digest", models.TextField()),
            ],
            options={
                "db_table": "registers_processing_version",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("account-misused", "Account Misused"),
                            ("disclosed", "Disclosed"),
                            ("stolen", "Stolen"),
                            ("changed", "Changed"),
                            ("lost", "Lost"),
                            ("unlawful-use", "Unlawful Use"),
                        ]
                    ),
                ),
                ("summary", models.TextField()),
                ("place", models.TextField(blank=True, default="")),
                ("data_kinds", models.TextField()),
                ("cause", models.TextField(blank=True, default="")),
                ("consequences", models.TextField(blank=True, default="")),
                ("contact", models.TextField()),
                ("account", models.TextField(blank=True, default="")),
                ("detected_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.TextField()),
                ("told_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "registers_incident",
                "indexes": [models.Index(fields=["-detected_at"], name="incident_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("summary", ""), _negated=True), models.Q(("data_kinds", ""), _negated=True)
                        ),
                        name="incident_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("began_at", None),
                            ("ended_at", None),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="incident_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentPerson",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "incident_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("incident_id", models.UUIDField()),
                ("events", models.IntegerField()),
                ("actions", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "registers_incident_person",
                "indexes": [models.Index(fields=["incident_id"], name="incident_person_of")],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("noted", "Noted"),
                            ("measure", "Measure"),
                            ("authority-told", "Authority Told"),
                            ("persons-told", "Persons Told"),
                            ("controller-told", "Controller Told"),
                            ("persons-found", "Persons Found"),
                            ("closed", "Closed"),
                        ]
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("written_by", models.TextField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="registers.incident"
                    ),
                ),
            ],
            options={
                "db_table": "registers_incident_step",
                "indexes": [models.Index(fields=["incident", "written_at"], name="incident_step_order")],
            },
        ),
        # When it was detected and who wrote it down stays; the minutes and the kept versions are only added to.
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON registers_incident FROM ymach_app;
            GRANT UPDATE (cause, consequences, began_at, ended_at, told_at, closed_at) ON registers_incident TO ymach_app;
            REVOKE UPDATE, DELETE, TRUNCATE ON registers_incident_step, registers_processing_version FROM ymach_app;
            REVOKE DELETE, TRUNCATE ON registers_incident_person FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
