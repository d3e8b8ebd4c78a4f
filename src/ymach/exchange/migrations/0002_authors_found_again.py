import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_heads_by_day"),
        ("exchange", "0001_submissions_records_deliveries_counters"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorMention",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "submission_id",
                        "dossier_code",
                        "number_key",
                        "happened_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("submission_id", models.UUIDField()),
                ("dossier_code", models.TextField()),
                ("number_key", models.TextField()),
                ("happened_on", models.DateField()),
                ("facility_code", models.CharField(max_length=5)),
                ("province_code", models.CharField(max_length=2)),
                ("acts", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "db_table": "exchange_author_mention",
                "indexes": [models.Index(fields=["number_key", "happened_on"], name="mention_of_author_by_day")],
            },
        ),
        migrations.CreateModel(
            name="MentionCursor",
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
            options={"db_table": "exchange_mention_cursor"},
        ),
        migrations.CreateModel(
            name="MentionProgress",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("complete_until", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_mention_progress",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="mention_progress_is_one")],
            },
        ),
    ]
