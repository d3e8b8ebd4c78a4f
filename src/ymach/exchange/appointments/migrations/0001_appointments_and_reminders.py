from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_addresses_of_their_own")]

    operations = [
        migrations.CreateModel(
            name="Appointment",
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
                ("submission_id", models.UUIDField()),
                ("dossier_code", models.TextField()),
                ("version", models.IntegerField()),
                ("record_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                ("compartment", models.TextField(db_default="", default="")),
                ("number", models.TextField(blank=True)),
                ("diagnosis_text", models.TextField(blank=True)),
                ("on_day", models.DateField()),
                ("at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField()),
                ("is_held", models.BooleanField()),
                (
                    "state",
                    models.TextField(choices=[("planned", "Planned"), ("came", "Came"), ("cancelled", "Cancelled")]),
                ),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("moved_from", models.DateField(null=True)),
                ("note", models.TextField(blank=True, db_default="", default="")),
                ("came_at", models.DateTimeField(null=True)),
                ("came_submission_id", models.UUIDField(null=True)),
                ("check_at", models.DateTimeField(null=True)),
                ("reminded_for", models.DateField(null=True)),
            ],
            options={
                "db_table": "exchange_appointment",
                "indexes": [
                    models.Index(fields=["facility_id", "on_day"], name="appointment_calendar"),
                    models.Index(fields=["citizen_id", "on_day"], name="appointment_of_citizen"),
                    models.Index(
                        condition=models.Q(("state", "planned")), fields=["on_day"], name="appointment_planned"
                    ),
                    models.Index(
                        condition=models.Q(("check_at__isnull", False)),
                        fields=["check_at"],
                        name="appointment_to_follow",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("facility_id", "dossier_code"), name="appointment_of_dossier")
                ],
            },
        ),
        migrations.CreateModel(
            name="AppointmentReminder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("appointment_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                ("for_day", models.DateField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_appointment_reminder",
                "indexes": [models.Index(fields=["citizen_id", "for_day"], name="appointment_reminder_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facility_id", "appointment_id", "for_day"), name="appointment_reminded_once_for_a_day"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON exchange_appointment_reminder FROM ymach_app;
            REVOKE DELETE, TRUNCATE ON exchange_appointment FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
