from django.db import migrations, models


class Migration(migrations.Migration):
    """A card that a proxy switched on says under which proxy: it ends with it."""

    dependencies = [("emergency_cards", "0001_cards_that_are_on")]

    operations = [
        migrations.AddField("emergencycard", "proxy_row_id", models.UUIDField(null=True)),
        migrations.AddIndex(
            "emergencycard",
            models.Index(
                fields=["citizen_id", "proxy_row_id"],
                condition=models.Q(switched_off_at=None, proxy_row_id__isnull=False),
                name="emergency_card_of_proxy",
            ),
        ),
    ]
