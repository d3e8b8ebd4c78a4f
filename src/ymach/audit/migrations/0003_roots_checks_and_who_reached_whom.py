"""Signed roots of closed days, runs of the proof, and who reached whom."""

from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_heads_by_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("chains", models.BigIntegerField()),
                ("events", models.BigIntegerField()),
                ("roots", models.IntegerField()),
                ("fault_count", models.IntegerField()),
                ("faults", models.JSONField()),
                ("checked_by", models.TextField()),
            ],
            options={
                "db_table": "audit_check",
            },
        ),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "day", "root_day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("day", models.DateField()),
                ("root_day", models.DateField()),
                ("number", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "audit_leaf",
            },
        ),
        migrations.CreateModel(
            name="AuditRoot",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("leaves", models.IntegerField()),
                ("late", models.IntegerField()),
                ("events", models.BigIntegerField()),
                ("jws", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "audit_root",
            },
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor", "at"], name="audit_event_of_actor"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("citizen_id__isnull", False)),
                fields=["citizen_id", "at"],
                name="audit_event_of_citizen",
            ),
        ),
        migrations.AddIndex(
            model_name="auditcheck",
            index=models.Index(fields=["-ended_at"], name="audit_check_latest"),
        ),
        migrations.AddIndex(
            model_name="auditleaf",
            index=models.Index(fields=["root_day"], name="audit_leaf_of_root"),
        ),
        # The end of a chain moves, and nothing else about it: never to another facility or day, never away.
        migrations.RunSQL(
            """
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_head FROM ymach_app;
            GRANT UPDATE (number, hash) ON audit_head TO ymach_app;
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_root, audit_leaf, audit_check FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
