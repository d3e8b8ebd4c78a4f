from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [("exchange", "0003_addresses_of_their_own")]

    operations = [
        migrations.CreateModel(
            name="DispensedLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "dispensing_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=14)),
                ("dispensing_id", models.UUIDField()),
                ("number", models.SmallIntegerField()),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("batch", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "exchange_dispensed_line",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="dispensed_line_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispensing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "code", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=14)),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("pharmacy_id", models.UUIDField()),
                ("pharmacy_code", models.CharField(max_length=5)),
                ("pharmacist", models.TextField()),
                ("invoice", models.TextField(db_default="", default="")),
                ("dispensed_at", models.DateTimeField()),
                ("dispensed_by", models.TextField()),
                ("idempotency_key", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("state_after", models.TextField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.TextField(db_default="", default="")),
                ("undone_why", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "exchange_dispensing",
                "indexes": [models.Index(fields=["pharmacy_id", "-dispensed_at"], name="dispensing_of_pharmacy")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "pharmacy_id", "idempotency_key"), name="dispensing_once_under_its_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", ""), ("undone_why", "")),
                            models.Q(
                                ("undone_at__isnull", False),
                                models.Q(("undone_by", ""), _negated=True),
                                models.Q(("undone_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dispensing_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prescription",
            fields=[
                ("code", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("facility_id", models.UUIDField()),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                ("citizen_id", models.UUIDField()),
                ("submission_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("dossier_code", models.TextField()),
                ("version", models.IntegerField()),
                ("part", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=1)),
                ("prescriber", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("compartment", models.TextField(default="")),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("issued", "Issued"),
                            ("partly-dispensed", "Partly Dispensed"),
                            ("dispensed", "Dispensed"),
                            ("replaced", "Replaced"),
                            ("cancelled", "Cancelled"),
                        ]
                    ),
                ),
                ("state_why", models.TextField(db_default="", default="")),
                ("replaced_by", models.CharField(db_default="", default="", max_length=14)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_prescription",
                "indexes": [
                    models.Index(fields=["facility_id", "-issued_at"], name="prescription_of_facility"),
                    models.Index(fields=["dossier_code", "facility_id"], name="prescription_of_dossier"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9a-z]{12}-[cnhyt]$")), name="prescription_code_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["issued", "partly-dispensed", "dispensed", "replaced", "cancelled"])
                        ),
                        name="prescription_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("issued_at"))), name="prescription_expires_later"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            -- What a prescription says and what was handed over is never changed by the running role; only where it stands.
            REVOKE UPDATE, DELETE, TRUNCATE ON exchange_prescription, exchange_dispensing,
              exchange_dispensed_line FROM ymach_app;
            GRANT UPDATE (state, state_why, replaced_by, changed_at, submission_id, record_id, version)
              ON exchange_prescription TO ymach_app;
            GRANT UPDATE (undone_at, undone_by, undone_why) ON exchange_dispensing TO ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
