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
            name="PlacesRelease",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "places_release",
                "get_latest_by": "loaded_at",
            },
        ),
        migrations.CreateModel(
            name="Province",
            fields=[
                ("name_vi", models.TextField()),
                ("full_name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("type_vi", models.TextField()),
                ("name_folded", models.TextField()),
                ("search_text", models.TextField()),
                ("sort_key", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("legal_basis", models.TextField()),
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "places_province",
            },
        ),
        migrations.CreateModel(
            name="CommuneSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_code", models.CharField(db_index=True, max_length=5)),
                ("old_name", models.TextField()),
                ("old_district_code", models.CharField(max_length=3)),
                ("old_district_name", models.TextField()),
                ("old_province_code", models.CharField(max_length=2)),
                ("old_province_name", models.TextField()),
                ("search_text", models.TextField()),
                ("new_code", models.CharField(db_index=True, max_length=5)),
                (
                    "extent",
                    models.CharField(
                        choices=[
                            ("all", "Nhập toàn bộ"),
                            ("part", "Nhập một phần"),
                            ("part_area", "Nhập một phần diện tích"),
                            ("part_area_all_population", "Nhập một phần diện tích, toàn bộ dân số"),
                            ("all_area_part_population", "Một phần dân số (hoặc toàn bộ diện tích)"),
                            ("unchanged", "Giữ nguyên"),
                            ("renamed_or_retyped", "Đổi tên, đổi loại hình"),
                            ("district_to_special_zone", "Sắp xếp toàn bộ huyện thành đặc khu"),
                        ],
                        max_length=30,
                    ),
                ),
                ("note", models.TextField()),
            ],
            options={
                "db_table": "places_commune_succession",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="succession_search", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProvinceSuccession",
            fields=[
                ("old_code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("old_name", models.TextField()),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="places.province"
                    ),
                ),
            ],
            options={
                "db_table": "places_province_succession",
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_vi", models.TextField()),
                ("full_name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("type_vi", models.TextField()),
                ("name_folded", models.TextField()),
                ("search_text", models.TextField()),
                ("sort_key", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("legal_basis", models.TextField()),
                ("code", models.CharField(max_length=5)),
                ("note", models.TextField()),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="communes", to="places.province"
                    ),
                ),
            ],
            options={
                "db_table": "places_commune",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="commune_search", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("code", "="), ("valid", "&&")], name="commune_one_form_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProvinceFormer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_vi", models.TextField()),
                ("full_name_vi", models.TextField()),
                ("name_en", models.TextField()),
                ("type_vi", models.TextField()),
                ("name_folded", models.TextField()),
                ("search_text", models.TextField()),
                ("sort_key", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("legal_basis", models.TextField()),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="former", to="places.province"
                    ),
                ),
            ],
            options={
                "db_table": "places_province_former",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("province", "="), ("valid", "&&")], name="province_one_former_form_a_day"
                    )
                ],
            },
        ),
        keep_history("places_release"),
    ]
