from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = [("exchange", "0004_amendments_cancellations_reevaluation")]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("facility_id", models.UUIDField()),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("unconscious", "Unconscious"),
                            ("life", "Life"),
                            ("poisoning", "Poisoning"),
                            ("childbirth", "Childbirth"),
                            ("cannot-speak", "Cannot Speak"),
                        ]
                    ),
                ),
                ("reason", models.TextField()),
                ("opened_by", models.TextField()),
                ("label", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("review_due_at", models.DateTimeField()),
                (
                    "verdict",
                    models.TextField(
                        blank=True,
                        choices=[("", "None"), ("justified", "Justified"), ("not-justified", "Not Justified")],
                        db_default="",
                        default="",
                    ),
                ),
                ("review_note", models.TextField(blank=True, db_default="", default="")),
                ("reviewed_by", models.TextField(blank=True, db_default="", default="")),
                ("reviewer_label", models.TextField(blank=True, db_default="", default="")),
                ("reviewed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_emergency",
                "indexes": [
                    models.Index(fields=["facility_id", "-opened_at"], name="emergency_of_facility"),
                    models.Index(fields=["province_code", "-opened_at"], name="emergency_of_province"),
                    models.Index(
                        condition=models.Q(("verdict", "")), fields=["review_due_at"], name="emergency_to_review"
                    ),
                    models.Index(fields=["id"], name="emergency_by_id"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="emergency_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="emergency_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("verdict", "")),
                            models.Q(models.Q(("verdict", ""), _negated=True), ("reviewed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="emergency_reviewed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", ""),
                            models.Q(("reviewed_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="emergency_reviewed_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            -- What was opened, by whom and why never changes; a review is added to it.
            REVOKE UPDATE, DELETE, TRUNCATE ON exchange_emergency FROM ymach_app;
            GRANT UPDATE (verdict, review_note, reviewed_by, reviewer_label, reviewed_at) ON exchange_emergency TO ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
