from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_steps_of_a_referral"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["citizen_id"], name="referral_of_citizen"),
        ),
    ]
