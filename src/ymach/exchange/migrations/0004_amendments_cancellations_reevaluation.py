import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_addresses_of_their_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="AmendedReceipt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "submission_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("submission_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                ("cause", models.TextField()),
                ("vi", models.TextField()),
                ("en", models.TextField()),
                ("entry_id", models.BigIntegerField(null=True)),
                (
                    "outcome_before",
                    models.TextField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("accepted_with_findings", "Accepted With Findings"),
                            ("held", "Held"),
                            ("rejected", "Rejected"),
                        ]
                    ),
                ),
                (
                    "outcome_after",
                    models.TextField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("accepted_with_findings", "Accepted With Findings"),
                            ("held", "Held"),
                            ("rejected", "Rejected"),
                        ]
                    ),
                ),
                ("amended_by", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("jws", models.TextField()),
            ],
            options={
                "db_table": "exchange_amended_receipt",
            },
        ),
        migrations.CreateModel(
            name="Cancellation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "kind",
                        "code",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("code", models.TextField()),
                ("version", models.IntegerField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                ("submission_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                ("reason", models.TextField()),
                ("cancelled_by", models.TextField()),
                ("cancelled_at", models.DateTimeField()),
                ("jws", models.TextField()),
            ],
            options={
                "db_table": "exchange_cancellation",
            },
        ),
        migrations.CreateModel(
            name="Reevaluation",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("noted_at", models.DateTimeField()),
                ("resume_facility_id", models.UUIDField(null=True)),
                ("resume_submission_id", models.UUIDField(null=True)),
                ("looked", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_reevaluation",
            },
        ),
        migrations.CreateModel(
            name="ReevaluationCursor",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("xact", models.BigIntegerField()),
                ("entry_id", models.BigIntegerField()),
                ("lease_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_reevaluation_cursor",
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_once_per_destination",
        ),
        migrations.AddField(
            model_name="delivery",
            name="cause",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="dossierhead",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.TextField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("delivered", "Delivered"),
                    ("refused", "Refused"),
                    ("stuck", "Stuck"),
                    ("withdrawn", "Withdrawn"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="deliveryevent",
            name="state",
            field=models.TextField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("delivered", "Delivered"),
                    ("refused", "Refused"),
                    ("stuck", "Stuck"),
                    ("withdrawn", "Withdrawn"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("facility_id", "submission_id", "destination", "cause", "dossier_kind", "dossier_code"),
                name="delivery_once_per_destination",
            ),
        ),
        migrations.AddIndex(
            model_name="amendedreceipt",
            index=models.Index(fields=["province_code", "-issued_at"], name="amended_of_province"),
        ),
        migrations.AddIndex(
            model_name="amendedreceipt",
            index=models.Index(
                condition=models.Q(("entry_id__isnull", False)),
                fields=["entry_id", "facility_id"],
                name="amended_of_entry",
            ),
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(fields=["facility_id", "submission_id"], name="cancellation_of_submission"),
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(fields=["province_code", "-cancelled_at"], name="cancellation_of_province"),
        ),
        migrations.AddIndex(
            model_name="reevaluation",
            index=models.Index(condition=models.Q(("finished_at", None)), fields=["id"], name="reevaluation_open"),
        ),
        migrations.AddConstraint(
            model_name="reevaluationcursor",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="reevaluation_cursor_is_one"),
        ),
        migrations.RunSQL(
            """
            -- Base64: trying to compress it costs more than it saves.
            ALTER TABLE exchange_amended_receipt ALTER COLUMN jws SET STORAGE EXTERNAL;
            REVOKE UPDATE, DELETE, TRUNCATE ON exchange_amended_receipt, exchange_cancellation FROM ymach_app;
            -- What a facility was told last about each submission: the truth that counters are proved by.
            CREATE VIEW exchange_present_receipt AS
              SELECT r.facility_id, r.submission_id, coalesce((
                SELECT a.jws FROM exchange_amended_receipt a
                WHERE a.facility_id = r.facility_id AND a.submission_id = r.submission_id
                ORDER BY a.number DESC LIMIT 1), r.jws) AS jws
              FROM exchange_receipt r;
            GRANT SELECT ON exchange_present_receipt TO ymach_app;
            """,
            "DROP VIEW exchange_present_receipt",
        ),
    ]
