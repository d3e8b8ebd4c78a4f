from django.db import migrations

UNITS = ("commune", "province", "provinceformer")


class Migration(migrations.Migration):
    dependencies = [("places", "0001_provinces_communes_successions")]

    operations = [
        migrations.RemoveIndex("commune", "commune_search"),
        migrations.RemoveIndex("communesuccession", "succession_search"),
        migrations.RemoveField("communesuccession", "search_text"),
        *(migrations.RemoveField(unit, name) for unit in UNITS for name in ("name_folded", "search_text")),
    ]
