from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0001_anchors_and_revocations"),
    ]

    operations = [
        migrations.AddField(
            model_name="trustanchor",
            name="crl_url",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
    ]
