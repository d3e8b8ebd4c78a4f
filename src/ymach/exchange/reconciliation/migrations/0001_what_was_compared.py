from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayCompared",
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
                ("day", models.DateField()),
                ("compared_at", models.DateTimeField()),
                ("compared_by", models.TextField()),
                ("theirs", models.IntegerField()),
                ("held", models.IntegerField()),
                ("matched", models.IntegerField()),
                ("missing", models.IntegerField()),
                ("extra", models.IntegerField()),
                ("different", models.IntegerField()),
                ("found", models.JSONField()),
            ],
            options={
                "db_table": "reconciliation_day",
                "indexes": [
                    models.Index(fields=["facility_id", "day", "-compared_at"], name="compared_day_of_facility"),
                    models.Index(fields=["day", "province_code"], name="compared_day_of_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerCompared",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("destination", models.TextField()),
                ("facility_id", models.UUIDField(null=True)),
                ("facility_code", models.CharField(blank=True, default="", max_length=5)),
                ("province_code", models.CharField(blank=True, default="", max_length=2)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("compared_at", models.DateTimeField()),
                ("compared_by", models.TextField()),
                ("lines", models.IntegerField()),
                ("compared", models.IntegerField()),
                ("agreed", models.IntegerField()),
                ("missing_there", models.IntegerField()),
                ("missing_here", models.IntegerField()),
                ("other_version", models.IntegerField()),
                ("other_state", models.IntegerField()),
                ("found", models.JSONField()),
            ],
            options={
                "db_table": "reconciliation_partner",
                "indexes": [models.Index(fields=["-compared_at"], name="compared_partner_by_time")],
            },
        ),
    ]
