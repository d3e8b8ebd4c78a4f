import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.guard import keep_history


class Migration(migrations.Migration):
    initial = True

    dependencies = [("history", "0001_entries_and_guard")]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("source", models.TextField()),
                ("is_partial", models.BooleanField()),
            ],
            options={
                "db_table": "catalogues_catalogue",
            },
        ),
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token", models.UUIDField(default=ymach.base.ids.new_id)),
            ],
            options={
                "db_table": "catalogues_content_version",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="content_version_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.CharField(max_length=40)),
                ("decision", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("successor_missing_from", models.DateField(null=True)),
                ("flags", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                ("entries_count", models.IntegerField()),
                ("loaded_at", models.DateTimeField()),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="catalogues.catalogue"
                    ),
                ),
            ],
            options={
                "db_table": "catalogues_release",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "release_id", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("name_folded", models.TextField()),
                ("position", models.IntegerField()),
                ("extra", models.JSONField(default=dict)),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="catalogues.release",
                    ),
                ),
            ],
            options={
                "db_table": "catalogues_entry",
            },
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=("catalogue", "version"), name="release_version_once"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("catalogue", "="), ("valid", "&&")], name="release_one_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("successor_missing_from__isnull", True),
                    ("valid__contains", models.F("successor_missing_from")),
                    _connector="OR",
                ),
                name="release_outdated_within_its_days",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_folded"], name="entry_name", opclasses=["gin_trgm_ops"]
            ),
        ),
        keep_history("catalogues_catalogue", key="code"),
        keep_history("catalogues_release"),
    ]
