from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EmergencyCard",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("citizen_id", models.UUIDField()),
                ("sealed", models.BinaryField()),
                ("switched_on_at", models.DateTimeField()),
                ("switched_on_by", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("switched_off_at", models.DateTimeField(null=True)),
                ("switched_off_by", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "db_table": "citizens_emergency_card",
                "indexes": [
                    models.Index(
                        condition=models.Q(("switched_off_at", None)),
                        fields=["citizen_id"],
                        name="emergency_card_of_citizen",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("switched_off_at", None), ("switched_off_by", "")),
                            models.Q(
                                ("sealed", b""),
                                ("switched_off_at__isnull", False),
                                models.Q(("switched_off_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="emergency_card_off_keeps_nothing",
                    )
                ],
            },
        ),
    ]
