from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_addresses_of_their_own")]

    operations = [
        migrations.CreateModel(
            name="Referral",
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
                ("province_code", models.CharField(max_length=2)),
                ("submission_id", models.UUIDField()),
                ("dossier_code", models.TextField()),
                ("version", models.IntegerField()),
                ("record_id", models.UUIDField()),
                ("citizen_id", models.UUIDField()),
                ("compartment", models.TextField(db_default="", default="")),
                ("receiver_code", models.TextField(blank=True)),
                ("receiver_id", models.UUIDField(null=True)),
                ("receiver_province_code", models.CharField(blank=True, max_length=2)),
                ("number", models.TextField(blank=True)),
                ("diagnosis_code", models.TextField(blank=True)),
                ("diagnosis_text", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("is_urgent", models.BooleanField()),
                ("referred_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("is_held", models.BooleanField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("sent", "Sent"),
                            ("seen", "Seen"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("arrived", "Arrived"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ]
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("declined_why", models.TextField(blank=True, db_default="", default="")),
                ("suggested_code", models.TextField(blank=True, db_default="", default="")),
                ("answer", models.TextField(blank=True, db_default="", default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("arrival_submission_id", models.UUIDField(null=True)),
                ("arrival_dossier_code", models.TextField(blank=True, db_default="", default="")),
                ("may_read_visit", models.BooleanField(db_default=False, default=False)),
                ("check_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_referral",
                "indexes": [
                    models.Index(fields=["facility_id", "-sent_at"], name="referral_sent"),
                    models.Index(
                        condition=models.Q(("is_held", False)),
                        fields=["receiver_id", "state", "-sent_at"],
                        name="referral_incoming",
                    ),
                    models.Index(
                        condition=models.Q(("is_held", False)),
                        fields=["receiver_id", "-sent_at"],
                        name="referral_received",
                    ),
                    models.Index(fields=["id"], name="referral_by_id"),
                    models.Index(
                        condition=models.Q(("check_at__isnull", False)), fields=["check_at"], name="referral_to_follow"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("facility_id", "dossier_code"), name="referral_of_dossier")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("referral_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("sent", "Sent"),
                            ("seen", "Seen"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("arrived", "Arrived"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ]
                    ),
                ),
                ("by", models.TextField()),
                ("label", models.TextField(blank=True)),
                ("note", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "db_table": "exchange_referral_step",
                "indexes": [models.Index(fields=["facility_id", "referral_id", "at"], name="referral_step_in_order")],
            },
        ),
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON exchange_referral_step FROM ymach_app;
            REVOKE DELETE, TRUNCATE ON exchange_referral FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
