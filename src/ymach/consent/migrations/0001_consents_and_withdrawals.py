import django.contrib.postgres.fields
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Assent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "consent_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("consent_id", models.UUIDField()),
                (
                    "channel",
                    models.TextField(
                        choices=[
                            ("vneid", "Vneid"),
                            ("desk-paper", "Desk Paper"),
                            ("system", "System"),
                            ("signed-in", "Signed In"),
                        ]
                    ),
                ),
                ("paper_id", models.UUIDField(null=True)),
                ("transaction", models.TextField(db_default="", default="")),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
            ],
            options={
                "db_table": "consent_assent",
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "consent_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("consent_id", models.UUIDField()),
                ("withdrawn_by_id", models.UUIDField()),
                (
                    "channel",
                    models.TextField(
                        choices=[
                            ("vneid", "Vneid"),
                            ("desk-paper", "Desk Paper"),
                            ("system", "System"),
                            ("signed-in", "Signed In"),
                        ]
                    ),
                ),
                ("paper_id", models.UUIDField(null=True)),
                ("reason", models.TextField(blank=True, db_default="", default="")),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
            ],
            options={
                "db_table": "consent_withdrawal",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("purpose", models.TextField()),
                ("capacity", models.TextField()),
                ("giver_id", models.UUIDField()),
                ("proxy_row_id", models.UUIDField(null=True)),
                ("signer", models.BinaryField()),
                ("facilities", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("is_for_treating", models.BooleanField()),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("compartments", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("is_request", models.BooleanField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("text_version", models.TextField()),
                ("text_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "channel",
                    models.TextField(
                        choices=[
                            ("vneid", "Vneid"),
                            ("desk-paper", "Desk Paper"),
                            ("system", "System"),
                            ("signed-in", "Signed In"),
                        ]
                    ),
                ),
                ("needs_child", models.BooleanField()),
                ("paper_id", models.UUIDField(null=True)),
                ("transaction", models.TextField(db_default="", default="")),
                ("facility_id", models.UUIDField(null=True)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.TextField()),
                ("given_by_label", models.TextField()),
            ],
            options={
                "db_table": "consent_consent",
                "indexes": [
                    models.Index(
                        condition=models.Q(("facility_id__isnull", False)),
                        fields=["facility_id", "-given_at"],
                        name="consent_of_desk",
                    ),
                    models.Index(fields=["citizen_id", "-given_at"], name="consent_of_citizen"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="consent_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paper_id__isnull", False), models.Q(("transaction", ""), _negated=True), _connector="OR"
                        ),
                        name="consent_has_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_for_treating", True), models.Q(("facilities", []), _negated=True), _connector="OR"
                        ),
                        name="consent_is_for_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            -- What was said stays said: an end is a row of its own.
            REVOKE UPDATE, DELETE, TRUNCATE ON consent_consent, consent_assent, consent_withdrawal FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
