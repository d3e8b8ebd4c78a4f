import django.contrib.postgres.fields
from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.guard import keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_authors_found_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("purpose", models.TextField(choices=[("events", "Events"), ("referrals", "Referrals")])),
                ("name", models.TextField()),
                ("url", models.TextField()),
                ("facility_id", models.UUIDField(null=True)),
                ("facility_code", models.CharField(blank=True, default="", max_length=5)),
                ("province_code", models.CharField(blank=True, default="", max_length=2)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "exchange_subscription",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None), ("purpose", "referrals")),
                        fields=("facility_code",),
                        name="subscription_one_referral_receiver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose", "events"),
                            models.Q(("facility_id__isnull", False), models.Q(("facility_code", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="subscription_referrals_to_a_facility",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at", None), ("ends_at__gte", models.F("starts_at")), _connector="OR"),
                        name="subscription_ends_after_its_start",
                    ),
                ],
            },
        ),
        keep_history("exchange_subscription"),
    ]
