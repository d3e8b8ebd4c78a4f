import django.contrib.postgres.fields
from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("content", models.BinaryField()),
                ("media_type", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.IntegerField()),
                ("kept_at", models.DateTimeField()),
                ("kept_by", models.TextField()),
            ],
            options={
                "db_table": "citizens_paper",
            },
        ),
        migrations.CreateModel(
            name="ProxyEnd",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "proxy_row_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("proxy_row_id", models.UUIDField()),
                ("ended_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("ended_by", models.TextField()),
            ],
            options={
                "db_table": "citizens_proxy_end",
            },
        ),
        migrations.CreateModel(
            name="ProxyRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "citizen_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("proxy_id", models.UUIDField()),
                ("relation", models.TextField()),
                ("scope", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("compartments", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("evidence", models.TextField()),
                ("evidence_number", models.TextField()),
                ("paper_id", models.UUIDField(null=True)),
                ("facility_id", models.UUIDField(null=True)),
                ("appointed_at", models.DateTimeField()),
                ("appointed_by", models.TextField()),
                ("appointed_by_label", models.TextField()),
            ],
            options={
                "db_table": "citizens_proxy",
                "indexes": [models.Index(fields=["proxy_id"], name="proxy_acting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("citizen_id", models.F("proxy_id")), _negated=True),
                        name="proxy_is_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="proxy_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            -- What was said stays said: an end is a row of its own.
            REVOKE UPDATE, DELETE, TRUNCATE ON citizens_paper, citizens_proxy, citizens_proxy_end FROM ymach_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
