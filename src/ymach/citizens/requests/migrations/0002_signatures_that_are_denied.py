from django.db import migrations, models


class Migration(migrations.Migration):
    """People say that what a desk recorded was not signed by them."""

    dependencies = [("citizens_requests", "0001_what_people_ask_for")]

    operations = [
        migrations.AlterField(
            "request",
            "kind",
            models.TextField(
                choices=[
                    (word, word) for word in ("obtain", "correct", "restrict", "object", "delete", "reader", "unsigned")
                ]
            ),
        ),
    ]
