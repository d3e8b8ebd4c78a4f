"""Checks against the population database; the running role adds to them and changes none."""

from django.db import migrations, models

import ymach.base.ids

OUTCOMES = ["match", "mismatch", "unknown-number", "unavailable"]
ONLY_ADDED = "REVOKE UPDATE, DELETE, TRUNCATE ON population_check FROM ymach_app;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="PopulationCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("outcome", models.CharField(choices=[(one, one) for one in OUTCOMES], max_length=14)),
                ("fields", models.JSONField(default=dict)),
                ("source", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("checked_by", models.TextField()),
            ],
            options={
                "db_table": "population_check",
                "indexes": [models.Index(fields=["subject_id", "-at"], name="population_check_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="population_check_outcome")
                ],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, migrations.RunSQL.noop),
    ]
