from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("exchange", "0003_addresses_of_their_own")]

    operations = [
        migrations.CreateModel(
            name="CertificateWarning",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fingerprint", "mark", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("mark", models.SmallIntegerField()),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "db_table": "operations_certificate_warning",
            },
        ),
        migrations.CreateModel(
            name="WorkerSeen",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("host", models.TextField()),
                ("pid", models.IntegerField()),
                ("parts", models.JSONField(default=list)),
                ("ways", models.JSONField(default=dict)),
                ("tallies", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("alive_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "operations_worker",
            },
        ),
        migrations.CreateModel(
            name="Delay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "destination", "hour", "bucket", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("destination", models.TextField()),
                ("hour", models.DateTimeField()),
                ("bucket", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
            ],
            options={
                "db_table": "operations_delay",
                "indexes": [models.Index(fields=["hour"], name="delay_by_hour")],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("destination", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "operations_incident",
                "indexes": [models.Index(fields=["-began_at"], name="incident_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("destination",),
                        name="incident_one_open_a_destination",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="incident_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "destination", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("destination", models.TextField()),
                ("at", models.DateTimeField()),
                ("waiting", models.IntegerField()),
                ("by_hand", models.IntegerField()),
                ("oldest_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "operations_sample",
                "indexes": [models.Index(fields=["at"], name="sample_by_time")],
            },
        ),
        migrations.RunSQL(
            """
            -- What waits, and what stays until somebody acts, the oldest first: asked by the watch once a minute and by
            -- the operators' page, whatever has been delivered before.
            CREATE INDEX delivery_left ON exchange_delivery (destination, state, created_at)
              WHERE state IN ('waiting', 'sending', 'stuck', 'refused');
            """,
            "DROP INDEX delivery_left",
        ),
    ]
