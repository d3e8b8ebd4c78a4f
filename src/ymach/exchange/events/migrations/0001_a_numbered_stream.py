import django.contrib.postgres.fields
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PushTurn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subscription_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subscription_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("at", models.DateTimeField()),
                ("taken", models.IntegerField()),
                ("first", models.BigIntegerField(null=True)),
                ("last", models.BigIntegerField(null=True)),
                ("error", models.TextField(default="")),
                ("failed_id", models.UUIDField(null=True)),
                ("vi", models.TextField(default="")),
                ("en", models.TextField(default="")),
            ],
            options={
                "db_table": "events_push_turn",
            },
        ),
        migrations.CreateModel(
            name="JournalCursor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
            ],
            options={
                "db_table": "events_cursor",
                "indexes": [models.Index(fields=["day"], name="event_cursor_of_day")],
            },
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                ("subscription_id", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
                ("lease_ends", models.DateTimeField(null=True)),
                ("turn", models.BigIntegerField(default=0)),
                ("failures", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(default="")),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "events_push",
                "indexes": [
                    models.Index(condition=models.Q(("stopped_at", None)), fields=["due_at"], name="event_push_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("complete_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "events_stream",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="event_stream_is_one")],
            },
        ),
        migrations.CreateModel(
            name="StreamEvent",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(unique=True)),
                ("facility_id", models.UUIDField()),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("subject", models.TextField()),
                ("submission_id", models.UUIDField(null=True)),
                ("record_kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("version", models.IntegerField(null=True)),
                ("detail", models.JSONField()),
            ],
            options={
                "db_table": "events_event",
                "indexes": [
                    models.Index(fields=["facility_id", "position"], name="event_of_facility"),
                    models.Index(fields=["province_code", "position"], name="event_of_province"),
                ],
            },
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON events_event FROM ymach_app", migrations.RunSQL.noop),
    ]
