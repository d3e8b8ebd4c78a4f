from django.db import migrations, models

import ymach.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id",
                        "upload_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("upload_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "db_table": "exchange_upload_chunk",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "facility_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("facility_id", models.UUIDField()),
                ("id", models.UUIDField(default=ymach.base.ids.new_id)),
                ("size", models.IntegerField()),
                ("digest", models.BinaryField()),
                ("chunk_size", models.IntegerField()),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_upload",
                "indexes": [models.Index(fields=["expires_at"], name="upload_by_end")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("facility_id", "digest"),
                        name="upload_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("chunk_size__gt", 0), ("size__gt", 0)), name="upload_has_size"
                    ),
                ],
            },
        ),
        # What comes is compressed already, or is compressed when it is kept.
        migrations.RunSQL(
            "ALTER TABLE exchange_upload_chunk ALTER COLUMN content SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
